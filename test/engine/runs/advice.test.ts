import { describe, expect, it } from 'vitest';
import type { ManifestRow } from '../../../engine/data/manifest';
import { adviceOn } from '../../../engine/runs/advice';
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
    expect(adviceOn(rows, { ...config, vocabulary: ['a', 'b', 'd'] })).toMatchObject({
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
    expect(adviceOn(rows, { ...config, vocabulary: null })).toMatchObject({ classes: 2, fewestPerClass: 2 });
  });

  it('takes words where no text is said twice', () => {
    const rows = ['one two', 'two three', 'three one two'].map((text) => row(text));
    expect(adviceOn(rows, { ...config, vocabulary: null })).toMatchObject({ classes: 3, fewestPerClass: 2 });
  });

  it('shows the symbols that will be learned', () => {
    const rows = [row('été'), row('né', { part: 'validation' })];
    expect(adviceOn(rows, { ...config, vocabulary: null }).symbols).toEqual(['n', 't', 'é']);
  });
});
