// What the encodings are for: words that training never saw.
import { describe, expect, test } from 'vitest';
import type { NetworkSpec } from '../../../app/contract/network';
import { slotCount, type TextEncoding } from '../../../app/contract/textInput';
import { initialParameters } from '../../../engine/network/initialise';
import { openProgram } from '../../../engine/network/open';
import type { LabelledBatch } from '../../../engine/network/program';
import { letterNGramsFrom, oneOfNFrom } from '../../../engine/text/buildEncoding';
import { TextEncoder } from '../../../engine/text/textEncoder';

const STEMS = ['walk', 'talk', 'jump', 'play', 'cook', 'open', 'paint', 'clean', 'start', 'wait', 'help', 'look'];
const ENDINGS = ['ing', 'ed', 's'];
/** The class of a word is its ending. */
const wordsWith = (stems: readonly string[]) =>
  stems.flatMap((stem) => ENDINGS.map((ending, label) => ({ word: stem + ending, label })));
const seen = wordsWith(STEMS.slice(0, 8));
const unseen = wordsWith(STEMS.slice(8));
const training = seen.map(({ word }) => word);

function batchOf(encoding: TextEncoding, isEmbedded: boolean, words: typeof seen): LabelledBatch {
  const encoder = new TextEncoder(encoding);
  const rows = words.map(({ word }) => (isEmbedded ? encoder.slotFrames(word) : encoder.countFrames(word)));
  const [D, N] = [rows[0]!.length, words.length];
  // A word and a step of padding.
  const T = 2;
  const features = new Float32Array(T * N * D);
  rows.forEach((row, n) => features.set(row, n * D));
  const labels = words.map(({ label }) => Int32Array.of(label));
  const lengths = new Int32Array(N).fill(1);
  return { features, T, N, D, lengths, labels, rowWeights: new Float32Array(N).fill(1 / N) };
}

/** Share of words that a small network, trained on the seen ones, puts into their class. */
async function accuracies(encoding: TextEncoding, isEmbedded: boolean) {
  const spec: NetworkSpec = {
    inputSize: slotCount(encoding),
    text: encoding,
    ...(isEmbedded ? { embedding: { size: 8 } } : {}),
    layers: [{ cell: 'lstm', units: 8, direction: 'forward' }],
    dropout: 0,
    head: { kind: 'lastStep', classes: ENDINGS.length },
  };
  const program = await openProgram(spec, initialParameters(spec, 1), 'wasm');
  const batch = batchOf(encoding, isEmbedded, seen);
  for (let k = 0; k < 120; k++) await program.trainStep(batch, { learningRate: 0.03, seed: k });
  const accuracy = async (words: typeof seen): Promise<number> => {
    const logits = await program.logits(batchOf(encoding, isEmbedded, words));
    const right = words.filter(({ label }, n) => {
      const row = logits.subarray(n * ENDINGS.length, (n + 1) * ENDINGS.length);
      return row.indexOf(Math.max(...row)) === label;
    });
    return right.length / words.length;
  };
  const result = { seen: await accuracy(seen), unseen: await accuracy(unseen) };
  program.dispose();
  return result;
}

describe.each([
  ['with a learned embedding', true],
  ['as they are', false],
])('%s', (_, isEmbedded) => {
  test('letter trigrams tell the endings of words never seen', async () => {
    const encoding = letterNGramsFrom(training, { n: 3, maxPerWord: 16 }, { maxKnown: 1000, minCount: 1 });
    const { seen: known, unseen: unknown } = await accuracies(encoding, isEmbedded);
    expect(known).toBe(1);
    expect(unknown).toBeGreaterThan(0.8);
  });

  test('1-of-N learns the words it sees and takes all others for the same', async () => {
    const encoding = oneOfNFrom(training, 'word', { maxKnown: 1000, minCount: 1 });
    const { seen: known, unseen: unknown } = await accuracies(encoding, isEmbedded);
    expect(known).toBe(1);
    expect(unknown).toBeCloseTo(1 / ENDINGS.length, 6);
  });
});
