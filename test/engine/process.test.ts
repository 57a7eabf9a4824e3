// The built engine as a process of its own, with a real network.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, onTestFinished, vi } from 'vitest';
import { MAX_FILE_PIECE_BYTES } from '../../app/contract/messages';
import { transcriptText } from '../../app/contract/recognition';
import { writeWav } from '../../app/audio/wav';
import { readRecogniser } from '../../engine/library/modelFiles';
import { soundOf, transcribe } from '../../engine/listen/hearing';
import { OpenModel } from '../../engine/listen/openModel';
import { buildEngine } from './builtEngine';
import { EngineProcess } from './engineProcess';
import { babble } from './listen/fakeNetwork';
import { chunksOf, Speaker } from './listen/speaker';
import { temporaryFolder } from './temporary';
import { tinyManifest, writeTinyAssets } from './tinyModel';

// Each engine is a process that loads the native library.
vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let built: { file: string; folder: string };
beforeAll(async () => {
  built = await buildEngine('process');
});
afterAll(() => fs.rm(built.folder, { recursive: true, force: true }));

const settings = tinyManifest('forward').frontEnd;

async function places() {
  const folder = await temporaryFolder();
  const place = { data: join(folder, 'data'), assets: join(folder, 'assets') };
  await writeTinyAssets(place.assets);
  return place;
}
/** @param rung what it computes with where that is not what is tried: the lightest, without a trial of the others; '' as at a person's */
function start(place: { data: string; assets: string }, rung = 'wasm'): EngineProcess {
  const engine = new EngineProcess({ ...place, rung, file: built.file });
  onTestFinished(() => engine.kill());
  return engine;
}
async function textOf(assets: string, modelId: string, pcm: Int16Array): Promise<string> {
  const model = new OpenModel(await readRecogniser(join(assets, 'models', modelId)), 'compiled');
  onTestFinished(() => model.dispose());
  return transcriptText(await transcribe(model, soundOf(pcm)));
}
async function startListening(engine: EngineProcess) {
  return engine.ask('listen.start', { modelId: 'tiny-live', source: 'microphone' });
}

describe('the engine process', () => {
  it('says what it is and what it computes with, and writes nothing to stdout', async () => {
    const engine = start(await places(), '');
    const info = await engine.ask('system.info', {});
    expect(info).toMatchObject({ rung: 'compiled', rungReason: null, host: 'browser' });
    await engine.end();
    expect(engine.stdout).toBe('');
  });

  it('keeps what was compiled, closed to others, in a folder with a space in its name', async () => {
    const place = await places();
    const data = join(place.data, 'of a person');
    const run = async (): Promise<string[]> => {
      const engine = start({ ...place, data }, '');
      await engine.ask('system.info', {});
      await engine.end();
      const [key, ...others] = await fs.readdir(join(data, 'compiled'));
      expect(others).toEqual([]);
      const folder = join(data, 'compiled', key!);
      expect((await fs.stat(folder)).mode & 0o777).toBe(0o700);
      return fs.readdir(folder);
    };
    const first = await run();
    expect(first).toContainEqual(expect.stringMatching(/\.pb$/));
    expect(first).not.toContain('in-use');
    expect(await run()).toEqual(first);
  });

  it('names its models and opens them', async () => {
    const engine = start(await places());
    const { models } = await engine.ask('models.list', {});
    expect(
      models.map(({ id, isStreaming, isDefault, isLiveDefault }) => [id, isStreaming, isDefault, isLiveDefault]),
    ).toEqual([
      ['tiny-live', true, false, true],
      ['tiny-whole', false, true, false],
    ]);
    expect(await engine.ask('models.open', { modelId: 'tiny-live' })).toMatchObject({ frontEnd: settings });
    expect(await engine.ask('models.describe', { modelId: 'tiny-live' })).toMatchObject({ frontEnd: settings });
    await expect(engine.ask('models.open', { modelId: 'none' })).rejects.toMatchObject({ code: 'model.missing' });
  });

  it('hears live sound as it hears the whole', async () => {
    const place = await places();
    const engine = start(place, '');
    const pcm = babble(5);
    const { streamId } = await startListening(engine);
    const speaker = new Speaker(settings);
    for (const chunk of chunksOf(pcm)) await engine.ask('listen.chunk', speaker.chunk(streamId, chunk));
    const { recording } = await engine.ask('listen.finish', speaker.tail(streamId));
    const whole = await textOf(place.assets, 'tiny-live', pcm);
    expect(whole.length).toBeGreaterThan(3);
    expect(recording.text).toBe(whole);
    expect((await engine.ask('recordings.list', {})).recordings).toEqual([recording]);
  });

  it('says what else a word may be, the word that was read first', async () => {
    const place = await places();
    const engine = start(place);
    const { streamId, recordingId } = await startListening(engine);
    const speaker = new Speaker(settings);
    for (const chunk of chunksOf(babble(5))) await engine.ask('listen.chunk', speaker.chunk(streamId, chunk));
    await engine.ask('listen.finish', speaker.tail(streamId));
    const { recording } = await engine.ask('recordings.get', { recordingId });
    const word = { recordingId, modelId: 'tiny-live', utterance: 0, word: 0 };
    const { alternatives } = await engine.ask('recordings.alternatives', word);
    const scores = alternatives.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(alternatives.map(({ text }) => text)).toContain(recording.transcripts[0]?.utterances[0]?.words[0]?.text);
    await expect(engine.ask('recordings.alternatives', { ...word, word: 9_999 })).rejects.toMatchObject({
      code: 'recording.noWord',
    });
  });

  it('loses nothing when it is killed, and goes on when its window comes back', async () => {
    const place = await places();
    const pcm = babble(5);
    const first = start(place);
    const { streamId, recordingId } = await startListening(first);
    const speaker = new Speaker(settings);
    const chunks = chunksOf(pcm);
    for (const chunk of chunks.slice(0, 23)) await first.ask('listen.chunk', speaker.chunk(streamId, chunk));
    await first.kill();

    const second = start(place);
    const resumed = await second.ask('listen.resume', { recordingId, modelId: 'tiny-live' });
    expect(resumed).toMatchObject({ samplesOnDisk: 23 * 1600, framesTaken: speaker.frames });
    for (const chunk of chunks.slice(23)) await second.ask('listen.chunk', speaker.chunk(resumed.streamId, chunk));
    const { recording } = await second.ask('listen.finish', speaker.tail(resumed.streamId));
    expect(recording).toMatchObject({ durationMs: 5000, isRecovered: false });
    expect(recording.text).toBe(await textOf(place.assets, 'tiny-live', pcm));
    const audio = await second.ask('recordings.audio', { recordingId, firstSample: 0, samples: 100_000 });
    expect(audio).toEqual({ pcm, totalSamples: pcm.length });
  });

  it('puts together what it was killed over, text and all, where no window comes back', async () => {
    const place = await places();
    const pcm = babble(3);
    const first = start(place);
    const { streamId, recordingId } = await startListening(first);
    const speaker = new Speaker(settings);
    for (const chunk of chunksOf(pcm)) await first.ask('listen.chunk', speaker.chunk(streamId, chunk));
    await first.kill();

    const second = start(place);
    await second.until(() => second.heard('recordings.changed').length >= 2);
    expect(second.heard('recordings.changed')).toEqual([{ recoveredIds: [recordingId] }, { recoveredIds: [] }]);
    const { recordings } = await second.ask('recordings.list', {});
    const text = await textOf(place.assets, 'tiny-live', pcm);
    expect(recordings).toMatchObject([{ id: recordingId, durationMs: 3000, isRecovered: true, text }]);
  });

  it('has every mark on disk when it is killed over a recording', async () => {
    const place = await places();
    const first = start(place);
    const { streamId, recordingId } = await startListening(first);
    await first.ask('listen.chunk', new Speaker(settings).chunk(streamId, babble(1)));
    await first.ask('listen.mark', { streamId, marks: [300] });
    await first.ask('listen.mark', { streamId, marks: [300, 700] });
    await first.kill();

    const second = start(place);
    await second.until(() => second.heard('recordings.changed').length >= 1);
    const { recording } = await second.ask('recordings.get', { recordingId });
    expect(recording).toMatchObject({ isRecovered: true, marks: [300, 700] });
  });

  it('closes once where the system ends it together with its host', async () => {
    const engine = start(await places());
    await engine.ask('system.info', {});
    await engine.endBySystem();
    expect(await engine.exited).toEqual({ code: 0, signal: null });
    expect(engine.stderr).not.toContain('Error');
  });

  it('keeps what is being recorded when its host leaves', async () => {
    const place = await places();
    const first = start(place);
    const { streamId } = await startListening(first);
    await first.ask('listen.chunk', new Speaker(settings).chunk(streamId, babble(1)));
    await first.end();
    expect(await first.exited).toEqual({ code: 0, signal: null });
    const { recordings } = await start(place).ask('recordings.list', {});
    expect(recordings).toMatchObject([{ durationMs: 1000 }]);
  });

  it('makes recordings of files, the bad one left out', async () => {
    const place = await places();
    const engine = start(place, '');
    const pcm = babble(4);
    const names: Record<string, Uint8Array> = {
      'first.wav': writeWav(pcm, 16_000),
      'no sound.wav': new TextEncoder().encode('This is no sound at all.'),
      'third.wav': writeWav(babble(2), 16_000),
      'first again.wav': writeWav(pcm, 16_000),
    };
    for (const [name, bytes] of Object.entries(names)) {
      const { fileId } = await engine.ask('files.add', { name, byteLength: bytes.length, modelId: 'tiny-whole' });
      for (let offset = 0; offset < bytes.length; offset += MAX_FILE_PIECE_BYTES) {
        const piece = bytes.subarray(offset, offset + MAX_FILE_PIECE_BYTES);
        await engine.ask('files.piece', { fileId, offset, bytes: piece });
      }
    }
    const over = () =>
      engine.heard('files.progress').filter(({ state }) => ['done', 'failed', 'cancelled'].includes(state));
    await engine.until(() => over().length === 4);
    expect(over().map(({ name, state, error }) => [name, state, error?.code ?? null])).toEqual([
      ['first.wav', 'done', null],
      ['no sound.wav', 'failed', 'audio.unreadable'],
      ['third.wav', 'done', null],
      ['first again.wav', 'done', null],
    ]);
    const again = over().at(-1);
    expect(again?.sameAs).toBe(over()[0]?.recordingId);
    expect(again?.recordingId).not.toBe(again?.sameAs);
    const { recordings } = await engine.ask('recordings.list', {});
    const first = recordings.find(({ title }) => title === 'first');
    expect(first).toMatchObject({ source: 'file', durationMs: 4000, modelId: 'tiny-whole' });
    expect(first?.text).toBe(await textOf(place.assets, 'tiny-whole', pcm));
  });

  it('refuses a second engine on the same folder', async () => {
    const place = await places();
    await start(place).ask('system.info', {});
    await expect(start(place).ask('system.info', {})).rejects.toMatchObject({ code: 'data.inUse' });
  });

  it('dies of what no gate would let through, with the reason in the log', async () => {
    const engine = start(await places());
    await engine.ask('system.info', {});
    const body = { recordingId: '../..', firstSample: 0, samples: 1 };
    await expect(engine.ask('recordings.audio', body)).rejects.toThrow('The engine ended');
    expect(await engine.exited).toEqual({ code: 70, signal: null });
    expect(engine.stderr).toContain('Recordings.audio');
  });
});
