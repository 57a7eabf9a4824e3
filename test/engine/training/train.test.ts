import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ParameterSet } from '../../../engine/network/parameters';
import { makeRandom } from '../../../engine/runtime/random';
import { trainingConfigSchema } from '../../../engine/training/config';
import type { Example } from '../../../engine/training/examples';
import { RunFolder } from '../../../engine/training/runFolder';
import { train, type ClipStore, type EpochReport, type TrainInput } from '../../../engine/training/train';

const frontEnd = {
  kind: 'mfcc',
  sampleRateHz: 8000,
  windowMs: 32,
  hopMs: 20,
  window: 'hamming',
  melBands: 20,
  coefficients: 3,
  deltas: 0,
  deltaSpan: 2,
  tailMs: 0,
  normalisation: { kind: 'none' },
} as const;
const config = trainingConfigSchema.parse({
  id: 'tiny',
  name: { en: 'Tiny', zh: '小' },
  understands: { en: 'a and b', zh: 'a 和 b' },
  frontEnd,
  vocabulary: ['a', 'b'],
  network: { layers: [{ cell: 'lstm', units: 4, direction: 'bidirectional' }], dropout: 0.2 },
  training: { epochs: 4, batchFrames: 64, maxRows: 4, learningRate: 0.05, warmUpSteps: 2, validationFraction: 0 },
});

/** Class 0 where the first coefficient is high, class 1 where the second is. */
const exampleOf = (clip: number, seed: number): Example => {
  const random = makeRandom(seed + clip);
  const frames = 6 + (clip % 3);
  const features = Float32Array.from({ length: frames * 3 }, (_, at) => (at % 3 === clip % 2 ? 1 : 0) + 0.1 * random());
  return { frames, features, labels: Int32Array.of(clip % 2) };
};
const store: ClipStore = {
  clips: Array.from({ length: 8 }, (_, clip) => ({
    speaker: 'anna',
    corpus: 'made',
    isUnknownOnly: false,
    copyFrames: [6 + (clip % 3)],
  })),
  example: (utterance, seed) => exampleOf(utterance[0]?.clip ?? 0, seed),
};
const input: TrainInput = {
  config,
  frontEnd,
  alphabet: { symbols: ['a', 'b'], wordSeparator: null, unknown: null },
  training: store,
  validation: [exampleOf(0, 1), exampleOf(1, 1)],
  rung: 'wasm',
};
const numbers = (parameters: ParameterSet): number[][] => [...parameters.values()].map(({ values }) => [...values]);

let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'unroll-train-'));
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

describe('a training run', () => {
  it('lowers the loss on what it sees', async () => {
    const losses: number[] = [];
    await train(input, new RunFolder(folder), { onEpoch: (report) => losses.push(report.trainLoss) });
    expect(losses).toHaveLength(4);
    expect(losses[3]).toBeLessThan((losses[0] as number) * 0.8);
  });

  it('that was stopped and gone on with ends with the same weights as one that was not', async () => {
    const whole = await train(input, new RunFolder(join(folder, 'whole')));
    const stop = new AbortController();
    const onEpoch = ({ epoch }: { epoch: number }): void => {
      if (epoch === 2) stop.abort();
    };
    await train(input, new RunFolder(join(folder, 'parts')), { onEpoch, signal: stop.signal });
    const resumed = await train(input, new RunFolder(join(folder, 'parts')));
    expect(numbers(resumed)).toEqual(numbers(whole));
  });

  describe('with averaged weights', () => {
    const averaging = { ...input, config: { ...config, training: { ...config.training, averageDecay: 0.9 } } };

    it('hands out the average and validates with it', async () => {
      const reports: EpochReport[] = [];
      const onEpoch = (report: EpochReport): void => void reports.push(report);
      const averaged = await train(averaging, new RunFolder(join(folder, 'averaged')), { onEpoch });
      const plain = await train(input, new RunFolder(join(folder, 'plain')), { onEpoch });
      const [first, second] = [reports.slice(0, 4), reports.slice(4)];
      expect(first.map(({ trainLoss }) => trainLoss)).toEqual(second.map(({ trainLoss }) => trainLoss));
      expect(first.map(({ validationLoss }) => validationLoss)).not.toEqual(
        second.map(({ validationLoss }) => validationLoss),
      );
      expect(numbers(averaged)).not.toEqual(numbers(plain));
    });

    it('goes on with the same average after a stop', async () => {
      const whole = await train(averaging, new RunFolder(join(folder, 'whole')));
      const stop = new AbortController();
      await train(averaging, new RunFolder(join(folder, 'parts')), {
        onEpoch: () => stop.abort(),
        signal: stop.signal,
      });
      expect(numbers(await train(averaging, new RunFolder(join(folder, 'parts'))))).toEqual(numbers(whole));
    });
  });

  it('refuses the checkpoint of another configuration', async () => {
    await train(
      { ...input, config: { ...config, training: { ...config.training, epochs: 1 } } },
      new RunFolder(folder),
    );
    await expect(train(input, new RunFolder(folder))).rejects.toMatchObject({ code: 'checkpoint.invalid' });
  });

  it('refuses a checkpoint whose weights were changed', async () => {
    const run = new RunFolder(folder);
    await train(input, run);
    const directory = join(folder, 'checkpoint');
    const [file] = (await fs.readdir(directory)).filter((name) => name.endsWith('.safetensors'));
    const path = join(directory, file as string);
    const bytes = await fs.readFile(path);
    bytes[bytes.length - 1] = (bytes[bytes.length - 1] as number) ^ 1;
    await fs.writeFile(path, bytes);
    await expect(train(input, run)).rejects.toMatchObject({ code: 'checkpoint.invalid' });
  });
});
