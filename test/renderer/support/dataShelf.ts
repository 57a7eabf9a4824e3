// A shelf of data sets that answers as the engine does, over the shelf of recordings: made, changed and deleted in memory.
import type { CheckReport, ImportReport } from '../../../app/contract/dataset';
import type { DataRow, DataSet } from '../../../app/contract/dataSets';
import { UnrollError } from '../../../app/errors';
import type { MockBridge } from '../../../renderer/bridge/mockBridge';
import { shelf, type ShelfRecording } from './shelf';

export interface ShelfSet {
  readonly id: string;
  readonly title: string;
  readonly rows: readonly DataRow[];
  readonly createdAt?: string;
  readonly report?: Partial<CheckReport>;
}

/** Of a row, what a test cares about; the rest is as it usually is. */
export function dataRow(rowId: number, text: string, fields: Partial<DataRow> = {}): DataRow {
  return {
    rowId,
    name: `take-${rowId}.wav`,
    text,
    speaker: 'A',
    part: 'train',
    seconds: 2.4,
    secondsPerSymbol: 0.12,
    isLeftOut: false,
    notes: [],
    peaks: Float32Array.from({ length: 96 }, (_, index) => Math.abs(Math.sin(index / 7))),
    ...fields,
  };
}

const amount = (rows: readonly DataRow[]) => ({
  recordings: rows.length,
  seconds: rows.reduce((sum, { seconds }) => sum + (seconds ?? 0), 0),
  speakers: new Set(rows.flatMap(({ speaker }) => speaker ?? [])).size,
  words: rows.reduce((sum, { text }) => sum + text.split(' ').length, 0),
});

export function checkReport(rows: readonly DataRow[], fields: Partial<CheckReport> = {}): CheckReport {
  const symbols = new Map<string, number>();
  for (const symbol of rows.flatMap(({ text }) => [...text])) symbols.set(symbol, (symbols.get(symbol) ?? 0) + 1);
  return {
    folder: 'sets/one',
    usable: amount(rows),
    parts: [],
    durations: {
      shortest: 0.4,
      median: 2.4,
      longest: 6.9,
      histogram: Array.from({ length: 14 }, (_, index) => ({
        from: index / 2,
        to: (index + 1) / 2,
        count: (index * 7) % 9,
      })),
    },
    symbols: [...symbols].map(([symbol, count]) => ({ symbol, count })).sort((a, b) => b.count - a.count),
    unmappable: [],
    classes: {
      by: 'text',
      number: 2,
      list: [
        { text: 'zero', recordings: 30, speakers: 3 },
        { text: 'nine', recordings: 4, speakers: 1 },
      ],
    },
    secondsPerSymbol: { median: 0.12, number: 0, outliers: [] },
    leftOut: [],
    advice: [],
    ...fields,
  };
}

export function importReport(fields: Partial<ImportReport> = {}): ImportReport {
  return {
    folder: 'speech',
    source: { path: 'speech', format: 'kaldi', evidence: { file: 'wav.scp' } },
    sound: 'copied',
    taken: { recordings: 40, seconds: 90, speakers: 2, words: 120 },
    leftOut: [],
    symbols: ['e', 'n', 'o'],
    split: { seed: 7, validation: 0.1, test: 0.1, by: 'speaker' },
    parts: [],
    ...fields,
  };
}

interface Held {
  readonly set: DataSet;
  readonly rows: DataRow[];
  readonly report: Partial<CheckReport>;
}

function heldOf({ id, title, rows, createdAt = '2026-05-01T10:00:00.000Z', report = {} }: ShelfSet): Held {
  const kept = rows.filter(({ isLeftOut }) => !isLeftOut);
  const { recordings, seconds, speakers } = amount(kept);
  const split = { seed: 7, validation: 0.1, test: 0.1, by: 'speaker' } as const;
  const set = {
    id,
    title,
    createdAt,
    recordings,
    seconds,
    speakers,
    origin: 'imported',
    split,
    problem: null,
  } as const;
  return { set, rows: [...rows], report };
}

export function dataShelf(sets: readonly ShelfSet[], recordings: readonly ShelfRecording[] = []): MockBridge {
  const bridge = shelf(recordings);
  const kept = new Map(sets.map((each) => [each.id, heldOf(each)]));
  const trash = new Map<string, Held>();
  const find = (from: Map<string, Held>, id: string): Held => {
    const held = from.get(id);
    if (!held) throw new UnrollError('recording.missing');
    return held;
  };
  const put = (held: Held, change: Partial<DataSet>): { set: DataSet } => {
    const set = { ...held.set, ...change };
    kept.set(set.id, { ...held, set });
    return { set };
  };
  bridge.answer('data.list', () => ({ sets: [...kept.values()].map(({ set }) => set) }));
  bridge.answer('data.create', ({ title }) =>
    put(heldOf({ id: `set-${kept.size + 1}`, title, rows: [], createdAt: new Date().toISOString() }), {}),
  );
  bridge.answer('data.openSample', () =>
    put(heldOf({ id: 'sample', title: 'Sample set', rows: [dataRow(0, 'five five')] }), { origin: 'sample' }),
  );
  bridge.answer('data.rename', ({ setId, title }) => put(find(kept, setId), { title }));
  bridge.answer('data.delete', ({ setId }) => {
    trash.set(setId, find(kept, setId));
    kept.delete(setId);
    return {};
  });
  bridge.answer('data.restore', ({ setId }) => put(find(trash, setId), {}));
  bridge.answer('data.rows', ({ setId, first, count }) => {
    const { rows } = find(kept, setId);
    return { rows: rows.slice(first, first + count), total: rows.length };
  });
  bridge.answer('data.check', ({ setId }) => {
    const { rows, report } = find(kept, setId);
    return { report: checkReport(rows, report) };
  });
  bridge.answer('data.edit', ({ setId, rowId, text, speaker, isLeftOut }) => {
    const { rows } = find(kept, setId);
    const at = rows.findIndex((row) => row.rowId === rowId);
    const row = { ...rows[at]!, text, speaker, isLeftOut };
    rows[at] = row;
    return { row };
  });
  bridge.answer('data.audio', () => ({ pcm: new Int16Array(3_200).fill(900) }));
  bridge.answer('data.split', ({ setId, seed, validation, test }) => {
    const split = { seed, validation, test, by: 'speaker' as const };
    put(find(kept, setId), { split });
    return { split };
  });
  bridge.answer('data.upload', () => ({ uploadId: 'upload-1' }));
  bridge.answer('data.piece', ({ offset, bytes }) => ({ received: offset + bytes.length }));
  bridge.answer('data.cancelUpload', () => ({}));
  bridge.answer('data.export', () => ({ exportId: 'export-1' }));
  bridge.answer('data.exportPack', () => ({ byteLength: 5 }));
  bridge.answer('data.exportPiece', ({ offset }) => ({
    bytes: Uint8Array.of(1, 2, 3, 4, 5).subarray(offset, offset + 3),
  }));
  bridge.answer('data.exportClose', () => ({}));
  return bridge;
}
