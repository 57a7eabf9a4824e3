// Frames stacked and thinned out before the layers (Sak, Senior, Rao & Beaufays, "Fast and Accurate Recurrent Neural Network
// Acoustic Models for Speech Recognition", 2015, section 3): of every so many frames one step is made, which holds its own
// frame and those before it.
//
//   y[i] = x[i·s − k + 1] … x[i·s], side by side        i = 0 … ⌈T / s⌉ − 1
//
// Letters: k frames of a step, s frames from step to step. Before the first frame x is 0. No step hears a frame ahead, and no
// step within a sequence hears one past its end, so a stream gives each step with its last frame and padding changes nothing.
import type { NetworkSpec } from '../../app/contract/network';
import { framesPerStep } from '../../app/contract/network';
import { frontOutputSize } from './front';

type Stacked = Pick<NetworkSpec, 'stack'>;

/** Steps of the layers, and of the logits, for so many frames. */
export const stepCount = (spec: Stacked, frames: number): number => Math.ceil(frames / framesPerStep(spec));

/** Values that the first layer reads at a step. */
export const stackedSize = (spec: Stacked & Pick<NetworkSpec, 'inputSize' | 'front' | 'embedding'>): number =>
  frontOutputSize(spec) * (spec.stack?.frames ?? 1);

/** A batch as its head sees it: T and lengths counted in steps. The features stay what they are. */
export function inSteps<B extends { readonly T: number; readonly lengths: Int32Array }>(spec: Stacked, batch: B): B {
  if (spec.stack === undefined) return batch;
  return { ...batch, T: stepCount(spec, batch.T), lengths: batch.lengths.map((length) => stepCount(spec, length)) };
}
/** One label for each step out of one for each frame: that of the step's own frame. */
export const labelsOfSteps = (spec: Stacked, labels: Int32Array): Int32Array =>
  Int32Array.from({ length: stepCount(spec, labels.length) }, (_, step) => labels[step * framesPerStep(spec)]!);
