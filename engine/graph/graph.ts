// A TensorFlow graph as it is written: every method adds one node (or none, for a constant that is there already) and
// returns its result. Nothing is computed here; the session does that.
import { attribute, DataType, type Attributes, type Shape } from './attributes';
import type { AttributeMessage, NodeMessage } from './proto';

/** A result of a node: how the graph refers to it, and its element type. */
export interface Value {
  readonly reference: string;
  readonly dtype: DataType;
}
/** A node without results, as other nodes name it to run after it. */
export interface Effect {
  readonly node: string;
}
export interface NodeOptions {
  readonly name?: string;
  /** What must have run before. */
  readonly after?: readonly Effect[];
}
/** A function of the library, as its callers see it. */
export interface FunctionSignature {
  readonly name: string;
  /** XLA makes one program for each combination of argument shapes. */
  readonly isCompiled: boolean;
  readonly inputTypes: readonly DataType[];
  readonly outputTypes: readonly DataType[];
}

// Inside a function body a result is called "node:outputArgument:index". Operations that are missing here call it "output".
const OUTPUT_ARGUMENT: Readonly<Record<string, string>> = {
  MatMul: 'product',
  AddV2: 'z',
  Mul: 'z',
  Sub: 'z',
  RealDiv: 'z',
  Less: 'z',
  Equal: 'z',
  FloorDiv: 'z',
  FloorMod: 'z',
  Relu: 'activations',
  Softmax: 'softmax',
  Maximum: 'z',
  Minimum: 'z',
  Tanh: 'y',
  Sqrt: 'y',
  Rsqrt: 'y',
  Cast: 'y',
  Transpose: 'y',
};
const INDEX = attribute.type(DataType.int32);
/** Constants up to this many elements are written once and shared. */
const SHARED_CONSTANT_ELEMENTS = 8;

export class Graph {
  readonly nodes: NodeMessage[] = [];
  readonly #isFunctionBody: boolean;
  readonly #constants = new Map<string, Value>();

  constructor({ isFunctionBody = false } = {}) {
    this.#isFunctionBody = isFunctionBody;
  }

  /** Adds a node with one result per entry of outputTypes. */
  results(
    op: string,
    inputs: readonly Value[],
    attr: Attributes,
    outputTypes: readonly DataType[],
    options: NodeOptions = {},
  ): Value[] {
    const name = this.#add(op, inputs, attr, options);
    const argument = OUTPUT_ARGUMENT[op] ?? 'output';
    return outputTypes.map((dtype, index) => ({
      reference: this.#isFunctionBody ? `${name}:${argument}:${index}` : index > 0 ? `${name}:${index}` : name,
      dtype,
    }));
  }
  /** Adds a node with one result. */
  result(op: string, inputs: readonly Value[], attr: Attributes, type: DataType, options: NodeOptions = {}): Value {
    return only(this.results(op, inputs, attr, [type], options));
  }
  /** Adds a node without results. */
  effect(op: string, inputs: readonly Value[], attr: Attributes, options: NodeOptions = {}): Effect {
    return { node: this.#add(op, inputs, attr, options) };
  }

  // Sources
  placeholder(name: string, dtype: DataType): Value {
    return this.result('Placeholder', [], { dtype: attribute.type(dtype), shape: attribute.shape(null) }, dtype, {
      name,
    });
  }
  constant(shape: readonly number[], values: Float32Array | Int32Array): Value {
    const dtype = values instanceof Float32Array ? DataType.float : DataType.int32;
    const make = (): Value =>
      this.result('Const', [], { dtype: attribute.type(dtype), value: attribute.tensor(dtype, shape, values) }, dtype);
    if (values.length > SHARED_CONSTANT_ELEMENTS) return make();
    const key = `${dtype}|${shape.join()}|${values.join()}`;
    const known = this.#constants.get(key);
    if (known !== undefined) return known;
    const value = make();
    this.#constants.set(key, value);
    return value;
  }
  float(value: number): Value {
    return this.constant([], Float32Array.of(value));
  }
  int(value: number): Value {
    return this.constant([], Int32Array.of(value));
  }
  ints(...values: number[]): Value {
    return this.constant([values.length], Int32Array.from(values));
  }
  fill(shape: Value, value: Value): Value {
    return this.result('Fill', [shape, value], { T: attribute.type(value.dtype), index_type: INDEX }, value.dtype);
  }

  // Arithmetic, element by element with broadcasting
  binary(op: string, a: Value, b: Value, type: DataType = a.dtype): Value {
    return this.result(op, [a, b], { T: attribute.type(a.dtype) }, type);
  }
  unary(op: string, a: Value, type: DataType = a.dtype): Value {
    return this.result(op, [a], { T: attribute.type(a.dtype) }, type);
  }
  add(a: Value, b: Value): Value {
    return this.binary('AddV2', a, b);
  }
  subtract(a: Value, b: Value): Value {
    return this.binary('Sub', a, b);
  }
  multiply(a: Value, b: Value): Value {
    return this.binary('Mul', a, b);
  }
  divide(a: Value, b: Value): Value {
    return this.binary('RealDiv', a, b);
  }
  less(a: Value, b: Value): Value {
    return this.binary('Less', a, b, DataType.bool);
  }
  tanh(a: Value): Value {
    return this.unary('Tanh', a);
  }
  /** condition ? a : b, element by element. */
  select(condition: Value, a: Value, b: Value): Value {
    return this.result('SelectV2', [condition, a, b], { T: attribute.type(a.dtype) }, a.dtype);
  }
  cast(a: Value, type: DataType): Value {
    return this.result('Cast', [a], { SrcT: attribute.type(a.dtype), DstT: attribute.type(type) }, type);
  }

  // Products and sums
  matmul(a: Value, b: Value, { transposeA = false, transposeB = false } = {}): Value {
    const attr = {
      T: attribute.type(DataType.float),
      transpose_a: attribute.bool(transposeA),
      transpose_b: attribute.bool(transposeB),
    };
    return this.result('MatMul', [a, b], attr, DataType.float);
  }
  biasAdd(a: Value, bias: Value): Value {
    return this.result('BiasAdd', [a, bias], { T: attribute.type(DataType.float) }, DataType.float);
  }
  reduce(op: 'Sum' | 'Max', a: Value, axes: readonly number[]): Value {
    const attr = { T: attribute.type(a.dtype), Tidx: INDEX, keep_dims: attribute.bool(false) };
    return this.result(op, [a, this.ints(...axes)], attr, a.dtype);
  }
  /** [rows, columns] → [rows, 1] */
  meanOfRows(a: Value): Value {
    const attr = { T: attribute.type(a.dtype), Tidx: INDEX, keep_dims: attribute.bool(true) };
    return this.result('Mean', [a, this.ints(1)], attr, a.dtype);
  }
  addAll(values: readonly Value[]): Value {
    const attr = { T: attribute.type(DataType.float), N: attribute.int(values.length) };
    return this.result('AddN', values, attr, DataType.float);
  }

  // Shapes
  identity(a: Value, options: NodeOptions = {}): Value {
    return this.result('Identity', [a], { T: attribute.type(a.dtype) }, a.dtype, options);
  }
  shapeOf(a: Value): Value {
    return this.result('Shape', [a], { T: attribute.type(a.dtype), out_type: INDEX }, DataType.int32);
  }
  reshape(a: Value, shape: Value): Value {
    return this.result('Reshape', [a, shape], { T: attribute.type(a.dtype), Tshape: INDEX }, a.dtype);
  }
  expandDims(a: Value, axis: number): Value {
    return this.result('ExpandDims', [a, this.int(axis)], { T: attribute.type(a.dtype), Tdim: INDEX }, a.dtype);
  }
  squeeze(a: Value, axis: number): Value {
    return this.result('Squeeze', [a], { T: attribute.type(a.dtype), squeeze_dims: attribute.ints([axis]) }, a.dtype);
  }
  transpose(a: Value, ...order: number[]): Value {
    return this.result('Transpose', [a, this.ints(...order)], { T: attribute.type(a.dtype), Tperm: INDEX }, a.dtype);
  }
  /** Joins along an axis; one value is returned as it is. */
  concat(values: readonly Value[], axis: number): Value {
    const dtype = only(values.slice(0, 1)).dtype;
    if (values.length === 1) return only(values);
    const attr = { T: attribute.type(dtype), Tidx: INDEX, N: attribute.int(values.length) };
    return this.result('ConcatV2', [...values, this.int(axis)], attr, dtype);
  }
  /** Scalars side by side: a vector. */
  pack(values: readonly Value[]): Value {
    const dtype = only(values.slice(0, 1)).dtype;
    const attr = { T: attribute.type(dtype), N: attribute.int(values.length), axis: attribute.int(0) };
    return this.result('Pack', values, attr, dtype);
  }
  /** Equal parts along an axis. */
  split(a: Value, parts: number, axis: number): Value[] {
    if (parts === 1) return [a];
    const attr = { T: attribute.type(a.dtype), num_split: attribute.int(parts) };
    return this.results('Split', [this.int(axis), a], attr, Array<DataType>(parts).fill(a.dtype));
  }
  /** size −1: up to the end. */
  slice(a: Value, begin: readonly number[], size: readonly number[] | Value): Value {
    const sizes = 'reference' in size ? size : this.ints(...size);
    const attr = { T: attribute.type(a.dtype), Index: INDEX };
    return this.result('Slice', [a, this.ints(...begin), sizes], attr, a.dtype);
  }
  /** Zeros around: before and after for each axis, paddings [rank, 2]. */
  pad(a: Value, paddings: Value): Value {
    return this.result('Pad', [a, paddings], { T: attribute.type(a.dtype), Tpaddings: INDEX }, a.dtype);
  }

  // Inside functions that XLA compiles
  /** A slice that begins where a run-time value says; its size must be known when XLA compiles. */
  dynamicSlice(a: Value, begin: readonly (number | Value)[], size: Value): Value {
    const attr = { T: attribute.type(a.dtype), Tindices: INDEX };
    return this.result('XlaDynamicSlice', [a, this.#vector(begin), size], attr, a.dtype);
  }
  /** a with `update` written over it from `begin` on. In a loop XLA does this in place. */
  dynamicUpdate(a: Value, update: Value, begin: readonly (number | Value)[]): Value {
    const attr = { T: attribute.type(a.dtype), Tindices: INDEX };
    return this.result('XlaDynamicUpdateSlice', [a, update, this.#vector(begin)], attr, a.dtype);
  }

  // Functions
  /** From the cotangents of a function's results to the gradients of its arguments, by TensorFlow's own differentiation. */
  symbolicGradient(definition: FunctionSignature, inputs: readonly Value[], cotangents: readonly Value[]): Value[] {
    const attr = {
      Tin: attribute.types([...definition.inputTypes, ...definition.outputTypes]),
      Tout: attribute.types(definition.inputTypes),
      f: attribute.func(definition.name),
    };
    return this.results('SymbolicGradient', [...inputs, ...cotangents], attr, definition.inputTypes);
  }
  whileLoop(condition: string, body: string, initial: readonly Value[]): Value[] {
    const types = initial.map((value) => value.dtype);
    const attr = {
      T: attribute.types(types),
      cond: attribute.func(condition),
      body: attribute.func(body),
      output_shapes: attribute.noShapes(),
      parallel_iterations: attribute.int(10),
    };
    return this.results('While', initial, attr, types);
  }
  call(definition: FunctionSignature, inputs: readonly Value[]): Value[] {
    const compile: Record<string, AttributeMessage> = definition.isCompiled
      ? { _XlaMustCompile: attribute.bool(true) }
      : {};
    const attr = {
      Tin: attribute.types(definition.inputTypes),
      Tout: attribute.types(definition.outputTypes),
      f: attribute.func(definition.name),
      config_proto: attribute.string(''),
      executor_type: attribute.string(''),
      ...compile,
    };
    return this.results('StatefulPartitionedCall', inputs, attr, definition.outputTypes);
  }

  // Variables live in the session, from call to call.
  variable(name: string, shape: Shape): Value {
    const attr = {
      dtype: attribute.type(DataType.float),
      shape: attribute.shape(shape),
      shared_name: attribute.string(name),
      container: attribute.string(''),
    };
    return this.result('VarHandleOp', [], attr, DataType.resource);
  }
  read(variable: Value, options: NodeOptions = {}): Value {
    return this.result(
      'ReadVariableOp',
      [variable],
      { dtype: attribute.type(DataType.float) },
      DataType.float,
      options,
    );
  }
  assign(variable: Value, value: Value, options: NodeOptions = {}): Effect {
    return this.effect('AssignVariableOp', [variable, value], { dtype: attribute.type(DataType.float) }, options);
  }

  #vector(items: readonly (number | Value)[]): Value {
    return this.pack(items.map((item) => (typeof item === 'number' ? this.int(item) : item)));
  }
  #add(op: string, inputs: readonly Value[], attr: Attributes, { name, after = [] }: NodeOptions): string {
    const node = name ?? `${op}_${this.nodes.length}`;
    const input = [...inputs.map((value) => value.reference), ...after.map((effect) => `^${effect.node}`)];
    this.nodes.push({ name: node, op, input, attr });
    return node;
  }
}

/** The single element of a list. */
function only<T>(list: readonly T[]): T {
  const [first] = list;
  if (first === undefined || list.length !== 1) throw new Error(`Expected one element, but got ${list.length}`);
  return first;
}
