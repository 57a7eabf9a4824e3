// The rungs below the compiled one: the same network as ordinary TensorFlow.js operations, differentiated by TensorFlow.js.
import type { Scalar, Tensor, Tensor3D } from '@tensorflow/tfjs';
import type { NetworkSpec } from '../../app/contract/network';
import { clip, globalNorm } from '../training/clipping';
import { averageDecayAt, averageStep, updateStep } from '../training/optimiser';
import { plainLoss, slotsOf, USUAL_TRAINING, type Slot, type TrainingRule } from '../training/trainingRule';
import { checkCarried, checkTrainsInParts, type CarriedStates } from './carriedStates';
import { embedBatch, embeddingShapes } from './embedding';
import { statisticStep } from './front';
import { checkBatch, checkLabels, checkLoss } from './labels';
import {
  addsReadings,
  isConcatenated,
  parameterShapes,
  runningLayers,
  sizeOf,
  type ParameterSet,
  type ParameterShape,
  type ParameterValue,
} from './parameters';
import { frozenNames, networkParts } from './parts';
import { openPortableBackend, type PortableBackend, type PortableRung, type TensorFlow } from './portableBackend';
import { carryingOptions, type Carrying } from './portableCarry';
import { droppingOptions, type DropoutSeeds } from './portableDropout';
import { runVotes } from './portableVotes';
import { runHead, runLayers, timing, type ParameterTensors } from './portableLayers';
import { runFront, type FrontTraining } from './portableFront';
import { stackFrames } from './portableFrameStack';
import { batchLoss } from './portableLoss';
import { addedReadings, pooled } from './portablePooling';
import { inSteps } from './stack';
import {
  slotOf,
  type LabelledBatch,
  type NetworkProgram,
  type OptimizerState,
  type SequenceBatch,
  type TrainPartResult,
  type TrainStepOptions,
  type TrainStepResult,
} from './program';

interface Differentiated {
  readonly loss: number;
  /** In the order of the parameters. */
  readonly gradients: readonly Float32Array[];
  /** [T, N, D] */
  readonly inputGradient: Float32Array;
  readonly after: CarriedStates;
  /** What of the batch goes into what training measures, by name. */
  readonly measured: ReadonlyMap<string, Float32Array>;
}
/** What a pass does besides the network's equations. */
interface PassOptions {
  /** Null: recognition. */
  readonly training: FrontTraining | null;
  /** Null: no dropout. */
  readonly seeds: DropoutSeeds | null;
  /** Null: the sequences are whole. */
  readonly carrying: Carrying | null;
  /** Of the rows, in training; null: layers under teacher forcing hear themselves. */
  readonly labels: readonly Int32Array[] | null;
}
const RECOGNITION: PassOptions = { training: null, seeds: null, carrying: null, labels: null };

class PortableProgram implements NetworkProgram {
  readonly #shapes: readonly ParameterShape[];
  readonly #frozen: ReadonlySet<string>;
  #values: readonly ParameterValue[] = [];
  readonly slots: readonly Slot[];
  readonly #kept = new Map<Slot, readonly ParameterValue[]>();
  #step = 0;

  constructor(
    private readonly spec: NetworkSpec,
    initial: ParameterSet,
    private readonly backend: PortableBackend,
    private readonly rule: TrainingRule,
  ) {
    checkLoss(spec, rule.loss);
    if (rule.isInParts) checkTrainsInParts(spec);
    this.slots = slotsOf(rule);
    this.#shapes = parameterShapes(spec);
    this.#frozen = frozenNames(spec, rule.frozenLayers);
    for (const slot of this.slots) this.#kept.set(slot, zeros(this.#shapes));
    this.setParameters(initial);
  }

  get rung(): PortableRung {
    return this.backend.rung;
  }
  parameters(): ParameterSet {
    return copySet(this.#values);
  }
  setParameters(values: ParameterSet): void {
    this.#values = copyInOrder(this.#shapes, values);
    if (this.slots.includes('average')) this.#kept.set('average', copyInOrder(this.#shapes, values));
  }
  recognitionParameters(): ParameterSet {
    return copySet(this.#recognitionValues());
  }
  optimizerState(): OptimizerState {
    return { step: this.#step, slots: new Map(this.slots.map((slot) => [slot, copySet(this.#slot(slot))])) };
  }
  setOptimizerState({ step, slots }: OptimizerState): void {
    for (const slot of this.slots) this.#kept.set(slot, copyInOrder(this.#shapes, slotOf(slots, slot)));
    this.#step = step;
  }

  shapeToCompile(): null {
    return null;
  }
  async trainStep(batch: LabelledBatch, options: TrainStepOptions): Promise<TrainStepResult> {
    return this.#update(this.#differentiate(batch, options, null), options);
  }
  async trainPart(
    batch: LabelledBatch,
    options: TrainStepOptions,
    before: CarriedStates | null,
  ): Promise<TrainPartResult> {
    if (!this.rule.isInParts) throw new Error('Expected a training rule for parts');
    if (before !== null) checkCarried(this.spec, before, batch.N);
    const differentiated = this.#differentiate(batch, options, before);
    return { ...this.#update(differentiated, options), after: differentiated.after };
  }
  #update({ loss, gradients, measured }: Differentiated, options: TrainStepOptions): TrainStepResult {
    const learned = gradients.filter((_, index) => !this.#frozen.has(this.#shapes[index]!.name));
    const gradientNorm = globalNorm(learned);
    const partNorms = this.#partNorms(gradients);
    const result = { loss, gradientNorm, partNorms };
    if (!(Number.isFinite(loss) && Number.isFinite(gradientNorm))) return { ...result, isSkipped: true };
    this.#step++;
    const { optimizer, clipping, averageDecay } = this.rule;
    clip(learned, gradientNorm, clipping);
    gradients.forEach((gradient, index) => {
      const { name: parameter, values } = this.#values[index]!;
      if (this.#frozen.has(parameter)) return;
      const slot = (name: Slot): Float32Array => this.#slot(name)[index]!.values;
      const ofBatch = measured.get(parameter);
      if (ofBatch !== undefined) statisticStep(values, ofBatch);
      else updateStep(optimizer, values, gradient, slot, { learningRate: options.learningRate, step: this.#step });
      if (averageDecay > 0) averageStep(slot('average'), values, averageDecayAt(averageDecay, this.#step));
    });
    return { ...result, isSkipped: false };
  }
  #partNorms(gradients: readonly Float32Array[]): Float32Array {
    const byName = new Map(this.#shapes.map(({ name }, index) => [name, gradients[index]!]));
    return Float32Array.from(networkParts(this.spec), ({ parameters }) =>
      globalNorm(parameters.filter(({ name }) => !this.#frozen.has(name)).map(({ name }) => byName.get(name)!)),
    );
  }

  async gradients(batch: LabelledBatch) {
    const { loss, gradients, inputGradient } = this.#differentiate(batch, null, null);
    const named = this.#shapes.map(({ name, shape }, index): [string, ParameterValue] => [
      name,
      { name, shape, values: gradients[index]! },
    ]);
    return { loss, gradients: new Map(named), inputGradient };
  }

  async losses(batch: LabelledBatch): Promise<Float32Array> {
    checkLabels(this.spec, batch);
    return Float32Array.from(
      batchLoss(this.spec.head, await this.logits(batch), inSteps(this.spec, batch), plainLoss(this.rule.loss)).losses,
    );
  }

  async logits(batch: SequenceBatch): Promise<Float32Array> {
    checkBatch(this.spec, batch);
    const [embedding, ofLayers] = this.#parted(this.#recognitionValues());
    const input = embedBatch(this.spec, batch, embedding?.values);
    return this.backend.tidy((tf) => {
      const x = tf.tensor3d(input.features, [batch.T, batch.N, input.width]);
      const parameters = ofLayers.map(({ shape, values }) => tf.tensor(values, [...shape]));
      return floats(this.#forward(tf, batch, x, parameters, RECOGNITION));
    });
  }

  /** Nothing outlives a call. */
  dispose(): void {}

  #slot(slot: Slot): readonly ParameterValue[] {
    const values = this.#kept.get(slot);
    if (values === undefined) throw new Error(`Expected an update rule that keeps ${slot}`);
    return values;
  }
  #recognitionValues(): readonly ParameterValue[] {
    return this.slots.includes('average') ? this.#slot('average') : this.#values;
  }

  /** @param seeds null: no dropout. @param before null: the sequences' beginnings. */
  #differentiate(batch: LabelledBatch, seeds: DropoutSeeds | null, before: CarriedStates | null): Differentiated {
    checkBatch(this.spec, batch);
    checkLabels(this.spec, batch);
    const [embedding, ofLayers] = this.#parted(this.#values);
    const input = embedBatch(this.spec, batch, embedding?.values);
    return this.backend.tidy((tf) => {
      const inputs = [
        tf.tensor3d(input.features, [batch.T, batch.N, input.width]),
        ...ofLayers.map(({ shape, values }) => tf.tensor(values, [...shape])),
      ];
      let loss = NaN;
      const after = new Map<string, Float32Array>();
      const training = { rowWeights: batch.rowWeights, measured: new Map<string, Float32Array>() };
      const carrying = this.rule.isInParts ? { before, after } : null;
      // The loss is computed outside TensorFlow; inside it is the scalar whose gradient is that of the logits.
      const lossOf = tf.customGrad((logits) => {
        const result = batchLoss(this.spec.head, floats(logits as Tensor), inSteps(this.spec, batch), this.rule.loss);
        loss = result.total;
        const { shape } = logits as Tensor;
        return {
          value: tf.scalar(result.total),
          gradFunc: (dy) => tf.mul(tf.tensor(result.gradient, shape), dy),
        };
      });
      const { grads } = tf.valueAndGrads(
        (x, ...parameters) =>
          lossOf(
            this.#forward(tf, batch, x as Tensor3D, parameters, { training, seeds, carrying, labels: batch.labels }),
          ) as Scalar,
      )(inputs);
      const [inputGradient, ...gradients] = grads.map(floats) as [Float32Array, ...Float32Array[]];
      const { measured } = training;
      return { loss, gradients: [...input.gradients(inputGradient), ...gradients], inputGradient, after, measured };
    });
  }

  /** The embedding's parameters, where there is one, and those of layers and head, in their order. */
  #parted<V>(all: readonly V[]): [embedding: V | undefined, ofLayers: readonly V[]] {
    const count = embeddingShapes(this.spec).length;
    return [all.slice(0, count)[0], all.slice(count)];
  }

  /**
   * Logits [T, N, C], or [1, N, C] where the head answers once.
   * @param tensors parameters of front, layers and head
   */
  #forward(
    tf: TensorFlow,
    batch: SequenceBatch,
    x: Tensor3D,
    tensors: readonly Tensor[],
    { training, seeds, carrying, labels }: PassOptions,
  ): Tensor3D {
    const [, shapes] = this.#parted(this.#shapes);
    const parameters: ParameterTensors = new Map(shapes.map(({ name }, index) => [name, tensors[index]!]));
    const { T, lengths } = inSteps(this.spec, batch);
    const dropping = droppingOptions(tf, this.spec, lengths.length, seeds);
    const input = stackFrames(tf, this.spec, runFront(tf, this.spec, x, batch.lengths, parameters, training));
    const carried = carrying === null ? {} : carryingOptions(tf, this.spec, parameters, lengths.length, carrying);
    const teacher = labels === null ? {} : { teacher: { head: this.spec.head, labels } };
    const layers = runningLayers(this.spec);
    const output = runLayers(tf, layers, input, parameters, timing(tf, T, lengths), {
      ...dropping,
      ...carried,
      ...teacher,
    });
    const groups = isConcatenated(layers.at(-1)!) ? 2 : 1;
    const top = pooled(tf, this.spec.head.kind, output, lengths, groups);
    const linear = runHead(tf, addsReadings(this.spec) ? addedReadings(tf, top) : top, parameters);
    return runVotes(tf, this.spec.head, linear, lengths);
  }
}

function floats(tensor: Tensor): Float32Array {
  const values = tensor.dataSync();
  if (!(values instanceof Float32Array)) throw new Error(`Expected a float tensor, but got ${tensor.dtype}`);
  return values;
}

const zeros = (shapes: readonly ParameterShape[]): ParameterValue[] =>
  shapes.map(({ name, shape }) => ({ name, shape, values: new Float32Array(sizeOf(shape)) }));
const copySet = (values: readonly ParameterValue[]): ParameterSet =>
  new Map(values.map((value) => [value.name, { ...value, values: value.values.slice() }]));

function copyInOrder(shapes: readonly ParameterShape[], set: ParameterSet): ParameterValue[] {
  return shapes.map(({ name, shape }) => {
    const values = set.get(name)?.values;
    if (values?.length !== sizeOf(shape))
      throw new Error(`Expected a parameter called ${name} of ${sizeOf(shape)} values`);
    return { name, shape, values: values.slice() };
  });
}

/** Opens a network on a portable rung. */
export async function openPortableProgram(
  spec: NetworkSpec,
  parameters: ParameterSet,
  rung: PortableRung,
  rule: TrainingRule = USUAL_TRAINING,
): Promise<NetworkProgram> {
  return new PortableProgram(spec, parameters, await openPortableBackend(rung), rule);
}
