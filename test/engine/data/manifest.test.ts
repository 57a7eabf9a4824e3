import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { manifestText, parseListedRows, parseManifest, readManifest } from '../../../engine/data/manifest';

const parse = (text: string) => parseManifest(text, '/data/list.tsv');
const pick = (text: string) =>
  parse(text).map(({ path, transcript, speaker, corpus }) => [path, transcript, speaker, corpus]);

const failureOf = (action: () => unknown): unknown => {
  try {
    return action();
  } catch (error) {
    return error;
  }
};

describe('a manifest', () => {
  it('is read without a header', () => {
    expect(pick('a.wav\tone two\nb/c.wav\tthree\tanna\tfsdd\n')).toEqual([
      ['/data/a.wav', 'one two', null, null],
      ['/data/b/c.wav', 'three', 'anna', 'fsdd'],
    ]);
  });

  it('is read with a header, in any order and with further columns', () => {
    expect(pick('speaker\tpath\trate\ttranscript\nanna\ta.wav\t8000\tone\n')).toEqual([
      ['/data/a.wav', 'one', 'anna', null],
    ]);
  });

  it('is read with a byte-order mark, Windows line ends and blank lines', () => {
    expect(pick('\uFEFFpath\ttranscript\r\na.wav\tone\r\n\r\n')).toEqual([['/data/a.wav', 'one', null, null]]);
  });

  it('keeps absolute paths', () => {
    expect(parse('/elsewhere/a.wav\tone')[0]?.path).toBe('/elsewhere/a.wav');
  });

  it('allows an empty transcript', () => {
    expect(parse('a.wav\t')[0]?.transcript).toBe('');
  });

  it('says to which part of a data set a row belongs, where it does', () => {
    expect(parse('path\ttranscript\tpart\na.wav\tone\ttest\nb.wav\ttwo\t\n').map(({ part }) => part)).toEqual([
      'test',
      null,
    ]);
    expect(() => parse('path\ttranscript\tpart\na.wav\tone\tdev\n')).toThrow(
      '/data/list.tsv, line 2: Its part must be one of: train, validation, test.',
    );
  });

  it('remembers the line of each row', () => {
    expect(parse('path\ttranscript\n\na.wav\tone\n').map((row) => row.line)).toEqual([3]);
  });

  it.each([
    ['a line without a tab', 'a.wav\tone\nb.wav two', 2, 'no tab'],
    ['a line without a file', 'path\ttranscript\n\tone', 2, 'names no file'],
    ['no rows', 'path\ttranscript\n', 1, 'no recording'],
    ['nothing', '', 1, 'no recording'],
  ])('with %s is refused with file and line', (_what, text, line, words) => {
    const params = { file: '/data/list.tsv', line };
    expect(failureOf(() => parse(text))).toMatchObject({ code: 'manifest.invalid', params });
    expect(() => parse(text)).toThrow(words);
  });
});

describe('reading a manifest file', () => {
  let folder = '';
  beforeAll(async () => {
    folder = await fs.mkdtemp(join(tmpdir(), 'unroll-manifest-'));
  });
  afterAll(() => fs.rm(folder, { recursive: true }));

  it('resolves paths beside it', async () => {
    await fs.writeFile(join(folder, 'list.tsv'), 'a.wav\t一二三\n');
    expect(await readManifest(join(folder, 'list.tsv'))).toMatchObject([
      { path: join(folder, 'a.wav'), transcript: '一二三' },
    ]);
  });

  it('names a file that is not there', async () => {
    await expect(readManifest(join(folder, 'none.tsv'))).rejects.toMatchObject({ code: 'file.missing' });
  });

  it('names a folder given in place of a file', async () => {
    await expect(readManifest(folder)).rejects.toMatchObject({ code: 'file.unreadable' });
  });

  it('refuses a device, which may never end', async () => {
    await expect(readManifest('/dev/zero')).rejects.toMatchObject({ code: 'file.unreadable' });
  });

  it('names a file that is not text', async () => {
    await fs.writeFile(join(folder, 'binary.tsv'), new Uint8Array([0xff, 0xfe, 0x61]));
    await expect(readManifest(join(folder, 'binary.tsv'))).rejects.toMatchObject({ code: 'manifest.invalid' });
  });
});

describe('rows that a person left out', () => {
  const list = 'path\ttranscript\tdevice\tleftOut\na.wav\tone\tHeadset\t\nb.wav\ttwo\t\tyes\n';

  it('are passed over, and are still in the list', () => {
    expect(pick(list)).toEqual([['/data/a.wav', 'one', null, null]]);
    expect(parseListedRows(list, '/data/list.tsv')).toMatchObject([
      { stored: 'a.wav', device: 'Headset', isLeftOut: false },
      { stored: 'b.wav', device: null, isLeftOut: true },
    ]);
  });

  it('leave no list where nothing else is in it', () => {
    expect(() => parse('path\ttranscript\tleftOut\na.wav\tone\tyes\n')).toThrow('It lists no recording.');
  });

  it('are told by one word alone', () => {
    expect(() => parse('path\ttranscript\tleftOut\na.wav\tone\tno\n')).toThrow(
      'line 2: Its leftOut must be yes or empty.',
    );
  });

  it('are written as they are read, and the column is there only for them', () => {
    const row = { path: 'a.wav', transcript: 'one', speaker: null, corpus: null, part: 'train' } as const;
    expect(manifestText([row])).toBe('path\ttranscript\tspeaker\tcorpus\tpart\na.wav\tone\t\t\ttrain\n');
    const written = manifestText([row, { ...row, path: 'b.wav', device: 'Headset', isLeftOut: true }]);
    expect(parseListedRows(written, '/data/list.tsv').map(({ device, isLeftOut }) => [device, isLeftOut])).toEqual([
      [null, false],
      ['Headset', true],
    ]);
  });
});
