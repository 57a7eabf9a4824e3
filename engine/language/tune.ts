// Weights of a language model, fitted on recordings whose text is known, by their logits alone.
import type { Fusion } from '../../app/contract/decoding';
import type { RecogniserManifest } from '../../app/contract/model';
import { transcriptText } from '../../app/contract/recognition';
import { utterancesFromLogits } from '../ctc/transcribe';
import { errorRates, type ErrorRates } from '../metrics/errorRates';
import { openDecoder } from './openDecoder';
import type { WordModel } from './wordModel';

/** An utterance as the network has it. */
export interface HeardUtterance {
  /** [T, C] before softmax. */
  readonly logits: Float32Array;
  readonly reference: string;
  readonly speaker: string | null;
}
export interface Tried extends Pick<ErrorRates, 'wer' | 'cer'> {
  readonly fusion: Fusion;
}

const GRID: { readonly [K in 'alpha' | 'beta' | 'unknownCost']: readonly number[] } = {
  alpha: [0, 0.25, 0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3],
  beta: [-2, -1, 0, 0.5, 1, 1.5, 2, 3, 4],
  unknownCost: [0, 2, 4, 8, 16],
};
const ROUNDS = 3;

/**
 * One weight after another over its grid, until a round changes none: by word errors, then by character errors.
 * @returns all that were tried, the best first
 */
export function tuneFusion(
  manifest: RecogniserManifest,
  words: WordModel,
  utterances: readonly HeardUtterance[],
  start: Fusion,
  onTried: (tried: Tried) => void = () => undefined,
): Tried[] {
  const tried = new Map<string, Tried>();
  const attempt = (fusion: Fusion): Tried => {
    const key = JSON.stringify(fusion);
    const known = tried.get(key);
    if (known !== undefined) return known;
    const result = { fusion, ...ratesWith(manifest, words, utterances, fusion) };
    tried.set(key, result);
    onTried(result);
    return result;
  };
  let best = attempt(start);
  for (let round = 0; round < ROUNDS; round++) {
    const before = best;
    for (const name of ['alpha', 'beta', 'unknownCost'] as const)
      for (const value of GRID[name]) {
        const result = attempt({ ...best.fusion, [name]: value });
        if (isBetter(result, best)) best = result;
      }
    if (best === before) break;
  }
  return [...tried.values()].sort((a, b) => a.wer - b.wer || a.cer - b.cer);
}

const isBetter = (a: Tried, b: Tried): boolean => a.wer < b.wer || (a.wer === b.wer && a.cer < b.cer);

function ratesWith(
  manifest: RecogniserManifest,
  words: WordModel,
  utterances: readonly HeardUtterance[],
  fusion: Fusion,
): Pick<ErrorRates, 'wer' | 'cer'> {
  const decoder = openDecoder(manifest, { words, fusion });
  const { classes } = manifest.network.head;
  const { wer, cer } = errorRates(
    utterances.map(({ logits, reference }) => ({
      reference,
      hypothesis: transcriptText(utterancesFromLogits(logits, logits.length / classes, manifest, decoder)),
    })),
  );
  return { wer, cer };
}
