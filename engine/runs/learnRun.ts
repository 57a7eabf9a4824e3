// One run from its folder to a model on the shelf.
import { join } from 'node:path';
import { isTextConfig } from '../../app/contract/textRuns';
import type { RunEpoch } from '../../app/contract/runs';
import type { Rung } from '../../app/contract/rung';
import { FeatureCache } from '../data/featureCache';
import { sourcesOf } from '../data/soundSources';
import { writeModel } from '../library/modelFiles';
import type { Runs } from '../library/runs';
import type { EpochReport, StepReport } from '../training/records';
import type { TrainModelHooks } from '../training/prepareRun';
import { trainOnTexts } from '../training/trainLabeller';
import { trainModel } from '../training/trainModel';
import type { LearnedStep, Learn, Learning } from './learning';
import { modelName } from './runQueue';
import { readRunRows } from './runRows';
import { readRunTexts } from './textFiles';

export interface LearnRunOptions {
  readonly runs: Runs;
  /** The person's models. */
  readonly models: string;
  /** The person's data sets, from which noise and rooms may be drawn. */
  readonly sets: string;
  /** Features that runs share. */
  readonly cache: string;
  readonly rung: Rung;
}

export const learnRun =
  ({ runs, models, sets, cache, rung }: LearnRunOptions): Learn =>
  async (learning) => {
    const { run } = learning;
    const out = runs.folder(run.id);
    const config = await runs.config(run.id);
    const hooks = hooksOf(learning, config.training.epochs);
    const trained = isTextConfig(config)
      ? await trainOnTexts(config, await readRunTexts(out), { out, cache, rung, hooks })
      : await trainModel(config, await readRunRows(out), {
          ...{ out, cache, rung, hooks },
          sources: await sourcesOf(sets, config.augmentation),
        }).finally(() => new FeatureCache(cache).prune());
    if (trained.kind === 'paused') return { kind: 'paused' };
    const { kind, manifest, parameters, best } = trained;
    if (best === null) return { kind, modelId: null };
    // Its name may have been changed since it began.
    const name = modelName((await runs.get(run.id)).name);
    await writeModel(join(models, run.id), { ...manifest, id: run.id, name }, parameters, { dtype: 'F32' });
    return { kind, modelId: run.id };
  };

const hooksOf = ({ wish, events }: Learning, epochs: number): TrainModelHooks => ({
  control: wish,
  onPreparing: (done, of) => events.activity('reading', done / of),
  onActivity: (activity) => events.activity(activity, null),
  onStep: (step) => events.step(learnedStep(step, epochs)),
  onEpoch: (epoch) => events.epoch(runEpoch(epoch)),
});

const learnedStep = (
  { epoch, step, runStep, loss, gradientNorm, partNorms, ...rest }: StepReport,
  epochs: number,
): LearnedStep => ({
  ...rest,
  step: runStep - 1,
  epoch,
  epochs,
  stepInEpoch: step,
  loss: loss ?? NaN,
  gradientNorm: gradientNorm ?? NaN,
  partNorms: partNorms.map((norm) => norm ?? NaN),
});

const TEXT_SCORES = [
  ...(['accuracy', 'tokenAccuracy', 'slotF1', 'slotPrecision', 'slotRecall'] as const),
  ...(['precisionAtK', 'recallAtK'] as const),
];
/** Those that the epoch has. */
const ofTexts = (report: EpochReport): Pick<RunEpoch, (typeof TEXT_SCORES)[number]> =>
  Object.fromEntries(TEXT_SCORES.flatMap((name) => (report[name] === undefined ? [] : [[name, report[name]]])));

/** What the window is told of an epoch. */
export const runEpoch = (report: EpochReport): RunEpoch => {
  const { epoch, step, trainLoss, validationLoss, symbolError, wordError, words } = report;
  const { learningRate, seconds, utterancesPerSecond, isBest } = report;
  return {
    ...{ epoch, step, trainLoss, validationLoss, symbolError, wordError, words },
    ...{ learningRate, seconds, utterancesPerSecond, isBest },
    ...ofTexts(report),
  };
};
