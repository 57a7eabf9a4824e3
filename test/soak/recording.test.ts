// Short samples of `npm run soak -- recording recordings`.
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest';
import { buildEngine } from '../engine/builtEngine';
import { EngineProcess } from '../engine/engineProcess';
import { temporaryFolder } from '../engine/temporary';
import { writeTinyAssets } from '../engine/tinyModel';
import { growth, recordForHours } from './longRecording';
import { recordOften } from './manyRecordings';
import { endlessSound } from './sound';

const audio = resolve(import.meta.dirname, '../fixtures/audio');
let built: { file: string; folder: string };
beforeAll(async () => {
  built = await buildEngine('process');
});
afterAll(() => fs.rm(built.folder, { recursive: true, force: true }));

async function openEngine(): Promise<EngineProcess> {
  const folder = await temporaryFolder();
  const assets = join(folder, 'assets');
  await writeTinyAssets(assets);
  const engine = new EngineProcess({ file: built.file, data: join(folder, 'data'), assets, rung: 'wasm' });
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
