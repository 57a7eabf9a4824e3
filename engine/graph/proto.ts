// The few TensorFlow messages that a SavedModel needs, with the field numbers of tensorflow/core/framework/{types,
// tensor_shape,tensor,attr_value,node_def,op_def,function,graph}.proto and core/protobuf/{meta_graph,saved_model}.proto.
import protobuf from 'protobufjs/light.js';

export interface ShapeMessage {
  readonly dim?: readonly { readonly size: number }[];
  readonly unknownRank?: boolean;
}
/** One attribute of a node: exactly one field is set. */
export interface AttributeMessage {
  readonly s?: Uint8Array;
  readonly i?: number;
  readonly f?: number;
  readonly b?: boolean;
  readonly type?: number;
  readonly shape?: ShapeMessage;
  readonly tensor?: { readonly dtype: number; readonly tensorShape: ShapeMessage; readonly tensorContent: Uint8Array };
  readonly list?: {
    readonly i?: readonly number[];
    readonly type?: readonly number[];
    readonly shape?: readonly ShapeMessage[];
  };
  readonly func?: { readonly name: string };
}
export interface NodeMessage {
  readonly name: string;
  readonly op: string;
  /** "node", "node:1"; in function bodies "node:output:0"; "^node": runs before. */
  readonly input: readonly string[];
  readonly attr: Readonly<Record<string, AttributeMessage>>;
}
export interface ArgumentMessage {
  readonly name: string;
  readonly type: number;
}
export interface FunctionMessage {
  readonly signature: {
    readonly name: string;
    readonly inputArg: readonly ArgumentMessage[];
    readonly outputArg: readonly ArgumentMessage[];
  };
  readonly nodeDef: readonly NodeMessage[];
  readonly ret: Readonly<Record<string, string>>;
  readonly attr: Readonly<Record<string, AttributeMessage>>;
}

const map = (type: string, id: number): protobuf.IMapField => ({ keyType: 'string', type, id });
const repeated = (type: string, id: number) => ({ rule: 'repeated', type, id }) as const;
const schema = protobuf.Root.fromJSON({
  nested: {
    Dim: { fields: { size: { type: 'int64', id: 1 } } },
    Shape: { fields: { dim: repeated('Dim', 2), unknownRank: { type: 'bool', id: 3 } } },
    Tensor: {
      fields: {
        dtype: { type: 'int32', id: 1 },
        tensorShape: { type: 'Shape', id: 2 },
        tensorContent: { type: 'bytes', id: 4 },
      },
    },
    AttributeList: {
      fields: {
        i: { ...repeated('int64', 3), options: { packed: true } },
        type: { ...repeated('int32', 6), options: { packed: true } },
        shape: repeated('Shape', 7),
      },
    },
    FunctionName: { fields: { name: { type: 'string', id: 1 } } },
    Attribute: {
      fields: {
        list: { type: 'AttributeList', id: 1 },
        s: { type: 'bytes', id: 2 },
        i: { type: 'int64', id: 3 },
        f: { type: 'float', id: 4 },
        b: { type: 'bool', id: 5 },
        type: { type: 'int32', id: 6 },
        shape: { type: 'Shape', id: 7 },
        tensor: { type: 'Tensor', id: 8 },
        func: { type: 'FunctionName', id: 10 },
      },
    },
    Node: {
      fields: {
        name: { type: 'string', id: 1 },
        op: { type: 'string', id: 2 },
        input: repeated('string', 3),
        attr: map('Attribute', 5),
      },
    },
    Argument: { fields: { name: { type: 'string', id: 1 }, type: { type: 'int32', id: 3 } } },
    Signature: {
      fields: {
        name: { type: 'string', id: 1 },
        inputArg: repeated('Argument', 2),
        outputArg: repeated('Argument', 3),
      },
    },
    Function: {
      fields: {
        signature: { type: 'Signature', id: 1 },
        nodeDef: repeated('Node', 3),
        ret: map('string', 4),
        attr: map('Attribute', 5),
      },
    },
    Library: { fields: { function: repeated('Function', 1) } },
    Versions: { fields: { producer: { type: 'int32', id: 1 } } },
    Graph: {
      fields: {
        node: repeated('Node', 1),
        library: { type: 'Library', id: 2 },
        versions: { type: 'Versions', id: 4 },
      },
    },
    MetaInfo: { fields: { tags: repeated('string', 4), tensorflowVersion: { type: 'string', id: 5 } } },
    MetaGraph: { fields: { metaInfoDef: { type: 'MetaInfo', id: 1 }, graphDef: { type: 'Graph', id: 2 } } },
    SavedModel: { fields: { schemaVersion: { type: 'int64', id: 1 }, metaGraphs: repeated('MetaGraph', 2) } },
  },
});
const savedModelType = schema.lookupType('SavedModel');

/** The only tag of the models written here. */
export const SERVE_TAG = 'serve';
/** Version of the graph format that the operations used here were written for. */
const GRAPH_PRODUCER = 2000;

/** The bytes of saved_model.pb. */
export function encodeSavedModel(nodes: readonly NodeMessage[], functions: readonly FunctionMessage[]): Uint8Array {
  return savedModelType
    .encode({
      schemaVersion: 1,
      metaGraphs: [
        {
          metaInfoDef: { tags: [SERVE_TAG], tensorflowVersion: '2.20.0' },
          graphDef: { node: nodes, library: { function: functions }, versions: { producer: GRAPH_PRODUCER } },
        },
      ],
    })
    .finish();
}
