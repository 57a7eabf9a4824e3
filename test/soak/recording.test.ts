// Short samples of `npm run soak -- recording recordings file`.
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import type { EventEnvelope } from '../../app/contract/messages';
import { buildEngine } from '../engine/builtEngine';
import { EngineProcess } from '../engine/engineProcess';
import { temporaryFolder } from '../engine/temporary';
import { writeTinyAssets } from '../engine/tinyModel';
import { manyEars, readLongFile } from './longFile';
import { growth, recordForHours } from './longRecording';
import { recordOften } from './manyRecordings';
import { endlessSound } from './sound';

const audio = resolve(import.meta.dirname, '../fixtures/audio');
let built: { file: string; folder: string };
beforeAll(async () => {
  built = await buildEngine('process');
});
afterAll(() => fs.rm(built.folder, { recursive: true, force: true }));

async function openEngine(onEvent?: (event: EventEnvelope) => void): Promise<EngineProcess> {
  const folder = await temporaryFolder();
  const assets = join(folder, 'assets');
  await writeTinyAssets(assets);
  const how = { file: built.file, data: join(folder, 'data'), assets, rung: 'wasm' };
  const engine = new EngineProcess(onEvent === undefined ? how : { ...how, onEvent });
  onTestFinished(() => engine.kill());
  return engine;
}

describe('a long recording', () => {
  it('is whole on disk after a minute, and tells of memory and answers', async () => {
    const engine = await openEngine();
    const sound = await endlessSound(audio);
    const told = await recordForHours({ engine, sound, modelId: 'tiny-live', seconds: 60 });
    expect(told.minutes.map(({ minute }) => minute)).toEqual([1]);
    expect(told.minutes.every(({ answerMs }) => answerMs > 0)).toBe(true);
    expect(told.utterances).toBeGreaterThan(0);
  });

  it('that grew is told from one that stayed', () => {
    const steady = Array.from({ length: 100 }, () => 5);
    const leaking = Array.from({ length: 100 }, (_, minute) => 5 + minute);
    expect(growth(steady)).toBe(1);
    expect(growth(leaking)).toBeGreaterThan(3);
  });
});

it('twenty short recordings in one run are all kept', async () => {
  const engine = await openEngine();
  const sound = await endlessSound(audio);
  const [twenty] = await recordOften({ engine, sound, modelId: 'tiny-live', first: 0, count: 20 });
  expect(twenty?.recordings).toBe(20);
});

it('a long file rests, stops, and is read to its end, with a word on memory on its way', async () => {
  const { onEvent, hear } = manyEars();
  const engine = await openEngine(onEvent);
  const sound = await endlessSound(audio);
  const told = await readLongFile({ engine, hear, sound, modelId: 'tiny-live', seconds: 240 });
  expect(told.stoppedAt).toBeGreaterThanOrEqual(0.5);
  expect(told.stoppedAt).toBeLessThan(1);
  expect(told.utterances).toBeGreaterThan(0);
  expect(told.realTimeFactor).toBeGreaterThan(0);
});
