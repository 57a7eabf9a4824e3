// What a network is made of and what a step of it costs, from its spec alone.
import { directionsOf, framesPerStep, type LayerSpec, type NetworkSpec } from '../../app/contract/network';
import { cellOf } from '../cells/registry';
import { batchWidth } from './embedding';
import { convolutionShapes, frontOutputSize } from './front';
import { newParameters, outputSize } from './parameters';
import { stackedSize } from './stack';

export interface LayerDescription {
  /** "embedding", "front0", "stack", "layer0", "head" */
  readonly name: string;
  /** The cell, convolution, the head's kind, or the text encoding's. */
  readonly kind: string;
  readonly direction: 'forward' | 'bidirectional' | null;
  /** What the layer's specification says beyond its sizes, "peepholes true"; empty for all that is no layer. */
  readonly options: readonly string[];
  /** Values per step that come in and go out. */
  readonly inputs: number;
  readonly outputs: number;
  readonly parameters: number;
  /** Of one step of the layers, all directions, on average; below a stack, of all frames from one step to the next. */
  readonly multiplyAddsPerStep: number;
  /** Of each parameter by its name inside the layer. */
  readonly shapes: Readonly<Record<string, readonly number[]>>;
}
export interface NetworkDescription {
  /** Input frames from one step of the layers to the next. */
  readonly framesPerStep: number;
  /** Dropout after each layer. */
  readonly dropout: number;
  readonly parameters: number;
  readonly multiplyAddsPerStep: number;
  readonly layers: readonly LayerDescription[];
}

export function describeNetwork(spec: NetworkSpec): NetworkDescription {
  const parameters = newParameters(spec);
  const partOf = (name: string) => {
    const own = parameters.filter((parameter) => parameter.name.startsWith(`${name}.`));
    return {
      parameters: own.reduce((sum, { count }) => sum + count, 0),
      shapes: Object.fromEntries(own.map((parameter) => [parameter.name.slice(name.length + 1), parameter.shape])),
    };
  };
  let inputs = stackedSize(spec);
  const layers = spec.layers.map((layer, index): LayerDescription => {
    const name = `layer${index}`;
    const description = {
      name,
      kind: layer.cell,
      direction: directionOf(layer),
      options: optionsOf(layer),
      inputs,
      outputs: outputSize(layer),
      multiplyAddsPerStep: directionsOf(layer).length * cellOf(layer).multiplyAdds(inputs),
      ...partOf(name),
    };
    inputs = description.outputs;
    return description;
  });
  const { kind, classes } = spec.head;
  const head = {
    name: 'head',
    kind,
    direction: null,
    options: [],
    inputs,
    outputs: classes,
    multiplyAddsPerStep: inputs * classes,
    ...partOf('head'),
  };
  const below = [...embeddingRows(spec), ...convolutionRows(spec), ...stackRows(spec)].map((row) => ({
    ...row,
    options: [],
    multiplyAddsPerStep: row.multiplyAddsPerStep * framesPerStep(spec),
    ...partOf(row.name),
  }));
  const all = [...below, ...layers, head];
  return {
    framesPerStep: framesPerStep(spec),
    dropout: spec.dropout,
    parameters: all.reduce((sum, layer) => sum + layer.parameters, 0),
    multiplyAddsPerStep: all.reduce((sum, layer) => sum + layer.multiplyAddsPerStep, 0),
    layers: all,
  };
}

/** An embedding adds the vectors of a step's slots up: at most so many times its size. */
const embeddingRows = (spec: NetworkSpec): Omit<LayerDescription, 'options' | 'parameters' | 'shapes'>[] =>
  spec.embedding === undefined || spec.text === undefined
    ? []
    : [
        {
          name: 'embedding',
          kind: spec.text.kind,
          direction: null,
          inputs: spec.inputSize,
          outputs: spec.embedding.size,
          multiplyAddsPerStep: batchWidth(spec) * spec.embedding.size,
        },
      ];

const stackRows = (spec: NetworkSpec): Omit<LayerDescription, 'options' | 'parameters' | 'shapes'>[] =>
  spec.stack === undefined
    ? []
    : [
        {
          name: 'stack',
          kind: `${spec.stack.frames} frames every ${spec.stack.step}`,
          direction: null,
          inputs: frontOutputSize(spec),
          outputs: stackedSize(spec),
          multiplyAddsPerStep: 0,
        },
      ];

/** Fields that stand in columns of their own. */
const SHOWN = ['cell', 'units', 'direction'];
const optionsOf = (layer: LayerSpec): string[] =>
  Object.entries(layer)
    .filter(([name]) => !SHOWN.includes(name))
    .map(([name, value]) => `${name} ${String(value)}`);

const directionOf = (layer: LayerSpec): LayerDescription['direction'] =>
  layer.cell === 'feedForward' ? null : layer.direction;

function convolutionRows(spec: NetworkSpec): Omit<LayerDescription, 'options' | 'parameters' | 'shapes'>[] {
  return convolutionShapes(spec).map(({ prefix, bands, channels, filters, kernel, pooledBands }) => ({
    name: prefix,
    kind: 'convolution',
    direction: null,
    inputs: bands * channels,
    outputs: pooledBands * filters,
    multiplyAddsPerStep: bands * kernel[0] * kernel[1] * channels * filters,
  }));
}
