import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { CELL_CHOICES, DIRECTION_CHOICES, layersOf } from '../../../app/networkChoice';
import { featureDimension } from '../../../app/features/settings';
import { starterConfig } from '../../../app/starterConfig';
import { alphabetFrom } from '../../../engine/data/dataset';
import { makeRandom } from '../../../engine/runtime/random';
import { trainingConfigSchema } from '../../../app/contract/trainingConfig';
import type { ExampleStore } from '../../../engine/training/epochPlan';
import { speechTarget } from '../../../engine/training/networkSpec';
import type { StepReport } from '../../../engine/training/records';
import { RunFolder } from '../../../engine/training/runFolder';
import { train } from '../../../engine/training/train';

const FRAMES = 12;
const CLIPS = 4;
let folder: string;
beforeEach(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'unroll-chosen-'));
});
afterEach(() => fs.rm(folder, { recursive: true, force: true }));

const cases = CELL_CHOICES.flatMap((cell) => DIRECTION_CHOICES.map((direction) => ({ cell, direction })));
it.each(cases)(
  'two layers of $cell that read $direction train from the configuration that is saved',
  async (choice) => {
    const starter = starterConfig(['a', 'b'], layersOf({ ...choice, layers: 2, units: 8 }));
    const config = trainingConfigSchema.parse({ ...starter, training: { ...starter.training, epochs: 2 } });
    const { frontEnd } = config;
    const alphabet = alphabetFrom([], config);
    const dimension = featureDimension(frontEnd);
    const example = (clip: number, seed: number) => {
      const random = makeRandom(seed + clip);
      return {
        frames: FRAMES,
        features: Float32Array.from({ length: FRAMES * dimension }, () => 2 * random() - 1),
        labels: Int32Array.of(clip % alphabet.symbols.length),
      };
    };
    const store: ExampleStore = {
      clips: Array.from({ length: CLIPS }, () => ({
        speaker: 'anna',
        corpus: 'made',
        isUnknownOnly: false,
        copyFrames: [FRAMES],
      })),
      example: (utterance, seed) => example(utterance[0]!.clip, seed),
    };
    const steps: StepReport[] = [];
    const outcome = await train(
      { config, ...speechTarget(config, frontEnd, alphabet), training: store, validation: [], rung: 'wasm' },
      new RunFolder(join(folder, 'run')),
      { onStep: (step) => void steps.push(step) },
    );
    expect(outcome.kind).toBe('finished');
    expect(steps.length).toBeGreaterThanOrEqual(2);
    for (const { loss, gradientNorm, isSkipped } of steps) {
      expect(isSkipped).toBe(false);
      expect(loss).toBeGreaterThan(0);
      expect(gradientNorm).toBeGreaterThan(0);
    }
  },
);
