// Clipping, AdamW and weight averaging inside the graph, on variables that live in the session.
import { attribute, DataType } from '../graph/attributes';
import type { Effect, Graph, Value } from '../graph/graph';
import {
  ADAM_BETA1,
  ADAM_BETA2,
  ADAM_EPSILON,
  averageDecayAt,
  CLIP_EPSILON,
  slotsOf,
  type Slot,
  type UpdateRule,
} from '../training/optimiser';
import { parameterOf, type ParameterValues } from './compiledLayer';
import type { ParameterShape } from './parameters';

/** What the session keeps of each parameter. */
export type VariableKind = 'value' | Slot;
export const variableKinds = (rule: UpdateRule): readonly VariableKind[] => ['value', ...slotsOf(rule)];

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

  constructor(graph: Graph, shapes: readonly ParameterShape[], rule: UpdateRule) {
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
  /** Learning rate with Adam's bias correction. */
  readonly alpha: Value;
  /** Adam's ε with the bias correction. */
  readonly epsilon: Value;
  /** 1 − learning rate · weight decay */
  readonly decay: Value;
  /** Clipping threshold; Infinity: none. */
  readonly maxGradientNorm: Value;
  /** 1 − decay of the running average */
  readonly averageShare: Value;
}
export const UPDATE_INPUTS = ['alpha', 'epsilon', 'decay', 'maxGradientNorm', 'averageShare'] as const;

/** The numbers for update number `step` (from 1), so that TensorFlow's Adam equals torch.optim.AdamW. */
export function updateNumbers(
  step: number,
  {
    learningRate,
    weightDecay,
    maxGradientNorm,
  }: { learningRate: number; weightDecay: number; maxGradientNorm: number },
  { averageDecay }: UpdateRule,
): Readonly<Record<keyof UpdateInputs, number>> {
  const correction = Math.sqrt(1 - ADAM_BETA2 ** step);
  return {
    alpha: (learningRate * correction) / (1 - ADAM_BETA1 ** step),
    epsilon: ADAM_EPSILON * correction,
    decay: 1 - learningRate * weightDecay,
    maxGradientNorm,
    averageShare: 1 - averageDecayAt(averageDecay, step),
  };
}

export interface Update {
  /** Global norm of all gradients before clipping. */
  readonly norm: Value;
  readonly effects: readonly Effect[];
}
/**
 * Clips the gradients by their global norm (Pascanu, Mikolov & Bengio 2013) and updates by AdamW (Kingma & Ba 2015,
 * Loshchilov & Hutter 2019); the running averages follow. Where loss or norm is not finite, parameters, moments and averages
 * stay bit by bit what they are.
 */
export function buildUpdate(
  graph: Graph,
  shapes: readonly ParameterShape[],
  variables: SessionVariables,
  gradients: ParameterValues,
  loss: Value,
  inputs: UpdateInputs,
  { averageDecay }: UpdateRule,
): Update {
  const norm = globalNorm(
    graph,
    shapes.map(({ name }) => parameterOf(gradients, name)),
  );
  const isFinite = graph.result('LogicalAnd', [finite(graph, loss), finite(graph, norm)], {}, DataType.bool);
  const whenFinite = (value: Value, otherwise: number): Value => graph.select(isFinite, value, graph.float(otherwise));
  const factor = whenFinite(clipFactor(graph, norm, inputs.maxGradientNorm), 0);
  const adam = {
    alpha: whenFinite(inputs.alpha, 0),
    beta1: whenFinite(graph.float(ADAM_BETA1), 1),
    beta2: whenFinite(graph.float(ADAM_BETA2), 1),
    decay: whenFinite(inputs.decay, 1),
  };
  const averageShare = whenFinite(inputs.averageShare, 0);
  const effects = shapes.map(({ name }) => {
    const decayed = graph.assign(
      variables.variable('value', name),
      graph.multiply(parameterOf(variables.values, name), adam.decay),
    );
    // Zero where the factor is zero, even for a gradient that is not a number.
    const clipped = graph.binary('MulNoNan', parameterOf(gradients, name), factor);
    const zero = graph.float(0);
    const updated = graph.effect(
      'ResourceApplyAdam',
      [
        variables.variable('value', name),
        variables.variable('moment1', name),
        variables.variable('moment2', name),
        zero,
        zero,
        adam.alpha,
        adam.beta1,
        adam.beta2,
        inputs.epsilon,
        clipped,
      ],
      { T: attribute.type(DataType.float), use_locking: attribute.bool(false), use_nesterov: attribute.bool(false) },
      { after: [decayed] },
    );
    if (averageDecay === 0) return updated;
    const average = parameterOf(variables.recognitionValues, name);
    const value = graph.read(variables.variable('value', name), { after: [updated] });
    const moved = graph.multiply(graph.subtract(value, average), averageShare);
    return graph.assign(variables.variable('average', name), graph.add(average, moved));
  });
  return { norm, effects };
}

/** √Σg² over all gradients. */
function globalNorm(graph: Graph, gradients: readonly Value[]): Value {
  const halfSquares = gradients.map((gradient) => graph.unary('L2Loss', gradient));
  return graph.unary('Sqrt', graph.multiply(graph.addAll(halfSquares), graph.float(2)));
}
/** min(1, threshold / (norm + 1e-6)) */
const clipFactor = (graph: Graph, norm: Value, threshold: Value): Value =>
  graph.binary('Minimum', graph.float(1), graph.divide(threshold, graph.add(norm, graph.float(CLIP_EPSILON))));
const finite = (graph: Graph, value: Value): Value => graph.unary('IsFinite', value, DataType.bool);
