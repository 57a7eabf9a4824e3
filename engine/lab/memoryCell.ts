// The memory cell by hand: one LSTM block with four inputs and one output, forwards along a tape and backwards through it.
//
//   z, zi, zf, zo = weights · (x1, x2, x3, 1)
//   c′ = g(z)·f(zi) + c·f(zf),  a = h(c′)·f(zo),  f the sigmoid, g and h as set;  c before the tape is 0
//
// Backwards: the gradient of the last output, where no output comes back as an input.
import type { ResultOf, SettingsOf } from '../../app/contract/lab';
import type { MemoryCellStep } from '../../app/contract/labExperiments';

type Settings = SettingsOf<'cell'>;
type Weights = Settings['weights']['input'];
type Forward = Omit<MemoryCellStep, `to${string}`>;

export function memoryCell(settings: Settings): ResultOf<'cell'> {
  const steps: Forward[] = [];
  let c = 0;
  for (const x of settings.inputs) {
    const step = forward(settings, x, c);
    steps.push(step);
    c = step.cell;
  }
  return { steps: backward(settings, steps) };
}

function forward({ weights, squash, ...held }: Settings, x: Settings['inputs'][number], c: number): Forward {
  const [z, zi, zf, zo] = [weights.input, weights.inputGate, weights.forgetGate, weights.outputGate].map((w) =>
    weighted(w, x),
  ) as [number, number, number, number];
  const inputGate = held.inputGate ?? sigmoid(zi);
  const forgetGate = held.forgetGate ?? sigmoid(zf);
  const outputGate = held.outputGate ?? sigmoid(zo);
  const g = squashed(squash, z);
  const [stored, kept] = [g * inputGate, c * forgetGate];
  const cell = stored + kept;
  const h = squashed(squash, cell);
  return {
    ...{ z, zi, zf, zo, g, inputGate, forgetGate, outputGate },
    ...{ stored, kept, cell, squashed: h, output: h * outputGate },
  };
}

/** ∂a[T]/∂ of everything; a gate that is held does not hear its sum. */
function backward({ squash, ...held }: Settings, steps: readonly Forward[]): MemoryCellStep[] {
  const whole: MemoryCellStep[] = [];
  let toCell = 0;
  for (let t = steps.length - 1; t >= 0; t--) {
    const step = steps[t] as Forward;
    const isLast = t === steps.length - 1;
    const before = steps[t - 1]?.cell ?? 0;
    if (isLast) toCell = step.outputGate * slope(squash, step.squashed);
    const through = (gate: number, isHeld: boolean): number => (isHeld ? 0 : gate * (1 - gate));
    whole.unshift({
      ...step,
      toCell,
      toInput: toCell * step.inputGate * slope(squash, step.g),
      toInputGate: toCell * step.g * through(step.inputGate, held.inputGate !== null),
      toForgetGate: toCell * before * through(step.forgetGate, held.forgetGate !== null),
      toOutputGate: isLast ? step.squashed * through(step.outputGate, held.outputGate !== null) : 0,
    });
    toCell *= step.forgetGate;
  }
  return whole;
}

const weighted = ([w1, w2, w3, bias]: Weights, [x1, x2, x3]: Settings['inputs'][number]): number =>
  w1 * x1 + w2 * x2 + w3 * x3 + bias;
const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const squashed = (kind: Settings['squash'], x: number): number => (kind === 'tanh' ? Math.tanh(x) : x);
/** From the value after it. */
const slope = (kind: Settings['squash'], y: number): number => (kind === 'tanh' ? 1 - y * y : 1);
