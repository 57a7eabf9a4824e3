// A run that begins with a model instead of chance: what of the model is kept.
import type { HeadSpec, LayerSpec, NetworkSpec } from '../../app/contract/network';
import { UnrollError } from '../../app/errors';
import { initialParameters } from '../network/initialise';
import { networkParts, type NetworkPart } from '../network/parts';
import type { ParameterSet, ParameterValue } from '../network/parameters';

/** What a network means and what it has learned. */
export interface Learned {
  readonly spec: NetworkSpec;
  /** What the head's classes mean, the blank of CTC left out. */
  readonly labels: readonly string[];
  readonly parameters: ParameterSet;
}
export interface Beginning {
  readonly parameters: ParameterSet;
  /** Layers kept, from the first on. */
  readonly layers: number;
  /** Classes of the head whose weights were kept, the blank among them. */
  readonly classes: number;
}

/**
 * Keeps what lies below the layers and the layers from the first on, as long as they are the same cells of the same shapes; above
 * them everything begins anew. With all layers the head's columns of the labels that both know are kept too.
 * @param model named in the error's sentence
 * @throws UnrollError training.fromMisfit where not even the first layer fits
 */
export function beginningFrom(
  from: Learned,
  wanted: Pick<Learned, 'spec' | 'labels'>,
  seed: number,
  model: string,
): Beginning {
  const fresh = initialParameters(wanted.spec, seed);
  const [old, own] = [networkParts(from.spec), networkParts(wanted.spec)];
  const bodies = own.slice(0, -1);
  const firstMisfit = bodies.findIndex((part, index) => !isSamePart(part, old.slice(0, -1)[index]));
  const fitting = bodies.slice(0, firstMisfit < 0 ? bodies.length : firstMisfit);
  const layers = fitting.filter(({ layer }) => layer !== null).length;
  if (layers === 0 || framesOf(from.spec) !== framesOf(wanted.spec))
    throw new UnrollError('training.fromMisfit', {
      model,
      has: networkText(from.spec),
      wanted: networkText(wanted.spec),
    });
  const parameters = new Map(fresh);
  for (const { name } of fitting.flatMap((part) => part.parameters)) parameters.set(name, from.parameters.get(name)!);
  const isWhole = layers === wanted.spec.layers.length && layers === from.spec.layers.length;
  const classes = isWhole ? carryHead(from, wanted, parameters) : 0;
  return { parameters, layers, classes };
}

/** Copies the weights of each class that both heads have. @returns how many there are */
function carryHead(
  from: Learned,
  { spec, labels }: Pick<Learned, 'spec' | 'labels'>,
  parameters: Map<string, ParameterValue>,
): number {
  if (from.spec.head.kind !== spec.head.kind) return 0;
  const [oldClasses, classes] = [from.spec.head.classes, spec.head.classes];
  const [oldNames, names] = [classNames(from.labels, from.spec.head), classNames(labels, spec.head)];
  const pairs = names.flatMap((name, k) => {
    const before = oldNames.indexOf(name);
    return before < 0 ? [] : [[k, before] as const];
  });
  for (const name of ['head.weights', 'head.bias']) {
    const [old, own] = [from.parameters.get(name)!, parameters.get(name)!];
    const values = own.values.slice();
    for (let row = 0; row < values.length / classes; row++)
      for (const [k, before] of pairs) values[row * classes + k] = old.values[row * oldClasses + before]!;
    parameters.set(name, { ...own, values });
  }
  return pairs.length;
}

const BLANK = Symbol('blank');
const classNames = (labels: readonly string[], { kind }: HeadSpec): (string | symbol)[] =>
  kind === 'ctc' ? [...labels, BLANK] : [...labels];

function isSamePart(own: NetworkPart, old: NetworkPart | undefined): boolean {
  if (old === undefined || own.layer?.cell !== old.layer?.cell) return false;
  const shapesOf = ({ parameters }: NetworkPart): string =>
    JSON.stringify(parameters.map(({ name, shape }) => [name, shape]));
  return shapesOf(own) === shapesOf(old);
}

/** What the layers hear of the frames. */
const framesOf = ({ inputSize, front, stack }: NetworkSpec): string =>
  JSON.stringify([inputSize, front ?? null, stack ?? null]);
const layerText = (layer: LayerSpec): string => `${layer.cell} ${layer.units}`;
const networkText = ({ inputSize, layers }: NetworkSpec): string =>
  `${inputSize} → ${layers.map(layerText).join(' → ')}`;
