// What the queue asks of a training, and what it hears of it.
import type { RunActivity, RunEpoch, RunStatus } from '../../app/contract/runs';

/** What the person wants of a running run; asked between two steps. */
export type RunWish = 'goOn' | 'pause' | 'stop';

export interface LearnedStep {
  /** Of the run, from 0. */
  readonly step: number;
  /** From 1. */
  readonly epoch: number;
  readonly epochs: number;
  /** Of the epoch, from 1. */
  readonly stepInEpoch: number;
  readonly stepsPerEpoch: number;
  /** Nats per utterance; not finite where the step was skipped. */
  readonly loss: number;
  readonly learningRate: number;
  /** Global norm before clipping. */
  readonly gradientNorm: number;
  /** Of each part, before clipping; empty where not kept. */
  readonly partNorms: readonly number[];
  readonly isSkipped: boolean;
  readonly utterances: number;
}

export interface LearningEvents {
  /** @param fraction of the activity; null where it is not known */
  activity(activity: RunActivity, fraction: number | null): void;
  step(step: LearnedStep): void;
  epoch(epoch: RunEpoch): void;
}

export type RunEnding =
  /** With a checkpoint after the last step. */
  | { readonly kind: 'paused' }
  /** @param modelId of the model that was made of the best weights; null where nothing had been learned */
  | { readonly kind: 'finished' | 'stopped'; readonly modelId: string | null };

export interface Learning {
  readonly run: RunStatus;
  readonly wish: () => RunWish;
  readonly events: LearningEvents;
}

/**
 * Begins a run, or goes on with it.
 * @throws UnrollError, or an error of the file system, where the run cannot go on for a reason that a person can mend; its last
 * checkpoint is as it was then
 */
export type Learn = (learning: Learning) => Promise<RunEnding>;
