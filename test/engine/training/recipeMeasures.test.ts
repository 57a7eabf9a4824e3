import { describe, expect, it } from 'vitest';
import type { RecogniserManifest } from '../../../app/contract/model';
import { parseManifest } from '../../../engine/data/manifest';
import type { HeardUtterance } from '../../../engine/language/tune';
import { fitDecoding, languageOf } from '../../../engine/training/recipeLanguage';
import { validationErrors } from '../../../engine/training/recipeMeasures';
import { fakeManifest } from '../listen/fakeNetwork';

const WORDS = ['five', 'nine', 'stop'];
const fake = fakeManifest();
const manifest: RecogniserManifest = {
  ...fake,
  alphabet: { symbols: WORDS, wordSeparator: null, unknown: null },
  network: { ...fake.network, head: { kind: 'ctc', classes: WORDS.length + 1 } },
  card: { ...fake.card, words: WORDS },
};
/** Each word for three frames with blanks around it, as sure as `score` makes it. */
function heard(said: string, reference: string, { speaker = 'anna', score = 6 } = {}): HeardUtterance {
  const classes = said.split(' ').flatMap((word) => [3, ...Array<number>(3).fill(WORDS.indexOf(word)), 3]);
  const logits = new Float32Array(classes.length * 4);
  classes.forEach((each, t) => (logits[4 * t + each] = score));
  return { logits, reference, speaker };
}
const rows = parseManifest(
  'a.wav\tstop five nine\tanna\tlists\nb.wav\tstop nine nine\tbert\tlists\nc.wav\tfive\tcleo\tothers\n',
  'list.tsv',
);

describe('what a recipe measures', () => {
  it('tells words and characters of all, noise, and every speaker by a number instead of a name', () => {
    const clean = [heard('five nine', 'five nine'), heard('stop', 'nine', { speaker: 'bert' })];
    const noisy = [{ snrDb: 10, heard: [heard('stop', 'nine')] }];
    const options = { manifest, language: null, command: 'npm run recipe', date: '2026-01-01' };
    const lines = validationErrors({ clean, noisy, realTimeFactor: 0.1 }, options);
    expect(
      lines.map(({ set, measure, value, utterances }) => [
        typeof set === 'string' ? set : set.en,
        measure,
        value,
        utterances,
      ]),
    ).toEqual([
      ['validation speakers, greedy', 'wer', 1 / 3, 2],
      ['validation speakers, greedy', 'cer', expect.closeTo(4 / 13), 2],
      ['validation speakers, white noise at 10 dB, greedy', 'wer', 1, 1],
      ['validation speaker 1, greedy', 'wer', 0, 1],
      ['validation speaker 2, greedy', 'wer', 1, 1],
    ]);
  });

  it('says everything twice where there is a language model', () => {
    const words = languageOf(rows, 'lists');
    const clean = [heard('stop nine', 'stop nine'), heard('five', 'five', { speaker: 'bert' })];
    const { decoder, decoding } = fitDecoding(manifest, words, clean);
    expect(decoding.calibration).toBeDefined();
    const options = { manifest, language: decoder, command: 'npm run recipe', date: '2026-01-01' };
    const lines = validationErrors({ clean, noisy: [], realTimeFactor: 0.1 }, options);
    expect(lines).toHaveLength(6);
    expect(lines.every(({ value }) => value === 0)).toBe(true);
  });
});

describe('the language model of a recipe', () => {
  it('is of one corpus, and finds every digit as probable as another in the same place', () => {
    const model = languageOf(rows, 'lists');
    const after = model.next(model.begin, model.tokenOf('stop').token);
    const scoreAfterStop = (word: string): number => {
      const { token, membership } = model.tokenOf(word);
      return model.score(after, token) + membership;
    };
    expect(scoreAfterStop('five')).toBe(scoreAfterStop('seven'));
    expect(scoreAfterStop('five')).toBeGreaterThan(scoreAfterStop('stop'));
  });
});
