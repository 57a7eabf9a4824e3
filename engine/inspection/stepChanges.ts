// Experiments on a network while it hears: activations held at a value, units silenced, the memory emptied.
import type { Intervention } from '../../app/contract/inspectionQuestions';
import type { LayerSpec } from '../../app/contract/network';
import { unreachable } from '../../app/errors';
import type { CellMath } from '../cells/cell';
import { RowMath } from '../network/rowMath';
import type { ReadingPlace } from './layerReading';
import { traceStep } from './stepTrace';

/** What silencing a unit sets to 0: what it hands up, and the memory that it keeps. */
const OWN_VALUES: readonly string[] = ['hidden', 'cell'];

/** One activation that is held, at the steps [fromStep, toStep). */
interface Held {
  /** See TracedActivation. */
  readonly place: number;
  /** Null: all. */
  readonly units: readonly number[] | null;
  readonly value: number;
  readonly fromStep: number;
  readonly toStep: number;
}

/** What experiments do to one reading. */
export interface StepChanges {
  /** Arithmetic for the step at time t. */
  mathAt(t: number): CellMath<Float32Array>;
  /** Whether the memory is emptied before the step at time t. */
  forgetsAt(t: number): boolean;
}

/** Null where nothing is changed in this reading. */
export function changesOf(interventions: readonly Intervention[], place: ReadingPlace): StepChanges | null {
  const held = interventions.flatMap((each) => heldBy(each, place));
  const forgotten = new Set(
    interventions.flatMap((each) =>
      each.kind === 'forget' && (each.layer === null || each.layer === place.index) ? [each.step] : [],
    ),
  );
  if (held.length === 0 && forgotten.size === 0) return null;
  return {
    mathAt: (t) => {
      const now = held.filter(({ fromStep, toStep }) => t >= fromStep && t < toStep);
      return now.length === 0 ? PLAIN : holding(now);
    },
    forgetsAt: (t) => forgotten.has(t),
  };
}

/** The activations of a layer that can be held at a value. */
export const clampable = (layer: LayerSpec): readonly string[] =>
  traceStep(layer).flatMap(({ name, place }) => (place === null ? [] : [name]));

function heldBy(each: Intervention, { index, direction, layer }: ReadingPlace): Held[] {
  switch (each.kind) {
    case 'forget':
      return [];
    case 'clamp':
    case 'ablate': {
      if (each.layer !== index || each.direction !== direction) return [];
      const isClamp = each.kind === 'clamp';
      const names = isClamp ? [each.activation] : OWN_VALUES;
      const { units, fromStep, toStep } = each;
      const value = isClamp ? each.value : 0;
      return traceStep(layer).flatMap(({ name, place }) =>
        names.includes(name) && place !== null ? [{ place, units, value, fromStep, toStep }] : [],
      );
    }
    default:
      return unreachable(each);
  }
}

const PLAIN = new RowMath();

/** Arithmetic for one step in which some results are held. */
function holding(held: readonly Held[]): CellMath<Float32Array> {
  let place = 0;
  const through = (result: Float32Array): Float32Array => {
    const here = held.filter((each) => each.place === place);
    place++;
    return here.reduce((values, { units, value }) => {
      if (units === null) return new Float32Array(values.length).fill(value);
      const changed = values.slice();
      for (const unit of units) changed[unit] = value;
      return changed;
    }, result);
  };
  return {
    add: (a, b) => through(PLAIN.add(a, b)),
    multiply: (a, b) => through(PLAIN.multiply(a, b)),
    scale: (a, factor) => through(PLAIN.scale(a, factor)),
    oneMinus: (a) => through(PLAIN.oneMinus(a)),
    squash: (kind, a) => through(PLAIN.squash(kind, a)),
    standardise: (a, size) => through(PLAIN.standardise(a, size)),
    softmax: (a) => through(PLAIN.softmax(a)),
    gates: (z, kinds) => PLAIN.gates(z, kinds).map(through),
    split: (a, sizes) => PLAIN.split(a, sizes).map(through),
    join: (parts) => through(PLAIN.join(parts)),
  };
}
