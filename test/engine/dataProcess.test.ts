// Data sets as the window has them: messages to the built engine, files on disk.
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { MAX_CHUNK_SAMPLES } from '../../app/contract/messages';
import { augmentationSchema } from '../../app/contract/trainingConfig';
import { checkData } from '../../engine/data/checking';
import { trainableRows } from '../../engine/data/setFiles';
import { buildEngine } from './builtEngine';
import { EngineProcess } from './engineProcess';
import { tone } from './data/importers/tree';
import { babble } from './listen/fakeNetwork';
import { chunksOf, Speaker } from './listen/speaker';
import { temporaryFolder } from './temporary';
import { tinyManifest, writeTinyAssets } from './tinyModel';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

const SAMPLE_SET = resolve(import.meta.dirname, '../../assets/sampleSet');
const usual = { alreadyThere: 'leave-out', replaces: null } as const;
let built: { file: string; folder: string };
beforeAll(async () => {
  built = await buildEngine('process');
});
afterAll(() => fs.rm(built.folder, { recursive: true, force: true }));

async function places() {
  const folder = await temporaryFolder();
  const place = { data: join(folder, 'data'), assets: join(folder, 'assets') };
  await writeTinyAssets(place.assets);
  await fs.cp(SAMPLE_SET, join(place.assets, 'sampleSet'), { recursive: true });
  return place;
}
/** On the rung that needs no trial: what a network computes with is not what is tried here. */
function start(place: { data: string; assets: string }): EngineProcess {
  const engine = new EngineProcess({ ...place, rung: 'wasm', file: built.file });
  onTestFinished(() => engine.kill());
  return engine;
}
async function upload(engine: EngineProcess, files: Readonly<Record<string, Uint8Array>>) {
  const all = Object.entries(files);
  const byteLength = all.reduce((sum, [, bytes]) => sum + bytes.length, 0);
  const { uploadId } = await engine.ask('data.upload', { title: 'Digits', files: all.length, byteLength });
  for (const [file, bytes] of all)
    await engine.ask('data.piece', { uploadId, place: file.split('/'), offset: 0, bytes });
  return uploadId;
}

describe('data sets of the engine process', () => {
  it('come from a folder of the window, with progress, and are trained on by the command line', async () => {
    const place = await places();
    const engine = start(place);
    const files = Object.fromEntries(
      [0, 1, 2, 3].flatMap((n) => ['ann', 'bob', 'cy'].map((name) => [`d/${n}_${name}_0.wav`, tone(0.5, 200 + n)])),
    );
    const { set, report } = await engine.ask('data.import', {
      uploadId: await upload(engine, files),
      format: null,
      ...usual,
    });
    expect(set).toMatchObject({ title: 'Digits', recordings: 12, speakers: 3, problem: null });
    expect(report?.source.format).toBe('fsdd');
    expect(engine.heard('data.importing').at(-1)).toMatchObject({ done: 12, of: 12 });
    expect(engine.heard('data.changed').flatMap(({ setIds }) => setIds)).toContain(set!.id);
    const { rows, total } = await engine.ask('data.rows', { setId: set!.id, first: 0, count: 5 });
    expect([rows.length, total]).toEqual([5, 12]);
    expect((await engine.ask('data.check', { setId: set!.id })).report.usable.recordings).toBe(12);
    expect((await engine.ask('data.audio', { setId: set!.id, rowId: 3 })).pcm).toHaveLength(8000);
    expect((await checkData(join(place.data, 'sets', set!.id))).usable.recordings).toBe(12);
  });

  it('leave as one file in pieces, with progress, and come back whole through an upload', async () => {
    const engine = start(await places());
    const files = Object.fromEntries([0, 1, 2].map((n) => [`d/${n}_ann_0.wav`, tone(20, 200 + n)]));
    const { set } = await engine.ask('data.import', { uploadId: await upload(engine, files), format: null, ...usual });
    const { rows } = await engine.ask('data.rows', { setId: set!.id, first: 0, count: 9 });
    await engine.ask('data.edit', { setId: set!.id, rowId: 1, text: 'eins', speaker: 'ann', isLeftOut: true });
    const { exportId } = await engine.ask('data.export', { setId: set!.id });
    const { byteLength } = await engine.ask('data.exportPack', { exportId });
    expect(engine.heard('data.exporting').at(-1)).toEqual({ exportId, done: 3, of: 3 });
    const pieces: Uint8Array[] = [];
    for (let offset = 0; offset < byteLength; offset += pieces.at(-1)!.length)
      pieces.push((await engine.ask('data.exportPiece', { exportId, offset })).bytes);
    expect(pieces.length).toBeGreaterThan(1);
    await engine.ask('data.exportClose', { exportId });
    await engine.ask('data.delete', { setId: set!.id });

    const begun = { title: 'Back', files: 1, byteLength };
    const { uploadId } = await engine.ask('data.upload', begun);
    let offset = 0;
    for (const bytes of pieces) {
      await engine.ask('data.piece', { uploadId, place: ['words.unroll-set.zip'], offset, bytes });
      offset += bytes.length;
    }
    const opened = await engine.ask('data.import', { uploadId, format: null, ...usual });
    expect(opened).toMatchObject({ report: null, set: { title: 'Back', recordings: 2, problem: null } });
    const back = await engine.ask('data.rows', { setId: opened.set!.id, first: 0, count: 9 });
    const told = (list: typeof rows) =>
      list.map(({ text, speaker, part, isLeftOut }) => [text, speaker, part, isLeftOut]);
    expect(told(back.rows)).toEqual(told(rows).with(1, ['eins', 'ann', rows[1]!.part, true]));
  });

  it('are recorded prompt by prompt, and a killed engine loses no take', async () => {
    const place = await places();
    const engine = start(place);
    const { set } = await engine.ask('data.create', { title: 'Own' });
    const pcm = Int16Array.from({ length: 32_000 }, (_, n) =>
      n > 8000 && n < 20_000 ? 9000 * Math.sin(n / 7) : n % 7,
    );
    const take = async (prompt: string) => {
      const { takeId } = await engine.ask('data.takeStart', {
        setId: set.id,
        prompt,
        speaker: 'me',
        device: 'Headset',
      });
      await engine.ask('data.takeChunk', { takeId, firstSample: 0, pcm: pcm.slice(0, MAX_CHUNK_SAMPLES) });
      return takeId;
    };
    const takeId = await take('eins');
    const { check } = await engine.ask('data.takeFinish', { takeId });
    expect(check).toMatchObject({ durationMs: 2000, isClipped: false, isTooQuiet: false });
    await engine.ask('data.takeKeep', { takeId, fromMs: check.fromMs, toMs: check.toMs });
    await take('zwei');
    await engine.kill();
    const again = start(place);
    const { rows } = await again.ask('data.rows', { setId: set.id, first: 0, count: 10 });
    expect(rows.map(({ text, isLeftOut }) => [text, isLeftOut])).toEqual([
      ['eins', false],
      ['zwei', true],
    ]);
    expect(await trainableRows(join(place.data, 'sets'), set.id)).toMatchObject([
      { transcript: 'eins', speaker: 'me' },
    ]);
  });

  it('take a recording of the library with its corrected text', async () => {
    const engine = start(await places());
    const { streamId, recordingId } = await engine.ask('listen.start', { modelId: 'tiny-live', source: 'microphone' });
    const speaker = new Speaker(tinyManifest('forward').frontEnd);
    for (const chunk of chunksOf(babble(3))) await engine.ask('listen.chunk', speaker.chunk(streamId, chunk));
    await engine.ask('listen.finish', speaker.tail(streamId));
    const { recording } = await engine.ask('recordings.get', { recordingId });
    const [line] = recording.transcripts[0]!.utterances;
    const [first, ...rest] = line!.words;
    const edited = { ...line!, words: [{ ...first!, correction: 'grün' }, ...rest] };
    await engine.ask('recordings.edit', {
      recordingId,
      modelId: 'tiny-live',
      first: 0,
      count: 1,
      utterances: [edited],
    });
    const reread = { recordingId, modelId: 'tiny-whole', startMs: 500, endMs: 2_500 };
    const again = await engine.ask('recordings.reread', reread);
    const words = again.utterances.flatMap((utterance) => utterance.words);
    expect(words.length).toBeGreaterThan(0);
    expect(words.every(({ startMs }) => startMs >= 300 && startMs <= 3_000)).toBe(true);
    const { set } = await engine.ask('data.create', { title: 'Own' });
    const { row } = await engine.ask('data.addRecording', { setId: set.id, recordingId, modelId: 'tiny-live' });
    expect(row.text.split(' ')[0]).toBe('grün');
    expect(row.seconds).toBeCloseTo(3, 1);
    const other = engine.ask('data.addRecording', { setId: set.id, recordingId, modelId: 'tiny-whole' });
    await expect(other).rejects.toMatchObject({ code: 'dataset.noText' });
  });

  it('begin with the sample set, of which a row is disturbed as training would', async () => {
    const engine = start(await places());
    const { set } = await engine.ask('data.openSample', {});
    expect(set).toMatchObject({ id: 'sample', origin: 'sample', recordings: 15, speakers: 4 });
    await engine.ask('data.delete', { setId: set.id });
    expect((await engine.ask('data.openSample', {})).set.id).toBe(set.id);
    const augmentation = augmentationSchema.parse({ reverbChance: 1 });
    const shown = await engine.ask('data.disturb', { setId: set.id, rowId: 0, augmentation, seed: 1 });
    expect(shown.pcm.length).toBeGreaterThan(1000);
    expect(shown.after.length % shown.coefficients).toBe(0);
    const missing = { setId: set.id, rowId: 99, augmentation, seed: 1 };
    await expect(engine.ask('data.disturb', missing)).rejects.toMatchObject({ code: 'dataset.rowMissing' });
  });
});
