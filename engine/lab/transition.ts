// One weight, a thousand steps: a unit that hears 1 at the first step and 0 after, and itself by way of one weight.
//
//   y[t] = f(x[t] + w·y[t−1]),  y[0] = 0,  x[1] = 1,  x[t > 1] = 0
//   linear f: y[t] = w^(t−1), dy[t]/dw = (t−1)·w^(t−2); after 1,000 steps w^999
//
// Beside it an LSTM's cell whose input gate is open at the first step alone: c[t] = f·c[t−1], c[1] = 1.
import type { ResultOf, SettingsOf } from '../../app/contract/lab';
import type { TransitionCurve } from '../../app/contract/labExperiments';
import { unreachable } from '../../app/errors';
import { numberOrNull } from './numbers';

type Unit = SettingsOf<'transition'>['unit'];

export function transition({ weight, steps, unit, forgetGate }: SettingsOf<'transition'>): ResultOf<'transition'> {
  const ofUnit = curve(weight, steps, (a) => squashed(unit, a));
  const largest = ofUnit.values.reduce((most, y) => Math.max(most, Math.abs(y)), 0);
  return {
    unit: shown(ofUnit),
    memory: shown(curve(forgetGate, steps, (a) => squashed('linear', a))),
    largest: numberOrNull(largest),
  };
}

interface Curve {
  readonly values: Float64Array;
  readonly gradients: Float64Array;
}

/** @param f value and slope at a */
function curve(w: number, steps: number, f: (a: number) => readonly [value: number, slope: number]): Curve {
  const values = new Float64Array(steps);
  const gradients = new Float64Array(steps);
  let [y, dy] = [0, 0];
  for (let t = 0; t < steps; t++) {
    const x = t === 0 ? 1 : 0;
    const [value, slope] = f(x + w * y);
    // Of the step before: dy[t]/dw = f′·(y[t−1] + w·dy[t−1]/dw)
    dy = slope * (y + w * dy);
    y = value;
    values[t] = y;
    gradients[t] = dy;
  }
  return { values, gradients };
}

function squashed(unit: Unit, a: number): readonly [value: number, slope: number] {
  switch (unit) {
    case 'linear':
      return [a, 1];
    case 'sigmoid': {
      const y = 1 / (1 + Math.exp(-a));
      return [y, y * (1 - y)];
    }
    case 'tanh': {
      const y = Math.tanh(a);
      return [y, 1 - y * y];
    }
    case 'relu':
      return a > 0 ? [a, 1] : [0, 0];
    default:
      return unreachable(unit);
  }
}

const shown = ({ values, gradients }: Curve): TransitionCurve => ({
  values: [...values].map(numberOrNull),
  gradients: [...gradients].map(numberOrNull),
});
