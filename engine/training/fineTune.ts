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
/** How much of a model a run keeps. */
export interface Kept {
  /** Layers kept, from the first on. */
  readonly layers: number;
  /** Classes of the head whose weights are kept, the blank among them. */
  readonly classes: number;
}
export interface Beginning extends Kept {
  readonly parameters: ParameterSet;
}
type Meaning = Pick<Learned, 'spec' | 'labels'>;

/**
 * Keeps what lies below the layers and the layers from the first on, as long as they are the same cells of the same shapes; above
 * them everything begins anew. With all layers the head's columns of the labels that both know are kept too.
 * @param model named in the error's sentence
 * @throws UnrollError training.fromMisfit where not even the first layer fits
 */
export function beginningFrom(from: Learned, wanted: Meaning, seed: number, model: string): Beginning {
  const fitting = fittingOf(from, wanted, model);
  const parameters = new Map(initialParameters(wanted.spec, seed));
  for (const { name } of fitting.parts.flatMap((part) => part.parameters))
    parameters.set(name, from.parameters.get(name)!);
  if (fitting.classes.length > 0) carryHead(from, wanted, fitting.classes, parameters);
  return { parameters, layers: fitting.layers, classes: fitting.classes.length };
}

/** What `beginningFrom` would keep. @throws UnrollError training.fromMisfit */
export function keptOf(from: Meaning, wanted: Meaning, model: string): Kept {
  const { layers, classes } = fittingOf(from, wanted, model);
  return { layers, classes: classes.length };
}

/**
 * Layers can only stay as they are where the run has them of a model.
 * @param kept null where the run begins with chance
 * @throws UnrollError training.frozenNothing, training.frozenMisfit
 */
export function checkFrozen(frozenLayers: number, kept: Kept | null, model: string): void {
  if (frozenLayers === 0) return;
  if (kept === null) throw new UnrollError('training.frozenNothing', { frozen: frozenLayers });
  if (frozenLayers > kept.layers)
    throw new UnrollError('training.frozenMisfit', { frozen: frozenLayers, kept: kept.layers, model });
}

interface Fitting {
  readonly parts: readonly NetworkPart[];
  readonly layers: number;
  /** Own class and the model's, of each that is kept. */
  readonly classes: readonly (readonly [number, number])[];
}
function fittingOf(from: Meaning, wanted: Meaning, model: string): Fitting {
  const [old, own] = [networkParts(from.spec), networkParts(wanted.spec)];
  const bodies = own.slice(0, -1);
  const firstMisfit = bodies.findIndex((part, index) => !isSamePart(part, old.slice(0, -1)[index]));
  const parts = bodies.slice(0, firstMisfit < 0 ? bodies.length : firstMisfit);
  const layers = parts.filter(({ layer }) => layer !== null).length;
  if (layers === 0 || framesOf(from.spec) !== framesOf(wanted.spec))
    throw new UnrollError('training.fromMisfit', {
      model,
      has: networkText(from.spec),
      wanted: networkText(wanted.spec),
    });
  const isWhole = layers === wanted.spec.layers.length && layers === from.spec.layers.length;
  return { parts, layers, classes: isWhole ? sharedClasses(from, wanted) : [] };
}

/** The classes that both heads have. */
function sharedClasses(from: Meaning, { spec, labels }: Meaning): Fitting['classes'] {
  if (from.spec.head.kind !== spec.head.kind) return [];
  const oldNames = classNames(from.labels, from.spec.head);
  return classNames(labels, spec.head).flatMap((name, k) => {
    const before = oldNames.indexOf(name);
    return before < 0 ? [] : [[k, before] as const];
  });
}

/** Copies the weights of classes. */
function carryHead(
  from: Learned,
  { spec }: Meaning,
  pairs: Fitting['classes'],
  parameters: Map<string, ParameterValue>,
): void {
  const [oldClasses, classes] = [from.spec.head.classes, spec.head.classes];
  for (const name of ['head.weights', 'head.bias']) {
    const [old, own] = [from.parameters.get(name)!, parameters.get(name)!];
    const values = own.values.slice();
    for (let row = 0; row < values.length / classes; row++)
      for (const [k, before] of pairs) values[row * classes + k] = old.values[row * oldClasses + before]!;
    parameters.set(name, { ...own, values });
  }
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
