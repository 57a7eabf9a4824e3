import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { reasonText } from '../../../app/errors';
import { parseTextSource, readTextSource, type LeftOutText } from '../../../engine/data/textSource';
import { temporaryFolder } from '../temporary';

const both = (rows: readonly { readonly text: string; readonly labels: string }[]) =>
  rows.map(({ text, labels }) => [text, labels]);
const reasons = (leftOut: readonly LeftOutText[]) =>
  leftOut.map(({ line, reason }) => `${line}: ${reasonText(reason)}`);

describe('a table', () => {
  it('of words and tags leaves out the line that does not fit, and keeps the others', () => {
    const { form, rows, leftOut } = parseTextSource(
      'to Taipei\tO B-to\nto Taipei\tO\nno tab\n\nfrom Rome\tO B-from\n',
      'slots.txt',
      'slots',
    );
    expect(form).toBe('table');
    expect(both(rows)).toEqual([
      ['to Taipei', 'O B-to'],
      ['from Rome', 'O B-from'],
    ]);
    expect(reasons(leftOut)).toEqual([
      '2: Its text has 2 tokens, but there are 1 tags.',
      '3: It has no tab between the text and its tags.',
    ]);
  });
  it('of sentences and labels names the sentence without a word', () => {
    const { rows, leftOut } = parseTextSource('Good case.  \t1\n \t0\n', 'a.txt', 'sentiment');
    expect(both(rows)).toEqual([['Good case.', '1']]);
    expect(reasons(leftOut)).toEqual(['2: Its text has no token.']);
  });
});

describe('one token a line', () => {
  const conll = '-DOCSTART- -X- O\n\nEU NNP B-ORG\nrejects VBZ O\n\nPeter NNP B-PER\nlost\n';
  it('is told by its empty lines; the last column is the tag', () => {
    const { form, rows, leftOut } = parseTextSource(conll, 'a.conll', 'slots');
    expect(form).toBe('table');
    expect(rows).toEqual([]);
    expect(leftOut.length).toBeGreaterThan(0);
    const whole = parseTextSource(conll.replace('lost\n', 'left VBD O\n'), 'a.conll', 'slots');
    expect(whole.form).toBe('tokens');
    expect(both(whole.rows)).toEqual([
      ['EU rejects', 'B-ORG O'],
      ['Peter left', 'B-PER O'],
    ]);
  });
  it('may be parted by tabs', () => {
    const { rows } = parseTextSource('to\tO\nRome\tB-to\n\nto\tO\nParis\tB-to', 'a.iob', 'slots');
    expect(both(rows)).toEqual([
      ['to Rome', 'O B-to'],
      ['to Paris', 'O B-to'],
    ]);
  });
});

describe('three files', () => {
  async function folderOf(files: Readonly<Record<string, string>>): Promise<string> {
    const folder = await temporaryFolder();
    for (const [name, content] of Object.entries(files)) await fs.writeFile(join(folder, name), content);
    return folder;
  }
  const three = { 'seq.in': 'play jazz\nto Rome\n', 'seq.out': 'O B-genre\nO B-to\n', label: 'Play\nBook\n' };

  it('are read for their tags or for their labels, from a folder or by the beginning of their names', async () => {
    const folder = await folderOf({
      ...three,
      ...Object.fromEntries(Object.entries(three).map(([name, content]) => [`dev.${name}`, content])),
    });
    for (const path of [folder, join(folder, 'dev'), join(folder, 'dev.seq.in')]) {
      const slots = await readTextSource(path, 'slots');
      expect(slots.form).toBe('threeFiles');
      expect(both(slots.rows)).toEqual([
        ['play jazz', 'O B-genre'],
        ['to Rome', 'O B-to'],
      ]);
      expect(both((await readTextSource(path, 'intent')).rows)[1]).toEqual(['to Rome', 'Book']);
    }
  });
  it('are refused where they do not have as many lines', async () => {
    const folder = await folderOf({ ...three, label: 'Play\n' });
    await expect(readTextSource(folder, 'intent')).rejects.toMatchObject({
      code: 'manifest.invalid',
      params: { file: join(folder, 'label'), line: 2 },
    });
  });
});

describe('documents with key phrases', () => {
  const line = (value: unknown): string => JSON.stringify(value);
  it('are tagged, keep their phrases and name their part', () => {
    const { form, rows, leftOut } = parseTextSource(
      [
        line({ id: 1, text: 'Deep networks.', keyphrases: ['deep networks', 'not there'], split: 'test' }),
        '{"text": 3}',
        'no JSON',
        line({ text: '', keyphrases: [] }),
      ].join('\n'),
      'a.jsonl',
      'keywords',
    );
    expect(form).toBe('keyphrases');
    expect(rows).toMatchObject([
      { text: 'deep networks .', labels: 'B-phrase I-phrase O', part: 'test', phrases: ['deep networks', 'not there'] },
    ]);
    expect(reasons(leftOut)).toEqual([
      '2: Its text is not what is needed: text, and keyphrases as a list of texts.',
      '3: It is not JSON.',
      '4: Its text has no token.',
    ]);
  });
});

it('a source in which no line can be used is refused with its first line', async () => {
  const file = join(await temporaryFolder(), 'a.txt');
  await fs.writeFile(file, 'nothing here\n');
  await expect(readTextSource(file, 'intent')).rejects.toMatchObject({
    code: 'manifest.invalid',
    params: { line: 1 },
  });
});
