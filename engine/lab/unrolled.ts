// A network drawn once for every step of a short input: the values that go forwards along its edges, and the gradient of one
// output that comes back along them, down to the memory before the first step, a0.
import type { ResultOf, SettingsOf } from '../../app/contract/lab';
import type { UnrolledNode } from '../../app/contract/labExperiments';
import type { LayerSpec } from '../../app/contract/network';
import { unreachable } from '../../app/errors';
import { cellOf } from '../cells/registry';
import { makeRandom } from '../runtime/random';
import { matrix, type Matrix } from './float64';
import { handedUp, readLayer, type ReadDirection } from './layerReading';

export function unrolled(settings: SettingsOf<'unrolled'>): ResultOf<'unrolled'> {
  const { inputs, seed } = settings;
  const random = makeRandom(seed);
  const layers = layersOf(settings);
  const x = inputs.map((value) => matrix(1, 1, [value]));
  let below: readonly Matrix[] = x;
  const readings = layers.map((layer) => {
    const reading = readLayer(below, { layer, random });
    below = handedUp(reading);
    return reading;
  });
  const outputStep = Math.min(settings.outputStep ?? inputs.length, inputs.length);
  const top = below[outputStep - 1] as Matrix;
  top.backward(new Float64Array(top.values.length).fill(1));
  return {
    layers: [...layers],
    nodes: readings.flatMap((reading, layer) =>
      reading.flatMap((direction) => nodesOf(layers[layer] as LayerSpec, layer, direction)),
    ),
    outputs: below.map(({ values }) => values.reduce((sum, value) => sum + value, 0)),
    outputStep,
    inputGradients: x.map(({ gradient }) => Math.abs(gradient[0] as number)),
  };
}

/** States before the first step, then every step's activations and states. */
function nodesOf(spec: LayerSpec, layer: number, { direction, first, steps }: ReadDirection): UnrolledNode[] {
  const names = cellOf(spec).states.map(({ name }) => name);
  const node = (step: number, name: string, { values, gradient }: Matrix): UnrolledNode => ({
    ...{ layer, direction, step, name },
    values: [...values],
    gradients: [...gradient],
  });
  return [
    ...first.map((state, index) => node(0, names[index] as string, state)),
    ...steps.flatMap(({ time, states, activations }) => [
      ...Object.entries(activations)
        .filter(([name]) => !(names as string[]).includes(name))
        .map(([name, value]) => node(time + 1, name, value)),
      ...states.map((state, index) => node(time + 1, names[index] as string, state)),
    ]),
  ];
}

/** Periods of Clockwork's modules: every step, every second and every fourth one. */
const PERIODS = [1, 2, 4];
/** As many modules as the units can be shared among. */
const modulesOf = (units: number): number => [3, 2].find((modules) => units % modules === 0) ?? 1;

function layersOf({ architecture, units }: SettingsOf<'unrolled'>): readonly LayerSpec[] {
  const direction = 'forward' as const;
  switch (architecture) {
    case 'elman':
    case 'lstm':
    case 'gru':
      return [{ cell: architecture, units, direction }];
    case 'jordan':
      return [{ cell: 'jordan', units, direction, outputs: 2 }];
    case 'deep':
      return [
        { cell: 'elman', units, direction },
        { cell: 'elman', units, direction },
      ];
    case 'bidirectional':
      return [{ cell: 'elman', units, direction: 'bidirectional' }];
    case 'clockwork':
      return [{ cell: 'clockwork', units, direction, periods: PERIODS.slice(0, modulesOf(units)) }];
    case 'scrn':
      return [{ cell: 'scrn', units, direction, contextUnits: units, decay: 0.95 }];
    default:
      return unreachable(architecture);
  }
}
