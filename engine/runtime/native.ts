// The native part of TensorFlow.js for Node, seen through the few calls that graphs and kernels by name need.
// Tensors are integer handles here; engine/runtime/tensors.ts owns them.
import type * as TensorFlowNode from '@tensorflow/tfjs-node';
import { createRequire } from 'node:module';

/** A native tensor. Whoever made it deletes it. */
export type Handle = number;

export interface KernelAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: boolean | number | string | number[];
}
interface TensorMetadata {
  readonly id: Handle;
  readonly shape: number[];
  readonly dtype: number;
}
export type TensorData = Float32Array | Int32Array;

/** What tfjs-node's N-API addon offers. */
export interface NativeLibrary {
  /** May go on using the array's memory: see TensorScope.copied. An int64 value is two numbers, low half first. */
  createTensor(shape: readonly number[], dtype: number, values: TensorData): Handle;
  deleteTensor(handle: Handle): void;
  /** A copy of the values. */
  tensorDataSync(handle: Handle): Float32Array | Int32Array | Uint8Array;
  /** Runs one kernel by its TensorFlow name. */
  executeOp(
    name: string,
    attributes: readonly KernelAttribute[],
    inputs: readonly Handle[],
    outputs: number,
  ): TensorMetadata[];
  loadSavedModel(directory: string, tag: string): number;
  /** Names are "node:index", joined by commas. */
  runSavedModel(session: number, inputs: readonly Handle[], inputNames: string, outputNames: string): TensorMetadata[];
  deleteSavedModel(session: number): void;
  getNumOfTensors(): number;
  getNumOfSavedModels(): number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_Version: string;
}
type TensorFlow = typeof TensorFlowNode;

const PACKAGE = '@tensorflow/tfjs-node';
const load = createRequire(import.meta.url);
/** Where the package lies, for a child process that loads it; null where it is not installed. */
export function tensorflowPath(): string | null {
  try {
    return load.resolve(PACKAGE);
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'MODULE_NOT_FOUND') return null;
    throw error;
  }
}

/** tfjs-node calls these two of Node's utilities, which Node 23 dropped. */
function restoreUtilities(): void {
  const util = load('node:util') as Record<string, unknown>;
  util['isNullOrUndefined'] ??= (value: unknown): boolean => value === null || value === undefined;
  util['isArray'] ??= Array.isArray;
}

let loaded: { tensorflow: TensorFlow; native: NativeLibrary } | null = null;
function library(): NonNullable<typeof loaded> {
  if (loaded !== null) return loaded;
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  restoreUtilities();
  const tensorflow = load(PACKAGE) as TensorFlow;
  const backend = tensorflow.backend() as unknown as { readonly binding: NativeLibrary };
  loaded = { tensorflow, native: backend.binding };
  return loaded;
}

/**
 * tfjs-node, loaded on the first call.
 * On a processor that lacks what the library was built for this ends the process: ask chooseRung first.
 */
export const tensorflowNode = (): TensorFlow => library().tensorflow;
/** tfjs-node's addon, loaded on the first call. */
export const nativeLibrary = (): NativeLibrary => library().native;
