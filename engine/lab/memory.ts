// Why memory at all: the slot of "Taipei" is the destination after "arrive" and the origin after "leave". A network that sees only
// the present word cannot tell; one with a memory, and with its first memory a0 before the first word, can.
import type { ResultOf, SettingsOf } from '../../app/contract/lab';
import type { LayerSpec, NetworkSpec } from '../../app/contract/network';
import type { Rung } from '../../app/contract/rung';
import type { TextEncoding } from '../../app/contract/textInput';
import { unreachable } from '../../app/errors';
import { initialParameters } from '../network/initialise';
import { openProgram } from '../network/open';
import type { LabelledBatch } from '../network/program';
import { softmax } from '../learning/task';
import { TextEncoder } from '../text/textEncoder';
import { USUAL_TRAINING } from '../training/trainingRule';

const SENTENCES = [
  ['arrive Taipei on November second', 'other destination other date date'],
  ['leave Taipei on November second', 'other origin other date date'],
  ['arrive Tainan on May first', 'other destination other date date'],
  ['leave Tainan on May first', 'other origin other date date'],
] as const;
const LEARNING_RATE = 0.02;

interface Sentence {
  readonly words: readonly string[];
  readonly slots: readonly string[];
}
type Heard = ResultOf<'memory'>['sentences'][number]['withMemory'];

export async function memory(settings: SettingsOf<'memory'>, rung: Rung): Promise<ResultOf<'memory'>> {
  const sentences: readonly Sentence[] = SENTENCES.map(([text, slots]) => ({
    words: text.split(' '),
    slots: slots.split(' '),
  }));
  const { units } = settings;
  const without = await learned(sentences, { cell: 'feedForward', units, activation: 'tanh' }, settings, rung);
  const remembering = await learned(sentences, layerOf(settings), settings, rung);
  return {
    sentences: sentences.map(({ words, slots }, row) => ({
      words: [...words],
      slots: [...slots],
      withoutMemory: without.heard[row] as Heard,
      withMemory: remembering.heard[row] as Heard,
    })),
    rightWithoutMemory: rightShare(sentences, without.heard),
    rightWithMemory: rightShare(sentences, remembering.heard),
    losses: { withoutMemory: without.losses, withMemory: remembering.losses },
  };
}

function layerOf({ cell, units }: SettingsOf<'memory'>): LayerSpec {
  const direction = 'forward' as const;
  const initialState = 'learned' as const;
  switch (cell) {
    case 'elman':
    case 'lstm':
    case 'gru':
      return { cell, units, direction, initialState };
    case 'jordan':
      return { cell, units, direction, initialState, outputs: slotNames.length };
    default:
      return unreachable(cell);
  }
}

const slotNames: readonly string[] = [...new Set(SENTENCES.flatMap(([, slots]) => slots.split(' ')))];

async function learned(
  sentences: readonly Sentence[],
  layer: LayerSpec,
  { steps, seed }: SettingsOf<'memory'>,
  rung: Rung,
): Promise<{ heard: Heard[]; losses: number[] }> {
  const batch = batchOf(sentences);
  const spec: NetworkSpec = {
    inputSize: batch.D,
    layers: [layer],
    dropout: 0,
    head: { kind: 'framewise', classes: slotNames.length },
  };
  const program = await openProgram(spec, initialParameters(spec, seed), rung, USUAL_TRAINING);
  const losses: number[] = [];
  try {
    for (let step = 1; step <= steps; step++)
      losses.push((await program.trainStep(batch, { learningRate: LEARNING_RATE, seed: step })).loss);
    const logits = await program.logits(batch);
    return { heard: sentences.map(({ words }, row) => heardBy(logits, row, words.length, sentences.length)), losses };
  } finally {
    program.dispose();
  }
}

/** @param logits [T, N, C] */
function heardBy(logits: Float32Array, row: number, length: number, N: number): Heard {
  const C = slotNames.length;
  return Array.from({ length }, (_, t) => {
    const begin = (t * N + row) * C;
    const probabilities = softmax(logits.subarray(begin, begin + C));
    const best = probabilities.indexOf(Math.max(...probabilities));
    return { slot: slotNames[best] as string, probability: probabilities[best] as number };
  });
}

/** 1-of-N of every word, [T, N, D]; a slot for each known word and one for all others. */
function batchOf(sentences: readonly Sentence[]): LabelledBatch {
  const known = [...new Set(sentences.flatMap(({ words }) => words.map((word) => word.toLowerCase())))];
  const encoding: TextEncoding = { kind: 'oneOfN', unit: 'word', known };
  const encoder = new TextEncoder(encoding);
  const [D, N] = [known.length + 1, sentences.length];
  const lengths = Int32Array.from(sentences, ({ words }) => words.length);
  const T = Math.max(...lengths);
  const features = new Float32Array(T * N * D);
  sentences.forEach(({ words }, row) => {
    const frames = encoder.countFrames(words.join(' '));
    for (let t = 0; t < words.length; t++) features.set(frames.subarray(t * D, (t + 1) * D), (t * N + row) * D);
  });
  return {
    ...{ features, T, N, D, lengths },
    labels: sentences.map(({ slots }) => Int32Array.from(slots, (slot) => slotNames.indexOf(slot))),
    rowWeights: new Float32Array(N).fill(1 / N),
  };
}

function rightShare(sentences: readonly Sentence[], heard: readonly Heard[]): number {
  const right = sentences.flatMap(({ slots }, row) => slots.map((slot, t) => heard[row]?.[t]?.slot === slot));
  return right.filter(Boolean).length / right.length;
}
