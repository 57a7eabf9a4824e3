// Models as one file, and archives that somebody made by hand, or to do harm.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { buffer } from 'node:stream/consumers';
import { describe, expect, it } from 'vitest';
import { ZipFile } from 'yazl';
import { packModel, unpackModel } from '../../../engine/library/modelArchive';
import { readModel } from '../../../engine/library/modelFiles';
import { temporaryFolder } from '../temporary';
import { writeTinyAssets } from '../tinyModel';

const LINK_MODE = 0o120_777;

interface Content {
  readonly bytes: string | Uint8Array;
  readonly mode?: number;
}

async function zipOf(entries: Readonly<Record<string, Content | string>>): Promise<Buffer> {
  const zip = new ZipFile();
  for (const [name, content] of Object.entries(entries)) {
    const { bytes, mode } = typeof content === 'string' ? { bytes: content } : content;
    zip.addBuffer(Buffer.from(bytes), name, { compress: true, ...(mode === undefined ? {} : { mode }) });
  }
  zip.end();
  return buffer(zip.outputStream as AsyncIterable<Uint8Array> & NodeJS.ReadableStream);
}

async function opened(archive: Uint8Array): Promise<{ folder: Promise<string>; place: string }> {
  const root = await temporaryFolder();
  const file = join(root, 'digits.unroll-model');
  await fs.writeFile(file, archive);
  const place = join(root, 'inner', 'place');
  return { folder: unpackModel(file, place), place };
}
const tiny = async (): Promise<string> => {
  const root = await temporaryFolder();
  await writeTinyAssets(root);
  return join(root, 'models', 'tiny-live');
};

describe('a model as one file', () => {
  it('holds its files alone, and is the same model again', async () => {
    const dir = await tiny();
    await fs.writeFile(join(dir, 'notes.txt'), 'mine');
    const { folder } = await opened(await packModel(dir));
    expect((await fs.readdir(await folder)).sort()).toEqual(['model.json', 'weights.safetensors']);
    expect(await readModel(await folder)).toEqual(await readModel(dir));
  });

  it('may be packed by hand, with its folder and with what a system leaves beside it', async () => {
    const dir = await tiny();
    const bytes = await fs.readFile(join(dir, 'weights.safetensors'));
    const { folder } = await opened(
      await zipOf({
        'mine/model.json': await fs.readFile(join(dir, 'model.json'), 'utf8'),
        'mine/weights.safetensors': { bytes },
        '__MACOSX/model.json': 'x',
        'mine/old/model.json': 'x',
        'mine/readme.txt': 'x',
      }),
    );
    expect(await fs.readdir(await folder)).toEqual(['model.json', 'weights.safetensors']);
    expect((await readModel(await folder)).parameters).toEqual((await readModel(dir)).parameters);
  });
});

describe('an archive that is refused', () => {
  it.each<[string, Readonly<Record<string, Content | string>>, string]>([
    ['has no model in it', { 'readme.txt': 'x' }, 'reason.archive.noModel'],
    ['has two of them', { 'a/model.json': '{}', 'b/model.json': '{}' }, 'reason.archive.models'],
    [
      'has a link in it',
      { 'model.json': '{}', 'weights.safetensors': { bytes: '/etc/passwd', mode: LINK_MODE } },
      'reason.archive.link',
    ],
    [
      'has a link beside the model',
      { 'model.json': '{}', elsewhere: { bytes: '..', mode: LINK_MODE } },
      'reason.archive.link',
    ],
    [
      'unpacks to a thousand times its size',
      { 'model.json': '{}', 'weights.safetensors': { bytes: new Uint8Array(8 << 20) } },
      'reason.archive.size',
    ],
  ])('%s', async (_what, entries, reason) => {
    const { folder, place } = await opened(await zipOf(entries));
    await expect(folder).rejects.toMatchObject({ code: 'model.archive', params: { reason } });
    await expect(fs.readdir(place)).rejects.toMatchObject({ code: 'ENOENT' });
  });

  it('leads out of the folder, was changed, was cut, or is none', async () => {
    const bytes = await packModel(await tiny());
    const text = Buffer.from(bytes).toString('latin1');
    const swap = (from: string, to: string): Buffer => Buffer.from(text.replaceAll(from, to), 'latin1');
    const weights = Buffer.from(bytes);
    weights[bytes.length >> 1]! ^= 1;
    for (const [changed, reason] of [
      [swap('model.json', '../el.json'), 'reason.archive.name'],
      [swap('model.json', '/odel.json'), 'reason.archive.name'],
      [swap('weights.safetensors', '..\\..\\.safetensors1'), 'reason.archive.name'],
      [weights, 'reason.archive.damaged'],
      [bytes.subarray(0, bytes.length - 40), 'reason.archive.damaged'],
      [Buffer.from('no zip at all'), 'reason.archive.damaged'],
    ] as const) {
      const { folder } = await opened(changed);
      await expect(folder).rejects.toMatchObject({ code: 'model.archive', params: { reason } });
    }
  });
});
