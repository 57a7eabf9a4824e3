// Element types and attribute values of graph nodes.
import type { AttributeMessage, ShapeMessage } from './proto';

/** Element types by their number in types.proto. */
export const DataType = { float: 1, int32: 3, int64: 9, bool: 10, resource: 20 } as const;
export type DataType = (typeof DataType)[keyof typeof DataType];

/** null: of unknown rank. */
export type Shape = readonly number[] | null;

const shapeMessage = (shape: Shape): ShapeMessage =>
  shape === null ? { unknownRank: true } : { dim: shape.map((size) => ({ size })) };

const text = new TextEncoder();

export const attribute = {
  type: (type: DataType): AttributeMessage => ({ type }),
  int: (i: number): AttributeMessage => ({ i }),
  float: (f: number): AttributeMessage => ({ f }),
  bool: (b: boolean): AttributeMessage => ({ b }),
  string: (s: string): AttributeMessage => ({ s: text.encode(s) }),
  shape: (shape: Shape): AttributeMessage => ({ shape: shapeMessage(shape) }),
  func: (name: string): AttributeMessage => ({ func: { name } }),
  ints: (i: readonly number[]): AttributeMessage => ({ list: { i } }),
  types: (type: readonly DataType[]): AttributeMessage => ({ list: { type } }),
  noShapes: (): AttributeMessage => ({ list: {} }),
  tensor: (dtype: DataType, shape: readonly number[], values: Float32Array | Int32Array): AttributeMessage => ({
    tensor: {
      dtype,
      tensorShape: shapeMessage(shape),
      tensorContent: new Uint8Array(values.buffer, values.byteOffset, values.byteLength),
    },
  }),
} as const;
export type Attributes = Readonly<Record<string, AttributeMessage>>;
