// TensorFlow.js's own recurrent layers on the same native library, as tf.layers makes them: their gates are the hard
// sigmoid. Only the initialiser is another, since the default first makes a large matrix orthogonal.
import type * as tfjs from '@tensorflow/tfjs';
import { tensorflowNode } from '../../engine/runtime/native';
import { timed, type Contender } from './measure';
import { CLASSES, classAt, LEARNING_RATE, randomFloats, type BenchCell, type LayerSize } from './size';

const NAME = 'tfjs-layers';
const MAX_ROUNDS = 5;

type TensorFlow = ReturnType<typeof tensorflowNode>;
type LayerOptions = Partial<Parameters<TensorFlow['layers']['lstm']>[0]>;

/** Cells that tfjs-layers has; its GRU resets before the recurrent product. */
const MAKERS = { elman: 'simpleRNN', lstm: 'lstm', 'gru-before': 'gru' } as const;
export const isInTfjsLayers = (cell: BenchCell): cell is keyof typeof MAKERS => cell in MAKERS;

/** As many layers as the size says. @param more of the last one */
function recurrent(
  tf: TensorFlow,
  { cell, depth, H, direction }: LayerSize,
  more: LayerOptions = {},
): tfjs.layers.Layer[] {
  if (!isInTfjsLayers(cell)) throw new Error(`Expected a cell that tfjs-layers has, but got ${cell}`);
  return Array.from({ length: depth }, (_, index) => {
    const ofLast = index === depth - 1 ? more : {};
    const options = { units: H, recurrentInitializer: 'glorotNormal', returnSequences: true, ...ofLast } as const;
    const layer = tf.layers[MAKERS[cell]](options);
    return direction === 'forward' ? layer : tf.layers.bidirectional({ layer, mergeMode: 'concat' });
  });
}
const applied = (layers: readonly tfjs.layers.Layer[], input: tfjs.SymbolicTensor): tfjs.SymbolicTensor =>
  layers.reduce((value, layer) => layer.apply(value) as tfjs.SymbolicTensor, input);

function single(output: tfjs.Tensor | tfjs.Tensor[]): tfjs.Tensor {
  if (Array.isArray(output)) throw new Error('Expected one output');
  return output;
}

/** forward: predict; gradients: those of all weights from an output gradient of ones. */
export function tfjsLayer(size: LayerSize, pass: 'forward' | 'gradients'): Contender {
  const { T, N, D } = size;
  const tf = tensorflowNode();
  const input = tf.input({ shape: [T, D] });
  const model = tf.model({ inputs: input, outputs: applied(recurrent(tf, size), input) });
  const x = tf.tensor3d(randomFloats(T * N * D), [N, T, D]);
  const forward = (): unknown => tf.tidy(() => single(model.predict(x, { batchSize: N })).dataSync());
  const gradients = (): void =>
    tf.tidy(
      () =>
        void tf.variableGrads(() =>
          single(model.apply(x) as tfjs.Tensor)
            .sum()
            .asScalar(),
        ),
    );
  return {
    name: NAME,
    runMs: timed(pass === 'forward' ? forward : gradients),
    maxRounds: MAX_ROUNDS,
    dispose: () => {
      x.dispose();
      model.dispose();
    },
  };
}

/**
 * trainOnBatch: recurrent layers, softmax layer, cross-entropy on every frame, Adam. It has no clipping by global norm, and its
 * rows all have length T.
 */
export function tfjsTrainStep(size: LayerSize): Contender {
  const { T, N, D } = size;
  const tf = tensorflowNode();
  const input = tf.input({ shape: [T, D] });
  const classes = tf.layers.dense({ units: CLASSES, activation: 'softmax' });
  const outputs = applied([...recurrent(tf, size), classes], input);
  const model = tf.model({ inputs: input, outputs });
  model.compile({ optimizer: tf.train.adam(LEARNING_RATE), loss: 'categoricalCrossentropy' });
  const x = tf.tensor3d(randomFloats(T * N * D), [N, T, D]);
  const labels = Array.from({ length: N * T }, (_, at) => classAt(at % T, Math.floor(at / T)));
  const y = tf.tidy(() => tf.oneHot(tf.tensor1d(labels, 'int32'), CLASSES).toFloat().reshape([N, T, CLASSES]));
  return {
    name: NAME,
    runMs: timed(() => model.trainOnBatch(x, y)),
    maxRounds: MAX_ROUNDS,
    dispose: () => {
      x.dispose();
      y.dispose();
      model.dispose();
    },
  };
}

/** One frame through a stateful layer, which keeps its state from call to call. @param size of depth 1 */
export function tfjsStreamingStep(size: LayerSize): Contender {
  const { D } = size;
  const tf = tensorflowNode();
  const layers = recurrent(tf, size, { returnSequences: false, stateful: true, batchInputShape: [1, 1, D] });
  const model = tf.sequential({ layers: [...layers, tf.layers.dense({ units: CLASSES })] });
  const frame = tf.tensor3d(randomFloats(D), [1, 1, D]);
  return {
    name: NAME,
    runMs: timed(() => tf.tidy(() => single(model.predict(frame, { batchSize: 1 })).dataSync())),
    dispose: () => {
      frame.dispose();
      model.dispose();
    },
  };
}
