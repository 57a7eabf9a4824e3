import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { trainingConfigSchema, type TrainingConfig } from '../../../app/contract/trainingConfig';
import type { ParameterSet } from '../../../engine/network/parameters';
import type { ExampleStore } from '../../../engine/training/epochPlan';
import type { EpochReport, StepReport } from '../../../engine/training/records';
import { RunFolder } from '../../../engine/training/runFolder';
import { train, type TrainInput } from '../../../engine/training/train';
import { trainModel } from '../../../engine/training/trainModel';
import {
  config,
  contradicting,
  input,
  numbers,
  standingOf,
  store,
  targetOf,
  trained,
  trainedInTwo,
  weightsOf,
  withTraining,
} from './tinyRun';

let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'unroll-train-'));
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

describe('a flat start in parts', () => {
  const network: TrainingConfig['network'] = {
    ...config.network,
    layers: [{ cell: 'lstm', units: 4, direction: 'forward', recurrentDropout: 0.2 }],
  };
  const runOf = (truncation: TrainingConfig['training']['truncation'], epochs = 3): TrainInput => {
    const training = { ...config.training, epochs, flatStart: { epochs: 2, corpora: [] }, truncation };
    const inParts = { ...config, network, training };
    return { ...input, config: inParts, ...targetOf(inParts) };
  };

  it('learns as the whole does where a part holds every sequence', async () => {
    const whole = await trained(runOf(null), join(folder, 'whole'));
    const parts = await trained(runOf({ steps: 100 }), join(folder, 'parts'));
    expect(numbers(parts)).toEqual(numbers(whole));
  });
  it('makes an update for every part, and tells what the sequence loses', async () => {
    const stepsOf = async (truncation: TrainingConfig['training']['truncation'], path: string) => {
      const steps: StepReport[] = [];
      const parameters = await trained(runOf(truncation, 2), join(folder, path), { onStep: (s) => void steps.push(s) });
      return { steps, parameters };
    };
    const [whole, parts] = [await stepsOf(null, 'whole'), await stepsOf({ steps: 3 }, 'parts')];
    expect(parts.steps).toHaveLength(whole.steps.length);
    expect(parts.steps[0]!.loss! / whole.steps[0]!.loss!).toBeCloseTo(1, 0);
    expect(parts.steps.every(({ isSkipped, gradientNorm }) => !isSkipped && gradientNorm! > 0)).toBe(true);
    expect(numbers(parts.parameters)).not.toEqual(numbers(whole.parameters));
  });
  it.each([1, 2])('goes on from a checkpoint after %i epochs to the same weights', async (epochs) => {
    const run = runOf({ steps: 3 });
    await trained(run, join(folder, 'straight'));
    await trainedInTwo(run, join(folder, 'resumed'), epochs);
    expect(await standingOf(join(folder, 'resumed'))).toEqual(await standingOf(join(folder, 'straight')));
  });

  const lstm = { cell: 'lstm', units: 4, direction: 'forward' };
  const clockwork = { cell: 'clockwork', units: 4, direction: 'forward', periods: [1, 4] };
  it.each([
    ['where nothing is learned frame by frame', { layers: [lstm] }, 0, 'reason.training.truncationNothing'],
    [
      'over a reverse reading',
      { layers: [{ ...lstm, direction: 'bidirectional' }] },
      1,
      'reason.training.truncationReverse',
    ],
    ['over stacked frames', { layers: [lstm], stack: { frames: 2, step: 2 } }, 1, 'reason.training.truncationFront'],
    ['out of step with a clock', { layers: [clockwork] }, 1, 'reason.training.truncationPeriods'],
  ])('is refused %s', (_, otherNetwork, epochs, reason) => {
    const training = { ...config.training, flatStart: { epochs }, truncation: { steps: 6 } };
    const issue = trainingConfigSchema.safeParse({ ...config, network: otherNetwork, training }).error?.issues[0];
    expect(issue).toMatchObject({ path: ['training', 'truncation'], message: reason });
  });
});

describe('teacher forcing', () => {
  const jordan = { cell: 'jordan', units: 4, outputs: 3, direction: 'forward', teacherForcing: true };
  const configOf = (layer: object, training: object): unknown => ({
    ...config,
    network: { layers: [layer] },
    training,
  });

  it('is refused where nothing is learned frame by frame', () => {
    const { error } = trainingConfigSchema.safeParse(configOf(jordan, config.training));
    expect(error?.issues).toMatchObject([
      { path: ['network', 'layers', 0, 'teacherForcing'], message: 'reason.training.teacherForcingNothing' },
    ]);
  });

  it('begins with a head that answers as the layer does', async () => {
    const training = { ...config.training, epochs: 1, learningRate: 1e-6, flatStart: { epochs: 1 } };
    const taught = trainingConfigSchema.parse(configOf(jordan, training));
    const run = { ...input, config: taught, ...targetOf(taught) };
    const head = (await trained(run, folder)).get('head.weights')!;
    for (let k = 0; k < 3; k++) expect(head.values[k * 3 + k]).toBeGreaterThan(3);
  });

  it('needs an output for every symbol and the blank', async () => {
    const training = { ...config.training, flatStart: { epochs: 1 } };
    const tooFew = trainingConfigSchema.parse(configOf({ ...jordan, outputs: 4 }, training));
    const row = { path: 'a.wav', transcript: 'a', speaker: null, corpus: null, part: null, manifest: 'm', line: 1 };
    const run = trainModel(tooFew, [row], { out: folder, cache: folder, rung: 'wasm' });
    // The alphabet of a and b has a separator and an unknown symbol besides.
    await expect(run).rejects.toMatchObject({ code: 'training.teacherOutputs', params: { outputs: 4, classes: 5 } });
  });
});

describe('a training run', () => {
  it('learns with frames stacked, from a flat start on', async () => {
    const reports: EpochReport[] = [];
    const training = { ...config.training, epochs: 8, flatStart: { epochs: 3, corpora: [] } };
    const stacked = { ...config, training, network: { ...config.network, stack: { frames: 3, step: 2 } } };
    const run = { ...input, config: stacked, ...targetOf(stacked) };
    const parameters = await trained(run, folder, { onEpoch: (report) => void reports.push(report) });
    expect(parameters.get('layer0.forward.inputWeights')!.shape).toEqual([9, 16]);
    const losses = reports.map(({ trainLoss }) => trainLoss!);
    expect(losses[2]).toBeLessThan(losses[0]!);
    expect(losses[7]).toBeLessThan(losses[3]!);
    expect(reports[7]!.symbolError).not.toBeNull();
  });

  it('lowers the loss on what it sees', async () => {
    const losses: number[] = [];
    const onEpoch = ({ trainLoss }: EpochReport): void => void losses.push(trainLoss!);
    expect(await train(input, new RunFolder(folder), { onEpoch })).toMatchObject({ kind: 'finished' });
    expect(losses).toHaveLength(4);
    expect(losses[3]).toBeLessThan((losses[0] as number) * 0.8);
  });

  describe.each<[string, Partial<TrainingConfig['training']>]>([
    ['usual settings', {}],
    ['SGD and a constant rate', { optimizer: { kind: 'sgd', momentum: 0.9 }, schedule: { kind: 'constant' } }],
    [
      'RMSprop and a rate in steps',
      {
        optimizer: { kind: 'rmsprop', squareDecay: 0.99 },
        schedule: { kind: 'step', everyEpochs: 1, factor: 0.5 },
        learningRate: 0.01,
      },
    ],
    [
      'Adam, clipping by value, and a rate that falls on plateaus',
      {
        optimizer: { kind: 'adam' },
        clipping: { kind: 'value', threshold: 0.01 },
        schedule: { kind: 'plateau', patienceEpochs: 0, factor: 0.5 },
      },
    ],
    ['averaged weights', { averageDecay: 0.9 }],
  ])('with %s', (_, training) => {
    it('that was stopped and gone on with ends with the same weights as one that was not', async () => {
      const run = { ...withTraining(training), validation: contradicting };
      await trained(run, join(folder, 'whole'));
      await trainedInTwo(run, join(folder, 'parts'), 2);
      expect(await standingOf(join(folder, 'parts'))).toEqual(await standingOf(join(folder, 'whole')));
    });
  });

  it('validates with averaged weights and hands them out, and trains as without', async () => {
    const reports: EpochReport[] = [];
    const onEpoch = (report: EpochReport): void => void reports.push(report);
    const averaged = await trained(withTraining({ averageDecay: 0.9 }), join(folder, 'averaged'), { onEpoch });
    const plain = await trained(input, join(folder, 'plain'), { onEpoch });
    const [first, second] = [reports.slice(0, 4), reports.slice(4)];
    expect(first.map(({ trainLoss }) => trainLoss)).toEqual(second.map(({ trainLoss }) => trainLoss));
    expect(first.map(({ validationLoss }) => validationLoss)).not.toEqual(
      second.map(({ validationLoss }) => validationLoss),
    );
    expect(numbers(averaged)).not.toEqual(numbers(plain));
  });

  it('lowers the rate where the validation loss stops to fall', async () => {
    const rates: number[] = [];
    const onEpoch = ({ learningRate }: EpochReport): void => void rates.push(learningRate);
    const run = withTraining({
      epochs: 8,
      warmUpSteps: 0,
      schedule: { kind: 'plateau', patienceEpochs: 0, factor: 0.5 },
    });
    await train({ ...run, validation: contradicting }, new RunFolder(folder), { onEpoch });
    expect(rates[0]).toBe(0.05);
    for (let k = 1; k < rates.length; k++) expect([rates[k - 1], rates[k - 1]! / 2]).toContain(rates[k]);
    expect(rates[7]).toBeLessThan(0.05 / 8);
  });

  it('reports every step and writes it down once, with the norm before clipping', async () => {
    const reports: StepReport[] = [];
    const run = withTraining({ clipping: { kind: 'norm', threshold: 1e-6 } });
    await train(run, new RunFolder(folder), { onStep: (report) => reports.push(report) });
    expect(reports.every(({ gradientNorm }) => gradientNorm! > 1e-3)).toBe(true);
    const lines = (await fs.readFile(join(folder, 'steps.jsonl'), 'utf8')).trim().split('\n');
    expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual(reports);
  });

  it('says before a step that a new shape is compiled, once for each shape', async () => {
    const said: string[] = [];
    await train({ ...input, rung: 'compiled' }, new RunFolder(folder), {
      onCompiling: ({ T, N }) => said.push(`${T} frames, ${N} rows`),
      onStep: () => said.push('step'),
    });
    const shapes = said.filter((line) => line !== 'step');
    expect(said[0]).toBe(shapes[0]);
    expect(shapes).toContain('16 frames, 4 rows');
    expect(new Set(shapes).size).toBe(shapes.length);
    expect(said.length).toBeGreaterThan(2 * shapes.length);
  });

  describe('with a flat start', () => {
    const flat = (corpora: string[]): TrainInput => ({
      ...input,
      config: { ...config, training: { ...config.training, flatStart: { epochs: 2, corpora } } },
    });

    it('learns frame by frame first, and is validated from its first epoch of CTC on', async () => {
      const validated: (number | null)[] = [];
      await train(flat([]), new RunFolder(folder), { onEpoch: ({ validationLoss }) => validated.push(validationLoss) });
      expect(validated.map((loss) => loss !== null)).toEqual([false, false, true, true]);
    });

    it.each([1, 2, 3])('goes on after epoch %i as if it had not been stopped', async (last) => {
      await trained(flat([]), join(folder, 'whole'));
      await trainedInTwo(flat([]), join(folder, 'parts'), last);
      expect(await standingOf(join(folder, 'parts'))).toEqual(await standingOf(join(folder, 'whole')));
    });

    it('of a corpus that no clip belongs to is refused', async () => {
      await expect(train(flat(['other']), new RunFolder(folder))).rejects.toMatchObject({
        code: 'training.noFlatStart',
      });
    });
  });

  it('refuses the checkpoint of another configuration', async () => {
    await train(withTraining({ epochs: 1 }), new RunFolder(folder));
    await expect(train(input, new RunFolder(folder))).rejects.toMatchObject({ code: 'checkpoint.invalid' });
  });

  it('refuses a checkpoint whose weights were changed', async () => {
    const run = new RunFolder(folder);
    await train(input, run);
    const directory = join(folder, 'checkpoints');
    const [file] = await fs.readdir(directory);
    const path = join(directory, file as string);
    const bytes = await fs.readFile(path);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
    await fs.writeFile(path, bytes);
    await expect(train(input, run)).rejects.toMatchObject({ code: 'checkpoint.invalid' });
  });
});

describe('steps without a finite loss', () => {
  /** Every example is broken from its `from`-th on. */
  const breaking = (from: number, until = Infinity): ExampleStore => {
    let count = 0;
    return {
      ...store,
      example: (utterance, seed) => {
        const example = store.example(utterance, seed);
        const isBroken = count >= from && count < until;
        count++;
        return isBroken ? { ...example, features: example.features.map(() => NaN) } : example;
      },
    };
  };

  it('are skipped and counted, and training goes on', async () => {
    const reports: EpochReport[] = [];
    const onEpoch = (report: EpochReport): void => void reports.push(report);
    const run = { ...input, training: breaking(0, 8) };
    expect(await train(run, new RunFolder(folder), { onEpoch })).toMatchObject({ kind: 'finished' });
    expect(reports[0]).toMatchObject({ trainLoss: null, gradientNorm: null });
    const skipped = reports[0]!.skippedSteps;
    expect(skipped).toBeGreaterThan(0);
    expect(reports.map(({ skippedSteps }) => skippedSteps)).toEqual([skipped, skipped, skipped, skipped]);
    expect(Number.isFinite(reports[3]!.trainLoss)).toBe(true);
  });

  it('name the recordings that were in them, and no other step does', async () => {
    const reports: StepReport[] = [];
    // The last two clips are quiet that was made for them: no recording.
    const trainingPaths = ['a', 'b', 'c', 'd', 'e', 'f'].map((name) => `${name}.wav`);
    const run = { ...withTraining({ epochs: 2 }), training: breaking(0, 8), trainingPaths };
    await train(run, new RunFolder(folder), { onStep: (report) => void reports.push(report) });
    const skipped = reports.filter(({ isSkipped }) => isSkipped);
    expect(skipped.flatMap(({ recordings }) => recordings!).sort()).toEqual(trainingPaths);
    expect(reports.every(({ isSkipped, recordings }) => isSkipped === (recordings !== undefined))).toBe(true);
  });

  it('end the run after so many in a row, over the ends of epochs, with the last good weights', async () => {
    // The clips of two whole epochs are good; an epoch has fewer steps than a run may skip.
    const run = { ...withTraining({ epochs: 20, maxSkippedSteps: 6 }), training: breaking(16) };
    const skipped: boolean[] = [];
    const outcome = await train(run, new RunFolder(folder), { onStep: ({ isSkipped }) => skipped.push(isSkipped) });
    const perEpoch = skipped.indexOf(true) / 2;
    expect(perEpoch).toBeLessThan(6);
    expect(skipped).toHaveLength(2 * perEpoch + 6);
    expect(outcome).toMatchObject({ kind: 'diverged', skippedInRow: 6 });
    const good = await trainedEpochs(2);
    expect(numbers(weightsOf(outcome))).toEqual(numbers(good));
  });

  /** The weights after so many epochs of the same run without a broken example. */
  async function trainedEpochs(epochs: number): Promise<ParameterSet> {
    let done = 0;
    const outcome = await train(withTraining({ epochs: 20, maxSkippedSteps: 6 }), new RunFolder(join(folder, 'good')), {
      onEpoch: ({ epoch }) => void (done = epoch),
      control: () => (done === epochs ? 'stop' : 'goOn'),
    });
    return weightsOf(outcome);
  }

  it('from the first on leave no weights', async () => {
    const run = { ...withTraining({ maxSkippedSteps: 2 }), training: breaking(0) };
    expect(await train(run, new RunFolder(folder))).toEqual({ kind: 'divergedAtOnce', skippedInRow: 2 });
  });
});
