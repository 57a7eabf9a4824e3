// The whole graph of a network: training, gradients and recognition, for any T and N.
import { directionsOf, framesPerStep, type Direction, type NetworkSpec } from '../../app/contract/network';
import { DataType } from '../graph/attributes';
import { FunctionLibrary, record } from '../graph/functions';
import { Graph, type Value } from '../graph/graph';
import { buildFront } from './compiledFront';
import { statesOf, statesOfReading, type LayerState } from './carriedStates';
import { buildEmbedding } from './compiledEmbedding';
import { buildHead, type HeadPass } from './compiledHead';
import { buildVotes } from './compiledVotes';
import { plainLoss, type LossSettings, type TrainingRule } from '../training/trainingRule';
import { buildLoss } from './compiledLoss';
import type { LossInputs } from './compiledLossPass';
import { frameMask } from './compiledMask';
import { buildFrameStack } from './compiledFrameStack';
import type { LayerPass, LayerStates } from './compiledLayer';
import { columnSums, parameterOf, type ParameterValues, type PassContext } from './compiledPass';
import { buildUpdate, SessionVariables, UPDATE_INPUTS } from './compiledOptimizer';
import { addedReadings, buildPooling } from './compiledPooling';
import { buildLayerStack, type DropoutInputs } from './compiledStack';
import { hasDropout } from './dropout';
import { oneHotLabels } from './compiledTeacher';
import { isTaught } from './teacherForcing';
import { frontOutputSize } from './front';
import { frozenNames, networkParts } from './parts';
import { stackedSize } from './stack';
import {
  addsReadings,
  runningLayers,
  INITIAL_STATE_NAMES,
  isConcatenated,
  isInitialStateLearned,
  outputSize,
  parameterShapes,
  sizeOf,
  type NewParameter,
} from './parameters';

const { float, int32 } = DataType;

/** How a batch is cut for two cores: see PassContext.batchParts. */
export const BATCH_PARTS = [1, 2] as const;
export type BatchParts = (typeof BATCH_PARTS)[number];

/**
 * Placeholders:
 *   features [T, N, D] · lengths [N] in frames · compiledLength · rowWeights [N] · labelIndices, labelValues, isEmpty (LossInputs) ·
 *   stepSize, epsilon, weightShare, averageShare (UpdateInputs) · isDropping · seed [2] · sequenceSeed [2]
 *   with a rule for parts: isStart · before/<state> [N, size]
 * Outputs, under "parts1/" and "parts2/":
 *   loss, norm, partNorms [parts]   of a training step; fetching loss runs the update
 *   check/loss, check/input, check/<parameter>   loss and gradients without an update
 *   after/<state>   with a rule for parts: the states after a training step's last frames
 *   logits, losses   recognition and the loss of every row
 * and those of SessionVariables.
 */
export function buildNetworkGraph(spec: NetworkSpec, rule: TrainingRule): { graph: Graph; library: FunctionLibrary } {
  const graph = new Graph();
  const library = new FunctionLibrary();
  const variables = new SessionVariables(graph, parameterShapes(spec), rule);
  const inputs = placeholders(graph, spec, rule);
  for (const batchParts of partsOf(spec)) {
    const context = {
      graph,
      library,
      lengths: inputs.lengths,
      steps: graph.reduce('Max', inputs.lengths, [0]),
      compiledLength: inputs.compiledLength,
      batchParts,
    };
    const teacher = spec.layers.some((layer) => isTaught(layer, spec.head))
      ? { teacher: teacherOf(graph, spec, inputs) }
      : {};
    buildTraining(spec, { ...context, isTraining: true, ...teacher }, inputs, variables, rule);
    buildRecognition(spec, { ...context, isTraining: false }, inputs, variables, plainLoss(rule.loss));
  }
  return { graph, library };
}

/** The output called `name` of the graph that cuts a batch into so many parts. */
export const outputName = (parts: BatchParts, name: string): string => `parts${parts}/${name}`;
/** Only forward layers cut their batch: a bidirectional layer has two directions to run side by side. */
export const partsOf = (spec: NetworkSpec): readonly BatchParts[] =>
  spec.layers.some((layer) => directionsOf(layer).length === 1) ? BATCH_PARTS : [1];

/** States that a part of a sequence starts from. */
interface CarriedInputs {
  /** Scalar: 1 where the part is a beginning, else 0. The states are then zero, and what is learned is added. */
  readonly isStart: Value;
  /** By key of the state, [N, size] */
  readonly states: ReadonlyMap<string, Value>;
}
type NetworkInputs = ReturnType<typeof placeholders>;
function placeholders(graph: Graph, spec: NetworkSpec, rule: TrainingRule) {
  const frameLengths = graph.placeholder('lengths', int32);
  const loss: LossInputs = {
    lengths: stepsOf(graph, spec, frameLengths),
    labelIndices: graph.placeholder('labelIndices', int32),
    labelValues: graph.placeholder('labelValues', int32),
    isEmpty: graph.placeholder('isEmpty', int32),
  };
  const dropout: DropoutInputs | null = hasDropout(spec)
    ? {
        rate: spec.dropout,
        isOn: graph.placeholder('isDropping', float),
        seed: graph.placeholder('seed', int32),
        sequenceSeed: graph.placeholder('sequenceSeed', int32),
      }
    : null;
  const carried: CarriedInputs | null = rule.isInParts
    ? {
        isStart: graph.placeholder('isStart', float),
        states: new Map(statesOf(spec).map(({ key }) => [key, graph.placeholder(`before/${key}`, float)])),
      }
    : null;
  return {
    carried,
    features: graph.placeholder('features', float),
    compiledLength: graph.placeholder('compiledLength', int32),
    rowWeights: graph.placeholder('rowWeights', float),
    frameLengths,
    /** In steps of the layers. */
    lengths: loss.lengths,
    loss,
    dropout,
    update: record(UPDATE_INPUTS, (name) => graph.placeholder(name, float)),
  };
}

function teacherOf(graph: Graph, spec: NetworkSpec, { features, loss }: NetworkInputs) {
  const shape = graph.shapeOf(features);
  const steps = stepsOf(graph, spec, graph.slice(shape, [0], [1]));
  const leading = graph.concat([steps, graph.slice(shape, [1], [1])], 0);
  return { head: spec.head, labels: oneHotLabels(graph, loss.labelValues, spec.head.classes, leading) };
}

function buildTraining(
  spec: NetworkSpec,
  context: PassContext,
  inputs: NetworkInputs,
  variables: SessionVariables,
  rule: TrainingRule,
): void {
  const { graph } = context;
  const initial = inputs.carried === null ? [] : initialStates(spec, graph, inputs.carried, variables.values);
  const { below, stack, head } = buildPass(spec, context, inputs, variables.values, inputs.dropout, initial);
  const { losses, logitsGradient } = buildLoss(
    graph,
    context.library,
    { head: spec.head, logits: head.logits },
    inputs.loss,
    rule.loss,
  );
  const loss = graph.reduce('Sum', graph.multiply(losses, inputs.rowWeights), [0]);
  const gradients = new Map<string, Value>();
  const weighted = graph.multiply(logitsGradient, graph.expandDims(inputs.rowWeights, 1));
  const stackGradient = stack.backward(head.backward(weighted, gradients), gradients);
  const inputGradient = below.backward(stackGradient, gradients);
  if (inputs.carried !== null) keepStartGradients(spec, graph, inputs.carried, gradients);
  const frozen = frozenNames(spec, rule.frozenLayers);
  const measured = new Map([...below.measured].filter(([name]) => !frozen.has(name)));
  const learned = parameterShapes(spec).filter(({ name }) => !below.measured.has(name) && !frozen.has(name));
  const update = buildUpdate(graph, { learned, measured }, variables, gradients, loss, inputs.update, rule);

  const output = (name: string) => ({ name: outputName(context.batchParts, name) });
  graph.identity(loss, { ...output('loss'), after: update.effects });
  graph.identity(update.norm, output('norm'));
  const partNorms = networkParts(spec).map(({ parameters }) =>
    update.normOf(learnedOf(parameters).filter((name) => !frozen.has(name))),
  );
  const asVectors = partNorms.map((norm) => graph.expandDims(norm, 0));
  graph.identity(graph.concat(asVectors, 0), output('partNorms'));
  graph.identity(loss, output('check/loss'));
  graph.identity(inputGradient, output('check/input'));
  for (const [name, gradient] of gradients) graph.identity(gradient, output(`check/${name}`));
  // What is measured has no gradient.
  for (const { name, shape } of parameterShapes(spec).filter((parameter) => below.measured.has(parameter.name)))
    graph.identity(graph.constant(shape, new Float32Array(sizeOf(shape))), output(`check/${name}`));
  if (inputs.carried === null) return;
  eachReading(spec, (states, layer, direction) =>
    states.forEach(({ key }, k) => graph.identity(stack.final[layer]!.get(direction)![k]!, output(`after/${key}`))),
  );
}

const learnedOf = (parameters: readonly NewParameter[]): string[] =>
  parameters.filter(({ isMeasured = false }) => !isMeasured).map(({ name }) => name);

function buildRecognition(
  spec: NetworkSpec,
  context: PassContext,
  inputs: NetworkInputs,
  variables: SessionVariables,
  plain: LossSettings,
): void {
  const { graph, batchParts, library } = context;
  const { head } = buildPass(spec, context, inputs, variables.recognitionValues, null);
  graph.identity(head.logits, { name: outputName(batchParts, 'logits') });
  const { losses } = buildLoss(graph, library, { head: spec.head, logits: head.logits }, inputs.loss, plain);
  graph.identity(losses, { name: outputName(batchParts, 'losses') });
}

function buildPass(
  spec: NetworkSpec,
  context: PassContext,
  { features, frameLengths, lengths, rowWeights }: NetworkInputs,
  values: ParameterValues,
  dropout: DropoutInputs | null,
  initial: readonly LayerStates[] = [],
) {
  const { graph } = context;
  const inputSize = stackedSize(spec);
  const training = context.isTraining ? { rowWeights } : null;
  const below = buildBelow(graph, spec, { features, lengths: frameLengths, training }, values);
  const layers = runningLayers(spec);
  const stack = buildLayerStack(context, layers, below.output, inputSize, values, dropout, initial);
  const last = layers.at(-1)!;
  const groups = isConcatenated(last) ? 2 : 1;
  const layer = { x: stack.output, inputs: outputSize(last), groups, lengths };
  const own = buildPooling(graph, spec.head.kind, layer);
  const pooled = addsReadings(spec) ? addedReadings(graph, own) : own;
  const linear = buildHead(graph, pooled.output, outputSize(spec.layers.at(-1)!), spec.head.classes, values);
  const voted = buildVotes(graph, spec.head, lengths, linear);
  const head: HeadPass = {
    logits: voted.logits,
    backward: (gradient, gradients) => pooled.backward(voted.backward(gradient, gradients)),
  };
  return { below, stack, head };
}

/** Lengths in steps of the layers. */
function stepsOf(graph: Graph, spec: NetworkSpec, lengths: Value): Value {
  const step = framesPerStep(spec);
  if (step === 1) return lengths;
  return graph.binary('FloorDiv', graph.add(lengths, graph.int(step - 1)), graph.int(step));
}

/** What a network hears, for what lies below its layers. */
interface Heard {
  /** [T, N, D] */
  readonly features: Value;
  /** [N], in frames */
  readonly lengths: Value;
  /** Null: recognition. */
  readonly training: { readonly rowWeights: Value } | null;
}
interface BelowPass extends LayerPass {
  /** What of the batch goes into what training measures. */
  readonly measured: ParameterValues;
}

/** What lies between the input and the first layer: an embedding or convolutions, then stacked frames. */
function buildBelow(graph: Graph, spec: NetworkSpec, heard: Heard, values: ParameterValues): BelowPass {
  const frames = buildFrames(graph, spec, heard, values);
  const stack = buildFrameStack(graph, spec, frames.output, frontOutputSize(spec));
  return {
    output: stack.output,
    backward: (gradient, gradients) => frames.backward(stack.backward(gradient), gradients),
    measured: frames.measured,
  };
}
function buildFrames(
  graph: Graph,
  spec: NetworkSpec,
  { features, lengths, training }: Heard,
  values: ParameterValues,
): BelowPass {
  const embedded = buildEmbedding(graph, spec, features, lengths, values);
  const mask = frameMask(graph, graph.slice(graph.shapeOf(features), [0], [2]), lengths);
  const front = buildFront(graph, spec, embedded.output, mask, values, training);
  if (front === null) return { ...embedded, measured: new Map() };
  return {
    output: front.output,
    backward: (gradient, gradients) => embedded.backward(front.backward(gradient, gradients), gradients),
    measured: front.measured,
  };
}

function eachReading(
  spec: NetworkSpec,
  use: (states: readonly LayerState[], layer: number, direction: Direction) => void,
): void {
  spec.layers.forEach((layer, index) => {
    for (const direction of directionsOf(layer)) use(statesOfReading(layer, index, direction), index, direction);
  });
}
const learnedName = ({ prefix, name }: LayerState): string => `${prefix}.${INITIAL_STATE_NAMES[name]}`;

/** The carried states of every layer; at a beginning the learned first ones are added. */
function initialStates(
  spec: NetworkSpec,
  graph: Graph,
  { isStart, states: carried }: CarriedInputs,
  parameters: ParameterValues,
): LayerStates[] {
  const all = spec.layers.map(() => new Map<Direction, readonly Value[]>());
  eachReading(spec, (states, layer, direction) => {
    const values = states.map((state) => {
      const given = carried.get(state.key)!;
      return isInitialStateLearned(spec.layers[layer]!)
        ? graph.add(given, graph.multiply(parameterOf(parameters, learnedName(state)), isStart))
        : given;
    });
    all[layer]!.set(direction, values);
  });
  return all;
}

/** Of the gradients of the states that a part starts from, only those of learned ones at a beginning count. */
function keepStartGradients(
  spec: NetworkSpec,
  graph: Graph,
  { isStart }: CarriedInputs,
  gradients: Map<string, Value>,
): void {
  eachReading(spec, (states, layer) => {
    for (const state of states) {
      const name = learnedName(state);
      const gradient = gradients.get(name);
      gradients.delete(name);
      if (gradient !== undefined && isInitialStateLearned(spec.layers[layer]!))
        gradients.set(name, graph.multiply(columnSums(graph, gradient, state.size), isStart));
    }
  });
}
