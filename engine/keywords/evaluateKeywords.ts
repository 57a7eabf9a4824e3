// How good a tagger's key phrases are, beside what plain counting finds.
import type { SourceRow } from '../data/textSource';
import type { LabelAnswer, OpenTextLabeller } from '../labelling/openLabeller';
import { phraseScores, type PhrasePair, type PhraseScores } from '../metrics/phraseScores';
import { PHRASES_OFFERED, phrasesOf, type Phrase } from './phraseTags';
import { TfIdf } from './tfIdf';

const OUTSIDE = 'O';

/** @param answers of the words, n of them */
export function phrasesFrom(
  labeller: Pick<OpenTextLabeller, 'manifest'>,
  words: readonly string[],
  answers: readonly LabelAnswer[],
): { readonly written: readonly Phrase[]; readonly ranked: readonly Phrase[] } {
  const outside = labeller.manifest.labels.indexOf(OUTSIDE);
  const inside = answers.map(({ probabilities }) => (outside < 0 ? 1 : 1 - probabilities[outside]!));
  return phrasesOf(
    words,
    answers.map(({ label }) => label),
    inside,
  );
}

export interface KeywordScores {
  readonly network: PhraseScores;
  /** TF-IDF: as many phrases are claimed of each document as the documents that it learned from have on average. */
  readonly counting: PhraseScores;
  readonly documents: number;
}

/** @param learned the documents that the network learned from: the counting knows no others */
export async function evaluateKeywords(
  labeller: OpenTextLabeller,
  { learned, tested }: { readonly learned: readonly SourceRow[]; readonly tested: readonly SourceRow[] },
): Promise<KeywordScores> {
  const answers = await labeller.label(tested.map(({ text }) => text));
  const textOf = ({ text }: Phrase): string => text;
  const network: PhrasePair[] = tested.map(({ text, phrases }, at) => {
    const { written, ranked } = phrasesFrom(labeller, labeller.tokens(text), answers[at]!);
    return { reference: phrases, written: written.map(textOf), ranked: ranked.map(textOf) };
  });
  const tfIdf = new TfIdf(learned.map(({ text }) => labeller.tokens(text)));
  const usual = Math.round(learned.reduce((sum, { phrases }) => sum + phrases.length, 0) / learned.length);
  const counting: PhrasePair[] = tested.map(({ text, phrases }) => {
    const ranked = tfIdf.ranked(labeller.tokens(text));
    return { reference: phrases, written: ranked.slice(0, usual), ranked };
  });
  return {
    network: phraseScores(network, PHRASES_OFFERED),
    counting: phraseScores(counting, PHRASES_OFFERED),
    documents: tested.length,
  };
}
