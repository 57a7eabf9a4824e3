// Every format from its own layout to a data set, with one sound missing and one broken.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { ImportFormat } from '../../../app/contract/dataset';
import { importData } from '../../../engine/data/importing';
import { readManifest } from '../../../engine/data/manifest';
import { temporaryFolder } from '../temporary';
import { folderOf, tone, type Tree } from './importers/tree';

const flac = await fs.readFile(join(import.meta.dirname, '../../fixtures/audio/encoded/five.flac'));
const mp3 = await fs.readFile(join(import.meta.dirname, '../../fixtures/audio/encoded/five.mp3'));
const broken = 'no sound';

interface Layout {
  readonly tree: Tree;
  readonly texts: readonly string[];
  readonly speakers: number;
  readonly isMissing: boolean;
}
const layouts: Readonly<Record<ImportFormat, Layout>> = {
  manifest: {
    tree: {
      'list.tsv':
        'path\ttranscript\tspeaker\na.wav\tone\tanna\nb.wav\ttwo\tben\nc.wav\tthree\tben\ngone.wav\tfour\tben\n',
      'a.wav': tone(1),
      'b.wav': tone(1),
      'c.wav': broken,
    },
    texts: ['one', 'two'],
    speakers: 2,
    isMissing: true,
  },
  deepspeech: {
    tree: {
      'train.csv':
        'wav_filename,wav_filesize,transcript\na.wav,1,one\nb.wav,1,"two, three"\nc.wav,1,four\ngone.wav,1,x\n',
      'a.wav': tone(1),
      'b.wav': tone(1),
      'c.wav': broken,
    },
    texts: ['one', 'two, three'],
    speakers: 0,
    isMissing: true,
  },
  'common-voice': {
    tree: {
      'validated.tsv':
        'client_id\tpath\tsentence\nq1\ta.mp3\tSchöne\nq2\tb.mp3\tHöhe\nq2\tc.mp3\tnein\nq2\tgone.mp3\tja\n',
      'clips/a.mp3': mp3,
      'clips/b.mp3': mp3,
      'clips/c.mp3': broken,
    },
    texts: ['Schöne', 'Höhe'],
    speakers: 2,
    isMissing: true,
  },
  librispeech: {
    tree: {
      'dev/84/1/84-1.trans.txt': '84-1-0000 FIVE\n84-1-0001 BAD\n84-1-0002 GONE\n',
      'dev/84/1/84-1-0000.flac': flac,
      'dev/84/1/84-1-0001.flac': broken,
      'dev/174/2/174-2.trans.txt': '174-2-0000 HIGH\n',
      'dev/174/2/174-2-0000.flac': flac,
    },
    texts: ['HIGH', 'FIVE'],
    speakers: 2,
    isMissing: true,
  },
  ljspeech: {
    tree: {
      'metadata.csv': 'LJ-1|No. 5|Number five\nLJ-2|go|go\nLJ-3|bad|bad\nLJ-4|gone|gone\n',
      'wavs/LJ-1.wav': tone(1),
      'wavs/LJ-2.wav': tone(1),
      'wavs/LJ-3.wav': broken,
    },
    texts: ['Number five', 'go'],
    speakers: 0,
    isMissing: true,
  },
  kaldi: {
    tree: {
      'wav.scp': 'r1 a.wav\nr2 c.wav\nr3 gone.wav\n',
      text: 'u1 one\nu2 two\nu3 three\nu4 four\n',
      utt2spk: 'u1 anna\nu2 ben\nu3 ben\nu4 ben\n',
      segments: 'u1 r1 0 1\nu2 r1 1 2\nu3 r2 0 1\nu4 r3 0 1\n',
      'a.wav': tone(2),
      'c.wav': broken,
    },
    texts: ['one', 'two'],
    speakers: 2,
    isMissing: true,
  },
  'paired-text': {
    tree: {
      'a.wav': tone(1),
      'a.txt': 'one',
      'deep/er/b.flac': flac,
      'deep/er/b.txt': 'two',
      'c.wav': broken,
      'c.txt': 'three',
    },
    texts: ['one', 'two'],
    speakers: 0,
    isMissing: false,
  },
  'word-folders': {
    tree: {
      'yes/aa_nohash_0.wav': tone(1),
      'no/bb_nohash_0.wav': tone(1),
      'no/bb_nohash_1.wav': broken,
    },
    texts: ['no', 'yes'],
    speakers: 2,
    isMissing: false,
  },
  fsdd: {
    tree: { '7_jackson_32.wav': tone(0.4), '三_小王_0.wav': tone(0.4), '8_theo_1.wav': broken },
    texts: ['7', '三'],
    speakers: 2,
    isMissing: false,
  },
};

describe('a data set of the form', () => {
  it.each(Object.entries(layouts))('%s is imported, and what is wrong in it is told', async (format, layout) => {
    const out = join(await temporaryFolder(), 'set');
    const options = { format: null, isCopying: true, isReplacing: false, seed: 1 } as const;
    const report = await importData(await folderOf(layout.tree), out, options);
    expect(report.source.format).toBe(format);
    expect(report.taken).toMatchObject({ recordings: layout.texts.length, speakers: layout.speakers });
    expect(report.leftOut.map(({ reason, count }) => [reason, count])).toEqual([
      ...(layout.isMissing ? [['missing-file', 1]] : []),
      ['unreadable-audio', 1],
    ]);
    const rows = await readManifest(join(out, 'manifest.tsv'));
    expect(rows.map(({ transcript }) => transcript)).toEqual(layout.texts);
    expect(report.split.by).toBe(layout.speakers < 2 ? 'recording' : 'speaker');
    for (const { path } of rows) await fs.access(path);
  });
});
