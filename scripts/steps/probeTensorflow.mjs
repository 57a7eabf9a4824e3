// Ends with 0 where the native TensorFlow library loads and computes. A child process: a processor without the
// instructions that the library was compiled for kills whoever loads it.
import util from 'node:util';

// Removed from Node 23, and still called by tfjs-node.
Object.assign(util, {
  isNullOrUndefined: (/** @type {unknown} */ value) => value === null || value === undefined,
  isArray: Array.isArray,
});
const { ones } = await import('@tensorflow/tfjs-node');
process.exitCode = ones([2, 2]).sum().dataSync()[0] === 4 ? 0 : 1;
