// What the window asks of the models' folders: folders that come in as bytes, and models that go out as ONNX.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { InferenceSession } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { decodeMessage, encodeMessage } from '../../../app/contract/codec';
import { MAX_PIECE_BYTES } from '../../../app/contract/dataSets';
import { modelMethods } from '../../../app/contract/models';
import { DataSets } from '../../../engine/data/dataSets';
import { Uploads } from '../../../engine/data/uploads';
import { KeptModels } from '../../../engine/library/keptModels';
import { readModel } from '../../../engine/library/modelFiles';
import { writeSafetensors } from '../../../engine/library/safetensors';
import { exportOnnx } from '../../../engine/onnx/exportOnnx';
import { makeModelHandlers } from '../../../engine/serve/modelHandlers';
import { Comparisons } from '../../../engine/training/comparisons';
import { temporaryFolder } from '../temporary';
import { tinyManifest, writeTinyAssets } from '../tinyModel';

async function room() {
  const folder = await temporaryFolder();
  await writeTinyAssets(join(folder, 'assets'));
  const sets = await DataSets.open(join(folder, 'sets'));
  const nothing = (): void => undefined;
  const uploads = await Uploads.open({ folder: join(folder, 'staged'), sets, onProgress: nothing });
  const bundled = join(folder, 'assets', 'models');
  const own = join(folder, 'models');
  const runs = { all: () => Promise.resolve([]) };
  const kept = await KeptModels.open({ bundled, own, runs, onChanged: nothing, onGone: nothing });
  const comparisons = new Comparisons({
    openModel: () => Promise.reject(new Error('Expected no model to be opened')),
    ...{ rowsOf: () => Promise.resolve([]), onComparing: nothing, onBug: nothing },
  });
  const handlers = makeModelHandlers({ kept, comparisons, uploads });
  const send = async (files: Readonly<Record<string, Uint8Array>>): Promise<string> => {
    const byteLength = Object.values(files).reduce((sum, { length }) => sum + length, 0);
    const { uploadId } = await uploads.begin({ title: 'Model', files: Object.keys(files).length, byteLength });
    for (const [place, bytes] of Object.entries(files))
      await uploads.piece({ uploadId, place: place.split('/'), offset: 0, bytes });
    return uploadId;
  };
  return { handlers, send, bundled, own, staged: () => fs.readdir(join(folder, 'staged')) };
}
const filesOf = async (folder: string): Promise<Record<string, Uint8Array>> =>
  Object.fromEntries(
    await Promise.all(
      ['model.json', 'weights.safetensors'].map(
        async (name) => [`chosen/${name}`, new Uint8Array(await fs.readFile(join(folder, name)))] as const,
      ),
    ),
  );

describe('a model’s folder that the window sends', () => {
  it('is a model more, and nothing of the upload stays', async () => {
    const { handlers, send, bundled, own, staged } = await room();
    const uploadId = await send(await filesOf(join(bundled, 'tiny-live')));
    const { modelId } = await handlers['models.import']({ uploadId });
    expect((await readModel(join(own, modelId))).parameters).toEqual(
      (await readModel(join(bundled, 'tiny-live'))).parameters,
    );
    expect(await staged()).toEqual([]);
    expect((await handlers['models.kept']({})).models.map(({ id }) => id)).toContain(modelId);
  });

  it('that is none is refused with what is wrong, and stays for another try', async () => {
    const { handlers, send, bundled, staged } = await room();
    const whole = await filesOf(join(bundled, 'tiny-live'));
    const uploadId = await send({ 'chosen/model.json': whole['chosen/model.json']! });
    await expect(handlers['models.import']({ uploadId })).rejects.toMatchObject({
      code: 'model.invalid',
      params: { model: 'chosen', place: 'weights.safetensors' },
    });
    expect(await staged()).toEqual([uploadId]);
    await expect(handlers['models.import']({ uploadId: 'another' })).rejects.toMatchObject({ code: 'message.refused' });
  });
});

describe('a file of PyTorch’s that the window sends', () => {
  const { units, inputs, classes } = { units: 3, inputs: tinyManifest('forward').network.inputSize, classes: 6 };
  const tensor = (name: string, ...shape: number[]) => ({
    ...{ name, shape },
    values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, k) => Math.sin(k)),
  });
  const stack = writeSafetensors(
    [
      tensor('weight_ih_l0', 4 * units, inputs),
      tensor('weight_hh_l0', 4 * units, units),
      tensor('head.weight', classes, units),
      tensor('head.bias', classes),
    ],
    { dtype: 'F32' },
  );
  const choice = {
    name: 'From PyTorch',
    cell: 'lstm',
    nonlinearity: 'tanh',
    likeId: 'tiny-live',
    head: 'head',
  } as const;

  it('becomes a model under the name that the person gave, of which nothing is measured', async () => {
    const { handlers, send, own } = await room();
    const uploadId = await send({ 'stack.safetensors': stack });
    const { modelId } = await handlers['models.importTorch']({ uploadId, ...choice });
    const { manifest } = await readModel(join(own, modelId));
    expect(manifest).toMatchObject({ name: { en: 'From PyTorch' }, network: { layers: [{ cell: 'lstm', units }] } });
    expect(manifest.card).toMatchObject({ errors: [], data: [], recipe: 'stack.safetensors' });
  });

  it('that has no such stack is refused, with the tensor', async () => {
    const { handlers, send } = await room();
    const uploadId = await send({ 'stack.safetensors': stack });
    await expect(handlers['models.importTorch']({ uploadId, ...choice, head: 'linear' })).rejects.toMatchObject({
      code: 'model.torch',
      params: { file: 'stack.safetensors', tensor: 'linear.weight' },
    });
    const two = await send({ 'a.safetensors': stack, 'b.safetensors': stack });
    await expect(handlers['models.importTorch']({ uploadId: two, ...choice })).rejects.toMatchObject({
      code: 'model.noTorchFile',
    });
  });
});

describe('a model that goes out as ONNX', () => {
  it('comes in pieces that together are the file that ONNX Runtime opens', async () => {
    const { handlers, bundled } = await room();
    const pieces: Uint8Array[] = [];
    for (let offset = 0; ;) {
      const body = await handlers['models.onnx']({ modelId: 'tiny-live', offset });
      const { bytes, byteLength } = modelMethods['models.onnx'].reply.parse(decodeMessage(encodeMessage(body)));
      if (bytes.length === 0) break;
      expect(bytes.length).toBe(Math.min(MAX_PIECE_BYTES, byteLength - offset));
      pieces.push(bytes);
      offset += bytes.length;
    }
    const { manifest, parameters } = await readModel(join(bundled, 'tiny-live'));
    expect(Buffer.concat(pieces).equals(exportOnnx(manifest, parameters))).toBe(true);
    const session = await InferenceSession.create(Buffer.concat(pieces));
    expect(session.inputNames).toEqual(['features']);
    await session.release();
  });
});

describe('a model as one file', () => {
  const packed = async ({ handlers }: Awaited<ReturnType<typeof room>>, modelId: string): Promise<Uint8Array> => {
    const { bytes, byteLength } = await handlers['models.archive']({ modelId, offset: 0 });
    expect(bytes.length).toBe(byteLength);
    return bytes;
  };

  it('comes back as the same model, under an id of its own where its id is taken', async () => {
    const here = await room();
    await fs.writeFile(join(here.bundled, 'tiny-live', 'lm.arpa'), 'a language');
    const file = await packed(here, 'tiny-live');
    const there = await room();
    const first = await there.handlers['models.import']({
      uploadId: await there.send({ 'Kitchen.unroll-model': file }),
    });
    expect(first.modelId).not.toBe('tiny-live');
    const [original, copy] = await Promise.all([
      readModel(join(here.bundled, 'tiny-live')),
      readModel(join(there.own, first.modelId)),
    ]);
    expect(copy.parameters).toEqual(original.parameters);
    expect(copy.manifest).toEqual({ ...original.manifest, id: first.modelId });
    expect(await fs.readFile(join(there.own, first.modelId, 'lm.arpa'), 'utf8')).toBe('a language');
    expect(await there.staged()).toEqual([]);
  });
});
