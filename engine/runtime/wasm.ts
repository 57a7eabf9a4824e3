// TensorFlow.js on WebAssembly, in plain Node: the rung that works everywhere. The native library is never touched here.
import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import type * as tfjs from '@tensorflow/tfjs';
import type * as wasmBackend from '@tensorflow/tfjs-backend-wasm';

type TensorFlow = typeof tfjs;
type WasmBackend = typeof wasmBackend;

const load = createRequire(import.meta.url);
const PACKAGE = '@tensorflow/tfjs-backend-wasm';
const BACKEND = 'wasm';
const LISTENED = ['uncaughtException', 'unhandledRejection'] as const;

let started: Promise<TensorFlow> | null = null;

/** TensorFlow.js with its WebAssembly backend ready, under the name "wasm"; loaded on the first call. */
export function tensorflowWasm(): Promise<TensorFlow> {
  started ??= start();
  return started;
}

async function start(): Promise<TensorFlow> {
  const tensorflow = load('@tensorflow/tfjs') as TensorFlow;
  const { setWasmPaths } = load(PACKAGE) as WasmBackend;
  // The .wasm files lie beside the package's main file; nothing is fetched.
  setWasmPaths(dirname(load.resolve(PACKAGE)) + sep);
  const before = new Set<unknown>(LISTENED.flatMap((event) => process.rawListeners(event)));
  await startBackend(tensorflow);
  for (const event of LISTENED) {
    for (const listener of process.rawListeners(event)) if (!before.has(listener)) removeRethrow(event, listener);
  }
  return tensorflow;
}

/**
 * Starts the backend by its own factory and registers it as one that is ready. By way of `setBackend` nothing could be
 * computed on another backend while this one starts.
 */
async function startBackend(tensorflow: TensorFlow): Promise<void> {
  const backend = await tensorflow.findBackendFactory(BACKEND)();
  tensorflow.removeBackend(BACKEND);
  tensorflow.registerBackend(BACKEND, () => backend);
}

/** Emscripten's start-up code listens for uncaught errors only to throw them again, which would take over the process's own way. */
function removeRethrow(event: (typeof LISTENED)[number], listener: unknown): void {
  if (/\bthrow \w+;?\s*\}/.test(String(listener))) process.removeListener(event, listener as () => void);
}
