import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test, vi } from 'vitest';
import { chooseRung, type ProbeOutcome } from '../../../engine/runtime/rung';

const ending = (output: string, failure: string) => async (): Promise<ProbeOutcome> => ({ output, failure });
const ILLEGAL = 'the trial was ended by SIGILL';

describe('the ladder', () => {
  test('stands on the top rung where the real probe works, and leaves no file behind', async () => {
    // A temporary folder of its own: other tests probe at the same time.
    const folder = mkdtempSync(join(tmpdir(), 'unroll-rung-'));
    vi.stubEnv('TMPDIR', folder);
    try {
      expect(await chooseRung()).toMatchObject({ rung: 'compiled', reason: '' });
      expect(readdirSync(folder)).toEqual([]);
    } finally {
      vi.unstubAllEnvs();
      rmSync(folder, { recursive: true, force: true });
    }
  });
  test('steps down to native where XLA crashes', async () => {
    expect(await chooseRung(null, ending('native 2.9.1\n', ILLEGAL))).toEqual({
      rung: 'native',
      reason: `XLA does not compile: ${ILLEGAL}.`,
      backend: 'TensorFlow 2.9.1',
    });
  });
  test('steps down to WebAssembly where the library crashes', async () => {
    expect(await chooseRung(null, ending('', ILLEGAL))).toMatchObject({
      rung: 'wasm',
      reason: `Native TensorFlow does not start: ${ILLEGAL}.`,
    });
  });
});

describe('a forced rung', () => {
  const all = ending('native 2.20.0\ncompiled\n', '');
  test('is taken even where a higher one works', async () => {
    expect(await chooseRung('native', all)).toMatchObject({ rung: 'native', backend: 'TensorFlow 2.20.0' });
    expect(await chooseRung('wasm', all)).toMatchObject({ rung: 'wasm' });
  });
  test('is refused with the reason, which every language has a sentence for, where it does not work', async () => {
    const refusal = chooseRung('compiled', ending('native 2.9.1\n', ILLEGAL));
    await expect(refusal).rejects.toMatchObject({
      code: 'backend.unavailable',
      params: { rung: 'compiled', reason: 'reason.rung.notCompiling' },
    });
    await expect(chooseRung('native', ending('', ILLEGAL))).rejects.toMatchObject({
      params: { reason: 'reason.rung.notStarting' },
      cause: { message: expect.stringContaining(ILLEGAL) as string },
    });
  });
});
