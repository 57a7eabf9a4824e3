// A beam search that knows a language, made for one model.
import { DEFAULT_FUSION, type Fusion } from '../../app/contract/decoding';
import type { RecogniserManifest } from '../../app/contract/model';
import { UnrollError } from '../../app/errors';
import type { BeamDecoding } from '../ctc/beamText';
import { splitWords } from '../metrics/errorRates';
import { writesWholeWords } from '../text/spelling';
import { Language } from './fusedLanguage';
import { Grammar } from './grammar';
import type { HotWord } from './hotWords';
import type { WordModel } from './wordModel';

/** A language brings back what is a little less probable, and not what is hardly there. */
const MIN_PROBABILITY = 1e-3;

export interface DecoderParts {
  /** An n-gram model or a grammar. */
  readonly words: WordModel | null;
  readonly hotWords?: readonly HotWord[];
  /** What differs from the model's own weights. */
  readonly fusion?: Partial<Fusion>;
  readonly nBest?: number;
}

/** @throws UnrollError language.noWords where words stand by words and the model's alphabet parts none */
export function openDecoder(
  { alphabet, card, decoding }: Pick<RecogniserManifest, 'alphabet' | 'card' | 'decoding'>,
  { words, hotWords = [], fusion = {}, nBest = 0 }: DecoderParts,
): BeamDecoding {
  const { beamWidth, ...weights } = { ...DEFAULT_FUSION, ...decoding?.fusion, ...fusion };
  const beam = { minProbability: MIN_PROBABILITY, beamWidth };
  if (words === null && hotWords.length === 0)
    return { beam, language: null, known: null, alsoKnown: new Set(), nBest };
  const hasWholeWords = writesWholeWords(alphabet, card.words);
  if (words?.unit === 'word' && alphabet.wordSeparator === null && !hasWholeWords)
    throw new UnrollError('language.noWords');
  const isGrammar = words instanceof Grammar;
  const parts = { model: words, words: isGrammar ? [] : card.words, hotWords, weights };
  const alsoKnown = new Set(hotWords.flatMap(({ phrase }) => splitWords(phrase)));
  const known = isGrammar ? new Set([...words.words(), ...alsoKnown]) : null;
  return { beam, language: new Language(alphabet, parts, hasWholeWords), known, alsoKnown, nBest };
}
