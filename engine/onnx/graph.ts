// An ONNX graph while it is written: values are their names.
import {
  ATTRIBUTE,
  ELEMENT,
  type AttributeMessage,
  type ElementType,
  type GraphMessage,
  type NodeMessage,
  type TensorMessage,
  type ValueMessage,
} from './proto';

export type Value = string;
export type AttributeValue = number | { readonly float: number } | readonly number[] | GraphMessage;
export type Dimension = number | string;

export function valueOf(name: string, dimensions: readonly Dimension[], type: ElementType = 'float'): ValueMessage {
  const dim = dimensions.map((size) => (typeof size === 'number' ? { dimValue: size } : { dimParam: size }));
  return { name, type: { tensorType: { elemType: ELEMENT[type], shape: { dim } } } };
}

export class OnnxGraph {
  readonly #nodes: NodeMessage[] = [];
  /** Constants stand in the outermost graph: a body sees them by their names. */
  readonly #constants: Map<string, TensorMessage>;
  readonly #prefix: string;

  private constructor(prefix: string, constants: Map<string, TensorMessage>) {
    this.#prefix = prefix;
    this.#constants = constants;
  }
  static create(): OnnxGraph {
    return new OnnxGraph('', new Map());
  }
  /** The body of a loop: it has values of its own, and sees those of the graph around it. */
  body(name: string): OnnxGraph {
    return new OnnxGraph(`${name}/`, this.#constants);
  }

  /** A node with one output. */
  add(op: string, inputs: readonly Value[], attributes: Readonly<Record<string, AttributeValue>> = {}): Value {
    return this.addMany(op, inputs, 1, attributes)[0] as Value;
  }
  /** A value under a name of its own, by which it comes out of the whole. */
  named(name: string, value: Value): Value {
    this.#nodes.push({ name, opType: 'Identity', input: [value], output: [name], attribute: [] });
    return name;
  }
  addMany(
    op: string,
    inputs: readonly Value[],
    outputs: number,
    attributes: Readonly<Record<string, AttributeValue>> = {},
  ): Value[] {
    const name = `${this.#prefix}${op}_${this.#nodes.length}`;
    const output = Array.from({ length: outputs }, (_, index) => `${name}:${index}`);
    const attribute = Object.entries(attributes).map(([key, value]) => attributeOf(key, value));
    this.#nodes.push({ name, opType: op, input: inputs, output, attribute });
    return output;
  }

  /** A parameter under its own name, or any other constant. */
  constant(name: string, dims: readonly number[], values: Float32Array): Value {
    if (!this.#constants.has(name))
      this.#constants.set(name, { name, dims, dataType: ELEMENT.float, rawData: bytesOf(values) });
    return name;
  }
  /** Whole numbers: shapes, axes, places. */
  integers(values: readonly number[], dims: readonly number[] = [values.length]): Value {
    const name = `integers_${dims.join('x')}_${values.join('_')}`;
    const rawData = bytesOf(BigInt64Array.from(values, BigInt));
    if (!this.#constants.has(name)) this.#constants.set(name, { name, dims, dataType: ELEMENT.int64, rawData });
    return name;
  }
  /** A number, as [1]. */
  number(value: number): Value {
    return this.constant(`number_${value}`, [1], Float32Array.of(value));
  }
  ones(size: number): Value {
    return this.constant(`ones_${size}`, [size], new Float32Array(size).fill(1));
  }

  /** The whole, with the values that go in and come out. */
  message(name: string, input: readonly ValueMessage[], output: readonly ValueMessage[]): GraphMessage {
    const isBody = this.#prefix !== '';
    return { name, node: this.#nodes, initializer: isBody ? [] : [...this.#constants.values()], input, output };
  }
}

function attributeOf(name: string, value: AttributeValue): AttributeMessage {
  if (typeof value === 'number') return { name, type: ATTRIBUTE.i, i: value };
  if ('float' in value) return { name, type: ATTRIBUTE.f, f: value.float };
  if ('node' in value) return { name, type: ATTRIBUTE.g, g: value };
  return { name, type: ATTRIBUTE.ints, ints: value };
}

/** Little-endian, as every machine that this runs on keeps them. */
const bytesOf = (values: Float32Array | BigInt64Array): Uint8Array =>
  new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
