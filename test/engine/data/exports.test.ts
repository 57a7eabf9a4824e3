import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { DataSets } from '../../../engine/data/dataSets';
import { Exports } from '../../../engine/data/exports';
import { temporaryFolder } from '../temporary';
import { tone } from './importers/tree';

async function engine() {
  const data = await temporaryFolder();
  const sets = await DataSets.open(join(data, 'sets'));
  const { id: setId } = await sets.create('Words');
  for (const word of ['one', 'two']) {
    const row = { transcript: word, speaker: 'me', corpus: null, device: null, isLeftOut: false };
    await sets.put(setId, `${word}.wav`, row, (path) => fs.writeFile(path, tone(0.5)));
  }
  const folder = join(data, 'packed');
  const told: [number, number][] = [];
  const open = (onSound: () => void = () => undefined) =>
    Exports.open({
      folder,
      sets,
      onProgress: ({ done, of }) => {
        told.push([done, of]);
        onSound();
      },
    });
  return { data, sets, setId, folder, told, open };
}

describe('an export', () => {
  it('is fetched in pieces from any place, ends with nothing, and is gone when it is closed', async () => {
    const { setId, folder, told, open } = await engine();
    const exports = await open();
    const { exportId } = await exports.begin({ setId });
    await expect(exports.piece({ exportId, offset: 0 })).rejects.toMatchObject({ code: 'message.refused' });
    const { byteLength } = await exports.pack({ exportId });
    expect(await exports.pack({ exportId })).toEqual({ byteLength });
    expect(told.at(-1)).toEqual([2, 2]);
    const [name = ''] = await fs.readdir(folder);
    const whole = await fs.readFile(join(folder, name));
    expect(whole).toHaveLength(byteLength);
    expect(Buffer.from((await exports.piece({ exportId, offset: 100 })).bytes)).toEqual(whole.subarray(100));
    expect((await exports.piece({ exportId, offset: byteLength })).bytes).toHaveLength(0);
    expect((await fs.stat(folder)).mode & 0o777).toBe(0o700);
    await exports.close({ exportId });
    await exports.close({ exportId });
    expect(await fs.readdir(folder)).toEqual([]);
    await expect(exports.piece({ exportId, offset: 0 })).rejects.toMatchObject({ code: 'message.refused' });
  });

  it('that is given up while it is packed leaves nothing', async () => {
    const { setId, folder, open } = await engine();
    let close: () => Promise<void> = () => Promise.resolve();
    const closing: Promise<void>[] = [];
    const exports = await open(() => void closing.push(close()));
    const { exportId } = await exports.begin({ setId });
    close = () => exports.close({ exportId });
    await expect(exports.pack({ exportId })).rejects.toMatchObject({ code: 'dataset.exportStopped' });
    await Promise.all(closing);
    expect(await fs.readdir(folder)).toEqual([]);
  });

  it('of a set that is gone, or whose sound is, says so', async () => {
    const { data, sets, setId, folder, open } = await engine();
    const exports = await open();
    const { exportId } = await exports.begin({ setId });
    await fs.rm(join(data, 'sets', setId, 'clips', 'two.wav'));
    await expect(exports.pack({ exportId })).rejects.toMatchObject({ code: 'file.missing' });
    await sets.delete(setId);
    await expect(exports.pack({ exportId })).rejects.toMatchObject({ code: 'dataset.missing' });
    expect(await fs.readdir(folder)).toEqual([]);
  });

  it('that was left by a killed engine is cleared away', async () => {
    const { setId, folder, open } = await engine();
    const exports = await open();
    await exports.pack(await exports.begin({ setId }));
    expect(await fs.readdir(folder)).toHaveLength(1);
    await open();
    expect(await fs.readdir(folder)).toEqual([]);
  });
});
