// Texts that a window sends to be learned of.
import { describe, expect, it } from 'vitest';
import { runReadingMethods } from '../../../app/contract/runs';
import type { TextFiles } from '../../../app/contract/textRuns';
import { textConfigOf, firstTextChoice, TEXT_ENCODINGS } from '../../../renderer/views/train/textDraft';
import { CELL_CHOICES, DIRECTION_CHOICES } from '../../../app/networkChoice';
import { foundIn, readRunTexts, rowsToLearn, sourceOf, writeRunTexts } from '../../../engine/runs/textFiles';
import { textRun } from '../../../engine/training/textRun';
import { temporaryFolder } from '../temporary';

const file = (name: string, text: string): TextFiles[number] => ({ name, bytes: new TextEncoder().encode(text) });

describe('files of texts', () => {
  it('are told with what was left out, by file and line', () => {
    const own = file('trips.tsv', 'leave oslo\tO B-from\nno tags here\nreach new york\tO B-to I-to\nreach oslo\tO\n');
    const found = runReadingMethods['runs.texts'].reply.parse(foundIn('slots', [own]));
    expect(found).toMatchObject({ form: 'table', texts: 2, words: 5, leftOut: 2 });
    expect(found.labels).toEqual([
      { label: 'from', count: 1 },
      { label: 'to', count: 1 },
    ]);
    expect(found.reasons).toMatchObject([
      { file: 'trips.tsv', line: 2 },
      { file: 'trips.tsv', line: 4, params: { reason: 'reason.text.tagCount', tokens: 2, tags: 1 } },
    ]);
  });

  it('come as three that belong together, whatever their order', () => {
    const three = [
      file('label', 'go\nstay\n'),
      file('seq.out', 'O B-to\nO O\n'),
      file('seq.in', 'reach oslo\nstay here\n'),
    ];
    expect(sourceOf('slots', three).rows.map(({ labels }) => labels)).toEqual(['O B-to', 'O O']);
    expect(sourceOf('intent', three).rows.map(({ labels }) => labels)).toEqual(['go', 'stay']);
    expect(() => sourceOf('slots', [file('a.txt', 'a\tb'), file('b.txt', 'a\tb')])).toThrow(/a\.txt, b\.txt/);
  });

  it.each([
    ['nothing to learn', file('empty.tsv', '\n')],
    ['bytes that are no text', { name: 'sound.tsv', bytes: Uint8Array.of(0xff, 0xfe, 0x41) }],
  ])('of %s are refused by name', (_what, wrong) => {
    expect(() => sourceOf('intent', [wrong])).toThrow(wrong.name);
  });

  it('none are the sample: the verb tells whether a town is left or reached', () => {
    const rows = rowsToLearn(sourceOf('slots', []));
    const towns = new Map<string, Set<string>>();
    for (const { text, labels } of rows)
      text.split(' ').forEach((word, at) => {
        const tag = labels.split(' ')[at]!;
        if (/-(to|from)$/.test(tag)) towns.set(word, (towns.get(word) ?? new Set()).add(tag.slice(2)));
      });
    expect([...(towns.get('taipei') ?? [])].sort()).toEqual(['from', 'to']);
  });

  it('are kept as they were, without what is for a test', async () => {
    const folder = await temporaryFolder();
    const own = file('said.tsv', 'text\tlabel\tpart\ngood\tyes\ttrain\nbad\tno\tvalidation\nfine\tyes\ttest\n');
    await writeRunTexts(folder, rowsToLearn(sourceOf('sentiment', [own])));
    expect(await readRunTexts(folder)).toMatchObject([
      { text: 'good', labels: 'yes', part: 'train' },
      { text: 'bad', labels: 'no', part: 'validation' },
    ]);
  });
});

describe('the choices of a run', () => {
  const rows = rowsToLearn(sourceOf('slots', [])).slice(0, 60);
  it.each(CELL_CHOICES.flatMap((cell) => DIRECTION_CHOICES.map((direction) => [cell, direction] as const)))(
    'make a network of %s, %s',
    (cell, direction) => {
      const { network } = textRun(textConfigOf('slots', { ...firstTextChoice, cell, direction }, 'Mine'), rows).model;
      expect(network.layers[0]).toMatchObject({ cell: cell === 'lstmPeepholes' ? 'lstm' : cell, units: 32 });
    },
  );
  it.each(TEXT_ENCODINGS)('encode words as %s, with learned vectors or without', (encoding) => {
    for (const embedding of [0, 16]) {
      const config = textConfigOf('slots', { ...firstTextChoice, encoding, embedding }, 'Mine');
      const { network } = textRun(config, rows).model;
      expect(network.embedding?.size ?? 0).toBe(embedding);
      expect(network.text?.kind).toBe(encoding === 'oneOfN' ? 'oneOfN' : 'letterNGrams');
    }
  });
});
