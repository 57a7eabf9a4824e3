// The weights of the memory cell, learned: from tapes of which only the right outputs are known, by the arithmetic that cells are read
// in and the optimiser and clipping that networks are trained with. Which gate is to do what, nobody says.
//
//   (z, zi, zf, zo) = (x1, x2, x3, 1)·W        W [4, 4]
//   c′ = z·σ(zi) + c·σ(zf),  a = c′·σ(zo)      E = mean (a − right)²
//
// Letters: T steps, N tapes at a time.
import type { ResultOf, SettingsOf } from '../../app/contract/lab';
import type { CellWeights } from '../../app/contract/labExperiments';
import { makeRandom } from '../runtime/random';
import { clip, globalNorm } from '../training/clipping';
import { updateStep } from '../training/optimiser';
import type { Slot } from '../training/trainingRule';
import { float64Math as m, matrix, product, zeros, type Matrix } from './float64';
import { turnOfOthers, type UnderWay } from './underWay';

const T = 9;
const N = 16;
const UNSEEN = 200;
/** Numbers that a tape may hand in. */
const LARGEST = 6;
/** Half a number: nearer than that, the right one is told from the others. */
const RIGHT_WITHIN = 0.5;
const CLIPPING = { kind: 'norm', threshold: 1 } as const;
/** Training steps between two messages. */
const TOLD_EVERY = 25;
const NEURONS = ['input', 'inputGate', 'forgetGate', 'outputGate'] as const;

/** N tapes at once: (x1, x2, x3, 1) and the right output of every step. */
interface Tapes {
  /** T matrices [N, 4] */
  readonly inputs: readonly Matrix[];
  /** T arrays [N] */
  readonly right: readonly Float64Array[];
}

/** @throws the signal's reason once it is aborted */
export async function gates(
  { steps, learningRate, seed }: SettingsOf<'gates'>,
  { signal, onMeasured }: UnderWay<'gates'> = {},
): Promise<ResultOf<'gates'>> {
  const random = makeRandom(seed);
  const values = Float64Array.from({ length: 16 }, () => random() - 0.5);
  const slots = new Map<Slot, Float64Array>();
  const slot = (name: Slot): Float64Array => {
    const kept = slots.get(name) ?? new Float64Array(values.length);
    slots.set(name, kept);
    return kept;
  };
  const losses: number[] = [];
  let told = 0;
  for (let step = 1; step <= steps; step++) {
    const { loss, gradient } = lesson(values, drawTapes(random, N));
    losses.push(loss);
    clip([gradient], globalNorm([gradient]), CLIPPING);
    updateStep({ kind: 'adam' }, values, gradient, slot, { learningRate, step });
    if (step % TOLD_EVERY !== 0 && step !== steps) continue;
    onMeasured?.({ experiment: 'gates', step, losses: losses.slice(told), weights: weightsOf(values) });
    told = step;
    await turnOfOthers(signal);
  }
  return { weights: weightsOf(values), losses, rightShare: rightShare(values, drawTapes(random, UNSEEN)) };
}

/** x2 = 1 adds x1 to what is stored, x2 = −1 forgets it, x3 = 1 hands it out: as the worked example does. */
export function drawTapes(random: () => number, count: number): Tapes {
  const inputs: Matrix[] = [];
  const right: Float64Array[] = [];
  const stored = new Float64Array(count);
  for (let t = 0; t < T; t++) {
    const x = new Float64Array(count * 4);
    const output = new Float64Array(count);
    for (let n = 0; n < count; n++) {
      const x1 = 1 + Math.floor(random() * LARGEST);
      const lot = random();
      const x2 = lot < 0.35 ? 1 : lot < 0.5 ? -1 : 0;
      const x3 = random() < 0.4 ? 1 : 0;
      x.set([x1, x2, x3, 1], n * 4);
      if (x2 === 1) stored[n]! += x1;
      if (x2 === -1) stored[n] = 0;
      output[n] = x3 * stored[n]!;
    }
    inputs.push(matrix(count, 4, x));
    right.push(output);
  }
  return { inputs, right };
}

/** E and its gradient [16] at these weights. */
export function lesson(values: Float64Array, { inputs, right }: Tapes): { loss: number; gradient: Float64Array } {
  const weights = matrix(4, 4, values);
  const outputs = heard(weights, inputs);
  const count = outputs.length * outputs[0]!.rows;
  let loss = 0;
  const slopes = outputs.map(({ values: a }, t) =>
    a.map((value, n) => {
      const off = value - right[t]![n]!;
      loss += (off * off) / count;
      return (2 * off) / count;
    }),
  );
  // Joined, so that one way back serves the outputs of all steps.
  m.join([...outputs]).backward(joinedByRows(slopes));
  return { loss, gradient: weights.gradient };
}

/** T columns [N] side by side, [N, T]. */
const joinedByRows = (columns: readonly Float64Array[]): Float64Array =>
  Float64Array.from(
    { length: columns.length * columns[0]!.length },
    (_, k) => columns[k % columns.length]![Math.floor(k / columns.length)]!,
  );

/** The outputs a of every step, [N, 1] each. */
function heard(weights: Matrix, inputs: readonly Matrix[]): Matrix[] {
  let c = zeros(inputs[0]!.rows, 1);
  return inputs.map((x) => {
    const [z, zi, zf, zo] = m.split(product(x, weights), [1, 1, 1, 1]) as [Matrix, Matrix, Matrix, Matrix];
    c = m.add(m.multiply(z, m.squash('sigmoid', zi)), m.multiply(c, m.squash('sigmoid', zf)));
    return m.multiply(c, m.squash('sigmoid', zo));
  });
}

function rightShare(values: Float64Array, { inputs, right }: Tapes): number {
  const outputs = heard(matrix(4, 4, values), inputs);
  const isRight = outputs.flatMap(({ values: a }, t) =>
    [...a].map((value, n) => Math.abs(value - right[t]![n]!) < RIGHT_WITHIN),
  );
  return isRight.filter(Boolean).length / isRight.length;
}

/** From the columns of W to the four weights of each neuron. */
function weightsOf(values: Float64Array): CellWeights {
  const of = (neuron: (typeof NEURONS)[number]): CellWeights['input'] => {
    const column = NEURONS.indexOf(neuron);
    return [values[column]!, values[4 + column]!, values[8 + column]!, values[12 + column]!];
  };
  return { input: of('input'), inputGate: of('inputGate'), forgetGate: of('forgetGate'), outputGate: of('outputGate') };
}
