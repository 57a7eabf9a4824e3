// The top rung: a network as one TensorFlow session. Parameters and moments live in the session; one call is one step.
import type { HeadSpec, NetworkSpec } from '../../app/contract/network';
import { unreachable } from '../../app/errors';
import { GraphSession } from '../graph/session';
import type { Handle } from '../runtime/native';
import { readFloats, readScalar, withHandles, type TensorScope } from '../runtime/tensors';
import { slotsOf, USUAL_TRAINING, type Slot, type TrainingRule } from '../training/trainingRule';
import { checkCarried, checkTrainsInParts, statesOf, type CarriedStates } from './carriedStates';
import { buildNetworkGraph, outputName, partsOf, type BatchParts } from './compiledGraph';
import { UPDATE_INPUTS, updateNumbers, type VariableKind } from './compiledOptimizer';
import { hasDropout } from './dropout';
import { checkBatch, checkLabels, checkLoss } from './labels';
import { parameterShapes, sizeOf, type ParameterSet, type ParameterShape } from './parameters';
import { inSteps, stepCount } from './stack';
import {
  slotOf,
  type CompiledShape,
  type LabelledBatch,
  type NetworkProgram,
  type OptimizerState,
  type SequenceBatch,
  type TrainPartResult,
  type TrainStepOptions,
  type TrainStepResult,
} from './program';

/**
 * Lengths that programs are compiled for, and ten, a hundred, … times these: each about 1.25 times the one before. A loop
 * compiled 1.25 times too long costs 3 to 5 %.
 */
const COMPILED_LENGTHS = [16, 20, 25, 32, 40, 50, 64, 80, 100, 125];
/** The smallest compiled length for T frames. */
export function compiledLength(T: number): number {
  for (let scale = 1; ; scale *= 10) {
    const length = COMPILED_LENGTHS.find((candidate) => candidate * scale >= T);
    if (length !== undefined) return length * scale;
  }
}

const nameOfShape = ({ T, N }: CompiledShape): string => `${T} × ${N}`;

type Inputs = Record<string, Handle>;

class CompiledProgram implements NetworkProgram {
  readonly rung = 'compiled';
  readonly slots: readonly Slot[];
  readonly #session: GraphSession;
  readonly #shapes: readonly ParameterShape[];
  readonly #parts: readonly BatchParts[];
  readonly #compiled = new Set<string>();
  #step = 0;

  constructor(
    private readonly spec: NetworkSpec,
    initial: ParameterSet,
    private readonly rule: TrainingRule,
  ) {
    checkLoss(spec, rule.loss);
    if (rule.isInParts) checkTrainsInParts(spec);
    this.slots = slotsOf(rule);
    this.#shapes = parameterShapes(spec);
    this.#parts = partsOf(spec);
    const { graph, library } = buildNetworkGraph(spec, rule);
    this.#session = new GraphSession(graph, library);
    for (const slot of this.slots) this.#write(slot, this.#zeros());
    this.setParameters(initial);
  }

  parameters(): ParameterSet {
    return this.#read('value');
  }
  setParameters(values: ParameterSet): void {
    this.#write('value', values);
    if (this.slots.includes('average')) this.#write('average', values);
  }
  recognitionParameters(): ParameterSet {
    return this.#read(this.slots.includes('average') ? 'average' : 'value');
  }
  optimizerState(): OptimizerState {
    return { step: this.#step, slots: new Map(this.slots.map((slot) => [slot, this.#read(slot)])) };
  }
  setOptimizerState({ step, slots }: OptimizerState): void {
    for (const slot of this.slots) this.#write(slot, slotOf(slots, slot));
    this.#step = step;
  }

  shapeToCompile({ T, N }: Pick<SequenceBatch, 'T' | 'N'>): CompiledShape | null {
    const shape = this.#compiledShape(T, N);
    return this.#compiled.has(nameOfShape(shape)) ? null : shape;
  }
  async trainStep(batch: LabelledBatch, options: TrainStepOptions): Promise<TrainStepResult> {
    return withHandles((scope) => this.#train(scope, batch, options, null, []).result);
  }
  async trainPart(
    batch: LabelledBatch,
    options: TrainStepOptions,
    before: CarriedStates | null,
  ): Promise<TrainPartResult> {
    if (!this.rule.isInParts) throw new Error('Expected a training rule for parts');
    const states = statesOf(this.spec);
    return withHandles((scope) => {
      const outputs = states.map(({ key }) => `after/${key}`);
      const { result, fetched } = this.#train(scope, batch, options, before, outputs);
      return { ...result, after: new Map(states.map(({ key }, k) => [key, readFloats(fetched[k]!)])) };
    });
  }
  #train(
    scope: TensorScope,
    batch: LabelledBatch,
    options: TrainStepOptions,
    before: CarriedStates | null,
    outputs: readonly string[],
  ): { result: TrainStepResult; fetched: readonly Handle[] } {
    const numbers = updateNumbers(this.#step + 1, options.learningRate, this.rule);
    const inputs = this.#labelledInputs(scope, batch);
    for (const name of UPDATE_INPUTS) inputs[name] = scope.float(numbers[name]);
    this.#addDropout(scope, inputs, options);
    this.#addCarried(scope, inputs, batch.N, before);
    const names = ['loss', 'norm', 'partNorms', ...outputs];
    const [loss, norm, parts, ...fetched] = this.#run(scope, batch, inputs, names) as [
      Handle,
      Handle,
      Handle,
      ...Handle[],
    ];
    this.#compiled.add(nameOfShape(this.#compiledShape(batch.T, batch.N)));
    const result = { loss: readScalar(loss), gradientNorm: readScalar(norm), partNorms: readFloats(parts) };
    const isSkipped = !(Number.isFinite(result.loss) && Number.isFinite(result.gradientNorm));
    if (!isSkipped) this.#step++;
    return { result: { ...result, isSkipped }, fetched };
  }

  async gradients(batch: LabelledBatch) {
    return withHandles((scope) => {
      const inputs = this.#labelledInputs(scope, batch);
      this.#addDropout(scope, inputs, null);
      this.#addCarried(scope, inputs, batch.N, null);
      const names = this.#shapes.map(({ name }) => `check/${name}`);
      const [loss, input, ...rest] = this.#run(scope, batch, inputs, ['check/loss', 'check/input', ...names]) as [
        Handle,
        Handle,
        ...Handle[],
      ];
      return { loss: readScalar(loss), gradients: this.#byName(rest), inputGradient: readFloats(input) };
    });
  }

  async losses(batch: LabelledBatch): Promise<Float32Array> {
    return withHandles((scope) => {
      const [losses] = this.#run(scope, batch, this.#labelledInputs(scope, batch), ['losses']) as [Handle];
      return readFloats(losses);
    });
  }
  async logits(batch: SequenceBatch): Promise<Float32Array> {
    return withHandles((scope) => {
      const [logits] = this.#run(scope, batch, this.#inputs(scope, batch), ['logits']) as [Handle];
      return readFloats(logits);
    });
  }
  dispose(): void {
    this.#session.close();
  }

  /** What a batch is compiled as, counted in steps of the layers. @param T frames */
  #compiledShape(T: number, N: number): CompiledShape {
    return { T: compiledLength(stepCount(this.spec, T)), N };
  }

  /** Two parts where the batch can be halved, else one. */
  #run(scope: TensorScope, { N }: SequenceBatch, inputs: Inputs, outputs: readonly string[]): Handle[] {
    const parts = this.#parts.includes(2) && N % 2 === 0 ? 2 : 1;
    return scope.ownAll(
      this.#session.run(
        inputs,
        outputs.map((name) => outputName(parts, name)),
      ),
    );
  }
  #inputs(scope: TensorScope, batch: SequenceBatch): Inputs {
    checkBatch(this.spec, batch);
    const { T, N, D } = batch;
    return {
      features: scope.shared([T, N, D], batch.features),
      lengths: scope.shared([N], batch.lengths),
      compiledLength: scope.int(this.#compiledShape(T, N).T),
    };
  }
  #labelledInputs(scope: TensorScope, batch: LabelledBatch): Inputs {
    checkLabels(this.spec, batch);
    return {
      ...this.#inputs(scope, batch),
      rowWeights: scope.shared([batch.N], batch.rowWeights),
      ...headLabels(scope, this.spec.head.kind, inSteps(this.spec, batch)),
    };
  }
  /** @param seeds null: nothing is dropped */
  #addDropout(scope: TensorScope, inputs: Inputs, seeds: Pick<TrainStepOptions, 'seed' | 'sequenceSeed'> | null): void {
    if (!hasDropout(this.spec)) return;
    const { seed = 0, sequenceSeed = seed } = seeds ?? {};
    inputs['isDropping'] = scope.float(seeds === null ? 0 : 1);
    inputs['seed'] = scope.shared([2], Int32Array.of(seed, 0));
    inputs['sequenceSeed'] = scope.shared([2], Int32Array.of(sequenceSeed, 0));
  }

  /** @param states null: a beginning */
  #addCarried(scope: TensorScope, inputs: Inputs, N: number, states: CarriedStates | null): void {
    if (!this.rule.isInParts) return;
    if (states !== null) checkCarried(this.spec, states, N);
    inputs['isStart'] = scope.float(states === null ? 1 : 0);
    for (const { key, size } of statesOf(this.spec))
      inputs[`before/${key}`] = scope.shared([N, size], states?.get(key) ?? new Float32Array(N * size));
  }

  #read(kind: VariableKind): ParameterSet {
    return withHandles((scope) =>
      this.#byName(
        scope.ownAll(
          this.#session.run(
            {},
            this.#shapes.map(({ name }) => `${kind}/${name}`),
          ),
        ),
      ),
    );
  }
  #write(kind: VariableKind, values: ParameterSet): void {
    withHandles((scope) => {
      const inputs: Inputs = {};
      for (const { name, shape } of this.#shapes) {
        const value = values.get(name);
        if (value === undefined) throw new Error(`Expected a parameter called ${name}`);
        inputs[`set/${kind}/${name}`] = scope.copied(shape, value.values);
      }
      scope.ownAll(this.#session.run(inputs, [`set/${kind}`]));
    });
  }
  #byName(handles: readonly Handle[]): ParameterSet {
    return new Map(
      this.#shapes.map(({ name, shape }, index) => {
        const handle = handles[index];
        if (handle === undefined) throw new Error(`Expected ${this.#shapes.length} tensors, but got ${handles.length}`);
        return [name, { name, shape, values: readFloats(handle) }];
      }),
    );
  }
  #zeros(): ParameterSet {
    return new Map(
      this.#shapes.map(({ name, shape }) => [name, { name, shape, values: new Float32Array(sizeOf(shape)) }]),
    );
  }
}

function headLabels(scope: TensorScope, kind: HeadSpec['kind'], batch: LabelledBatch): Inputs {
  switch (kind) {
    case 'ctc':
      return ctcLabels(scope, batch);
    case 'framewise':
      return framewiseLabels(scope, batch);
    case 'lastStep':
    case 'meanPool':
    case 'maxPool':
      return {
        labelValues: scope.shared(
          [batch.N],
          Int32Array.from(batch.labels, ([label = 0]) => label),
        ),
      };
    default:
      return unreachable(kind);
  }
}

/** The labels of all rows as sorted sparse indices; an empty row stands in with label 0 and is marked. */
function ctcLabels(scope: TensorScope, { N, labels }: LabelledBatch): Inputs {
  const filled = labels.map((row) => (row.length > 0 ? [...row] : [0]));
  const indices = filled.flatMap((row, n) => row.flatMap((_, position) => [n, position]));
  const values = filled.flat();
  return {
    labelIndices: scope.shared([values.length, 2], Int32Array.from(indices)),
    labelValues: scope.shared([values.length], Int32Array.from(values)),
    isEmpty: scope.shared(
      [N],
      Int32Array.from(labels, (row) => (row.length > 0 ? 0 : 1)),
    ),
  };
}
/** The class of every frame, [T·N]; 0 where there is none. */
function framewiseLabels(scope: TensorScope, { T, N, labels, lengths }: LabelledBatch): Inputs {
  const values = new Int32Array(T * N);
  labels.forEach((row, n) => {
    for (let t = 0; t < (lengths[n] ?? 0); t++) values[t * N + n] = row[t] ?? 0;
  });
  return { labelValues: scope.shared([T * N], values) };
}

/**
 * Opens a network on the compiled rung. New shapes cost a compilation of some
 * hundred milliseconds once for each (compiledLength(T), N).
 */
export function openCompiledProgram(
  spec: NetworkSpec,
  initial: ParameterSet,
  rule: TrainingRule = USUAL_TRAINING,
): NetworkProgram {
  return new CompiledProgram(spec, initial, rule);
}
