// A short sample of `npm run soak -- gateway`, before a real engine that Node keeps within its folders.
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, expect, it, vi } from 'vitest';
import { builtPlaces } from '../../main/places';
import { buildEngine } from '../engine/builtEngine';
import { temporaryFolder } from '../engine/temporary';
import { fuzzGateway } from './gateway/fuzzGateway';

const MESSAGES = 600;
let built: { file: string; folder: string };
beforeAll(async () => {
  built = await buildEngine('process');
});
afterAll(() => fs.rm(built.folder, { recursive: true, force: true }));

it(`${MESSAGES} random and broken messages are each answered or refused with a reason, and touch no file elsewhere`, async () => {
  vi.stubEnv('UNROLL_RUNG', 'wasm');
  const folder = await temporaryFolder();
  await fs.mkdir(join(folder, 'tmp'));
  const places = { ...builtPlaces(resolve(import.meta.dirname, '../../dist')), engine: built.file };
  const { answered, refused } = await fuzzGateway({ seed: 1, first: 0, count: MESSAGES, places, folder });
  expect(answered + refused).toBe(MESSAGES);
  // Messages in order get through, broken ones do not.
  expect(answered).toBeGreaterThan(MESSAGES / 20);
  expect(refused).toBeGreaterThan(MESSAGES / 3);
}, 180_000);
