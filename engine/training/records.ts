// What a run writes down of its steps, epochs and validation: one schema for each line or file, from which readers are made.
import { z } from 'zod';
import { hearingSchema } from '../../app/contract/runs';
import { count } from '../../app/contract/schema';

const finite = z.number().finite();
const share = z.number().nonnegative();
/** JSON has no word for it: a number that is not finite is written as null. */
const perhapsFinite = finite.nullable();

/** A line of steps.jsonl. */
export const stepRecordSchema = z.strictObject({
  /** Counted from 1. */
  epoch: count,
  /** Of this epoch, counted from 1. */
  step: count,
  stepsPerEpoch: count,
  /** Of the whole run, counted from 1. */
  runStep: count,
  learningRate: share,
  /** Mean of the batch's rows, nats; null where it was not finite. */
  loss: perhapsFinite,
  /** Global norm before clipping; null where it was not finite. */
  gradientNorm: perhapsFinite,
  /** Norm of each part's gradient before clipping, six digits: see gradientParts. */
  partNorms: z.array(perhapsFinite).max(32),
  /** Nothing was learned because loss or gradient were not finite. */
  isSkipped: z.boolean(),
  utterances: count,
  /** Of a step that was skipped: the recordings that were in it. */
  recordings: z.array(z.string()).optional(),
});
export type StepReport = z.infer<typeof stepRecordSchema>;

/** A line of metrics.jsonl. */
export const epochRecordSchema = z.strictObject({
  /** Counted from 1. */
  epoch: count,
  epochs: count,
  /** Steps of the whole run up to its end. */
  step: count,
  /** Null where every step was skipped. */
  trainLoss: perhapsFinite,
  /** Mean of the plain losses of validation, nats; null where there is none. */
  validationLoss: perhapsFinite,
  /** CTC: edits over reference symbols on validation, greedy. */
  symbolError: share.nullable(),
  /** CTC: edits over reference words on validation, greedy. */
  wordError: share.nullable(),
  /** Words of the validation's references. */
  words: count,
  /** Heads of labels: share of the sequences whose label, or all of whose labels, are right. */
  accuracy: share.optional(),
  /** Framewise: share of the steps whose label is right. */
  tokenAccuracy: share.optional(),
  /** Framewise: F1 of the slots that the labels write (metrics/slots.ts). */
  slotF1: share.optional(),
  /** Of the same slots: the right ones over those that were written, and over those of the references. */
  slotPrecision: share.optional(),
  slotRecall: share.optional(),
  /** Of key phrases: right ones among the first five of a document over five, and over all of its own; means of the documents. */
  precisionAtK: share.optional(),
  recallAtK: share.optional(),
  /** Of the last step. */
  learningRate: share,
  /** Mean over the steps, before clipping; null where every step was skipped. */
  gradientNorm: perhapsFinite,
  /** Of the whole run so far. */
  skippedSteps: count,
  /** Of learning and validation. */
  seconds: share,
  /** While it learned. */
  utterancesPerSecond: share.nullable(),
  /** Of all epochs so far its weights are the ones to keep. */
  isBest: z.boolean(),
});
export type EpochReport = z.infer<typeof epochRecordSchema>;

/** A line of weights.jsonl: how the weights of each parameter lay after an epoch. One with values that are not finite is left out. */
export const weightsRecordSchema = z.strictObject({
  /** Counted from 1. */
  epoch: count,
  parameters: z.array(
    z.strictObject({
      name: z.string(),
      shape: z.array(count),
      mean: finite,
      deviation: share,
      /** Of any weight, from zero. */
      largest: share,
      /** Weights in each of equal parts from −largest to largest. */
      counts: z.array(count).max(101),
    }),
  ),
});

/** hearings.json: what the network made of some validation examples after an epoch. */
export const hearingsRecordSchema = z.strictObject({
  epoch: count,
  hearings: z
    .array(
      hearingSchema.extend({
        /** The recording; null where the example is no sound. */
        path: z.string().nullable(),
      }),
    )
    .max(20),
});
export type Hearings = z.infer<typeof hearingsRecordSchema>;
