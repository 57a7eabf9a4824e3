// Why memory at all: the slot of "Taipei" is the destination after "arrive" and the origin after "leave". A network that sees only
// the present word cannot tell; one with a memory, and with its first memory a0 before the first word, can.
import type { ResultOf, SettingsOf } from '../../app/contract/lab';
import { MEMORY_SENTENCES, SLOTS, type HeardWords, type Measured } from '../../app/contract/labTraining';
import type { LayerSpec, NetworkSpec } from '../../app/contract/network';
import type { Rung } from '../../app/contract/rung';
import type { TextEncoding } from '../../app/contract/textInput';
import { unreachable } from '../../app/errors';
import { cellOf } from '../cells/registry';
import { initialParameters } from '../network/initialise';
import { openProgram } from '../network/open';
import { INITIAL_STATE_NAMES, type ParameterSet } from '../network/parameters';
import type { LabelledBatch } from '../network/program';
import { softmax } from '../learning/task';
import { TextEncoder } from '../text/textEncoder';
import { USUAL_TRAINING } from '../training/trainingRule';
import { turnOfOthers, type UnderWay } from './underWay';

const LEARNING_RATE = 0.02;
/** Training steps between two looks at what has been learned. */
const TOLD_EVERY = 5;

type Slot = (typeof SLOTS)[number];
interface Sentence {
  readonly words: readonly string[];
  readonly slots: readonly Slot[];
}
type Network = Measured<'memory'>['network'];
interface Learned {
  readonly heard: HeardWords[];
  readonly losses: number[];
  /** a0; empty without a memory. */
  readonly firstMemory: number[];
}

/** @throws the signal's reason once it is aborted */
export async function memory(
  settings: SettingsOf<'memory'>,
  rung: Rung,
  underWay: UnderWay<'memory'> = {},
): Promise<ResultOf<'memory'>> {
  const sentences: readonly Sentence[] = MEMORY_SENTENCES.map(([text, slots]) => ({
    words: text.split(' '),
    slots,
  }));
  const { units } = settings;
  const learn = (network: Network, layer: LayerSpec): Promise<Learned> =>
    learned(sentences, { network, layer, settings, rung, underWay });
  const without = await learn('withoutMemory', { cell: 'feedForward', units, activation: 'tanh' });
  const remembering = await learn('withMemory', layerOf(settings));
  return {
    sentences: sentences.map(({ words, slots }, row) => ({
      words: [...words],
      slots: [...slots],
      withoutMemory: without.heard[row] as HeardWords,
      withMemory: remembering.heard[row] as HeardWords,
    })),
    rightWithoutMemory: rightShare(sentences, without.heard),
    rightWithMemory: rightShare(sentences, remembering.heard),
    losses: { withoutMemory: without.losses, withMemory: remembering.losses },
    firstMemory: remembering.firstMemory,
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
      return { cell, units, direction, initialState, outputs: SLOTS.length };
    default:
      return unreachable(cell);
  }
}

interface Lesson {
  readonly network: Network;
  readonly layer: LayerSpec;
  readonly settings: SettingsOf<'memory'>;
  readonly rung: Rung;
  readonly underWay: UnderWay<'memory'>;
}

async function learned(
  sentences: readonly Sentence[],
  { network, layer, settings: { steps, seed }, rung, underWay: { signal, onMeasured } }: Lesson,
): Promise<Learned> {
  const batch = batchOf(sentences);
  const spec: NetworkSpec = {
    inputSize: batch.D,
    layers: [layer],
    dropout: 0,
    head: { kind: 'framewise', classes: SLOTS.length },
  };
  const program = await openProgram(spec, initialParameters(spec, seed), rung, USUAL_TRAINING);
  const hear = async (): Promise<HeardWords[]> => {
    const logits = await program.logits(batch);
    return sentences.map(({ words }, row) => heardBy(logits, row, words.length, sentences.length));
  };
  const losses: number[] = [];
  let since = 0;
  try {
    for (let step = 1; step <= steps; step++) {
      losses.push((await program.trainStep(batch, { learningRate: LEARNING_RATE, seed: step })).loss);
      await turnOfOthers(signal);
      if (!onMeasured || (step % TOLD_EVERY !== 0 && step !== steps)) continue;
      onMeasured({ experiment: 'memory', network, step, losses: losses.slice(since), heard: await hear() });
      since = step;
    }
    return { heard: await hear(), losses, firstMemory: firstMemoryOf(layer, program.parameters()) };
  } finally {
    program.dispose();
  }
}

function firstMemoryOf(layer: LayerSpec, parameters: ParameterSet): number[] {
  const state = cellOf(layer).states[0];
  if (state === undefined) return [];
  const learned = parameters.get(`layer0.forward.${INITIAL_STATE_NAMES[state.name]}`);
  if (learned === undefined) throw new Error(`Expected a layer of ${layer.cell} to learn its first memory`);
  return [...learned.values];
}

/** @param logits [T, N, C] */
function heardBy(logits: Float32Array, row: number, length: number, N: number): HeardWords {
  const C = SLOTS.length;
  return Array.from({ length }, (_, t) => {
    const begin = (t * N + row) * C;
    const all = softmax(logits.subarray(begin, begin + C));
    const of = (slot: Slot): number => all[SLOTS.indexOf(slot)] as number;
    const probabilities = {
      other: of('other'),
      destination: of('destination'),
      origin: of('origin'),
      date: of('date'),
    };
    const slot = SLOTS.reduce((best, each) => (probabilities[each] > probabilities[best] ? each : best));
    return { slot, probabilities };
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
    labels: sentences.map(({ slots }) => Int32Array.from(slots, (slot) => SLOTS.indexOf(slot))),
    rowWeights: new Float32Array(N).fill(1 / N),
  };
}

function rightShare(sentences: readonly Sentence[], heard: readonly HeardWords[]): number {
  const right = sentences.flatMap(({ slots }, row) => slots.map((slot, t) => heard[row]?.[t]?.slot === slot));
  return right.filter(Boolean).length / right.length;
}
