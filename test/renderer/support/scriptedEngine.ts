// An engine that follows a script: it takes sound like the real one, and hears the words of the script at their times.
import type { EventOf, ModelSummary, ReplyOf } from '../../../app/contract/messages';
import type { RecordingSummary } from '../../../app/contract/recording';
import type { Character, Word } from '../../../app/contract/recognition';
import { UnrollError } from '../../../app/errors';
import type { FrontEndSettings } from '../../../app/features/settings';
import { mockBridge, type MockBridge } from '../../../renderer/bridge/mockBridge';

export const HOP_MS = 10;
export const SYMBOLS = [...' efghinorstuvwxz'];
const BLANK = SYMBOLS.length;
/** As the real engine: a word settles after so much blank. */
const SETTLE_AFTER_MS = 300;
const NEW_LINE_AFTER_MS = 1_200;
const LAG_MS = 140;

export const FRONT_END: FrontEndSettings = {
  kind: 'mfcc',
  sampleRateHz: 8000,
  windowMs: 25,
  hopMs: HOP_MS,
  window: 'hamming',
  melBands: 26,
  coefficients: 13,
  deltas: 2,
  deltaSpan: 2,
  tailMs: 300,
  normalisation: { kind: 'none' },
};

export const MODEL: ModelSummary = {
  id: 'digits',
  name: { en: 'Digits, streaming', zh: '数字，实时' },
  isStreaming: true,
  isDefault: false,
  isLiveDefault: true,
  card: {
    understands: {
      en: 'English digits, one by one or in strings, and the words yes, no, go and stop.',
      zh: '英语数字（单个或连续），以及 yes、no、go、stop 四个词。',
    },
    words: 'zero one two three four five six seven eight nine oh yes no go stop'.split(' '),
    language: 'en',
    licence: { en: 'CC BY-SA 4.0', zh: 'CC BY-SA 4.0' },
    data: [],
    parameters: 420_000,
    errors: [],
    trainedOn: '2026-05-01',
    recipe: 'digits.json',
  },
};

/** A word of the script; its letters are spread over its time. An empty text is speech without a word. */
export function scripted(text: string, startMs: number, endMs: number, confidences: readonly number[] = []): Word {
  const step = (endMs - startMs) / Math.max(1, text.length);
  const characters: Character[] = [...text].map((symbol, index) => {
    const at = HOP_MS * Math.round((startMs + (index + 0.4) * step) / HOP_MS);
    return { symbol, startMs: at, endMs: at + 2 * HOP_MS, confidence: confidences[index] ?? 0.97 };
  });
  const isKnown = text !== '' && MODEL.card.words.includes(text);
  return { text, startMs, endMs, confidence: 0.9, isKnown, characters };
}

export interface ScriptedEngine {
  readonly bridge: MockBridge;
  /** All sound that is on disk, in order. */
  pcm(): Int16Array;
  /** All frames that were taken, [n, D]. */
  frames(): Float32Array;
  /** Dies: what is asked is refused until it is back, and what the stream knew is gone. */
  die(): void;
  comeBack(): void;
}

export interface Script {
  readonly words: readonly Word[];
  /** Models beside the one that listens. */
  readonly others?: readonly ModelSummary[];
  readonly recordings?: readonly RecordingSummary[];
  readonly samples?: ReplyOf<'samples.list'>['samples'];
  readonly samplePcm?: Int16Array;
}

/** What one stream has said so far. */
interface Stream {
  readonly id: string;
  settled: number;
  saidFrames: number;
  lastEndMs: number | null;
}

export function scriptedEngine(script: Script): ScriptedEngine {
  const sound: Int16Array[] = [];
  const frames: Float32Array[] = [];
  let samplesOnDisk = 0;
  let streams = 0;
  let stream: Stream | null = null;
  let isDead = false;
  const recordings = [...(script.recordings ?? [])];
  const refuse = (): never => {
    throw new UnrollError('engine.restarting');
  };
  const newStream = (): Stream => {
    streams += 1;
    stream = { id: `stream-${streams}`, settled: 0, saidFrames: 0, lastEndMs: null };
    return stream;
  };
  const hear = (heardMs: number, isEnd: boolean): void => {
    if (stream) bridge.emit('listen.recognised', recognise(script.words, stream, heardMs, isEnd));
  };

  const bridge = mockBridge({
    'models.list': () => ({ models: [MODEL, ...(script.others ?? [])] }),
    'models.open': ({ modelId }) => ({
      id: modelId,
      frontEnd: FRONT_END,
      alphabet: { symbols: SYMBOLS, wordSeparator: ' ', unknown: null },
      isStreaming: true,
      card: MODEL.card,
    }),
    'updates.get': () => ({ updates: { state: 'absent' } }),
    'system.info': () => ({
      version: '0.1.0',
      rung: 'compiled',
      rungReason: null,
      backend: 'tensorflow',
      host: 'browser',
    }),
    'data.list': () => ({ sets: [] }),
    'samples.list': () => ({ samples: [...(script.samples ?? [])] }),
    'samples.audio': () => ({ pcm: script.samplePcm ?? new Int16Array(16_000) }),
    'recordings.list': () => ({ recordings: [...recordings], total: recordings.length, totalMs: 0, totalBytes: 1_000 }),
    'recordings.rename': ({ recordingId, title }) => {
      const index = recordings.findIndex(({ id }) => id === recordingId);
      const recording = { ...recordings[index]!, title };
      recordings[index] = recording;
      return { recording };
    },
    'recordings.mark': () => ({ recording: recordings[0]! }),
    'recordings.delete': () => ({}),
    'recordings.restore': () => ({ recording: recordings[0]! }),
    'recordings.audio': ({ firstSample, samples }) => {
      const all = joined(sound, new Int16Array(0));
      return { pcm: all.slice(firstSample, firstSample + samples), totalSamples: all.length };
    },
    'listen.start': () => (isDead ? refuse() : { streamId: newStream().id, recordingId: 'recording-1' }),
    'listen.resume': () => {
      if (isDead) refuse();
      const { id } = newStream();
      // A piece of sound may be on disk whose frames the network never saw.
      return { streamId: id, samplesOnDisk, framesTaken: frameCount(frames) };
    },
    'listen.chunk': ({ firstSample, pcm, frames: more }) => {
      if (isDead) refuse();
      if (firstSample !== samplesOnDisk) throw new Error(`Expected sample ${samplesOnDisk}, but got ${firstSample}`);
      sound.push(pcm);
      frames.push(more);
      samplesOnDisk += pcm.length;
      hear(samplesOnDisk / 16 - LAG_MS, false);
      return { samplesOnDisk, bytesOnDisk: 2 * samplesOnDisk };
    },
    'listen.mark': () => (isDead ? refuse() : {}),
    'listen.giveBack': () => (isDead ? refuse() : {}),
    'listen.finish': ({ frames: more }) => {
      if (isDead) refuse();
      frames.push(more);
      hear(samplesOnDisk / 16 + LAG_MS, true);
      const recording = summary(script.words, samplesOnDisk / 16);
      recordings.unshift(recording);
      bridge.emit('recordings.changed', { recoveredIds: [] });
      return { recording, realTimeFactor: 0.031 };
    },
  });

  return {
    bridge,
    pcm: () => joined(sound, new Int16Array(0)),
    frames: () => joined(frames, new Float32Array(0)),
    die: () => {
      isDead = true;
      bridge.emit('engine.state', { state: 'restarting', error: null });
    },
    comeBack: () => {
      isDead = false;
      bridge.emit('engine.state', { state: 'ready', error: null });
    },
  };
}

const DIMENSION = FRONT_END.coefficients * (FRONT_END.deltas + 1);
const frameCount = (frames: readonly Float32Array[]): number =>
  frames.reduce((sum, piece) => sum + piece.length, 0) / DIMENSION;

/** Everything that can be said about sound up to `heardMs` and was not said before. */
function recognise(
  words: readonly Word[],
  stream: Stream,
  heardMs: number,
  isEnd: boolean,
): EventOf<'listen.recognised'> {
  const settled: EventOf<'listen.recognised'>['settled'] = [];
  for (let word = words[stream.settled]; word; word = words[stream.settled]) {
    if (word.endMs + (isEnd ? 0 : SETTLE_AFTER_MS) > heardMs) break;
    const startsLine = stream.lastEndMs === null || word.startMs - stream.lastEndMs >= NEW_LINE_AFTER_MS;
    settled.push({ startsLine, word });
    stream.lastEndMs = word.endMs;
    stream.settled += 1;
  }
  const endFrame = Math.max(stream.saidFrames, Math.floor(heardMs / HOP_MS));
  const firstFrame = stream.saidFrames;
  stream.saidFrames = endFrame;
  const tail = words
    .slice(stream.settled)
    .filter((word) => word.startMs < heardMs)
    .map((word) => heardSoFar(word, heardMs))
    .filter((word) => word.text !== '');
  const symbols = symbolsBetween(words, firstFrame, endFrame);
  return { streamId: stream.id, settled, tail, frames: { firstFrame, ...symbols }, lagMs: LAG_MS };
}

function heardSoFar(word: Word, heardMs: number): Word {
  const characters = word.characters.filter((character) => character.startMs < heardMs);
  const endMs = characters[characters.length - 1]?.endMs ?? word.startMs;
  return { ...word, text: characters.map(({ symbol }) => symbol).join(''), endMs, isKnown: false, characters };
}

function symbolsBetween(
  words: readonly Word[],
  firstFrame: number,
  endFrame: number,
): { classes: Int16Array; probabilities: Float32Array } {
  const classes = new Int16Array(endFrame - firstFrame).fill(BLANK);
  const probabilities = new Float32Array(classes.length).fill(0.99);
  for (const character of words.flatMap((word) => word.characters)) {
    for (let ms = character.startMs; ms < character.endMs; ms += HOP_MS) {
      const at = ms / HOP_MS - firstFrame;
      if (at < 0 || at >= classes.length) continue;
      classes[at] = SYMBOLS.indexOf(character.symbol);
      probabilities[at] = ms === character.startMs ? character.confidence : character.confidence * 0.7;
    }
  }
  return { classes, probabilities };
}

/** What a summary says of a recording that nobody has named, put right or thrown away. */
export const UNLABELLED = {
  confidence: 0.9,
  corrections: 0,
  tags: [],
  isFavourite: false,
  isDeleted: false,
} satisfies Partial<RecordingSummary>;

function summary(words: readonly Word[], durationMs: number): RecordingSummary {
  return {
    id: 'recording-1',
    title: 'Recording 1',
    createdAt: new Date().toISOString(),
    durationMs,
    source: 'microphone',
    isRecovered: false,
    text: words.map((word) => word.text).join(' '),
    modelId: MODEL.id,
    ...UNLABELLED,
  };
}

function joined<A extends Int16Array | Float32Array>(pieces: readonly A[], empty: A): A {
  const all = new (empty.constructor as new (length: number) => A)(
    pieces.reduce((sum, piece) => sum + piece.length, 0),
  );
  let at = 0;
  for (const piece of pieces) {
    all.set(piece, at);
    at += piece.length;
  }
  return all;
}
