// A small model for the tests of files: two inputs, one bidirectional layer of two units, three symbols and the blank.
import type { RecogniserManifest, SoundLabellerManifest, TextLabellerManifest } from '../../../app/contract/model';
import { parameterShapes, sizeOf, type ParameterSet, type ParameterShape } from '../../../engine/network/parameters';

export const sampleManifest: RecogniserManifest = {
  format: 'unroll-model',
  version: 1,
  id: 'sample',
  name: { en: 'Sample', zh: '样例' },
  frontEnd: {
    kind: 'mfcc',
    sampleRateHz: 8000,
    windowMs: 25,
    hopMs: 10,
    window: 'hamming',
    melBands: 26,
    coefficients: 2,
    deltas: 0,
    deltaSpan: 2,
    tailMs: 0,
    normalisation: { kind: 'training-statistics', mean: [0, 0.25], standardDeviation: [1, 2] },
  },
  alphabet: { symbols: ['a', 'b', ' '], wordSeparator: ' ', unknown: null },
  network: {
    inputSize: 2,
    layers: [{ cell: 'lstm', units: 2, direction: 'bidirectional' }],
    dropout: 0.1,
    head: { kind: 'ctc', classes: 4 },
  },
  card: {
    understands: { en: 'The letters a and b.', zh: '字母 a 和 b。' },
    words: [],
    language: 'en',
    licence: { en: 'CC0-1.0', zh: 'CC0-1.0' },
    data: [],
    parameters: 100,
    errors: [],
    trainedOn: '2026-01-01',
    recipe: '',
  },
};

const { frontEnd, network, card, format, version, name } = sampleManifest;
/** The same network under labels, one for each sequence. */
export const soundLabeller: SoundLabellerManifest = {
  format,
  version,
  id: 'sample-sound-labels',
  name,
  frontEnd,
  labels: ['yes', 'no, never'],
  network: { ...network, head: { kind: 'lastStep', classes: 2 } },
  card,
};
/** Letter n-grams under an embedding, a tag for each word. */
export const textLabeller: TextLabellerManifest = {
  format,
  version,
  id: 'sample-text-labels',
  name,
  labels: ['O', 'B-city', 'I-city'],
  network: {
    inputSize: 4,
    text: { kind: 'letterNGrams', n: 3, known: ['#ro', 'rom', 'me#'], maxPerWord: 8 },
    embedding: { size: 2 },
    layers: [{ cell: 'gru', units: 3, direction: 'bidirectional' }],
    dropout: 0,
    head: { kind: 'framewise', classes: 3 },
  },
  card,
};

export const sampleShapes: readonly ParameterShape[] = parameterShapes(sampleManifest.network);

/** Values that half precision holds exactly. */
export const sampleParameters: ParameterSet = new Map(
  sampleShapes.map(({ name, shape }, index) => [
    name,
    { name, shape, values: Float32Array.from({ length: sizeOf(shape) }, (_, i) => (i - 3) / 8 + index) },
  ]),
);
