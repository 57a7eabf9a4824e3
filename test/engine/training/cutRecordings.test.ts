import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeWav } from '../../../app/audio/wav';
import { transcriptText } from '../../../app/contract/recognition';
import { readSound } from '../../../engine/commands/readSound';
import { parseManifest, readManifest } from '../../../engine/data/manifest';
import { soundOf, transcribe } from '../../../engine/listen/hearing';
import { cutRecordings, piecesCorpus } from '../../../engine/training/cutRecordings';
import { babble, openFakeModel } from '../listen/fakeNetwork';

let folder = '';
beforeAll(async () => {
  folder = await fs.mkdtemp(join(tmpdir(), 'unroll-cut-'));
  await fs.writeFile(join(folder, 'a.wav'), writeWav(babble(3), 16_000));
});
afterAll(() => fs.rm(folder, { recursive: true }));

const rowsOf = (...transcripts: string[]) =>
  parseManifest(transcripts.map((text) => `a.wav\t${text}\tanna\tlists\n`).join(''), join(folder, 'list.tsv'));

describe('cutting recordings into words', () => {
  it('lists pieces of the same speaker that together hold what was said, in order', async () => {
    const out = join(folder, 'pieces');
    const model = openFakeModel('bidirectional');
    const said = transcriptText(await transcribe(model, soundOf(babble(3)))).replaceAll('\n', ' ');
    const report = await cutRecordings(model, rowsOf(said), {
      out,
      corpus: piecesCorpus('lists'),
    });
    const pieces = await readManifest(join(out, 'manifest.tsv'));
    expect(report).toEqual({ recordings: 1, passedOver: 0, pieces: pieces.length, unsure: 0 });
    expect(pieces.map(({ transcript }) => transcript).join(' ')).toBe(said);
    for (const piece of pieces) {
      expect(piece).toMatchObject({ speaker: 'anna', corpus: 'lists-pieces', part: 'train' });
      expect((await readSound(piece.path)).length).toBeGreaterThan(0);
    }
  });

  it('keeps no piece in which the model hears something else', async () => {
    const out = join(folder, 'others');
    const report = await cutRecordings(openFakeModel('bidirectional'), rowsOf('ab cd a'), { out, corpus: 'pieces' });
    expect(report).toMatchObject({ passedOver: 0, pieces: 0 });
    expect(report.unsure).toBeGreaterThan(0);
  });

  it('passes over what the model cannot write, and what says nothing', async () => {
    const report = await cutRecordings(openFakeModel('bidirectional'), rowsOf('ab x', ''), {
      out: join(folder, 'none'),
      corpus: 'pieces',
    });
    expect(report).toEqual({ recordings: 2, passedOver: 2, pieces: 0, unsure: 0 });
  });
});
