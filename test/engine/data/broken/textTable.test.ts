// Tables of texts that cannot be learned: one sentence each, with the file and the line.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseTextTable, readTextTable, type LabelColumn } from '../../../../engine/data/textTable';
import { labelledText } from '../../../../engine/labelling/textLabels';
import { tokensOf } from '../../../../engine/text/tokens';
import { temporaryFolder } from '../../temporary';

const read = (content: string, column: LabelColumn) =>
  parseTextTable(content, 'table.tsv', column).map((row) =>
    labelledText(row, column, (text) => tokensOf('spaced', text)),
  );

describe('a table of texts is refused', () => {
  it.each<[string, LabelColumn, string, string]>([
    ['of nothing', 'label', '\n \n', 'line 1: It lists no text.'],
    ['of a header alone', 'label', 'text\tlabel\n', 'line 1: It lists no text.'],
    ['with a line without a tab', 'label', 'good\tyes\nbad\n', 'line 2: It has no tab between the text and its label.'],
    ['with an empty label', 'label', 'good\tyes\nbad\t \n', 'line 2: It has no label.'],
    ['with empty tags', 'tags', 'a b\t\n', 'line 1: It has no tags.'],
    ['with an empty text', 'label', '\tyes\n', 'line 1: Its text has no token.'],
    [
      'with a tag too few',
      'tags',
      'a b\tO O\r\nc d e\tO O\r\n',
      'line 2: Its text has 3 tokens, but there are 2 tags.',
    ],
    ['with a tag too many', 'tags', 'text\ttags\na b\tO O O\n', 'line 2: Its text has 2 tokens, but there are 3 tags.'],
    ['with an unknown part', 'label', 'text\tlabel\tpart\na\tyes\tmost\n', 'line 2: Its part must be one of: train,'],
    [
      'with a label far too long',
      'label',
      `a\t${'x'.repeat(101)}\n`,
      'line 1: The label “xxxxxxxxxxxxxxxxxxxx…” is longer',
    ],
    [
      'with a text without end',
      'label',
      `${'a '.repeat(20_001)}\tyes\n`,
      'line 1: Its text has 20001 tokens, but at most',
    ],
  ])('%s', (_what, column, content, says) => {
    expect(() => read(content, column)).toThrow(`table.tsv, ${says}`);
  });

  it('that is not there, is a folder, or is no UTF-8', async () => {
    const folder = await temporaryFolder();
    await expect(readTextTable(join(folder, 'none.tsv'), 'label')).rejects.toMatchObject({ code: 'file.missing' });
    await expect(readTextTable(folder, 'label')).rejects.toMatchObject({ code: 'file.unreadable' });
    const file = join(folder, 'latin.tsv');
    await fs.writeFile(file, Uint8Array.of(0x63, 0xe9, 0x09, 0x61));
    await expect(readTextTable(file, 'label')).rejects.toThrow('line 1: It is not UTF-8 text.');
  });
});

describe('a table of texts', () => {
  it('names its columns in a header, in any order, and others besides', () => {
    const [row] = parseTextTable('\uFEFFpart\tlabel\tsource\ttext\ntest\tyes\tmail\tAll well\n', 'table.tsv', 'label');
    expect(row).toMatchObject({ text: 'All well', labels: 'yes', part: 'test', line: 2 });
  });

  it('has text and label without one, whatever is in them', () => {
    const rows = parseTextTable('what of it?\tplain question\n\n数\t是\n', 'table.tsv', 'label');
    expect(rows.map(({ text, labels, line }) => [text, labels, line])).toEqual([
      ['what of it?', 'plain question', 1],
      ['数', '是', 3],
    ]);
  });

  it('has as many tags as its text has tokens, parted by any white space', () => {
    expect(read('Arrive  at 9:30 p.m.\tO O  B-time I-time\n', 'tags')).toMatchObject([
      { tokens: ['arrive', 'at', '9:30', 'p.m.'], labels: ['O', 'O', 'B-time', 'I-time'] },
    ]);
  });
});
