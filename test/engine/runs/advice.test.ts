import { describe, expect, it } from 'vitest';
import type { ManifestRow } from '../../../engine/data/manifest';
import { adviceOn } from '../../../engine/runs/advice';
import { networkSpecFor } from '../../../engine/training/networkSpec';
import { config } from './fakeTraining';

const row = (transcript: string, change: Partial<ManifestRow> = {}): ManifestRow => ({
  ...{ path: '/x.wav', transcript, speaker: 'anna', corpus: null, part: 'train', manifest: 'm', line: 1 },
  ...change,
});

describe('the advice on a run', () => {
  it('counts what is learned from, by the words of the vocabulary', () => {
    const rows = [
      row('a'),
      row('a b', { speaker: 'ben' }),
      row('a', { part: 'validation', speaker: 'carl' }),
      row('c', { speaker: null }),
    ];
    expect(adviceOn(rows, { ...config, vocabulary: ['a', 'b', 'd'] }, null)).toMatchObject({
      recordings: 3,
      classes: 3,
      speakers: 2,
      fewestPerClass: 0,
      advisedPerClass: 20,
      advisedSpeakers: 10,
    });
  });

  it('takes texts that are said again and again for classes where there is no vocabulary', () => {
    const rows = ['是 的', '是 的', '不', '不', '不'].map((text) => row(text));
    expect(adviceOn(rows, { ...config, vocabulary: null }, null)).toMatchObject({ classes: 2, fewestPerClass: 2 });
  });

  it('takes words where no text is said twice', () => {
    const rows = ['one two', 'two three', 'three one two'].map((text) => row(text));
    expect(adviceOn(rows, { ...config, vocabulary: null }, null)).toMatchObject({ classes: 3, fewestPerClass: 2 });
  });

  it('tells what is kept of the model that it begins with', () => {
    const vocabulary = ['a', 'b'];
    const frontEnd = { ...config.frontEnd, normalisation: { kind: 'none' as const } };
    const alphabet = { symbols: [' ', 'a', '⁇'], wordSeparator: ' ', unknown: '⁇' };
    const network = networkSpecFor(config, frontEnd, alphabet);
    const { name, understands } = config;
    const card = {
      ...{ understands, words: [], language: 'en', licence: { en: '', zh: '' }, data: [], parameters: 0, errors: [] },
      ...{ trainedOn: '', recipe: '' },
    };
    const from = { format: 'unroll-model', version: 1, id: 'old', name, frontEnd, alphabet, network, card } as const;
    expect(adviceOn([row('a b')], { ...config, vocabulary }, from).kept).toEqual({ layers: 1, classes: 4 });
    const other = { ...config, network: { ...config.network, layers: [{ ...config.network.layers[0]!, units: 5 }] } };
    expect(() => adviceOn([row('a b')], other, from)).toThrow('The network of old');
  });

  it('shows the symbols that will be learned', () => {
    const rows = [row('été'), row('né', { part: 'validation' })];
    expect(adviceOn(rows, { ...config, vocabulary: null }, null).symbols).toEqual(['n', 't', 'é']);
  });
});
