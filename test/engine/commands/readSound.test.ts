import { execFileSync } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeWav } from '../../../app/audio/wav';
import { readSound } from '../../../engine/commands/readSound';
import { readNamedFile } from '../../../engine/data/namedFile';
import { temporaryFolder } from '../temporary';

const pcm = Int16Array.from({ length: 1600 }, (_, n) => n);

describe('a file that a person named', () => {
  it('may be a pipe, as shells make them', async () => {
    const pipe = join(await temporaryFolder(), 'pipe');
    execFileSync('mkfifo', [pipe]);
    const [heard] = await Promise.all([readSound(pipe), fs.writeFile(pipe, writeWav(pcm, 16_000))]);
    expect(heard).toEqual(pcm);
  });

  it('may be a link', async () => {
    const folder = await temporaryFolder();
    await fs.writeFile(join(folder, 'sound.wav'), writeWav(pcm, 16_000));
    await fs.symlink('sound.wav', join(folder, 'link'));
    expect(await readSound(join(folder, 'link'))).toEqual(pcm);
  });

  it.each([
    ['a folder', '.', 'file.unreadable'],
    ['an endless device', '/dev/zero', 'file.unreadable'],
    ['nothing', 'gone.wav', 'file.missing'],
    ['something in a file', 'file/gone.wav', 'file.missing'],
    ['a link to itself', 'circle', 'file.unreadable'],
  ])('is refused where it is %s', async (_what, name, code) => {
    const folder = await temporaryFolder();
    await fs.writeFile(join(folder, 'file'), '');
    await fs.symlink('circle', join(folder, 'circle'));
    const file = name.startsWith('/') ? name : join(folder, name);
    await expect(readSound(file)).rejects.toMatchObject({ code, params: { file } });
  });

  it('is refused where it is larger than it may be, a pipe too', async () => {
    const folder = await temporaryFolder();
    const [file, pipe] = [join(folder, 'file'), join(folder, 'pipe')];
    await fs.writeFile(file, new Uint8Array(3 << 20));
    execFileSync('mkfifo', [pipe]);
    const refused = { code: 'file.tooLarge', params: { limit: '2 MB' } };
    await expect(readNamedFile(file, 2 << 20)).rejects.toMatchObject(refused);
    // Whoever writes into a pipe that nobody reads any more is told so.
    const writing = fs.writeFile(pipe, new Uint8Array(3 << 20)).catch(() => undefined);
    await expect(readNamedFile(pipe, 2 << 20)).rejects.toMatchObject(refused);
    await writing;
  });
});
