import { describe, expect, it } from 'vitest';
import { entriesOf, formatOf, type Tree } from './tree';

const trees = {
  manifest: { 'list.tsv': 'path\ttranscript\tspeaker\na.wav\tone two\tanna\nb.wav\t\t\nc.wav\n\ttwo\n', 'a.wav': '' },
  deepspeech: {
    'train.csv': 'wav_filename,wav_filesize,transcript\nwavs/a.wav,12,"one, two"\nwavs/b.wav\n',
    'dev.csv': 'wav_filename,wav_filesize,transcript\nwavs/c.wav,12,three\n',
    'wavs/a.wav': '',
  },
  'common-voice': {
    'validated.tsv': 'client_id\tpath\tsentence\tup_votes\nq1\ta.mp3\tDie "Höhe"\t2\nq2\tb.mp3\n',
    'train.tsv': 'client_id\tpath\tsentence\nq1\ta.mp3\tDie Höhe\n',
    'invalidated.tsv': 'client_id\tpath\tsentence\nq1\tbad.mp3\tnein\n',
    'clips/a.mp3': '',
  },
  librispeech: {
    'dev-clean/84/121123/84-121123.trans.txt': '84-121123-0000 GO DO YOU HEAR\n84-121123-0001 BUT\n84-121123-0002\n',
    'dev-clean/84/121123/84-121123-0000.flac': '',
    'dev-clean/84/121123/84-121123-0001.wav': '',
    'dev-clean/84/121123/84-121123-0009.flac': '',
    'SPEAKERS.TXT': '84 | F',
  },
  ljspeech: {
    'metadata.csv': 'LJ001-0001|In 1455|In fourteen fifty-five\nLJ001-0002|say "go"|\nLJ001-0003\n',
    'wavs/LJ001-0001.wav': '',
  },
  kaldi: {
    'wav.scp': 'r1 wavs/a.wav\nr2 sph2pipe -f wav b.sph |\nr3 wavs/c.wav\n',
    text: 'r1 one two\nr2 three\nr9 nine\n',
    utt2spk: 'r1 anna\nr2 ben\n',
    'wavs/a.wav': '',
  },
  'paired-text': {
    'x/a.wav': '',
    'x/a.txt': '\uFEFFone two\n',
    'b.flac': '',
    'c.wav': '',
    'c.txt': Uint8Array.of(0xff),
  },
  'word-folders': {
    'yes/0a7c_nohash_0.wav': '',
    'no/1b2d_nohash_3.wav': '',
    'no/take.wav': '',
    '_background_noise_/pink.wav': '',
    'testing_list.txt': 'yes/0a7c_nohash_0.wav',
  },
  fsdd: { '7_jackson_32.wav': '', '0_theo_1.wav': '', 'README.md': '' },
} as const satisfies Record<string, Tree>;
type Format = keyof typeof trees;

describe('a format', () => {
  it.each(Object.keys(trees) as Format[])('is told by itself: %s', async (format) => {
    expect(await formatOf(trees[format])).toBe(format);
  });

  it.each([
    ['manifest', 'list.tsv'],
    ['deepspeech', 'dev.csv'],
    ['common-voice', 'train.tsv'],
    ['ljspeech', 'metadata.csv'],
  ] as const)('is told of a list alone: %s', async (format, list) => {
    expect(await formatOf(trees[format], list)).toBe(format);
  });

  it('is that of a list without a header where its lines begin with sound', async () => {
    expect(await formatOf({ 'list.tsv': 'a.wav\tone\n' }, 'list.tsv')).toBe('manifest');
  });

  it('that is certain goes before one that is likely', async () => {
    // Folders of speakers look like folders of words, but the list says what is said.
    const tree = { 'list.tsv': 'path\ttranscript\nanna/1.wav\tone\n', 'anna/1.wav': '', 'ben/1.wav': '' };
    expect(await formatOf(tree)).toBe('manifest');
  });

  it('is refused where two fit equally, and both are named', async () => {
    const both = formatOf({ ...trees.kaldi, ...trees.manifest });
    await expect(both).rejects.toMatchObject({ code: 'dataset.twoFormats', params: { formats: 'manifest, kaldi' } });
    await expect(both).rejects.toThrow('may be read in several ways: manifest, kaldi. Name one with --format.');
  });

  it('is refused where none fits, and those that there are are named', async () => {
    await expect(formatOf({ 'notes.md': 'one' })).rejects.toThrow(/none of the forms that are known: manifest, .*fsdd/);
  });
});

describe('the importer of', () => {
  it('manifests takes rows with a file and a text, and names the others by their lines', async () => {
    expect(await entriesOf('manifest', trees.manifest)).toMatchObject({
      taken: [
        ['a.wav', 'one two', 'anna'],
        ['b.wav', '', null],
      ],
      leftOut: [
        ['bad-line', 'list.tsv', 4],
        ['bad-line', 'list.tsv', 5],
      ],
    });
  });

  it('manifests reads CSV too, and absolute paths', async () => {
    const tree = { 'list.csv': 'transcript,path\n"one, two",/far/a.wav\n' };
    expect((await entriesOf('manifest', tree)).taken).toEqual([['/far/a.wav', 'one, two', null]]);
  });

  it('DeepSpeech takes all lists of a folder', async () => {
    expect(await entriesOf('deepspeech', trees.deepspeech)).toMatchObject({
      taken: [
        ['wavs/c.wav', 'three', null],
        ['wavs/a.wav', 'one, two', null],
      ],
      leftOut: [['bad-line', 'train.csv', 3]],
    });
  });

  it('Common Voice takes what was validated, quotation marks and all', async () => {
    expect(await entriesOf('common-voice', trees['common-voice'])).toMatchObject({
      taken: [['clips/a.mp3', 'Die "Höhe"', 'q1']],
      leftOut: [['bad-line', 'validated.tsv', 3]],
    });
  });

  it('Common Voice takes any list that is named itself', async () => {
    expect((await entriesOf('common-voice', trees['common-voice'], 'invalidated.tsv')).taken).toEqual([
      ['clips/bad.mp3', 'nein', 'q1'],
    ]);
  });

  it('LibriSpeech finds sound beside its transcripts, and the speaker in its name', async () => {
    const folder = 'dev-clean/84/121123';
    expect(await entriesOf('librispeech', trees.librispeech)).toMatchObject({
      taken: [
        [`${folder}/84-121123-0000.flac`, 'GO DO YOU HEAR', '84'],
        [`${folder}/84-121123-0001.wav`, 'BUT', '84'],
        [`${folder}/84-121123-0002.flac`, '', '84'],
      ],
      leftOut: [['no-transcript', `${folder}/84-121123-0009.flac`, null]],
    });
  });

  it('LJ Speech takes the text as spoken where there is one', async () => {
    expect(await entriesOf('ljspeech', trees.ljspeech)).toMatchObject({
      taken: [
        ['wavs/LJ001-0001.wav', 'In fourteen fifty-five', null],
        ['wavs/LJ001-0002.wav', 'say "go"', null],
      ],
      leftOut: [['bad-line', 'metadata.csv', 3]],
    });
  });

  it('Kaldi takes whole recordings where there are no segments, and lists commands instead of running them', async () => {
    expect(await entriesOf('kaldi', trees.kaldi)).toMatchObject({
      taken: [['wavs/a.wav', 'one two', 'anna']],
      leftOut: [
        ['piped-command', 'wav.scp', 2],
        ['unknown-recording', 'text', 3],
        ['no-transcript', 'wav.scp', 3],
      ],
    });
  });

  it('Kaldi cuts segments', async () => {
    const segments = 'u1 r1 0.5 1.25\nu2 r1 2 -1\nu3 r1 3 2\nu4 r7 0 1\nu5 r1 0\n';
    const text = 'u1 one\nu2 two\nu3 three\nu4 four\nu5 five\nu6 six\n';
    expect(await entriesOf('kaldi', { 'wav.scp': 'r1 a.wav', text, segments })).toEqual({
      taken: [
        ['a.wav', 'one', null],
        ['a.wav', 'two', null],
      ],
      segments: [
        [0.5, 1.25],
        [2, null],
      ],
      leftOut: [
        ['bad-line', 'segments', 3],
        ['unknown-recording', 'text', 4],
        ['bad-line', 'segments', 5],
        ['unknown-recording', 'text', 6],
      ],
    });
  });

  it('sound with texts beside it names what has none, and a text that is none', async () => {
    expect(await entriesOf('paired-text', trees['paired-text'])).toMatchObject({
      taken: [['x/a.wav', 'one two\n', null]],
      leftOut: [
        ['no-transcript', 'b.flac', null],
        ['unreadable-transcript', 'c.txt', null],
      ],
    });
  });

  it('word folders takes the folder for the word, and leaves noise out', async () => {
    expect(await entriesOf('word-folders', trees['word-folders'])).toMatchObject({
      taken: [
        ['no/1b2d_nohash_3.wav', 'no', '1b2d'],
        ['no/take.wav', 'no', null],
        ['yes/0a7c_nohash_0.wav', 'yes', '0a7c'],
      ],
      leftOut: [['not-speech', '_background_noise_/pink.wav', null]],
    });
  });

  it('FSDD takes word and speaker from the name', async () => {
    const tree = { ...trees.fsdd, 'noise.wav': '', '你好_小王_2.wav': '' };
    expect(await entriesOf('fsdd', tree)).toMatchObject({
      taken: [
        ['0_theo_1.wav', '0', 'theo'],
        ['7_jackson_32.wav', '7', 'jackson'],
        ['你好_小王_2.wav', '你好', '小王'],
      ],
      leftOut: [['no-transcript', 'noise.wav', null]],
    });
  });
});
