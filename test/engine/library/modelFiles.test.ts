import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import {
  listModels,
  MANIFEST_FILE,
  readManifest,
  readModel,
  readRecogniser,
  writeModel,
} from '../../../engine/library/modelFiles';
import { initialParameters } from '../../../engine/network/initialise';
import { sampleManifest, sampleParameters, soundLabeller, textLabeller } from './sample';

let root: string;
beforeEach(async () => {
  root = await fs.mkdtemp(join(tmpdir(), 'unroll-models-'));
});
afterEach(async () => {
  await fs.rm(root, { recursive: true });
});
const write = (name: string, manifest = sampleManifest): Promise<void> =>
  writeModel(join(root, name), manifest, sampleParameters, { dtype: 'F32' });

describe('a model folder', () => {
  it.each(['F32', 'F16'] as const)('comes back as it was written, %s', async (dtype) => {
    await writeModel(join(root, 'a'), sampleManifest, sampleParameters, { dtype });
    expect(await readModel(join(root, 'a'))).toEqual({ manifest: sampleManifest, parameters: sampleParameters });
  });

  it.each([soundLabeller, textLabeller])('of labels comes back bit-equal, $id', async (manifest) => {
    const parameters = initialParameters(manifest.network, 3);
    await writeModel(join(root, 'a'), manifest, parameters, { dtype: 'F32' });
    expect(await readModel(join(root, 'a'))).toEqual({ manifest, parameters });
  });

  it('of labels is no recogniser', async () => {
    await writeModel(join(root, 'a'), soundLabeller, initialParameters(soundLabeller.network, 3), { dtype: 'F32' });
    await expect(readRecogniser(join(root, 'a'))).rejects.toMatchObject({
      code: 'model.notRecogniser',
      params: { model: 'a' },
    });
  });

  it('that comes with the product is read as it was written', async () => {
    const shipped = join(import.meta.dirname, '../../../assets/models/digits');
    const text = await fs.readFile(join(shipped, MANIFEST_FILE), 'utf8');
    expect((await readRecogniser(shipped)).manifest).toEqual(JSON.parse(text));
  });

  it('holds the two files and nothing else', async () => {
    await write('a');
    await write('a');
    expect((await fs.readdir(join(root, 'a'))).sort()).toEqual(['model.json', 'weights.safetensors']);
  });

  it('is still read after its card was edited', async () => {
    await write('a');
    const edited = { ...sampleManifest, card: { ...sampleManifest.card, recipe: 'digits.json' } };
    await fs.writeFile(join(root, 'a', MANIFEST_FILE), JSON.stringify(edited));
    expect((await readModel(join(root, 'a'))).manifest).toEqual(edited);
  });

  it('may say the texts of its card once for both languages', async () => {
    await write('a');
    const { card } = sampleManifest;
    await fs.writeFile(
      join(root, 'a', MANIFEST_FILE),
      JSON.stringify({ ...sampleManifest, card: { ...card, licence: 'CC0-1.0' } }),
    );
    expect((await readManifest(join(root, 'a'))).card.licence).toEqual({ en: 'CC0-1.0', zh: 'CC0-1.0' });
  });

  it('tells what it is without its weights', async () => {
    await write('a');
    await fs.rm(join(root, 'a', 'weights.safetensors'));
    expect(await readManifest(join(root, 'a'))).toEqual(sampleManifest);
  });

  it('is not written with a parameter missing', async () => {
    const parameters = new Map([...sampleParameters].filter(([name]) => name !== 'head.bias'));
    await expect(writeModel(join(root, 'a'), sampleManifest, parameters, { dtype: 'F32' })).rejects.toThrow(
      'head.bias',
    );
  });
});

describe('the list of models', () => {
  it('has the folders with a model.json', async () => {
    await write('a');
    await write('b', { ...sampleManifest, id: 'other' });
    await fs.mkdir(join(root, 'empty'));
    await fs.writeFile(join(root, 'default.json'), '{}');
    const { models, refused } = await listModels([root]);
    expect(models.map(({ manifest }) => manifest.id)).toEqual(['sample', 'other']);
    expect(refused).toEqual([]);
  });

  it('names the broken ones beside the whole ones', async () => {
    await write('a');
    await fs.mkdir(join(root, 'broken'));
    await fs.writeFile(join(root, 'broken', MANIFEST_FILE), '{');
    const { models, refused } = await listModels([root]);
    expect(models).toHaveLength(1);
    expect(refused.map(({ error }) => error.code)).toEqual(['model.invalid']);
  });

  it('keeps the first of two with one id', async () => {
    await write('a');
    await write('b');
    const { models, refused } = await listModels([root]);
    expect([models, refused].map((list) => list.map(({ dir }) => dir))).toEqual([[join(root, 'a')], [join(root, 'b')]]);
  });

  it('is empty where the folder does not exist', async () => {
    expect(await listModels([join(root, 'nowhere')])).toEqual({ models: [], refused: [] });
  });
});
