// Real-time factor of beam search with a language model by itself: logits to words, in one thread.
import { DEFAULT_FUSION } from '../../app/contract/decoding';
import type { TextManifest } from '../../engine/ctc/words';
import { utterancesFromLogits } from '../../engine/ctc/transcribe';
import { kneserNeyModel } from '../../engine/language/kneserNey';
import { countNgrams } from '../../engine/language/ngramCounts';
import { openDecoder } from '../../engine/language/openDecoder';
import { ENGLISH_CLASSES } from '../../engine/language/wordClasses';
import { makeRandom } from '../../engine/runtime/random';
import type { Goal } from './goals';

const MAX_REAL_TIME_FACTOR = 0.1;
const MINUTES = 1;
const HOP_MS = 20;
/** Of the class that a frame says: one frame of four is unsure, and its other classes share the rest unevenly. */
const POSTERIORS = [0.98, 0.98, 0.98, 0.6];
const SYMBOLS = [...' abcdefghijklmnopqrstuvwxyz', '⁇'];
const SENTENCES = ['enter four seven', 'b o b', 'nineteen sixty eight', 'july first', 'two thousand and five', 'stop'];

export interface DecodingSpeed {
  readonly minutes: number;
  readonly beamWidth: number;
  readonly words: number;
  readonly realTimeFactor: number;
}

const manifest: TextManifest & Parameters<typeof openDecoder>[0] = {
  alphabet: { symbols: SYMBOLS, wordSeparator: ' ', unknown: '⁇' },
  frontEnd: {
    kind: 'log-mel',
    sampleRateHz: 16_000,
    windowMs: 25,
    hopMs: HOP_MS,
    window: 'hamming',
    melBands: 40,
    coefficients: 40,
    deltas: 0,
    deltaSpan: 2,
    tailMs: 0,
    normalisation: { kind: 'none' },
  },
  network: {},
  card: {
    understands: { en: '', zh: '' },
    words: [],
    language: 'en',
    licence: { en: '', zh: '' },
    data: [],
    parameters: 0,
    errors: [],
    trainedOn: '',
    recipe: '',
  },
};

export function measureDecoding(): DecodingSpeed {
  const words = kneserNeyModel(
    countNgrams(
      SENTENCES.map((sentence) => sentence.split(' ')),
      3,
      ENGLISH_CLASSES,
    ),
    ENGLISH_CLASSES,
  );
  const decoder = openDecoder(manifest, { words });
  const logits = spokenLogits(makeRandom(7));
  const classes = SYMBOLS.length + 1;
  const startedAt = performance.now();
  const lines = utterancesFromLogits(logits, logits.length / classes, manifest, decoder);
  const realTimeFactor = (performance.now() - startedAt) / (MINUTES * 60_000);
  const count = lines.reduce((sum, line) => sum + line.words.length, 0);
  return { minutes: MINUTES, beamWidth: DEFAULT_FUSION.beamWidth, words: count, realTimeFactor };
}

/** Sentences one after another as a network would spell them, disturbed: two frames for a symbol, blanks between. */
function spokenLogits(random: () => number): Float32Array {
  const classes = SYMBOLS.length + 1;
  const frames = (MINUTES * 60_000) / HOP_MS;
  const text = Array.from({ length: frames }, () => SENTENCES[Math.floor(random() * SENTENCES.length)]!).join(' ');
  const logits = new Float32Array(frames * classes);
  for (let t = 0; t < frames; t++) {
    // Four frames of each symbol: two of its own, two blank.
    const said = t % 4 < 2 ? SYMBOLS.indexOf(text[Math.floor(t / 4)]!) : SYMBOLS.length;
    const posterior = POSTERIORS[Math.floor(random() * POSTERIORS.length)]!;
    for (let k = 0; k < classes; k++)
      logits[t * classes + k] =
        k === said ? Math.log(posterior) : Math.log((1 - posterior) / classes) + 3 * random() - 1.5;
  }
  return logits;
}

export const decodingGoal = ({ realTimeFactor }: DecodingSpeed): Goal => ({
  text: "the sound's own time",
  unit: 'times',
  sense: 'at most',
  limit: MAX_REAL_TIME_FACTOR,
  value: realTimeFactor,
});
