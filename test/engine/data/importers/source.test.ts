import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { Source } from '../../../../engine/data/importers/source';
import { folderOf } from './tree';

describe('a source', () => {
  it('lists all files in one order, and none that are hidden', async () => {
    const folder = await folderOf({ 'b/c.wav': '', 'a.wav': '', '.DS_Store': '', '.git/x.wav': '' });
    expect((await Source.open(folder)).files).toEqual(['a.wav', 'b/c.wav']);
  });

  it('follows links, but enters no folder twice', async () => {
    const [folder, other] = [await folderOf({ 'a.wav': '' }), await folderOf({ 'far.wav': '' })];
    await fs.symlink(other, join(folder, 'other'));
    await fs.symlink(folder, join(folder, 'again'));
    await fs.symlink(join(folder, 'nowhere.wav'), join(folder, 'dangling.wav'));
    expect((await Source.open(folder)).files).toEqual(['a.wav', 'dangling.wav', 'other/far.wav']);
  });

  it('that is not there is named', async () => {
    await expect(Source.open('/nowhere/at/all')).rejects.toMatchObject({ code: 'file.missing' });
  });

  it('is never a device', async () => {
    await expect(Source.open('/dev/zero')).rejects.toMatchObject({ code: 'file.unreadable' });
  });
});
