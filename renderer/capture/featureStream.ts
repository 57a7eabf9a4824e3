// Features off the window's own thread: samples go in, 16-bit sound and the frames complete with it come out.
import type { FrontEndSettings } from '../../app/features/settings';
import type { HeardChunk } from './featurePipeline';
import { startWorker } from './trustedWorker';

export interface FeatureStream {
  /** Takes the samples: the array is no longer the caller's. */
  push(samples: Float32Array, rateHz: number): void;
  /** @returns the frames that only become complete by the end, [n, D], after every chunk has come out */
  finish(): Promise<Float32Array>;
  close(): void;
}

export interface FeatureEvents {
  onChunk(chunk: HeardChunk): void;
  onFailed(error: Error): void;
}

export type OpenFeatureStream = (settings: FrontEndSettings, events: FeatureEvents) => FeatureStream;

export type ToFeatureWorker =
  | { readonly kind: 'open'; readonly settings: FrontEndSettings }
  | { readonly kind: 'samples'; readonly samples: Float32Array; readonly rateHz: number }
  | { readonly kind: 'finish' };
export type FromFeatureWorker =
  { readonly kind: 'chunk'; readonly chunk: HeardChunk } | { readonly kind: 'finished'; readonly tail: Float32Array };

export const openFeatureWorker: OpenFeatureStream = (settings, events) => {
  const worker = startWorker('features');
  const post = (message: ToFeatureWorker, transfer: Transferable[] = []): void => worker.postMessage(message, transfer);
  let resolveTail: ((tail: Float32Array) => void) | null = null;
  worker.onerror = (event) => events.onFailed(new Error(`The feature worker failed: ${event.message}`));
  worker.onmessage = ({ data }: MessageEvent<FromFeatureWorker>) => {
    if (data.kind === 'chunk') events.onChunk(data.chunk);
    else resolveTail?.(data.tail);
  };
  post({ kind: 'open', settings });
  return {
    push: (samples, rateHz) => post({ kind: 'samples', samples, rateHz }, [samples.buffer]),
    finish: () =>
      new Promise((resolve) => {
        resolveTail = resolve;
        post({ kind: 'finish' });
      }),
    close: () => worker.terminate(),
  };
};
