import { execFileSync } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { ErrorCode } from '../../../../app/errors';
import { initialParameters } from '../../../../engine/network/initialise';
import { MANIFEST_FILE, readModel, WEIGHTS_FILE, writeModel } from '../../../../engine/library/modelFiles';
import { sampleManifest, sampleParameters, soundLabeller, textLabeller } from '../sample';

let dir: string;
beforeEach(async () => {
  dir = await fs.mkdtemp(join(tmpdir(), 'unroll-broken-'));
  await writeModel(dir, sampleManifest, sampleParameters, { dtype: 'F32' });
});
afterEach(async () => {
  await fs.rm(dir, { recursive: true });
});

const expectRefusal = async (code: ErrorCode, ...says: string[]): Promise<void> => {
  const error: unknown = await readModel(dir).then(
    () => null,
    (caught: unknown) => caught,
  );
  expect(error).toMatchObject({ name: 'UnrollError', code });
  for (const part of says) expect((error as Error).message).toContain(part);
};
const { frontEnd, alphabet, network } = sampleManifest;

const manifests: readonly (readonly [name: string, manifest: unknown, says: string])[] = [
  ['of another format', { ...sampleManifest, format: 'keras' }, 'format'],
  ['of a later version', { ...sampleManifest, version: 2 }, 'version'],
  ['with a field too many', { ...sampleManifest, script: 'x' }, 'script'],
  ['with a field too few', { ...sampleManifest, card: undefined }, 'card'],
  ['with an id that is a path', { ...sampleManifest, id: '../../etc' }, 'id'],
  [
    'with a layer of too many units',
    { ...sampleManifest, network: { ...network, layers: [{ cell: 'lstm', units: 1e9, direction: 'forward' }] } },
    'network.layers.0.units',
  ],
  [
    'with too many layers',
    { ...sampleManifest, network: { ...network, layers: new Array(13).fill(network.layers[0]) } },
    'network.layers',
  ],
  [
    'whose network takes other features',
    { ...sampleManifest, network: { ...network, inputSize: 3 } },
    'network.inputSize',
  ],
  [
    'whose network has another number of classes',
    { ...sampleManifest, network: { ...network, head: { kind: 'ctc', classes: 3 } } },
    'network.head.classes',
  ],
  [
    'that hears sound and reads text',
    {
      ...sampleManifest,
      network: { ...network, inputSize: 2, text: { kind: 'oneOfN', unit: 'word', known: ['a'] } },
    },
    'frontEnd: A network that reads text has no front end.',
  ],
  [
    'that neither hears nor reads',
    { ...sampleManifest, frontEnd: undefined },
    'frontEnd: A model hears sound, which frontEnd describes, or reads text',
  ],
  ['that neither writes nor gives labels', { ...sampleManifest, alphabet: undefined }, 'alphabet: '],
  ['that writes and gives labels', { ...sampleManifest, labels: ['a', 'b'] }, 'labels: '],
  ['that reads text and writes text', { ...textLabeller, labels: undefined, alphabet }, 'alphabet: A network'],
  ['that reads text and does nothing else', { ...textLabeller, labels: undefined }, 'labels: '],
  ['with a label twice', { ...soundLabeller, labels: ['a', 'a'] }, 'labels: A label occurs twice.'],
  ['with one label alone', { ...soundLabeller, labels: ['a'] }, 'labels: '],
  [
    'with more labels than classes',
    { ...soundLabeller, labels: ['a', 'b', 'c'] },
    'network.head.classes: The 3 labels need as many classes, not 2.',
  ],
  [
    'that gives labels by CTC',
    { ...textLabeller, network: { ...textLabeller.network, head: { kind: 'ctc', classes: 3 } } },
    'network.head.kind: Labels need a head',
  ],
  [
    'whose alphabet has a head that answers once for a whole sequence',
    { ...sampleManifest, network: { ...network, head: { ...network.head, kind: 'meanPool' } } },
    'network.head.kind: The symbols of an alphabet are written by ctc.',
  ],
  [
    'whose text has another number of slots',
    { ...textLabeller, network: { ...textLabeller.network, inputSize: 5 } },
    'network.inputSize: ',
  ],
  [
    'that gives labels to other features',
    { ...soundLabeller, network: { ...soundLabeller.network, inputSize: 3 } },
    'network.inputSize: ',
  ],
  [
    'whose statistics are too short',
    { ...sampleManifest, frontEnd: { ...frontEnd, normalisation: { ...frontEnd.normalisation, mean: [0] } } },
    'frontEnd.normalisation: ',
  ],
  [
    'whose deviation is zero',
    {
      ...sampleManifest,
      frontEnd: { ...frontEnd, normalisation: { ...frontEnd.normalisation, standardDeviation: [0, 1] } },
    },
    'frontEnd.normalisation.standardDeviation.0',
  ],
  [
    'with a symbol twice',
    { ...sampleManifest, alphabet: { ...alphabet, symbols: ['a', 'a', ' '] } },
    'alphabet.symbols',
  ],
  [
    'whose separator is no symbol',
    { ...sampleManifest, alphabet: { ...alphabet, wordSeparator: '|' } },
    'alphabet.wordSeparator',
  ],
  ['whose unknown is no symbol', { ...sampleManifest, alphabet: { ...alphabet, unknown: '?' } }, 'alphabet.unknown'],
  [
    'whose unknown is the separator',
    { ...sampleManifest, alphabet: { ...alphabet, unknown: ' ' } },
    'alphabet.unknown',
  ],
];

describe('a model is refused', () => {
  it.each(manifests)('%s', async (_, manifest, says) => {
    await fs.writeFile(join(dir, MANIFEST_FILE), JSON.stringify(manifest));
    await expectRefusal('model.invalid', 'model.json: ', says);
  });

  it('without model.json', async () => {
    await fs.rm(join(dir, MANIFEST_FILE));
    await expectRefusal('model.missing');
  });

  it('without weights', async () => {
    await fs.rm(join(dir, WEIGHTS_FILE));
    await expectRefusal('model.invalid', 'weights.safetensors: The file is missing.');
  });

  it('with an empty model.json', async () => {
    await fs.writeFile(join(dir, MANIFEST_FILE), '');
    await expectRefusal('model.invalid', 'model.json: It is not valid JSON');
  });

  it('with a model.json that is no text', async () => {
    await fs.writeFile(join(dir, MANIFEST_FILE), Uint8Array.of(0xff, 0xfe, 0x00));
    await expectRefusal('model.invalid', 'model.json: It is not valid JSON');
  });

  it('with a model.json that is far too large', async () => {
    await fs.truncate(join(dir, MANIFEST_FILE), 17 << 20);
    await expectRefusal('model.invalid', 'model.json: It holds 17825792 bytes');
  });

  it('with weights that are far too large, before they are read', async () => {
    await fs.truncate(join(dir, WEIGHTS_FILE), 2 ** 33);
    await expectRefusal('model.invalid', 'weights.safetensors: It holds 8589934592 bytes');
  });

  it.each([MANIFEST_FILE, WEIGHTS_FILE])('with a folder in the place of %s', async (file) => {
    await fs.rm(join(dir, file));
    await fs.mkdir(join(dir, file));
    await expectRefusal('model.invalid', `${file}: It is not a file.`);
  });

  it.each([MANIFEST_FILE, WEIGHTS_FILE])(
    'with a pipe or an endless device in the place of %s, and nobody waits for either',
    async (file) => {
      await fs.rm(join(dir, file));
      execFileSync('mkfifo', [join(dir, file)]);
      await expectRefusal('model.invalid', `${file}: It is not a file.`);
      await fs.rm(join(dir, file));
      await fs.symlink('/dev/zero', join(dir, file));
      await expectRefusal('model.invalid', `${file}: It is not a file.`);
    },
  );

  it('with weights of another alphabet', async () => {
    const other = { ...sampleManifest, alphabet: { ...alphabet, symbols: ['b', 'a', ' '] } };
    await fs.writeFile(join(dir, MANIFEST_FILE), JSON.stringify(other));
    await expectRefusal('model.invalid', 'weights.safetensors: The weights were saved with another model.json.');
  });

  it('with weights of other labels', async () => {
    await writeModel(dir, soundLabeller, initialParameters(soundLabeller.network, 1), { dtype: 'F32' });
    const other = { ...soundLabeller, labels: [...soundLabeller.labels].reverse() };
    await fs.writeFile(join(dir, MANIFEST_FILE), JSON.stringify(other));
    await expectRefusal('model.invalid', 'weights.safetensors: The weights were saved with another model.json.');
  });

  it('with weights of another network', async () => {
    const other = {
      ...sampleManifest,
      network: { ...network, layers: [{ cell: 'lstm', units: 3, direction: 'forward' }] },
    };
    await fs.writeFile(join(dir, MANIFEST_FILE), JSON.stringify(other));
    await expectRefusal('model.invalid', 'weights.safetensors: ', 'layer0.forward.inputWeights');
  });
});
