// The feature worker: keeps the spectral analysis off the window's own thread.
import { unreachable } from '../../app/errors';
import { FeaturePipeline, type HeardChunk } from './featurePipeline';
import type { FromFeatureWorker, ToFeatureWorker } from './featureStream';

// The worker's globals; TypeScript's DOM library describes those of a window.
const scope = globalThis as unknown as {
  onmessage: (event: MessageEvent<ToFeatureWorker>) => void;
  postMessage(message: FromFeatureWorker, transfer: Transferable[]): void;
};
let pipeline: FeaturePipeline | null = null;

function postChunks(chunks: readonly HeardChunk[]): void {
  for (const chunk of chunks) scope.postMessage({ kind: 'chunk', chunk }, [chunk.pcm.buffer, chunk.frames.buffer]);
}

scope.onmessage = ({ data }) => {
  switch (data.kind) {
    case 'open':
      pipeline = new FeaturePipeline(data.settings);
      return;
    case 'samples':
      return postChunks(opened().push(data.samples, data.rateHz));
    case 'finish': {
      const { chunks, tail } = opened().finish();
      postChunks(chunks);
      return scope.postMessage({ kind: 'finished', tail }, [tail.buffer]);
    }
    default:
      return unreachable(data);
  }
};

function opened(): FeaturePipeline {
  if (!pipeline) throw new Error('Expected the settings before any sound');
  return pipeline;
}
