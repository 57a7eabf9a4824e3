// A thread that computes features: asked and answered by engine/training/featurePool.ts.
import { parentPort, workerData } from 'node:worker_threads';
import { UnrollError } from '../app/errors';
import { clipFeatures, type FeatureJob, type Recording } from './training/clipFeatures';
import type { FeatureAnswer } from './training/featurePool';

const port = parentPort;
if (port === null) throw new Error('Expected to be a thread of another program');
const job = workerData as FeatureJob;

async function answer(recording: Recording): Promise<FeatureAnswer> {
  try {
    return { kind: 'features', frames: await clipFeatures(recording, job) };
  } catch (error) {
    if (!(error instanceof UnrollError)) throw error;
    return { kind: 'refused', code: error.code, params: error.params };
  }
}

port.on('message', (recording: Recording) => {
  void answer(recording).then((told) => port.postMessage(told));
});
