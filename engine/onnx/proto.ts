// The few ONNX messages that a network needs, with the field numbers of onnx/onnx.proto (IR version 8).
import packageInfo from '../../package.json';
import protobuf from 'protobufjs/light.js';

export const ELEMENT = { float: 1, int64: 7 } as const;
export type ElementType = keyof typeof ELEMENT;
/** Field `type` of an attribute. */
export const ATTRIBUTE = { f: 1, i: 2, s: 3, g: 5, ints: 7 } as const;

export interface TensorMessage {
  readonly name: string;
  readonly dims: readonly number[];
  readonly dataType: number;
  readonly rawData: Uint8Array;
}
export interface AttributeMessage {
  readonly name: string;
  readonly type: number;
  readonly f?: number;
  readonly i?: number;
  readonly s?: Uint8Array;
  readonly g?: GraphMessage;
  readonly ints?: readonly number[];
}
export interface NodeMessage {
  readonly name: string;
  readonly opType: string;
  readonly input: readonly string[];
  readonly output: readonly string[];
  readonly attribute: readonly AttributeMessage[];
}
/** A dimension is a number, or a name where it differs from call to call. */
export interface ValueMessage {
  readonly name: string;
  readonly type: {
    readonly tensorType: {
      readonly elemType: number;
      readonly shape: { readonly dim: readonly ({ readonly dimValue: number } | { readonly dimParam: string })[] };
    };
  };
}
export interface GraphMessage {
  readonly name: string;
  readonly node: readonly NodeMessage[];
  readonly initializer: readonly TensorMessage[];
  readonly input: readonly ValueMessage[];
  readonly output: readonly ValueMessage[];
}

const repeated = (type: string, id: number) => ({ rule: 'repeated', type, id }) as const;
const schema = protobuf.Root.fromJSON({
  nested: {
    Tensor: {
      fields: {
        dims: repeated('int64', 1),
        dataType: { type: 'int32', id: 2 },
        name: { type: 'string', id: 8 },
        rawData: { type: 'bytes', id: 9 },
      },
    },
    Dim: { fields: { dimValue: { type: 'int64', id: 1 }, dimParam: { type: 'string', id: 2 } } },
    Shape: { fields: { dim: repeated('Dim', 1) } },
    TensorType: { fields: { elemType: { type: 'int32', id: 1 }, shape: { type: 'Shape', id: 2 } } },
    Type: { fields: { tensorType: { type: 'TensorType', id: 1 } } },
    Value: { fields: { name: { type: 'string', id: 1 }, type: { type: 'Type', id: 2 } } },
    Attribute: {
      fields: {
        name: { type: 'string', id: 1 },
        f: { type: 'float', id: 2 },
        i: { type: 'int64', id: 3 },
        s: { type: 'bytes', id: 4 },
        g: { type: 'Graph', id: 6 },
        ints: repeated('int64', 8),
        type: { type: 'int32', id: 20 },
      },
    },
    Node: {
      fields: {
        input: repeated('string', 1),
        output: repeated('string', 2),
        name: { type: 'string', id: 3 },
        opType: { type: 'string', id: 4 },
        attribute: repeated('Attribute', 5),
      },
    },
    Graph: {
      fields: {
        node: repeated('Node', 1),
        name: { type: 'string', id: 2 },
        initializer: repeated('Tensor', 5),
        input: repeated('Value', 11),
        output: repeated('Value', 12),
      },
    },
    OperatorSet: { fields: { domain: { type: 'string', id: 1 }, version: { type: 'int64', id: 2 } } },
    Property: { fields: { key: { type: 'string', id: 1 }, value: { type: 'string', id: 2 } } },
    Model: {
      fields: {
        irVersion: { type: 'int64', id: 1 },
        producerName: { type: 'string', id: 2 },
        producerVersion: { type: 'string', id: 3 },
        graph: { type: 'Graph', id: 7 },
        opsetImport: repeated('OperatorSet', 8),
        metadataProps: repeated('Property', 14),
      },
    },
  },
});
const modelType = schema.lookupType('Model');

/** Operators used here are those of ONNX 1.13. */
const OPSET = 18;
const IR_VERSION = 8;

/** The bytes of a .onnx file. */
export function encodeModel(graph: GraphMessage, metadata: Readonly<Record<string, string>>): Uint8Array {
  return modelType
    .encode({
      irVersion: IR_VERSION,
      producerName: 'Unroll',
      producerVersion: packageInfo.version,
      graph,
      opsetImport: [{ domain: '', version: OPSET }],
      metadataProps: Object.entries(metadata).map(([key, value]) => ({ key, value })),
    })
    .finish();
}
