// An index over the recordings' folders in SQLite: search, filters and order without opening ten thousand manifests. The folders are
// the truth: a file that is missing, damaged or of another version is made anew from them.
import { rmSync } from 'node:fs';
import { Database, SQLite3Error } from 'node-sqlite3-wasm';
import type { LibraryFilter, LibraryPage, LibrarySort } from '../../app/contract/library';
import type { ReplyOf, RequestOf } from '../../app/contract/messages';
import { recordingSummarySchema, type RecordingSummary } from '../../app/contract/recording';
import { unreachable } from '../../app/errors';
import { fullTextQuery, indexedText } from './searchWords';

/** Of the tables below. A file with any other number is made anew. */
export const INDEX_VERSION = 2;

const TABLES = `
  CREATE TABLE recordings (
    row INTEGER PRIMARY KEY,
    id TEXT NOT NULL UNIQUE,
    stamp TEXT NOT NULL,
    created_at TEXT NOT NULL,
    day TEXT NOT NULL,
    duration_ms REAL NOT NULL,
    is_deleted INTEGER NOT NULL,
    is_favourite INTEGER NOT NULL,
    is_corrected INTEGER NOT NULL,
    confidence REAL,
    name TEXT NOT NULL,
    bytes INTEGER NOT NULL,
    audio_file TEXT NOT NULL,
    summary TEXT NOT NULL
  );
  CREATE INDEX by_time ON recordings (is_deleted, created_at);
  CREATE INDEX by_day ON recordings (is_deleted, day, duration_ms);
  CREATE TABLE tags (row INTEGER NOT NULL, tag TEXT NOT NULL, PRIMARY KEY (tag, row)) WITHOUT ROWID;
  CREATE TABLE models (row INTEGER NOT NULL, model_id TEXT NOT NULL, PRIMARY KEY (model_id, row)) WITHOUT ROWID;
  CREATE VIRTUAL TABLE texts USING fts5(
    text, content='', contentless_delete=1, prefix='1 2 3', tokenize='unicode61 remove_diacritics 2'
  );
  PRAGMA user_version = ${INDEX_VERSION};
`;

/** What the index knows of a folder. */
export interface IndexedRecording {
  readonly summary: RecordingSummary;
  /** Changes with the manifest: where it is the same, the manifest need not be read. Empty: read it every time. */
  readonly stamp: string;
  readonly bytes: number;
  /** File with the sound, inside the folder. */
  readonly audioFile: string;
}

/** What is searched beside the summary: every transcript's text, read and corrected, and the models that read them. */
export interface SearchedText {
  readonly text: string;
  readonly modelIds: readonly string[];
}

type SqlValue = string | number | null;
interface Condition {
  readonly sql: string;
  readonly values: readonly SqlValue[];
}

export class RecordingIndex {
  readonly #database: Database;

  private constructor(database: Database) {
    this.#database = database;
  }

  /** @param path of the file; null keeps it in memory alone */
  static open(path: string | null): RecordingIndex {
    if (path === null) return new RecordingIndex(withTables(new Database()));
    // The data folder is this process's alone: a lock of SQLite's is one that a killed engine left.
    rmSync(`${path}.lock`, { recursive: true, force: true });
    const kept = openKept(path);
    if (kept !== null) return new RecordingIndex(kept);
    for (const file of [path, `${path}-journal`]) rmSync(file, { force: true });
    return new RecordingIndex(withTables(openFile(path)));
  }

  close(): void {
    this.#database.close();
  }

  /** Runs it as one transaction: ten thousand changes cost one write. */
  async all<R>(run: () => Promise<R>): Promise<R> {
    this.#database.exec('BEGIN');
    try {
      return await run();
    } finally {
      this.#database.exec('COMMIT');
    }
  }

  /** Stamps by the folder's name; empty of what is in the trash, which is looked at whenever the index is opened. */
  stamps(): Map<string, string> {
    const rows = this.#database.all("SELECT id, iif(is_deleted, '', stamp) AS stamp FROM recordings");
    return new Map(rows.map((row) => [textOf(row['id']), textOf(row['stamp'])]));
  }

  get(id: string): IndexedRecording | null {
    const row = this.#database.get('SELECT stamp, bytes, audio_file, summary FROM recordings WHERE id = ?', [id]);
    if (row === null) return null;
    return {
      summary: summaryFrom(row['summary']),
      stamp: textOf(row['stamp']),
      bytes: Number(row['bytes']),
      audioFile: textOf(row['audio_file']),
    };
  }

  put({ summary, stamp, bytes, audioFile }: IndexedRecording, { text, modelIds }: SearchedText): void {
    this.remove(summary.id);
    const { id, createdAt, durationMs, isDeleted, isFavourite, corrections, confidence, title, tags } = summary;
    const flags = [isDeleted, isFavourite, corrections > 0].map(Number);
    const name = (title === '' ? summary.text : title).slice(0, 200).toLowerCase();
    const { lastInsertRowid: row } = this.#database.run(
      `INSERT INTO recordings VALUES (NULL, ?, ?, ?, coalesce(date(?, 'localtime'), ''), ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        id,
        stamp,
        createdAt,
        createdAt,
        durationMs,
        ...flags,
        confidence,
        name,
        bytes,
        audioFile,
        JSON.stringify(summary),
      ],
    );
    for (const tag of new Set(tags)) this.#database.run('INSERT INTO tags VALUES (?, ?)', [row, tag]);
    for (const modelId of new Set(modelIds)) this.#database.run('INSERT INTO models VALUES (?, ?)', [row, modelId]);
    const searched = indexedText([title, ...tags, text].join('\n'));
    this.#database.run('INSERT INTO texts (rowid, text) VALUES (?, ?)', [row, searched]);
  }

  remove(id: string): void {
    const found = this.#database.get('SELECT row FROM recordings WHERE id = ?', [id]);
    if (found === null) return;
    const row = Number(found['row']);
    for (const table of ['recordings', 'tags', 'models'])
      this.#database.run(`DELETE FROM ${table} WHERE row = ?`, [row]);
    this.#database.run('DELETE FROM texts WHERE rowid = ?', [row]);
  }

  search({ filter, sort, first, count }: RequestOf<'library.search'>): LibraryPage {
    const { sql, values } = conditionOf(filter);
    const sums = this.#database.get(
      `SELECT count(*) AS total, coalesce(sum(duration_ms), 0) AS ms FROM recordings WHERE ${sql}`,
      [...values],
    );
    const rows = this.#database.all(
      `SELECT summary FROM recordings WHERE ${sql} ORDER BY ${orderOf(sort)} LIMIT ? OFFSET ?`,
      [...values, count, first],
    );
    return {
      recordings: rows.map((row) => summaryFrom(row['summary'])),
      total: Number(sums?.['total']),
      totalMs: Number(sums?.['ms']),
      days: first === 0 ? this.#days(filter, sort) : [],
    };
  }

  ids(filter: LibraryFilter): string[] {
    const { sql, values } = conditionOf(filter);
    const rows = this.#database.all(`SELECT id FROM recordings WHERE ${sql} ORDER BY created_at DESC, row DESC`, [
      ...values,
    ]);
    return rows.map((row) => textOf(row['id']));
  }

  facets(): ReplyOf<'library.facets'> {
    const counted = (table: string, column: string): { name: string; count: number }[] =>
      this.#database
        .all(
          `SELECT ${column} AS name, count(*) AS count FROM ${table} JOIN recordings USING (row)
           WHERE NOT is_deleted GROUP BY ${column} ORDER BY count DESC, name`,
        )
        .map((row) => ({ name: textOf(row['name']), count: Number(row['count']) }));
    const deleted = this.#database.get('SELECT count(*) AS count FROM recordings WHERE is_deleted');
    return {
      tags: counted('tags', 'tag').map(({ name, count }) => ({ tag: name, count })),
      models: counted('models', 'model_id').map(({ name, count }) => ({ modelId: name, count })),
      deleted: Number(deleted?.['count']),
    };
  }

  /** Bytes and number of what is not in the trash. */
  totals(): { readonly count: number; readonly bytes: number; readonly durationMs: number } {
    const row = this.#database.get(
      `SELECT count(*) AS count, coalesce(sum(bytes), 0) AS bytes, coalesce(sum(duration_ms), 0) AS ms
       FROM recordings WHERE NOT is_deleted`,
    );
    return { count: Number(row?.['count']), bytes: Number(row?.['bytes']), durationMs: Number(row?.['ms']) };
  }

  #days(filter: LibraryFilter, sort: LibrarySort): LibraryPage['days'] {
    if (sort !== 'newest' && sort !== 'oldest') return [];
    const { sql, values } = conditionOf(filter);
    const direction = sort === 'newest' ? 'DESC' : 'ASC';
    const rows = this.#database.all(
      `SELECT day, count(*) AS count FROM recordings WHERE ${sql} GROUP BY day ORDER BY day ${direction}`,
      [...values],
    );
    return rows.map((row) => ({ day: textOf(row['day']), count: Number(row['count']) }));
  }
}

function openFile(path: string): Database {
  const database = new Database(path);
  // What a loss of power may take from it is made anew from the folders.
  database.exec('PRAGMA synchronous = OFF; PRAGMA locking_mode = EXCLUSIVE; PRAGMA cache_size = -32000;');
  return database;
}

function withTables(database: Database): Database {
  database.exec(TABLES);
  return database;
}

/** The index that is there, or null where it is none, is damaged, or has other tables. */
function openKept(path: string): Database | null {
  let database: Database | null = null;
  try {
    database = openFile(path);
    const isOurs = database.get('PRAGMA user_version')?.['user_version'] === INDEX_VERSION;
    const isWhole = isOurs && database.get('PRAGMA quick_check')?.['quick_check'] === 'ok';
    if (isWhole) return database;
  } catch (error) {
    if (!(error instanceof SQLite3Error)) throw error;
  }
  database?.close();
  return null;
}

/** The parts of a filter as one condition on `recordings`. */
function conditionOf(filter: LibraryFilter): Condition {
  const { query = '', isDeleted = false, isFavourite, isCorrected, tags = [], modelId } = filter;
  const terms = fullTextQuery(query);
  const conditions: Condition[] = [{ sql: 'is_deleted = ?', values: [Number(isDeleted)] }];
  const ask = (sql: string, ...values: SqlValue[]): void => void conditions.push({ sql, values });
  if (terms !== null) ask('row IN (SELECT rowid FROM texts WHERE texts MATCH ?)', terms);
  else if (query.trim() !== '') ask('0');
  if (isFavourite !== undefined) ask('is_favourite = ?', Number(isFavourite));
  if (isCorrected !== undefined) ask('is_corrected = ?', Number(isCorrected));
  for (const tag of tags) ask('row IN (SELECT row FROM tags WHERE tag = ?)', tag);
  if (modelId !== undefined) ask('row IN (SELECT row FROM models WHERE model_id = ?)', modelId);
  const { createdFrom, createdBefore, confidenceBelow, durationFromMs, durationBelowMs } = filter;
  if (createdFrom !== undefined) ask('created_at >= ?', createdFrom);
  if (createdBefore !== undefined) ask('created_at < ?', createdBefore);
  if (confidenceBelow !== undefined) ask('confidence < ?', confidenceBelow);
  if (durationFromMs !== undefined) ask('duration_ms >= ?', durationFromMs);
  if (durationBelowMs !== undefined) ask('duration_ms < ?', durationBelowMs);
  return {
    sql: conditions.map(({ sql }) => `(${sql})`).join(' AND '),
    values: conditions.flatMap(({ values }) => values),
  };
}

function orderOf(sort: LibrarySort): string {
  switch (sort) {
    case 'newest':
      return 'created_at DESC, row DESC';
    case 'oldest':
      return 'created_at, row';
    case 'longest':
      return 'duration_ms DESC, row';
    case 'shortest':
      return 'duration_ms, row';
    case 'title':
      return 'name, row';
    case 'leastSure':
      return 'confidence IS NULL, confidence, row';
    default:
      return unreachable(sort);
  }
}

const textOf = (value: unknown): string => (typeof value === 'string' ? value : String(value));
const summaryFrom = (value: unknown): RecordingSummary => recordingSummarySchema.parse(JSON.parse(textOf(value)));
