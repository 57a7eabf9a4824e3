// The network's speed beside TensorFlow.js's own LSTM layer: one forward LSTM layer over random frames.
import type { NetworkSpec } from '../../app/contract/network';
import { DataType } from '../../engine/graph/attributes';
import { FunctionLibrary } from '../../engine/graph/functions';
import { Graph, type Value } from '../../engine/graph/graph';
import { GraphSession } from '../../engine/graph/session';
import { compiledLength, openCompiledProgram } from '../../engine/network/compiled';
import { buildLayer } from '../../engine/network/compiledLayer';
import { initialParameters } from '../../engine/network/initialise';
import { openNativeStream } from '../../engine/network/nativeStream';
import type { ParameterSet } from '../../engine/network/parameters';
import type { LabelledBatch } from '../../engine/network/program';
import { tensorflowNode, type Handle } from '../../engine/runtime/native';
import { makeRandom } from '../../engine/runtime/random';
import { TensorScope, withHandles } from '../../engine/runtime/tensors';
import { measureByTurns, type Contender, type Measured } from './measure';

export interface LayerSize {
  readonly T: number;
  readonly N: number;
  readonly D: number;
  readonly H: number;
}
export const REFERENCE_SIZE: LayerSize = { T: 100, N: 16, D: 26, H: 256 };
const CLASSES = 29;
/** The same sigmoid as ours, and an initialiser that does not orthogonalise first. */
const LAYER_OPTIONS = { recurrentActivation: 'sigmoid', recurrentInitializer: 'glorotNormal' } as const;
const SEED = 1;

export interface NetworkBenchmark {
  /** Layer outputs. */
  readonly forward: readonly Measured[];
  /** Outputs, and the gradients of all weights from a given output gradient; ours also the input's. */
  readonly forwardAndBackward: readonly Measured[];
  /** This engine only: layer, head, CTC, clipping and AdamW. */
  readonly trainStep: readonly Measured[];
  /** One frame in, one frame of output out. */
  readonly streamingStep: readonly Measured[];
}

export async function benchmarkNetwork(size: LayerSize = REFERENCE_SIZE): Promise<NetworkBenchmark> {
  return {
    forward: await measureByTurns([ourLayer(size, 'forward'), theirLayer(size, 'forward')]),
    forwardAndBackward: await measureByTurns([ourLayer(size, 'backward'), theirLayer(size, 'backward')]),
    trainStep: await measureByTurns([ourTrainStep(size)], { rounds: 20 }),
    streamingStep: await measureByTurns([ourStream(size), theirStream(size)], { rounds: 30, repeats: 20 }),
  };
}

const OURS = 'Unroll';
const THEIRS = 'tfjs-layers';
const specFor = ({ D, H }: LayerSize): NetworkSpec => ({
  inputSize: D,
  layers: [{ cell: 'lstm', units: H, direction: 'forward' }],
  dropout: 0,
  head: { kind: 'ctc', classes: CLASSES },
});
function randomFloats(length: number): Float32Array {
  const random = makeRandom(SEED);
  return Float32Array.from({ length }, () => 2 * random() - 1);
}

/** The layer alone, as a graph of its own; weights are fed, so that nothing can be worked out beforehand. */
function ourLayer(size: LayerSize, pass: 'forward' | 'backward'): Contender {
  const { T, N, D, H } = size;
  const parameters = new Map([...initialParameters(specFor(size), SEED)].filter(([name]) => name.startsWith('layer')));
  const { session, outputs } = layerSession(size, pass === 'backward', parameters);
  const scope = new TensorScope();
  const inputs: Record<string, Handle> = {
    x: scope.shared([T, N, D], randomFloats(T * N * D)),
    lengths: scope.shared([N], new Int32Array(N).fill(T)),
    cotangent: scope.shared([T, N, H], new Float32Array(T * N * H).fill(1)),
  };
  for (const { name, shape, values } of parameters.values()) inputs[name] = scope.shared(shape, values);
  return {
    name: OURS,
    run: () => withHandles((run) => run.ownAll(session.run(inputs, outputs)).length),
    dispose: () => {
      scope.dispose();
      session.close();
    },
  };
}

function layerSession({ T, N, D, H }: LayerSize, isTraining: boolean, parameters: ParameterSet) {
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
    batchParts: N % 2 === 0 ? 2 : 1,
  } as const;
  const layer = buildLayer(context, { cell: 'lstm', units: H, direction: 'forward' }, 0, float('x'), D, values);
  graph.identity(layer.output, { name: 'output' });
  const outputs = ['output'];
  if (isTraining) {
    const gradients = new Map<string, Value>();
    gradients.set('x', layer.backward(cotangent, gradients));
    for (const [name, gradient] of gradients) {
      graph.identity(gradient, { name: `gradient/${name}` });
      outputs.push(`gradient/${name}`);
    }
  } else graph.identity(cotangent, { name: 'unused' });
  return { session: new GraphSession(graph, library), outputs };
}

/** TensorFlow.js's layer on the same native library. */
function theirLayer({ T, N, D, H }: LayerSize, pass: 'forward' | 'backward'): Contender {
  const tf = tensorflowNode();
  const layer = tf.layers.lstm({ units: H, returnSequences: true, ...LAYER_OPTIONS });
  const x = tf.tensor3d(randomFloats(T * N * D), [N, T, D]);
  const outputOf = (input: typeof x): typeof x => layer.apply(input) as typeof x;
  const forward = (): void =>
    tf.tidy(() => {
      outputOf(x);
    });
  forward(); // the first call makes the weights
  const backward = (): void =>
    tf.tidy(() => {
      tf.variableGrads(() => outputOf(x).sum().asScalar());
    });
  return {
    name: THEIRS,
    run: pass === 'forward' ? forward : backward,
    dispose: () => {
      x.dispose();
      layer.dispose();
    },
  };
}

function ourTrainStep(size: LayerSize): Contender {
  const { T, N, D } = size;
  const spec = specFor(size);
  const program = openCompiledProgram(spec, initialParameters(spec, SEED));
  const batch: LabelledBatch = {
    features: randomFloats(T * N * D),
    T,
    N,
    D,
    lengths: new Int32Array(N).fill(T),
    labels: Array.from({ length: N }, (_, row) =>
      Int32Array.from({ length: 20 }, (__, k) => (row + k) % (CLASSES - 1)),
    ),
    rowWeights: new Float32Array(N).fill(1 / N),
  };
  const options = { learningRate: 1e-3, maxGradientNorm: 1, weightDecay: 0.01, seed: SEED };
  return { name: OURS, run: () => program.trainStep(batch, options), dispose: () => program.dispose() };
}

function ourStream(size: LayerSize): Contender {
  const spec = specFor(size);
  const stream = openNativeStream(spec, initialParameters(spec, SEED));
  const frame = randomFloats(size.D);
  return { name: OURS, run: () => stream.push(frame), dispose: () => stream.dispose() };
}
/** Its layer keeps its state from call to call when it is stateful. */
function theirStream({ D, H }: LayerSize): Contender {
  const tf = tensorflowNode();
  const layer = tf.layers.lstm({ units: H, stateful: true, batchInputShape: [1, 1, D], ...LAYER_OPTIONS });
  const model = tf.sequential({ layers: [layer, tf.layers.dense({ units: CLASSES })] });
  const frame = tf.tensor3d(randomFloats(D), [1, 1, D]);
  return {
    name: THEIRS,
    run: () =>
      tf.tidy(() => {
        const output = model.predict(frame);
        if (Array.isArray(output)) throw new Error('Expected one output');
        return output.dataSync();
      }),
    dispose: () => {
      frame.dispose();
      model.dispose();
    },
  };
}
