// The way of a ball as it is drawn: the points that the engine computed, in the surface's own measures.
import type { SettingsOf } from '../../../app/contract/lab';
import type { Descent } from '../../../app/contract/labExperiments';
import type { FieldPoint } from './solid';

/** So far above the surface that the line is not lost in it, in shares of its height. */
const ABOVE = 0.012;

type Bounds = Pick<SettingsOf<'surface'>, 'weightFrom' | 'weightTo' | 'biasFrom' | 'biasTo'>;

/**
 * The ball's start and each place after it; null where it has left what is drawn.
 * @param top the error that is drawn highest
 * @param rolled steps that are drawn; null: all of them
 */
export function ballPath(
  { weights, biases, errors }: Descent,
  { weightFrom, weightTo, biasFrom, biasTo }: Bounds,
  top: number,
  rolled: number | null,
): (FieldPoint | null)[] {
  return weights.slice(0, rolled === null ? undefined : rolled + 1).map((weight, step) => {
    const u = (weight - weightFrom) / (weightTo - weightFrom);
    const v = ((biases[step] as number) - biasFrom) / (biasTo - biasFrom);
    const isInside = u >= 0 && u <= 1 && v >= 0 && v <= 1;
    return isInside ? { u, v, height: (errors[step] as number) / top + ABOVE } : null;
  });
}
