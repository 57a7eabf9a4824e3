// Lines of live text that are read again when they have ended.
import { describe, expect, it } from 'vitest';
import type { DecodingChoice } from '../../../app/contract/decoding';
import { events, type EventOf } from '../../../app/contract/messages';
import type { Utterance } from '../../../app/contract/recognition';
import { UnrollError } from '../../../app/errors';
import { Recordings } from '../../../engine/library/recordings';
import { Listener } from '../../../engine/listen/listener';
import { UNHEARD } from '../../../engine/listen/listenStream';
import { OpenModel } from '../../../engine/listen/openModel';
import type { NetworkProgram } from '../../../engine/network/program';
import { temporaryFolder } from '../temporary';
import { fakeManifest } from './fakeNetwork';
import { chunksOf, Speaker } from './speaker';

const [A, B] = [0, 1];
const BLANK = 5;
/** Between the first coefficient of silence and that of a tone. */
const LOUD = 0;

/** A model that reads every tone as one symbol of the alphabet "abcd", and all else as nothing. */
function modelOf(id: string, symbol: number): OpenModel {
  const manifest = { ...fakeManifest(), id };
  const logitsOf = (frames: Float32Array): Float32Array => {
    const { inputSize, head } = manifest.network;
    const logits = new Float32Array((frames.length / inputSize) * head.classes);
    for (let t = 0; t < frames.length / inputSize; t++)
      logits[t * head.classes + ((frames[t * inputSize] ?? 0) > LOUD ? symbol : BLANK)] = 8;
    return logits;
  };
  return new OpenModel({ manifest, parameters: new Map() }, 'wasm', {
    openStream: () => ({ push: logitsOf, reset: () => undefined, dispose: () => undefined }),
    openProgram: () =>
      ({
        logits: async ({ features }: { features: Float32Array }) => logitsOf(features),
        dispose: () => undefined,
      }) as unknown as NetworkProgram,
  });
}

const tone = (seconds: number): Int16Array =>
  Int16Array.from({ length: seconds * 16_000 }, (_, n) => 9000 * Math.sin((2 * Math.PI * 400 * n) / 16_000));
const silence = (seconds: number): Int16Array =>
  Int16Array.from({ length: seconds * 16_000 }, (_, n) => 2 * Math.sin(n * 12.9898));
const join = (...parts: readonly Int16Array[]): Int16Array => Int16Array.from(parts.flatMap((part) => [...part]));
const WORD = join(silence(0.4), tone(0.2));
/** Two words and the silence that ends their line; one word of a line that is not over. */
const LINE = join(WORD, WORD, silence(1.4));
const SOUND = join(LINE, WORD, silence(0.2));

type Anew = EventOf<'listen.settledAnew'>;

async function setUp(reader: OpenModel | UnrollError, folder?: string) {
  const root = folder ?? (await temporaryFolder());
  const recordings = await Recordings.open(root);
  const live = modelOf('live', A);
  const anew: Anew[] = [];
  const listener = new Listener({
    recordings,
    openModel: async (id) => {
      if (id === 'live') return live;
      if (reader instanceof UnrollError) throw reader;
      return reader;
    },
    owner: 1,
    events: { ...UNHEARD, settledAnew: (event) => anew.push(events['listen.settledAnew'].parse(event)) },
  });
  return { root, recordings, listener, anew, speaker: new Speaker(live.manifest.frontEnd) };
}
type Room = Awaited<ReturnType<typeof setUp>>;

async function say({ listener, speaker }: Room, streamId: string, pcm: Int16Array): Promise<void> {
  for (const chunk of chunksOf(pcm)) await listener.chunk(speaker.chunk(streamId, chunk));
}
const start = { modelId: 'live', source: 'microphone', settleModelId: 'accurate' } as const;

async function kept({ listener, speaker, recordings }: Room, streamId: string): Promise<readonly Utterance[]> {
  const { recording } = await listener.finish(speaker.tail(streamId));
  return (await recordings.get(recording.id)).transcripts[0]?.utterances ?? [];
}
const texts = (lines: readonly Pick<Utterance, 'words'>[]): string[] =>
  lines.map(({ words }) => words.map(({ text }) => text).join(' '));

const GREEDY: DecodingChoice = { usesLanguage: false, hotWords: [] };
const BEAM: DecodingChoice = { usesLanguage: false, hotWords: ['d'] };

describe('a line that has ended', () => {
  it.each([
    ['greedy', GREEDY, 'b b'],
    // To its language, symbols without a space between them are one word.
    ['beam', BEAM, 'bb'],
  ] as const)('is read again while the person goes on, and once (%s)', async (_name, decoding, read) => {
    const room = await setUp(modelOf('accurate', B));
    const { streamId } = await room.listener.start({ ...start, decoding });
    await say(room, streamId, SOUND);
    await expect.poll(() => texts(room.anew)).toEqual([read]);
    const lines = await kept(room, streamId);
    expect(texts(lines)).toEqual([read, 'b']);
    expect(texts(room.anew)).toEqual([read, 'b']);
    expect(room.anew.map(({ lineStartMs }) => lineStartMs)).toEqual(lines.map(({ live }) => live?.[0]?.startMs));
  });

  it('keeps what had settled beside what was read, and stands where it stood', async () => {
    const room = await setUp(modelOf('accurate', B));
    const { streamId } = await room.listener.start(start);
    await say(room, streamId, SOUND);
    const lines = await kept(room, streamId);
    expect(texts(lines.map(({ live = [] }) => ({ words: live })))).toEqual(['a a', 'a']);
    for (const { words, live = [] } of lines)
      words.forEach(({ startMs }, at) =>
        expect(Math.abs(startMs - (live[at]?.startMs ?? NaN))).toBeLessThanOrEqual(20),
      );
  });

  it.each([
    ['is read the same', A],
    ['is not understood', BLANK],
  ])('stays as it had settled where it %s', async (_case, symbol) => {
    const room = await setUp(modelOf('accurate', symbol));
    const { streamId } = await room.listener.start(start);
    await say(room, streamId, SOUND);
    expect(texts(await kept(room, streamId))).toEqual(['a a', 'a']);
    expect(room.anew).toEqual([]);
  });

  it('stays as it had settled where the model that should read it cannot be used', async () => {
    const room = await setUp(new UnrollError('model.missing', { model: 'accurate' }));
    const { streamId } = await room.listener.start(start);
    await say(room, streamId, SOUND);
    expect(texts(await kept(room, streamId))).toEqual(['a a', 'a']);
  });

  it('stays as it had settled where nobody is asked to read it', async () => {
    const room = await setUp(modelOf('accurate', B));
    const { streamId } = await room.listener.start({ modelId: 'live', source: 'microphone' });
    await say(room, streamId, SOUND);
    expect(texts(await kept(room, streamId))).toEqual(['a a', 'a']);
  });
});

describe('a line that the person gave back', () => {
  it('is kept as it had settled, and the others as they were read', async () => {
    const room = await setUp(modelOf('accurate', B));
    const { streamId } = await room.listener.start(start);
    await say(room, streamId, SOUND);
    await expect.poll(() => room.anew.length).toBe(1);
    await room.listener.giveBack({ streamId, lines: [room.anew[0]!.lineStartMs] });
    const lines = await kept(room, streamId);
    expect(texts(lines)).toEqual(['a a', 'b']);
    expect(lines[0]?.live).toBeUndefined();
  });

  it('is not read again by an engine that was started anew', async () => {
    const before = await setUp(modelOf('accurate', B));
    const { streamId, recordingId } = await before.listener.start(start);
    await say(before, streamId, LINE);
    await expect.poll(() => before.anew.length).toBe(1);
    await before.listener.putAwayAll();

    const after = await setUp(modelOf('accurate', B), before.root);
    const { source: _source, ...how } = start;
    const resumed = await after.listener.resume({ recordingId, ...how });
    await after.listener.giveBack({ streamId: resumed.streamId, lines: [before.anew[0]!.lineStartMs] });
    after.speaker.chunk(resumed.streamId, LINE);
    await say(after, resumed.streamId, join(WORD, silence(0.2)));
    expect(texts(await kept(after, resumed.streamId))).toEqual(['a a', 'b']);
  });
});
