// Clipping, optimisers and weight averaging inside the graph, on variables that live in the session.
import { unreachable } from '../../app/errors';
import { attribute, DataType } from '../graph/attributes';
import type { Effect, Graph, Value } from '../graph/graph';
import { CLIP_EPSILON } from '../training/clipping';
import { ADAM_BETA1, ADAM_BETA2, ADAM_EPSILON, averageDecayAt, RMSPROP_EPSILON } from '../training/optimiser';
import type { Clipping, OptimizerSettings } from '../../app/contract/trainingConfig';
import { slotsOf, type Slot, type TrainingRule } from '../training/trainingRule';
import { parameterOf, type ParameterValues } from './compiledPass';
import { STATISTIC_SHARE } from './front';
import type { ParameterShape } from './parameters';

/** What the session keeps of each parameter. */
export type VariableKind = 'value' | Slot;
export const variableKinds = (rule: TrainingRule): readonly VariableKind[] => ['value', ...slotsOf(rule)];

/**
 * The session's variables. Placeholders "set/<kind>/<parameter>" with the output "set/<kind>" fill them; the outputs
 * "<kind>/<parameter>" read them.
 */
export class SessionVariables {
  /** The parameters that are trained. */
  readonly values: ParameterValues;
  /** Their running averages where the rule keeps them, else the parameters. */
  readonly recognitionValues: ParameterValues;
  readonly #variables = new Map<string, Value>();

  constructor(graph: Graph, shapes: readonly ParameterShape[], rule: TrainingRule) {
    const values = new Map<string, Value>();
    const averages = new Map<string, Value>();
    for (const kind of variableKinds(rule)) {
      const filled = shapes.map(({ name, shape }) => {
        const key = `${kind}/${name}`;
        const variable = graph.variable(key, shape);
        this.#variables.set(key, variable);
        const value = graph.read(variable);
        graph.identity(value, { name: key });
        if (kind === 'value') values.set(name, value);
        if (kind === 'average') averages.set(name, value);
        return graph.assign(variable, graph.placeholder(`set/${key}`, DataType.float));
      });
      // An assignment has no output that could be fetched.
      graph.identity(graph.int(1), { name: `set/${kind}`, after: filled });
    }
    this.values = values;
    this.recognitionValues = rule.averageDecay > 0 ? averages : values;
  }

  variable(kind: VariableKind, name: string): Value {
    return parameterOf(this.#variables, `${kind}/${name}`);
  }
}

/** Run-time numbers of an update; scalars. */
export interface UpdateInputs {
  /** Learning rate, for Adam with its bias correction. */
  readonly stepSize: Value;
  /** The optimiser's ε, for Adam with its bias correction; SGD has none. */
  readonly epsilon: Value;
  /** AdamW: 1 − learning rate · weight decay; others: 1. */
  readonly weightShare: Value;
  /** 1 − decay of the running average */
  readonly averageShare: Value;
}
export const UPDATE_INPUTS = ['stepSize', 'epsilon', 'weightShare', 'averageShare'] as const;

/** The numbers for update number `step` (from 1), so that TensorFlow's kernels equal PyTorch's optimisers. */
export function updateNumbers(
  step: number,
  learningRate: number,
  { optimizer, averageDecay }: TrainingRule,
): Readonly<Record<keyof UpdateInputs, number>> {
  const averageShare = 1 - averageDecayAt(averageDecay, step);
  const correction = Math.sqrt(1 - ADAM_BETA2 ** step);
  const adam = {
    stepSize: (learningRate * correction) / (1 - ADAM_BETA1 ** step),
    epsilon: ADAM_EPSILON * correction,
    averageShare,
  };
  switch (optimizer.kind) {
    case 'sgd':
      return { stepSize: learningRate, epsilon: 0, weightShare: 1, averageShare };
    case 'rmsprop':
      return { stepSize: learningRate, epsilon: RMSPROP_EPSILON, weightShare: 1, averageShare };
    case 'adam':
      return { ...adam, weightShare: 1 };
    case 'adamw':
      return { ...adam, weightShare: 1 - learningRate * optimizer.weightDecay };
    default:
      return unreachable(optimizer);
  }
}

export interface Update {
  /** Global norm of all gradients before clipping. */
  readonly norm: Value;
  /** That of the gradients of some parameters. */
  readonly normOf: (names: readonly string[]) => Value;
  readonly effects: readonly Effect[];
}
/** What a training step changes. */
export interface UpdatedParameters {
  /** By their gradients. */
  readonly learned: readonly ParameterShape[];
  /** Towards what the batch has of them, by name. */
  readonly measured: ParameterValues;
}
/**
 * Clips the gradients and updates by the rule's optimiser; the running averages follow. Where loss or norm is not finite,
 * parameters, slots and averages stay bit by bit what they are.
 */
export function buildUpdate(
  graph: Graph,
  { learned, measured }: UpdatedParameters,
  variables: SessionVariables,
  gradients: ParameterValues,
  loss: Value,
  inputs: UpdateInputs,
  { optimizer, clipping, averageDecay }: TrainingRule,
): Update {
  const halfSquares = new Map(learned.map(({ name }) => [name, graph.unary('L2Loss', parameterOf(gradients, name))]));
  const norm = normOf(graph, [...halfSquares.values()]);
  const normOfSome = (names: readonly string[]): Value =>
    normOf(
      graph,
      names.map((name) => parameterOf(halfSquares, name)),
    );
  const isFinite = graph.result('LogicalAnd', [finite(graph, loss), finite(graph, norm)], {}, DataType.bool);
  const gate: Gate = (value, otherwise) => graph.select(isFinite, value, graph.float(otherwise));
  const clipped = clipper(graph, clipping, norm, gate);
  const updateOf = optimizerUpdate({ graph, variables, inputs, gate }, optimizer);
  const averageShare = gate(inputs.averageShare, 0);
  const statisticShare = gate(graph.float(STATISTIC_SHARE), 0);
  const measure = (name: string, ofBatch: Value): Effect => {
    const before = parameterOf(variables.values, name);
    // Where the step is not finite, neither are the statistics: a share of 0 keeps them out.
    const moved = graph.binary('MulNoNan', graph.subtract(ofBatch, before), statisticShare);
    return graph.assign(variables.variable('value', name), graph.add(before, moved));
  };
  const updates = [
    ...learned.map(({ name }) => ({ name, updated: updateOf(name, clipped(parameterOf(gradients, name))) })),
    ...[...measured].map(([name, ofBatch]) => ({ name, updated: measure(name, ofBatch) })),
  ];
  const effects = updates.map(({ name, updated }) => {
    if (averageDecay === 0) return updated;
    const average = parameterOf(variables.recognitionValues, name);
    const value = graph.read(variables.variable('value', name), { after: [updated] });
    const moved = graph.multiply(graph.subtract(value, average), averageShare);
    return graph.assign(variables.variable('average', name), graph.add(average, moved));
  });
  return { norm, normOf: normOfSome, effects };
}

/** value where the step is finite, else a number that changes nothing. */
type Gate = (value: Value, otherwise: number) => Value;

/** Clips one gradient; gives zeros where the step is not finite, even for a gradient that is not a number. */
function clipper(graph: Graph, clipping: Clipping, norm: Value, gate: Gate): (gradient: Value) => Value {
  const factor =
    clipping.kind === 'norm' ? gate(clipFactor(graph, norm, clipping.threshold), 0) : gate(graph.float(1), 0);
  const limited = (gradient: Value): Value => {
    if (clipping.kind !== 'value') return gradient;
    const fromAbove = graph.binary('Minimum', gradient, graph.float(clipping.threshold));
    return graph.binary('Maximum', fromAbove, graph.float(-clipping.threshold));
  };
  return (gradient) => graph.binary('MulNoNan', limited(gradient), factor);
}

/** Writes the update of one parameter by its clipped gradient. */
type ParameterUpdate = (name: string, gradient: Value) => Effect;
interface UpdateContext {
  readonly graph: Graph;
  readonly variables: SessionVariables;
  readonly inputs: UpdateInputs;
  readonly gate: Gate;
}
const KERNEL_ATTRIBUTES = {
  T: attribute.type(DataType.float),
  use_locking: attribute.bool(false),
  use_nesterov: attribute.bool(false),
};

/** Equations and sources: engine/training/optimiser.ts. */
function optimizerUpdate(context: UpdateContext, optimizer: OptimizerSettings): ParameterUpdate {
  switch (optimizer.kind) {
    case 'sgd':
      return momentumUpdate(context, optimizer.momentum);
    case 'rmsprop':
      return rmspropUpdate(context, optimizer.squareDecay);
    case 'adam':
      return adamUpdate(context, { isDecayed: false });
    case 'adamw':
      return adamUpdate(context, { isDecayed: true });
    default:
      return unreachable(optimizer);
  }
}

function momentumUpdate({ graph, variables, inputs, gate }: UpdateContext, momentum: number): ParameterUpdate {
  const stepSize = gate(inputs.stepSize, 0);
  const gatedMomentum = gate(graph.float(momentum), 1);
  return (name, gradient) => {
    const changed = [variables.variable('value', name), variables.variable('velocity', name)];
    return graph.effect('ResourceApplyMomentum', [...changed, stepSize, gradient, gatedMomentum], KERNEL_ATTRIBUTES);
  };
}

/** TensorFlow's own kernel has ε inside the root. */
function rmspropUpdate({ graph, variables, inputs, gate }: UpdateContext, rho: number): ParameterUpdate {
  const stepSize = gate(inputs.stepSize, 0);
  const newShare = gate(graph.float(1 - rho), 0);
  return (name, gradient) => {
    const meanSquare = variables.variable('meanSquare', name);
    const before = graph.read(meanSquare);
    const towards = graph.subtract(graph.multiply(gradient, gradient), before);
    const after = graph.add(before, graph.multiply(towards, newShare));
    const root = graph.add(graph.unary('Sqrt', after), inputs.epsilon);
    const change = graph.divide(graph.multiply(gradient, stepSize), root);
    const value = graph.subtract(parameterOf(variables.values, name), change);
    const updated = graph.assign(variables.variable('value', name), value);
    return graph.assign(meanSquare, after, { after: [updated] });
  };
}

function adamUpdate(
  { graph, variables, inputs, gate }: UpdateContext,
  { isDecayed }: { readonly isDecayed: boolean },
): ParameterUpdate {
  const stepSize = gate(inputs.stepSize, 0);
  const beta1 = gate(graph.float(ADAM_BETA1), 1);
  const beta2 = gate(graph.float(ADAM_BETA2), 1);
  const weightShare = gate(inputs.weightShare, 1);
  // The kernel's own bias correction, by powers of β, is switched off: stepSize and ε hold it.
  const zero = graph.float(0);
  return (name, gradient) => {
    const value = variables.variable('value', name);
    const moments = [variables.variable('moment1', name), variables.variable('moment2', name)];
    const decayed = (): Effect => graph.assign(value, graph.multiply(parameterOf(variables.values, name), weightShare));
    return graph.effect(
      'ResourceApplyAdam',
      [value, ...moments, zero, zero, stepSize, beta1, beta2, inputs.epsilon, gradient],
      KERNEL_ATTRIBUTES,
      { after: isDecayed ? [decayed()] : [] },
    );
  };
}

/** √Σg² from the gradients' Σg²/2; 0 of none. */
const normOf = (graph: Graph, halfSquares: readonly Value[]): Value =>
  halfSquares.length === 0
    ? graph.float(0)
    : graph.unary('Sqrt', graph.multiply(graph.addAll(halfSquares), graph.float(2)));
/** min(1, threshold / (norm + 1e-6)) (Pascanu, Mikolov & Bengio 2013) */
const clipFactor = (graph: Graph, norm: Value, threshold: number): Value =>
  graph.binary(
    'Minimum',
    graph.float(1),
    graph.divide(graph.float(threshold), graph.add(norm, graph.float(CLIP_EPSILON))),
  );
const finite = (graph: Graph, value: Value): Value => graph.unary('IsFinite', value, DataType.bool);
