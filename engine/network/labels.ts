// What a batch must satisfy before it goes to any rung.
import type { NetworkSpec } from '../../app/contract/network';
import { unreachable, UnrollError } from '../../app/errors';
import { requiredFrames } from '../ctc/loss';
import type { LossSettings } from '../training/trainingRule';
import { batchWidth } from './embedding';
import type { LabelledBatch, SequenceBatch } from './program';
import { inSteps } from './stack';

/** @throws Error when sizes, lengths and arrays do not belong together: a bug of the caller. */
export function checkBatch(spec: NetworkSpec, { features, T, N, D, lengths }: SequenceBatch): void {
  if (D !== batchWidth(spec)) throw new Error(`Expected ${batchWidth(spec)} values per frame, but got ${D}`);
  if (N < 1 || features.length !== T * N * D) {
    throw new Error(`Expected ${T} × ${N} × ${D} values, but got ${features.length}`);
  }
  if (lengths.length !== N) throw new Error(`Expected ${N} lengths, but got ${lengths.length}`);
  lengths.forEach((length, row) => {
    if (!(length >= 1 && length <= T))
      throw new Error(`Expected a length of 1 to ${T} in row ${row}, but got ${length}`);
  });
  if (spec.embedding !== undefined) checkSlots(spec.inputSize, { features, T, N, D, lengths });
}

function checkSlots(slots: number, { features, N, D, lengths }: SequenceBatch): void {
  lengths.forEach((length, row) => {
    for (let t = 0; t < length; t++)
      for (const slot of features.subarray((t * N + row) * D, (t * N + row + 1) * D))
        if (!(Number.isInteger(slot) && slot >= -1 && slot < slots))
          throw new Error(`Expected slots from 0 to ${slots - 1}, or -1, in row ${row}, but got ${slot}`);
  });
}

/**
 * Checks labels against lengths and classes.
 * @throws UnrollError batch.labelTooLong naming the first row whose text does not fit into its frames.
 */
export function checkLabels(spec: NetworkSpec, batch: LabelledBatch): void {
  const { N, labels, rowWeights, lengths } = inSteps(spec, batch);
  if (labels.length !== N || rowWeights.length !== N) {
    throw new Error(`Expected labels and weights for ${N} rows, but got ${labels.length} and ${rowWeights.length}`);
  }
  const { kind, classes } = spec.head;
  const symbols = kind === 'ctc' ? classes - 1 : classes;
  labels.forEach((row, index) => {
    const frames = lengths[index] ?? 0;
    if (row.some((label) => !(label >= 0 && label < symbols))) {
      throw new Error(`Expected labels from 0 to ${symbols - 1} in row ${index}`);
    }
    switch (kind) {
      case 'ctc': {
        const required = requiredFrames(row);
        if (required > frames) throw new UnrollError('batch.labelTooLong', { row: index, frames, required });
        return;
      }
      case 'framewise':
        if (row.length < frames) throw new Error(`Expected ${frames} labels in row ${index}, but got ${row.length}`);
        return;
      case 'lastStep':
      case 'meanPool':
      case 'maxPool':
        if (row.length !== 1) throw new Error(`Expected one label in row ${index}, but got ${row.length}`);
        return;
      default:
        unreachable(kind);
    }
  });
}

/** @throws Error where a loss does not suit the head: a bug of the caller. */
export function checkLoss({ head }: NetworkSpec, { labelSmoothing, classWeights, order }: LossSettings): void {
  if (!(labelSmoothing >= 0 && labelSmoothing < 1))
    throw new Error(`Expected label smoothing from 0 to below 1, but got ${labelSmoothing}`);
  if (order !== undefined) {
    if (head.kind !== 'framewise') throw new Error('Expected no order of classes: only a framewise head has one');
    if (order.length !== (head.classes + 1) * head.classes || !order.every(Number.isFinite))
      throw new Error(`Expected ${head.classes + 1} × ${head.classes} finite scores of classes after classes`);
    if (labelSmoothing > 0 || classWeights !== null)
      throw new Error('Expected neither smoothing nor class weights where labels are learned together');
  }
  if (classWeights === null) return;
  if (head.kind === 'ctc') throw new Error('Expected no class weights: CTC has no class for a frame');
  if (classWeights.length !== head.classes || classWeights.some((weight) => !(weight >= 0 && weight < Infinity)))
    throw new Error(`Expected ${head.classes} class weights of 0 or more, but got ${classWeights.join()}`);
}
