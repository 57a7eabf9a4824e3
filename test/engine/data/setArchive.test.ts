import { createWriteStream, promises as fs } from 'node:fs';
import { basename, join } from 'node:path';
import { pipeline } from 'node:stream/promises';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { DataSets } from '../../../engine/data/dataSets';
import { openArchive } from '../../../engine/data/openArchive';
import { isArchive } from '../../../engine/data/zipEntries';
import { exportSet } from '../../../engine/data/setArchive';
import { readSetContent, writeSetContent } from '../../../engine/data/setFiles';
import { temporaryFolder } from '../temporary';
import { tone } from './importers/tree';

/** A set with what an import would not bring back: parts, a device, a row that is left out. */
async function savedSet() {
  const root = await temporaryFolder();
  const sets = await DataSets.open(join(root, 'sets'));
  const { id } = await sets.create('My words');
  for (const [index, word] of ['one', 'two', 'été'].entries()) {
    const row = {
      transcript: word,
      speaker: `voice ${index}`,
      corpus: null,
      device: 'Headset',
      isLeftOut: index === 2,
    };
    await sets.put(id, `${word}.wav`, row, (path) => fs.writeFile(path, tone(0.5, 300 + 100 * index)));
  }
  const folder = sets.folderOf(id);
  const file = join(root, 'words.unroll-set.zip');
  const bytes = await exportSet(folder, file);
  return { root, sets, folder, file, bytes, out: join(root, 'opened') };
}

const bare = async (folder: string) => {
  const { dataset, rows } = await readSetContent(folder);
  const told = rows.map(({ stored, path, ...row }) => ({ ...row, stored: basename(stored), sound: path }));
  return {
    dataset,
    rows: await Promise.all(
      told.map(async ({ sound, stored: _stored, ...row }) => ({
        ...row,
        bytes: (await fs.readFile(sound)).toString('hex'),
      })),
    ),
  };
};

/** The whole archive anew, changed. @param size promised instead of the real one */
async function made(root: string, entries: Readonly<Record<string, string | Uint8Array>>): Promise<string> {
  const file = join(root, 'made.zip');
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(entries)) zip.addBuffer(Buffer.from(content as string), name);
  zip.end();
  await pipeline(zip.outputStream, createWriteStream(file));
  return file;
}
const ABOUT = JSON.stringify({
  ...{ format: 'unroll-set-archive', version: 1, title: null, createdAt: null, origin: 'imported' },
});
const LIST = 'path\ttranscript\tspeaker\tcorpus\tpart\nclips/a.wav\tone\tanna\t\ttrain\n';

describe('a data set as one file', () => {
  it('is opened as it was: sounds, texts, parts, speakers, devices, what is left out', async () => {
    const { folder, file, bytes, out } = await savedSet();
    expect((await fs.stat(file)).size).toBe(bytes);
    expect(await isArchive(file)).toBe(true);
    expect(await openArchive(file, out)).toMatchObject({
      recordings: 3,
      about: { title: 'My words', origin: 'recorded' },
    });
    expect(await bare(out)).toEqual(await bare(folder));
    await exportSet(out, `${file}.again`);
    await openArchive(`${file}.again`, `${out}-again`);
    expect(await bare(`${out}-again`)).toEqual(await bare(folder));
  });

  it('has sounds in it that lie elsewhere, once each', async () => {
    const { root, folder, out } = await savedSet();
    const elsewhere = join(root, 'far.wav');
    await fs.writeFile(elsewhere, tone(0.3, 500));
    const content = await readSetContent(folder);
    const rows = content.rows.map((row) => ({ ...row, stored: elsewhere, path: elsewhere }));
    await writeSetContent(folder, { ...content, rows }, content);
    await openArchive((await exportSet(folder, join(root, 'b.zip')), join(root, 'b.zip')), out);
    expect(await fs.readdir(join(out, 'clips'))).toEqual(['000001-far.wav']);
    expect((await readSetContent(out)).dataset.sound).toBe('copied');
  });

  it('is not written over a file, nor where a sound is missing, nor when it is given up', async () => {
    const { root, folder, file } = await savedSet();
    await expect(exportSet(folder, file)).rejects.toMatchObject({ code: 'dataset.fileTaken' });
    const given = new AbortController();
    const reason = new Error('enough');
    const saving = exportSet(folder, join(root, 'c.zip'), {
      signal: given.signal,
      onProgress: () => given.abort(reason),
    });
    await expect(saving).rejects.toBe(reason);
    await fs.rm(join(folder, 'clips', 'one.wav'));
    await expect(exportSet(folder, join(root, 'c.zip'))).rejects.toMatchObject({ code: 'file.missing' });
    expect((await fs.readdir(root)).filter((name) => name.includes('c.zip'))).toEqual([]);
  });
});

describe('an archive from a stranger', () => {
  it.each<[string, Readonly<Record<string, string | Uint8Array>>, string]>([
    ['without its lists', { 'clips/a.wav': 'x' }, 'reason.archive.list'],
    [
      'of a newer version',
      { 'unroll-set.json': '{"format":"unroll-set-archive","version":2}' },
      'reason.archive.version',
    ],
    ['with a file that does not belong there', { 'run.sh': 'x' }, 'reason.archive.name'],
    ['with a folder in its sounds', { 'clips/b/a.wav': 'x' }, 'reason.archive.name'],
    ['with a hidden file', { 'clips/.profile': 'x' }, 'reason.archive.name'],
    ['with names that differ by their case', { 'clips/A.wav': 'x' }, 'reason.archive.twice'],
    [
      'whose list names what is not there',
      { 'clips/a.wav': '', 'manifest.tsv': LIST.replace('a.wav', 'b.wav') },
      'reason.archive.clip',
    ],
    [
      'whose list names what lies outside',
      { 'manifest.tsv': LIST.replace('clips/a.wav', '/etc/passwd') },
      'reason.archive.clip',
    ],
    ['that grows beyond measure', { 'clips/z.wav': new Uint8Array(8 << 20) }, 'reason.archive.size'],
  ])('%s is refused, and leaves nothing', async (_what, change, reason) => {
    const { root, folder, out } = await savedSet();
    const dataset = await fs.readFile(join(folder, 'dataset.json'), 'utf8');
    const whole = { 'unroll-set.json': ABOUT, 'dataset.json': dataset, 'manifest.tsv': LIST, 'clips/a.wav': 'sound' };
    const entries = reason === 'reason.archive.list' ? change : { ...whole, ...change };
    await expect(openArchive(await made(root, entries), out)).rejects.toMatchObject({
      code: 'dataset.archive',
      params: { reason },
    });
    expect((await fs.readdir(root)).filter((name) => name.includes('opened'))).toEqual([]);
  });

  it('that leads out of the folder, lies about sizes, or was changed or cut is refused', async () => {
    const { root, file, out } = await savedSet();
    const bytes = await fs.readFile(file);
    const swap = (from: string, to: string): Buffer =>
      Buffer.from(bytes.toString('latin1').replaceAll(from, to), 'latin1');
    const central = bytes.lastIndexOf(Buffer.from('PK\u0001\u0002', 'latin1'));
    const lying = Buffer.from(bytes);
    lying.writeUInt32LE(7, central + 24);
    const sound = Buffer.from(bytes);
    sound[bytes.indexOf('clips/') + 2000]! ^= 1;
    for (const changed of [
      swap('clips/000001-one.wav', '../../000001-one.wav'),
      swap('clips/000001-one.wav', 'clips\\..\\..\\x-one.wav'),
      lying,
      sound,
      bytes.subarray(0, bytes.length - 40),
      Buffer.from('PK\u0003\u0004 and no more', 'latin1'),
    ]) {
      const stranger = join(root, 'stranger.zip');
      await fs.writeFile(stranger, changed);
      await expect(openArchive(stranger, out)).rejects.toMatchObject({ code: 'dataset.archive' });
      expect((await fs.readdir(root)).filter((name) => name.includes('opened') || name.includes('x-one'))).toEqual([]);
    }
  });
});
