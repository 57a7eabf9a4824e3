import { createRequire } from 'node:module';
import { expect, it } from 'vitest';
import { tensorflowWasm } from '../../../engine/runtime/wasm';

const load = createRequire(import.meta.url);
const EVENTS = ['uncaughtException', 'unhandledRejection'] as const;
const listeners = () => EVENTS.map((event) => process.rawListeners(event));

it('computes in plain Node without the native library, and leaves the process’s error handling alone', async () => {
  const before = listeners();
  const tf = await tensorflowWasm();
  expect(await tf.setBackend('wasm')).toBe(true);
  expect(Array.from(tf.add([1, 2], [3, 4]).dataSync())).toEqual([4, 6]);
  expect(Object.keys(load.cache).filter((path) => path.includes('tfjs-node'))).toEqual([]);
  expect(listeners()).toEqual(before);
});

it('shares one TensorFlow.js core with the native package', () => {
  const coreOf = (name: string): string => createRequire(load.resolve(name)).resolve('@tensorflow/tfjs-core');
  const cores = ['@tensorflow/tfjs', '@tensorflow/tfjs-backend-wasm', '@tensorflow/tfjs-node'].map(coreOf);
  expect(new Set(cores).size).toBe(1);
});
