// When a run ends early, and which epoch's weights it keeps.
import { describe, expect, it } from 'vitest';
import { isBetter, patienceAfter, type Best } from '../../../engine/training/progress';
import type { EpochReport } from '../../../engine/training/records';
import { RunFolder } from '../../../engine/training/runFolder';
import { train } from '../../../engine/training/train';
import { temporaryFolder } from '../temporary';
import { contradicting, recordsOf, standingOf, trained, trainedInTwo, withTraining } from './tinyRun';
import { planBatches } from '../../../engine/training/plan';

const of = (errors: number | null, validationLoss: number | null): Best => ({
  ...{ epoch: 1, wordError: null },
  errors,
  validationLoss,
});

describe('the best epoch', () => {
  it('makes the fewest errors, among equals has the smallest loss', () => {
    expect(isBetter(of(0.2, 3), null)).toBe(true);
    expect(isBetter(of(0.1, 4), of(0.2, 3))).toBe(true);
    expect(isBetter(of(0.2, 2), of(0.1, 3))).toBe(false);
    expect(isBetter(of(0.2, 2), of(0.2, 3))).toBe(true);
    expect(isBetter(of(0.2, 3), of(0.2, 3))).toBe(false);
    expect(isBetter(of(null, 2), of(null, 3))).toBe(true);
  });
  it('is the newest without validation, and any with it is better', () => {
    expect(isBetter(of(null, null), of(null, null))).toBe(true);
    expect(isBetter(of(0.5, 9), of(null, null))).toBe(true);
    expect(isBetter(of(null, null), of(0.5, 9))).toBe(false);
  });
});

it('patience ends where neither the loss falls by enough nor an epoch is the best', () => {
  const settings = { patienceEpochs: 2, minDelta: 0.1 };
  let patience = patienceAfter({ lowestLoss: null, epochsSinceBetter: 0 }, 2, true, settings);
  expect(patience).toEqual({ lowestLoss: 2, epochsSinceBetter: 0 });
  patience = patienceAfter(patience, 1.95, false, settings);
  expect(patience).toEqual({ lowestLoss: 2, epochsSinceBetter: 1 });
  expect(patienceAfter(patience, 1.95, true, settings).epochsSinceBetter).toBe(0);
  expect(patienceAfter(patience, null, false, settings)).toEqual({ lowestLoss: 2, epochsSinceBetter: 2 });
  expect(patienceAfter(patience, 1.8, false, settings)).toEqual({ lowestLoss: 1.8, epochsSinceBetter: 0 });
});

it('a run that keeps its last epoch has the weights of that one, however much better one before it was', async () => {
  const run = {
    ...withTraining({ epochs: 6, keeps: 'last', schedule: { kind: 'constant' } }),
    validation: contradicting,
  };
  const reports: EpochReport[] = [];
  const outcome = await train(run, new RunFolder(await temporaryFolder()), {
    onEpoch: (report) => void reports.push(report),
  });
  const losses = reports.map(({ validationLoss }) => validationLoss!);
  expect(Math.min(...losses)).toBeLessThan(losses.at(-1)!);
  expect(outcome).toMatchObject({ kind: 'finished', best: { epoch: 6 } });
  const unjudged = await train({ ...run, validation: [] }, new RunFolder(await temporaryFolder()));
  expect(outcome).toHaveProperty('parameters', 'parameters' in unjudged && unjudged.parameters);
});

describe('early stopping', () => {
  const early = {
    ...withTraining({ epochs: 30, earlyStopping: { patienceEpochs: 3, minDelta: 0 }, schedule: { kind: 'constant' } }),
    // The better it learns, the worse it does on these.
    validation: contradicting,
  };

  it('ends a run that gets no better, with the weights of its best epoch', async () => {
    const folder = await temporaryFolder();
    const reports: EpochReport[] = [];
    const outcome = await train(early, new RunFolder(folder), { onEpoch: (report) => void reports.push(report) });
    const best = reports.findLast(({ isBest }) => isBest)!;
    expect(reports.length).toBeLessThan(30);
    expect(reports.length).toBeGreaterThanOrEqual(best.epoch + 3);
    expect(outcome).toMatchObject({ kind: 'finished', best: { epoch: best.epoch } });
    const upTo = { ...early, config: { ...early.config, training: { ...early.config.training, epochs: best.epoch } } };
    const expected = await train({ ...upTo, validation: [] }, new RunFolder(await temporaryFolder()));
    expect(outcome).toMatchObject({ parameters: 'parameters' in expected ? expected.parameters : null });
  });

  it('counts on over a pause', async () => {
    const [whole, parts] = [await temporaryFolder(), await temporaryFolder()];
    await trained(early, whole);
    const { length } = (await recordsOf(whole)).epochs;
    await trainedInTwo(early, parts, length - 2);
    expect(await standingOf(parts)).toEqual(await standingOf(whole));
  });
});

it('a curriculum takes batches from short to long', () => {
  const options = {
    seed: 1,
    epoch: 0,
    batchFrames: 200,
    maxRows: 4,
    unknownOnlyShare: 1,
    shares: {},
    rareSymbols: null,
    stringing: [],
  };
  const lengths = Array.from({ length: 40 }, (_, k) => 20 + ((k * 37) % 100));
  const longest = (batches: readonly (readonly number[])[]): number[] =>
    batches.map((batch) => Math.max(...batch.map((index) => lengths[index]!)));
  const ordered = longest(planBatches(lengths, { ...options, isFromShortToLong: true }));
  const shuffled = longest(planBatches(lengths, options));
  // Lengths are disturbed by up to a tenth before they are sorted.
  for (let k = 1; k < ordered.length; k++) expect(ordered[k]! * 1.1).toBeGreaterThanOrEqual(ordered[k - 1]!);
  expect(shuffled.toSorted((a, b) => a - b)).toEqual(ordered.toSorted((a, b) => a - b));
  expect(shuffled).not.toEqual(ordered);
});
