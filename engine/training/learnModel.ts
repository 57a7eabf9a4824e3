// A run from its preparation to its end, whatever kind of model it makes; what came out is written: the model and its card.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { ModelManifest, RecogniserManifest } from '../../app/contract/model';
import { UnrollError } from '../../app/errors';
import { writeModel } from '../library/modelFiles';
import type { ParameterSet } from '../network/parameters';
import { withBlankPenalty } from './blankPenalty';
import { cardText } from './cardText';
import type { Start } from './prepareRun';
import type { Best } from './progress';
import type { EpochReport } from './records';
import { onDisk } from './runError';
import { RunFolder } from './runFolder';
import { train, type TrainHooks, type TrainInput } from './train';

/** How a run ended. */
export type TrainedRun<M extends ModelManifest = RecogniserManifest> = {
  /** Of the last epoch that this call took; null where there was none. */
  readonly report: EpochReport | null;
} & (
  | { readonly kind: 'paused' }
  /** Finished, or stopped by somebody; the model is of the best epoch, null where no epoch was done. */
  | {
      readonly kind: 'finished' | 'stopped';
      readonly best: Best | null;
      readonly manifest: M;
      readonly parameters: ParameterSet;
    }
);

export interface LearnOptions {
  /** The run's folder. */
  readonly out: string;
  readonly hooks?: TrainHooks;
}
export interface Prepared<M extends ModelManifest> {
  readonly input: TrainInput;
  readonly manifest: M;
  /** Null, or left out, where it begins with chance. */
  readonly start?: Start | null;
}

/**
 * Trains what is prepared, or goes on with the run in `out`, and writes model/ and MODEL_CARD.md unless the run is paused.
 * @param prepare reads the data; null where the run was paused meanwhile
 * @throws UnrollError training.diverged, after the best weights were written, or training.divergedAtOnce where there were
 * none; training.diskFull, training.disk; what `prepare` and train throw
 */
export async function learnModel<M extends ModelManifest>(
  config: unknown,
  { out, hooks = {} }: LearnOptions,
  prepare: () => Promise<Prepared<M> | null>,
): Promise<TrainedRun<M>> {
  return onDisk(out, async () => {
    const folder = new RunFolder(out);
    await folder.create(config);
    const prepared = await prepare();
    return prepared === null ? { kind: 'paused', report: null } : learn(prepared, folder, hooks);
  });
}

async function learn<M extends ModelManifest>(
  { input, manifest, start = null }: Prepared<M>,
  folder: RunFolder,
  hooks: TrainHooks,
): Promise<TrainedRun<M>> {
  let report: EpochReport | null = null;
  const onEpoch = (epoch: EpochReport): void => {
    report = epoch;
    hooks.onEpoch?.(epoch);
  };
  const outcome = await train(input, folder, { ...hooks, onEpoch });
  if (outcome.kind === 'paused') return { kind: 'paused', report };
  if (outcome.kind === 'divergedAtOnce')
    throw new UnrollError('training.divergedAtOnce', { steps: outcome.skippedInRow });
  const { best } = outcome;
  const { blankPenalty } = input.config.training;
  const parameters = blankPenalty > 0 ? withBlankPenalty(outcome.parameters, blankPenalty) : outcome.parameters;
  const model = join(folder.path, 'model');
  await writeModel(model, manifest, parameters, { dtype: 'F32' });
  await fs.writeFile(
    join(folder.path, 'MODEL_CARD.md'),
    `${cardText(manifest)}${originText(best, start, input.config.training.frozenLayers ?? 0)}`,
  );
  if (outcome.kind === 'diverged')
    throw new UnrollError('training.diverged', { steps: outcome.skippedInRow, folder: model });
  return { kind: outcome.kind, manifest, parameters, best, report };
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;

/** Which weights these are. */
function originText(best: Best | null, start: Start | null, frozenLayers: number): string {
  const lines: string[] = [];
  if (best !== null) {
    const { epoch, validationLoss, errors, wordError } = best;
    const measures = [
      ...(validationLoss === null ? [] : [`loss ${validationLoss.toFixed(3)}`]),
      ...(errors === null ? [] : [`${percent(errors)} of the symbols or labels wrong`]),
      ...(wordError === null ? [] : [`${percent(wordError)} of the words wrong`]),
    ];
    lines.push(`- Weights of epoch ${epoch}${measures.length === 0 ? '' : `; on validation ${measures.join(', ')}`}`);
  }
  if (start !== null)
    lines.push(
      `- Begun with ${start.id}: ${start.layers} of its layers and ${start.classes} classes of its head were kept`,
    );
  if (frozenLayers > 0)
    lines.push(`- Its first ${frozenLayers} layers stayed as they were; only what is above them learned`);
  return lines.length === 0 ? '' : `\n${lines.join('\n')}\n`;
}
