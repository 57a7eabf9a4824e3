// This engine's contenders.
import type { Rung } from '../../app/contract/rung';
import { DataType } from '../../engine/graph/attributes';
import { FunctionLibrary } from '../../engine/graph/functions';
import { Graph, type Value } from '../../engine/graph/graph';
import { GraphSession } from '../../engine/graph/session';
import { compiledLength } from '../../engine/network/compiled';
import { buildLayerStack } from '../../engine/network/compiledStack';
import type { PassContext } from '../../engine/network/compiledPass';
import { initialParameters } from '../../engine/network/initialise';
import { openProgram, openStream } from '../../engine/network/open';
import { USUAL_TRAINING } from '../../engine/training/trainingRule';
import type { ParameterSet } from '../../engine/network/parameters';
import type { PortableRung } from '../../engine/network/portableBackend';
import type { Handle } from '../../engine/runtime/native';
import { TensorScope, withHandles } from '../../engine/runtime/tensors';
import { timed, type Contender } from './measure';
import {
  batchFor,
  LEARNING_RATE,
  lengthsOf,
  MAX_GRADIENT_NORM,
  outputWidth,
  randomFloats,
  SEED,
  specFor,
  WEIGHT_DECAY,
  type BenchOptimizer,
  type HeadKind,
  type LayerSize,
} from './size';

type ClockworkBody = NonNullable<PassContext['clockworkBody']>;
const PORTABLE_ROUNDS = 3;
const nameOf = (rung: Rung): string => (rung === 'compiled' ? 'Unroll' : `Unroll, ${rung} rung`);

/**
 * The layers alone, as a graph of their own; weights are fed, so that nothing can be worked out beforehand.
 * @param body of a Clockwork's loop; as the engine chooses it if left out.
 */
export function compiledLayer(size: LayerSize, pass: 'forward' | 'gradients', body?: ClockworkBody): Contender {
  const { T, N, D } = size;
  const all = initialParameters(specFor(size, 'framewise'), SEED);
  const parameters = new Map([...all].filter(([name]) => name.startsWith('layer')));
  const { session, outputs } = layerSession(size, pass === 'gradients', parameters, body);
  const scope = new TensorScope();
  const inputs: Record<string, Handle> = {
    x: scope.shared([T, N, D], randomFloats(T * N * D)),
    lengths: scope.shared([N], lengthsOf(size)),
    cotangent: scope.shared([T, N, outputWidth(size)], new Float32Array(T * N * outputWidth(size)).fill(1)),
  };
  for (const { name, shape, values } of parameters.values()) inputs[name] = scope.shared(shape, values);
  return {
    name: body === undefined ? nameOf('compiled') : `Unroll, body: ${body}`,
    runMs: timed(() => withHandles((run) => run.ownAll(session.run(inputs, outputs)).length)),
    dispose: () => {
      scope.dispose();
      session.close();
    },
  };
}

function layerSession(size: LayerSize, isTraining: boolean, parameters: ParameterSet, body?: ClockworkBody) {
  const { T, N, D } = size;
  const { layers } = specFor(size, 'framewise');
  const graph = new Graph();
  const library = new FunctionLibrary();
  const float = (name: string): Value => graph.placeholder(name, DataType.float);
  const cotangent = float('cotangent');
  const lengths = graph.placeholder('lengths', DataType.int32);
  const values = new Map([...parameters.keys()].map((name) => [name, float(name)]));
  const context = {
    graph,
    library,
    lengths,
    steps: graph.reduce('Max', lengths, [0]),
    compiledLength: graph.int(compiledLength(T)),
    isTraining,
    batchParts: size.direction === 'forward' && N % 2 === 0 ? 2 : 1,
    ...(body && { clockworkBody: body }),
  } as const;
  const pass = buildLayerStack(context, layers, float('x'), D, values, null);
  graph.identity(pass.output, { name: 'output' });
  const outputs = ['output'];
  if (isTraining) {
    const gradients = new Map<string, Value>();
    gradients.set('x', pass.backward(cotangent, gradients));
    for (const [name, gradient] of gradients) {
      graph.identity(gradient, { name: `gradient/${name}` });
      outputs.push(`gradient/${name}`);
    }
  } else graph.identity(cotangent, { name: 'unused' });
  return { session: new GraphSession(graph, library), outputs };
}

/** The network on a portable rung: the dense layer, and for gradients the loss, are in it too. */
export async function portableLayer(
  size: LayerSize,
  pass: 'forward' | 'gradients',
  rung: PortableRung,
): Promise<Contender> {
  const spec = specFor(size, 'framewise');
  const program = await openProgram(spec, initialParameters(spec, SEED), rung);
  const batch = batchFor(size, 'framewise');
  return {
    name: nameOf(rung),
    runMs: timed(() => (pass === 'forward' ? program.logits(batch) : program.gradients(batch))),
    maxRounds: PORTABLE_ROUNDS,
    dispose: () => program.dispose(),
  };
}

/** A whole training step: layers, dense layer, loss, backward, clipping and the optimiser's update. */
export async function trainStep(
  size: LayerSize,
  head: HeadKind,
  rung: Rung,
  optimizer: BenchOptimizer = 'adamw',
): Promise<Contender> {
  const spec = specFor(size, head);
  const program = await openProgram(spec, initialParameters(spec, SEED), rung, {
    ...USUAL_TRAINING,
    optimizer: optimizer === 'adam' ? { kind: optimizer } : { kind: optimizer, weightDecay: WEIGHT_DECAY },
    clipping: { kind: 'norm', threshold: MAX_GRADIENT_NORM },
  });
  const batch = batchFor(size, head);
  const options = { learningRate: LEARNING_RATE, seed: SEED };
  return {
    name: nameOf(rung),
    runMs: timed(() => program.trainStep(batch, options)),
    ...(rung === 'compiled' ? {} : { maxRounds: PORTABLE_ROUNDS }),
    dispose: () => program.dispose(),
  };
}

/** One frame in, its logits out. */
export async function streamingStep(size: LayerSize, rung: Rung): Promise<Contender> {
  const spec = specFor(size, 'ctc');
  const stream = await openStream(spec, initialParameters(spec, SEED), rung);
  const frame = randomFloats(size.D);
  return {
    name: nameOf(rung),
    runMs: timed(() => stream.push(frame)),
    ...(rung === 'compiled' ? {} : { maxRounds: PORTABLE_ROUNDS }),
    dispose: () => stream.dispose(),
  };
}
