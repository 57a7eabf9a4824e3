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

/** α and β belong together: what a language model takes from every word, β gives back. */
const ALPHAS = [0, 0.25, 0.5, 0.75, 1, 1.5, 2];
const BETAS = [-1, 0, 1, 2, 3, 4.5, 6];
const UNKNOWN_COSTS = [0, 2, 4, 8, 16];
const NEARBY = [
  { alpha: -0.125, beta: 0 },
  { alpha: 0.125, beta: 0 },
  { alpha: 0, beta: -0.5 },
  { alpha: 0, beta: 0.5 },
  { alpha: 0.125, beta: 0.5 },
  { alpha: -0.125, beta: -0.5 },
];
const ROUNDS = 3;

/**
 * α and β over a grid, then what unknown words cost, then the weights near the best: by word errors, then by character errors.
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
  const take = (fusion: Fusion): void => {
    const result = attempt(fusion);
    if (isBetter(result, best)) best = result;
  };
  for (const alpha of ALPHAS) for (const beta of BETAS) take({ ...start, alpha, beta });
  for (const unknownCost of UNKNOWN_COSTS) take({ ...best.fusion, unknownCost });
  for (let round = 0; round < ROUNDS; round++) {
    const { fusion } = best;
    for (const { alpha, beta } of NEARBY)
      take({ ...fusion, alpha: Math.max(0, fusion.alpha + alpha), beta: fusion.beta + beta });
    if (best.fusion === fusion) break;
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
