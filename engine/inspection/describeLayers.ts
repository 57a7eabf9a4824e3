// What there is to see in a network, from its specification alone.
import type { InspectedActivation, InspectedLayer } from '../../app/contract/inspection';
import { directionsOf, type LayerSpec, type NetworkSpec } from '../../app/contract/network';
import { traceStep } from './stepTrace';

export const describeLayers = ({ layers }: Pick<NetworkSpec, 'layers'>): InspectedLayer[] =>
  layers.map((spec, index) => ({
    index,
    spec,
    units: spec.units,
    directions: [...directionsOf(spec)],
    activations: traceStep(spec).map(({ name, width, place }) => ({
      name,
      units: width,
      ...rangeOf(spec, name),
      groups: groupsOf(spec),
      isClampable: place !== null,
    })),
  }));

type Range = Pick<InspectedActivation, 'range' | 'bound'>;
const GATE: Range = { range: 'gate', bound: 1 };
const SIGNED: Range = { range: 'signed', bound: 1 };
const UNBOUNDED: Range = { range: 'signed', bound: null };

/** Between which values an activation lies. */
export function rangeOf(layer: LayerSpec, name: string): Range {
  if (name.endsWith('Gate') || name === 'due') return GATE;
  switch (name) {
    case 'candidate':
      return SIGNED;
    case 'hidden':
      return ofHidden(layer);
    // Jordan's softmax.
    case 'output':
      return GATE;
    default:
      return UNBOUNDED;
  }
}

function ofHidden(layer: LayerSpec): Range {
  const kind = layer.cell === 'scrn' ? 'sigmoid' : 'activation' in layer ? (layer.activation ?? 'tanh') : 'tanh';
  if (kind === 'sigmoid') return GATE;
  return kind === 'tanh' ? SIGNED : UNBOUNDED;
}

/** Modules of a Clockwork. */
function groupsOf(layer: LayerSpec): InspectedActivation['groups'] {
  if (layer.cell !== 'clockwork') return null;
  const units = layer.units / layer.periods.length;
  return layer.periods.map((periodSteps, index) => ({ firstUnit: index * units, units, periodSteps }));
}
