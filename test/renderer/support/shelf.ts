// A shelf of recordings that answers as the engine does: renamed, deleted and brought back in memory.
import type { ModelSummary, ReplyOf } from '../../../app/contract/messages';
import type { LibraryFilter, LibraryPage } from '../../../app/contract/library';
import { MANIFEST_VERSION, type RecordingManifest, type RecordingSummary } from '../../../app/contract/recording';
import { plainText, type Utterance, type Word } from '../../../app/contract/recognition';
import { UnrollError } from '../../../app/errors';
import { mockBridge, type MockBridge } from '../../../renderer/bridge/mockBridge';
import { keptModel } from './modelShelf';
import { FRONT_END, MODEL, scripted, SYMBOLS } from './scriptedEngine';

export const FILE_MODEL: ModelSummary = {
  ...MODEL,
  id: 'digits-both-ways',
  name: { en: 'Digits, bidirectional', zh: '数字，双向' },
  isStreaming: false,
  isDefault: true,
  isLiveDefault: false,
  card: {
    ...MODEL.card,
    errors: [
      {
        set: { en: 'digits, one speaker left out', zh: '数字，留出一名说话人' },
        measure: 'digitError',
        value: 0.031,
        utterances: 3000,
        command: 'npm run recipe -- digits',
        date: '2026-05-01',
      },
    ],
    data: [
      {
        name: { en: 'Free Spoken Digit Dataset', zh: '自由口语数字数据集' },
        licence: { en: 'CC BY-SA 4.0', zh: 'CC BY-SA 4.0' },
        utterances: 3000,
        hours: 0.36,
      },
    ],
  },
};

export interface ShelfRecording {
  readonly id: string;
  readonly title: string;
  readonly createdAt?: string;
  readonly words?: readonly Word[];
  readonly isRecovered?: boolean;
}

const HOUR_MS = 3_600_000;
export const hoursAgo = (hours: number): string => new Date(Date.now() - hours * HOUR_MS).toISOString();

/** Words of 400 ms, one every half second. */
export const spoken = (text: string): Word[] =>
  text.split(' ').map((word, index) => scripted(word, 500 * index + 100, 500 * index + 500));

function utterancesOf(words: readonly Word[]): Utterance[] {
  const [first, last] = [words[0], words[words.length - 1]];
  return first && last ? [{ startMs: first.startMs, endMs: last.endMs, words: [...words] }] : [];
}

function manifestOf({ id, title, createdAt, words = [], isRecovered = false }: ShelfRecording): RecordingManifest {
  return {
    format: 'unroll-recording',
    version: MANIFEST_VERSION,
    id,
    title,
    createdAt: createdAt ?? hoursAgo(1),
    durationMs: 500 * Math.max(2, words.length) + 500,
    sampleRateHz: 16_000,
    source: 'microphone',
    fileName: null,
    isRecovered,
    deletedAt: null,
    transcripts: [{ modelId: MODEL.id, utterances: utterancesOf(words) }],
    marks: [],
    tags: [],
    isFavourite: false,
  };
}

function summaryOf(manifest: RecordingManifest): RecordingSummary {
  const { id, title, createdAt, durationMs, source, isRecovered, transcripts } = manifest;
  const utterances = transcripts[0]?.utterances ?? [];
  const corrected = utterances.flatMap(({ words }) => words).filter(({ correction }) => correction !== undefined);
  return {
    id,
    title,
    createdAt,
    durationMs,
    source,
    isRecovered,
    text: plainText(utterances),
    modelId: transcripts[0]?.modelId ?? null,
    confidence: 0.9,
    corrections: corrected.length,
    tags: manifest.tags,
    isFavourite: manifest.isFavourite,
    isDeleted: manifest.deletedAt !== null,
  };
}

/** As the engine's index does, but for the filters that no window test asks about. */
function found(all: readonly RecordingSummary[], { query = '', isFavourite, isCorrected }: LibraryFilter): LibraryPage {
  const words = query.toLowerCase().split(/\s+/);
  const recordings = all
    .filter(({ title, text }) => words.every((word) => `${title}\n${text}`.toLowerCase().includes(word)))
    .filter((each) => isFavourite === undefined || each.isFavourite === isFavourite)
    .filter((each) => isCorrected === undefined || each.corrections > 0 === isCorrected)
    .sort((a, b) => b.createdAt.localeCompare(a.createdAt));
  const days: { day: string; count: number }[] = [];
  for (const { createdAt } of recordings) {
    const day = createdAt.slice(0, 10);
    const last = days[days.length - 1];
    if (last?.day === day) last.count++;
    else days.push({ day, count: 1 });
  }
  const totalMs = recordings.reduce((sum, { durationMs }) => sum + durationMs, 0);
  return { recordings, total: recordings.length, totalMs, days };
}

/** Both know the same words; the one that hears both ways has two layers. */
const describedModel = (modelId: string): ReplyOf<'models.describe'> => {
  const layer = { cell: 'lstm', units: 128, direction: modelId === MODEL.id ? 'forward' : 'bidirectional' } as const;
  const symbols = [...SYMBOLS, '⁇'];
  return {
    frontEnd: FRONT_END,
    alphabet: { symbols, wordSeparator: ' ', unknown: '⁇' },
    network: {
      inputSize: 39,
      layers: modelId === MODEL.id ? [layer] : [layer, layer],
      dropout: 0.4,
      head: { kind: 'ctc', classes: symbols.length + 1 },
    },
    card: MODEL.card,
  };
};

export function shelf(recordings: readonly ShelfRecording[]): MockBridge {
  const kept = new Map(recordings.map((recording) => [recording.id, manifestOf(recording)]));
  const trash = new Map<string, RecordingManifest>();
  const find = (from: Map<string, RecordingManifest>, id: string): RecordingManifest => {
    const manifest = from.get(id);
    if (!manifest) throw new UnrollError('recording.missing');
    return manifest;
  };
  const move = (id: string, from: Map<string, RecordingManifest>, to: Map<string, RecordingManifest>): void => {
    to.set(id, find(from, id));
    from.delete(id);
  };
  return mockBridge({
    'updates.get': () => ({ updates: { state: 'absent' } }),
    'system.info': () => ({
      version: '0.1.0',
      rung: 'wasm',
      rungReason: { reason: 'reason.rung.notStarting', detail: 'The trial was ended by SIGILL.' },
      backend: 'wasm',
      host: 'browser',
    }),
    'models.list': () => ({ models: [MODEL, FILE_MODEL] }),
    'models.kept': () => ({ models: [keptModel(MODEL), keptModel(FILE_MODEL)], deleted: [], refused: [] }),
    'models.open': ({ modelId }) => ({
      id: modelId,
      frontEnd: FRONT_END,
      alphabet: { symbols: SYMBOLS, wordSeparator: ' ', unknown: null },
      isStreaming: true,
      card: MODEL.card,
    }),
    'models.describe': ({ modelId }) => describedModel(modelId),
    // A thousand for each layer and each word: enough to tell which question was answered.
    'network.describe': ({ vocabulary, layers }) => {
      const parts = [...layers.map(() => 1_000), 1_000 * vocabulary.length];
      return { parameters: parts.reduce((sum, part) => sum + part, 0), parts };
    },
    'runs.list': () => ({ runs: [] }),
    'runs.features': () => ({ ready: 0, of: 0, bytes: 0 }),
    'samples.list': () => ({ samples: [] }),
    'data.list': () => ({ sets: [] }),
    'recordings.list': () => {
      const { recordings: newest, total, totalMs } = found([...kept.values()].map(summaryOf), {});
      return { recordings: newest, total, totalMs, totalBytes: 32_000 };
    },
    'library.search': ({ filter }) => found([...(filter.isDeleted ? trash : kept).values()].map(summaryOf), filter),
    'library.ids': ({ filter }) => ({
      ids: found([...(filter.isDeleted ? trash : kept).values()].map(summaryOf), filter).recordings.map(({ id }) => id),
    }),
    'library.facets': () => ({ tags: [], models: [{ modelId: MODEL.id, count: kept.size }], deleted: trash.size }),
    'recordings.label': ({ recordingId, tags, isFavourite }) => {
      const recording = { ...find(kept, recordingId), tags, isFavourite };
      kept.set(recordingId, recording);
      return { recording: summaryOf(recording) };
    },
    'recordings.erase': ({ recordingId }) => {
      trash.delete(recordingId);
      return {};
    },
    'recordings.get': ({ recordingId }) => {
      const recording = find(kept, recordingId);
      return { recording, summary: summaryOf(recording) };
    },
    'recordings.audio': ({ recordingId, firstSample, samples }) => {
      const total = find(kept, recordingId).durationMs * 16;
      const count = Math.max(0, Math.min(samples, total - firstSample));
      return { pcm: new Int16Array(count).fill(1_000), totalSamples: total };
    },
    'recordings.rename': ({ recordingId, title }) => {
      const recording = { ...find(kept, recordingId), title };
      kept.set(recordingId, recording);
      return { recording: summaryOf(recording) };
    },
    'recordings.mark': ({ recordingId, marks }) => {
      const recording = { ...find(kept, recordingId), marks };
      kept.set(recordingId, recording);
      return { recording: summaryOf(recording) };
    },
    'recordings.alternatives': () => ({
      alternatives: [
        { text: 'three', score: 0.71 },
        { text: 'two', score: 0.24 },
      ],
    }),
    'recordings.edit': ({ recordingId, first, count, utterances }) => {
      const recording = structuredClone(find(kept, recordingId));
      recording.transcripts[0]!.utterances.splice(first, count, ...utterances);
      kept.set(recordingId, recording);
      return { recording: summaryOf(recording) };
    },
    'recordings.reread': ({ startMs, endMs }) => ({
      utterances: [{ startMs, endMs, words: [scripted('again', startMs, endMs)] }],
    }),
    'recordings.delete': ({ recordingId }) => {
      move(recordingId, kept, trash);
      return {};
    },
    'recordings.restore': ({ recordingId }) => {
      move(recordingId, trash, kept);
      return { recording: summaryOf(find(kept, recordingId)) };
    },
    'files.add': ({ name }) => ({ fileId: `file-${name.replace(/[^a-z0-9]/g, '-')}` }),
    'files.piece': ({ offset, bytes }) => ({ received: offset + bytes.length }),
    'files.cancel': () => ({}),
  });
}
