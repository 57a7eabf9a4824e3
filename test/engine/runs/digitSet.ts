// Ten recorded digits as a data set, and a configuration that learns them in seconds, badly.
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import { trainingConfigSchema } from '../../../app/contract/trainingConfig';
import { writeSetFile } from '../../../engine/data/setFiles';
import { Runs } from '../../../engine/library/runs';
import { temporaryFolder } from '../temporary';
import { writeTinyAssets } from '../tinyModel';
import { config as plain } from './fakeTraining';

export const clips = resolve(import.meta.dirname, '../../fixtures/audio');
const DIGITS = ['zero', 'one', 'two', 'three', 'four', 'five', 'six', 'seven', 'eight', 'nine'];
export const EPOCHS = 4;
export const config = trainingConfigSchema.parse({
  ...plain,
  vocabulary: DIGITS,
  frontEnd: { ...plain.frontEnd, coefficients: 8 },
  network: { layers: [{ cell: 'lstm', units: 6, direction: 'forward' }], dropout: 0.1 },
  training: { epochs: EPOCHS, batchFrames: 64, maxRows: 1, learningRate: 0.01, quietShare: 0, checkpointSteps: 3 },
  augmentation: { copies: 1 },
});

export interface Place {
  readonly data: string;
  readonly assets: string;
  readonly runs: Runs;
}
/** A data folder with a set of ten digits, two of which watch over training and one of which nobody may look at. */
export async function place(): Promise<Place> {
  const folder = await temporaryFolder();
  const data = join(folder, 'data');
  const assets = join(folder, 'assets');
  await writeTinyAssets(assets);
  const set = join(data, 'sets', 'digits');
  await fs.mkdir(set, { recursive: true });
  const partOf = (digit: number): string => (digit < 7 ? 'train' : digit < 9 ? 'validation' : 'test');
  const lines = DIGITS.map(
    (word, digit) => `${clips}/asterisk_digits_${digit}.wav\t${word}\tallison\t${partOf(digit)}`,
  );
  await fs.writeFile(join(set, 'manifest.tsv'), `path\ttranscript\tspeaker\tpart\n${lines.join('\n')}\n`);
  const about = {
    title: 'Digits',
    createdAt: '2026-01-01T00:00:00.000Z',
    origin: 'imported',
    deletedAt: null,
  } as const;
  await writeSetFile(set, { format: 'unroll-set', version: 1, ...about });
  return { data, assets, runs: new Runs(join(data, 'runs')) };
}
