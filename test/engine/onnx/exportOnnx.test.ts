import { join } from 'node:path';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { describe, expect, it } from 'vitest';
import { extractFeatures } from '../../../app/features/frontEnd';
import { hearsSound, isRecogniser, type ModelManifest } from '../../../app/contract/model';
import { networkSchema, type NetworkSpec } from '../../../app/contract/network';
import { readModel } from '../../../engine/library/modelFiles';
import { exportOnnx } from '../../../engine/onnx/exportOnnx';
import { TextReader } from '../../../engine/labelling/textExamples';
import { batchWidth } from '../../../engine/network/embedding';
import { initialParameters } from '../../../engine/network/initialise';
import { openPortableProgram } from '../../../engine/network/portable';
import type { ParameterSet } from '../../../engine/network/parameters';
import { readSound } from '../../../engine/commands/readSound';
import { tinyManifest } from '../tinyModel';

const T = 11;
const D = 6;

/** Logits of one sequence, by ONNX Runtime. */
async function byOnnx(manifest: ModelManifest, parameters: ParameterSet, frames: Float32Array): Promise<Float32Array> {
  const session = await InferenceSession.create(exportOnnx(manifest, parameters), {
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
  });
  const [input = ''] = session.inputNames;
  const width = batchWidth(manifest.network);
  const dims = [frames.length / width, width];
  const given =
    input === 'slots'
      ? new Tensor('int64', BigInt64Array.from(frames, BigInt), dims)
      : new Tensor('float32', frames, dims);
  const { logits } = await session.run({ [input]: given });
  await session.release();
  return logits?.data as Float32Array;
}

async function byUnroll(spec: NetworkSpec, parameters: ParameterSet, frames: Float32Array): Promise<Float32Array> {
  const program = await openPortableProgram(spec, parameters, 'wasm');
  const length = frames.length / batchWidth(spec);
  const batch = { features: frames, T: length, N: 1, D: batchWidth(spec), lengths: Int32Array.of(length) };
  const logits = await program.logits(batch);
  program.dispose();
  return logits;
}

const largestDifference = (a: Float32Array, b: Float32Array): number =>
  a.length === b.length ? a.reduce((most, value, k) => Math.max(most, Math.abs(value - (b[k] ?? NaN))), 0) : Infinity;

/** Parameters unlike any that training begins with, so that each has a part in the answer. */
const shaken = (spec: NetworkSpec): ParameterSet =>
  new Map(
    [...initialParameters(spec, 3)].map(([name, parameter]) => [
      name,
      { ...parameter, values: parameter.values.map((value, k) => value + 0.2 * Math.sin(k + name.length)) },
    ]),
  );

const both = { direction: 'bidirectional', units: 4 } as const;
const one = { direction: 'forward', units: 4 } as const;
const head = { kind: 'ctc', classes: 5 } as const;
const SPECS: Readonly<Record<string, object>> = {
  'LSTM with peepholes': { layers: [{ cell: 'lstm', ...both, peepholes: true }], head },
  'normalised LSTM, learned start': {
    layers: [{ cell: 'lstm', ...both, layerNormalisation: true, initialState: 'learned', merge: 'sum' }],
    head,
  },
  'GRU, both resets': {
    layers: [
      { cell: 'gru', ...both },
      { cell: 'gru', ...one, reset: 'after' },
    ],
    head,
  },
  'Elman and Jordan': {
    layers: [
      { cell: 'elman', ...both, activation: 'relu' },
      { cell: 'jordan', ...one, outputs: 3 },
    ],
    head,
  },
  'Clockwork both ways': { layers: [{ cell: 'clockwork', ...both, periods: [1, 3] }], head },
  'SCRN above a feed-forward layer': {
    layers: [
      { cell: 'feedForward', units: 4, activation: 'sigmoid' },
      { cell: 'scrn', ...one, contextUnits: 2, decay: 'learned' },
    ],
    head,
  },
  'stacked frames and votes': {
    stack: { frames: 3, step: 2 },
    layers: [{ cell: 'lstm', ...both }],
    head: { ...head, voteSteps: 3 },
  },
  'convolutions, normalised both ways': {
    front: {
      bands: 6,
      convolutions: [
        { filters: 3, frames: 3, bands: 3, pool: 2, normalisation: 'batch' },
        { filters: 2, frames: 1, bands: 3, pool: 1, layerNormalisation: true },
      ],
    },
    layers: [{ cell: 'gru', ...one }],
    head,
  },
  'last step of two readings that are added': {
    layers: [{ cell: 'lstm', ...both, merge: 'sum' }],
    head: { kind: 'lastStep', classes: 3 },
  },
  'mean of all steps': { layers: [{ cell: 'lstm', ...both }], head: { kind: 'meanPool', classes: 3 } },
  'largest of all steps': { layers: [{ cell: 'lstm', ...one }], head: { kind: 'maxPool', classes: 3 } },
};

describe('an exported network', () => {
  it.each(Object.keys(SPECS))('answers in ONNX Runtime as it does here: %s', async (name) => {
    const network = networkSchema.parse({ inputSize: D, dropout: 0, ...SPECS[name] });
    const manifest = { ...tinyManifest('forward'), network };
    const parameters = shaken(network);
    const frames = Float32Array.from({ length: T * D }, (_, k) => Math.sin(0.7 * k));
    const difference = largestDifference(
      await byOnnx(manifest, parameters, frames),
      await byUnroll(network, parameters, frames),
    );
    expect(difference).toBeLessThan(1e-4);
  });

  it('of the bundled recogniser answers alike on a real recording, and says how to hear it', async () => {
    const { manifest, parameters } = await readModel(join(import.meta.dirname, '../../../assets/models/digits'));
    if (!isRecogniser(manifest)) throw new Error('Expected a recogniser');
    const pcm = await readSound(join(import.meta.dirname, '../../fixtures/audio/asterisk_digits_6.wav'));
    const { frames } = extractFeatures(pcm, manifest.frontEnd);
    const difference = largestDifference(
      await byOnnx(manifest, parameters, frames),
      await byUnroll(manifest.network, parameters, frames),
    );
    expect(difference).toBeLessThan(1e-4);
    const signed = { ...manifest, card: { ...manifest.card, author: 'Ana of the kitchen' } };
    const text = Buffer.from(exportOnnx(signed, parameters)).toString('latin1');
    expect(text).toContain(JSON.stringify(manifest.frontEnd));
    expect(text).toContain('"wordSeparator":" "');
    // Key and value, each as a field of the metadata, its length before it.
    for (const [key, value] of [
      ['author', 'Ana of the kitchen'],
      ['sampleRateHz', String(manifest.frontEnd.sampleRateHz)],
    ] as const)
      expect(text).toContain(`${key}\u0012${String.fromCharCode(value.length)}${value}`);
  });

  it.each([
    ['tagger', 'snips-slots', 'play some jazz from nineteen eighty on spotify'],
    ['judge of whole texts', 'sentiment', 'a dull film that wastes a fine cast'],
  ])(
    'of the bundled %s answers alike on a real sentence, and says what its answers are called',
    async (_, id, text) => {
      const { manifest, parameters } = await readModel(join(import.meta.dirname, '../../../assets/models', id));
      if (isRecogniser(manifest) || hearsSound(manifest)) throw new Error('Expected a model of texts');
      const features = new TextReader(manifest.network).features(text);
      const [there, here] = [
        await byOnnx(manifest, parameters, features),
        await byUnroll(manifest.network, parameters, features),
      ];
      expect(there.length % manifest.labels.length).toBe(0);
      expect(largestDifference(there, here)).toBeLessThan(1e-4);
      const file = Buffer.from(exportOnnx(manifest, parameters)).toString('utf8');
      expect(file).toContain(JSON.stringify(manifest.labels));
      expect(file).toContain(JSON.stringify(manifest.network.text.kind));
    },
  );
});
