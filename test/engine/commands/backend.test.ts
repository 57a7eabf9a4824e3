import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { chooseBackend } from '../../../engine/commands/backend';
import { type chooseRung, type RungChoice } from '../../../engine/runtime/rung';
import { temporaryFolder } from '../temporary';

const WASM: RungChoice = { rung: 'wasm', reason: 'It is a test.', backend: 'TensorFlow.js' };
const trial = () => vi.fn<typeof chooseRung>(async () => WASM);

describe('how a command computes', () => {
  it('is tried once and remembered for the calls that follow, in a folder that is made for it', async () => {
    const folder = join(await temporaryFolder(), 'cache');
    const choose = trial();
    for (let call = 0; call < 3; call++) expect(await chooseBackend(undefined, { folder, choose })).toBe('wasm');
    expect(choose).toHaveBeenCalledTimes(1);
  });

  it('is tried anew after a call that ended while it loaded the library', async () => {
    const folder = await temporaryFolder();
    const choose = trial();
    await chooseBackend(undefined, { folder, choose });
    const [file = ''] = await fs.readdir(folder);
    const memory = JSON.parse(await fs.readFile(join(folder, file), 'utf8')) as object;
    await fs.writeFile(join(folder, file), JSON.stringify({ ...memory, unconfirmed: 1 }));
    await chooseBackend(undefined, { folder, choose });
    expect(choose).toHaveBeenCalledTimes(2);
  });

  it('is tried at each call where nothing can be remembered', async () => {
    const file = join(await temporaryFolder(), 'file');
    await fs.writeFile(file, '');
    const choose = trial();
    for (const folder of [join(file, 'cache'), ''])
      expect(await chooseBackend(undefined, { folder, choose })).toBe('wasm');
    expect(choose).toHaveBeenCalledTimes(2);
  });

  it('is as it was asked for, whatever is remembered', async () => {
    const folder = await temporaryFolder();
    await chooseBackend(undefined, { folder, choose: trial() });
    const choose = trial();
    await chooseBackend('compiled', { folder, choose });
    expect(choose).toHaveBeenCalledExactlyOnceWith('compiled');
  });
});
