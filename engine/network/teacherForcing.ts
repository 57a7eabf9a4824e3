// Teacher forcing (Williams & Zipser 1989): in training a Jordan layer is told the target of the step before in place of what
// it answered there, y*[t−1]; a reverse reading y*[t+1]. A sequence's first step reads the first state, as ever.
import type { Direction, HeadSpec, LayerOf, LayerSpec } from '../../app/contract/network';

/** Whether a layer's own output has a target: a framewise head's, of its size. */
export const hasTarget = (layer: LayerSpec, { kind, classes }: HeadSpec): layer is LayerOf<'jordan'> =>
  layer.cell === 'jordan' && kind === 'framewise' && layer.outputs === classes;
/**
 * Whether training tells a layer the targets: it asks for it, and its output has a target. Everywhere else the layer hears its own output.
 */
export const isTaught = (layer: LayerSpec, head: HeadSpec): boolean =>
  hasTarget(layer, head) && layer.teacherForcing === true;

/** The class that a reading is told before its step t; null at its first step and past the end. */
export function toldClass(direction: Direction, t: number, labels: Int32Array, length: number): number | null {
  const before = direction === 'forward' ? t - 1 : t + 1;
  return t < length && before >= 0 && before < length ? labels[before]! : null;
}
/** Time of a reading's last step. */
export const lastTime = (direction: Direction, length: number): number => (direction === 'forward' ? length - 1 : 0);
