// One data set that is in use: its lists and what is known of its sounds, in memory as they are on disk.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { lineOfRow, MAX_TAKE_SECONDS, type DataRow, type DataSet } from '../../app/contract/dataSets';
import type { CheckReport, DataPart, Split } from '../../app/contract/dataset';
import { RECORDING_SAMPLE_RATE_HZ, type RequestOf } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { isMissing } from '../library/recordingFiles';
import { makeRandom } from '../runtime/random';
import { checkedRow, readWholeSound, type CheckedRow } from './checkedRows';
import { reportOf } from './checking';
import { MANIFEST_FILE } from './dataFolder';
import { alphabetFrom } from './dataset';
import { LeftOutList } from './leftOutList';
import { partsOf } from './parts';
import type { ManifestRow } from './manifest';
import { outliersOf, shownRow, type KnownRow, type Outlier } from './rowNotes';
import {
  readSetContent,
  readSetFile,
  writeSetContent,
  writeSetFile,
  type SetContent,
  type SetFile,
  type SetRow,
} from './setFiles';
import { SoundFactsCache } from './soundFacts';
import { storedText } from './transcriptText';

const READ_AT_ONCE = 4;

export type NewRow = Pick<SetRow, 'stored' | 'transcript' | 'speaker' | 'corpus' | 'device' | 'isLeftOut'>;

export class OpenSet {
  readonly id: string;
  readonly #folder: string;
  readonly #sounds: SoundFactsCache;
  #about: SetFile;
  #content: SetContent;
  #known: KnownRow[] = [];
  /** Null where they have to be looked for anew. */
  #outliers: ReadonlyMap<number, Outlier> | null = null;
  #stamp = '';

  private constructor(id: string, folder: string, sounds: SoundFactsCache, about: SetFile, content: SetContent) {
    this.id = id;
    this.#folder = folder;
    this.#sounds = sounds;
    this.#about = about;
    this.#content = content;
  }

  /** Reads its files, and those sounds that are not known yet. @throws UnrollError as readSetFile and readSetContent */
  static async open(id: string, folder: string): Promise<OpenSet> {
    const about = await readSetFile(folder);
    const set = new OpenSet(id, folder, await SoundFactsCache.open(folder), about, await readSetContent(folder));
    set.#known = await set.#knownOf(set.#content.rows);
    set.#stamp = await set.#stampNow();
    await set.#saveSounds();
    return set;
  }

  get about(): SetFile {
    return this.#about;
  }

  /** Whether the list on disk is another than the one that was read, as after an edit by hand. */
  async isOutdated(): Promise<boolean> {
    return (await this.#stampNow()) !== this.#stamp;
  }

  summary(): DataSet {
    const used = this.#known.filter(({ row }) => !row.isLeftOut);
    const { title, createdAt, origin } = this.#about;
    return {
      id: this.id,
      title,
      createdAt,
      recordings: used.length,
      seconds: used.reduce((sum, { sound }) => sum + (sound instanceof UnrollError ? 0 : sound.seconds), 0),
      speakers: new Set(used.flatMap(({ row }) => row.speaker ?? [])).size,
      origin,
      split: this.#content.dataset.split,
      problem: null,
    };
  }

  has(stored: string): boolean {
    return this.#content.rows.some((row) => row.stored === stored);
  }

  async describe(change: Partial<Pick<SetFile, 'title' | 'deletedAt'>>): Promise<void> {
    const about = { ...this.#about, ...change };
    await writeSetFile(this.#folder, about);
    this.#about = about;
  }

  /** Rows [first, first + count), their files looked at anew, and how many there are in all. */
  async rows(first: number, count: number): Promise<{ rows: DataRow[]; total: number }> {
    const page = await this.#knownOf(this.#content.rows.slice(first, first + count));
    if (page.some(({ sound }, at) => sound !== this.#known[first + at]?.sound)) this.#outliers = null;
    this.#known.splice(first, page.length, ...page);
    await this.#saveSounds();
    return { rows: page.map((_, at) => this.#shown(first + at)), total: this.#known.length };
  }

  /** The check of the command line, from what is known of the sounds. Left-out rows do not count. */
  async check(): Promise<CheckReport> {
    const leftOut = new LeftOutList();
    const rows: CheckedRow[] = [];
    for (const [index, { row, sound }] of this.#known.entries()) {
      if (row.isLeftOut) continue;
      const line = lineOfRow(index);
      const { stored: _stored, device: _device, isLeftOut: _isLeftOut, ...listed } = row;
      const named = { ...listed, path: row.stored, manifest: MANIFEST_FILE, line };
      const checked = await checkedRow(named, async () => {
        if (sound instanceof UnrollError) throw sound;
        return sound;
      });
      if ('reason' in checked) leftOut.add(checked.reason, { file: MANIFEST_FILE, line, params: checked.params });
      else rows.push(checked);
    }
    return reportOf(this.id, rows, leftOut, new Set(this.#content.dataset.alphabet.symbols));
  }

  /** @throws UnrollError dataset.rowMissing */
  async edit({ rowId, text, speaker, isLeftOut }: Omit<RequestOf<'data.edit'>, 'setId'>): Promise<DataRow> {
    const { row } = this.#knownRow(rowId);
    const name = (speaker === null ? '' : storedText(speaker)) || null;
    const part = name === row.speaker ? row.part : (this.#partOfSpeaker(name, rowId) ?? row.part);
    const changed = { ...row, transcript: storedText(text), speaker: name, isLeftOut, part };
    await this.#write(this.#content.rows.with(rowId, changed));
    this.#known[rowId] = { row: changed, sound: this.#knownRow(rowId).sound };
    return this.#shown(rowId);
  }

  /** A row at the end, or in the place of the one with the same sound. Its file is there already. */
  async put(added: NewRow): Promise<DataRow> {
    const there = this.#content.rows.findIndex(({ stored }) => stored === added.stored);
    const rowId = there < 0 ? this.#content.rows.length : there;
    const named = {
      ...added,
      transcript: storedText(added.transcript),
      speaker: storedText(added.speaker ?? '') || null,
    };
    const part = this.#content.rows[rowId]?.part ?? this.#partOfSpeaker(named.speaker, rowId) ?? this.#drawnPart(named);
    const row: SetRow = { ...named, path: join(this.#folder, added.stored), part };
    await this.#write([...this.#content.rows.slice(0, rowId), row, ...this.#content.rows.slice(rowId + 1)]);
    this.#known[rowId] = (await this.#knownOf([row]))[0] as KnownRow;
    await this.#saveSounds();
    return this.#shown(rowId);
  }

  /** Chooses the parts anew. */
  async split(shares: Pick<Split, 'seed' | 'validation' | 'test'>): Promise<Split> {
    const { parts, split } = partsOf(this.#content.rows, shares);
    await this.#write(
      this.#content.rows.map((row, index) => ({ ...row, part: parts[index] as DataPart })),
      split,
    );
    this.#known = this.#known.map(({ sound }, index) => ({ row: this.#content.rows[index] as SetRow, sound }));
    return split;
  }

  /** 16 kHz mono, at most the first minute. @throws UnrollError dataset.rowMissing, and as readWholeSound */
  async audio(rowId: number): Promise<Int16Array> {
    const { pcm } = await this.sound(rowId);
    return pcm.slice(0, MAX_TAKE_SECONDS * RECORDING_SAMPLE_RATE_HZ);
  }

  /** A row as training reads it, and its whole file. @throws UnrollError dataset.rowMissing, and as readWholeSound */
  async sound(rowId: number): Promise<{ row: ManifestRow; bytes: Uint8Array; pcm: Int16Array }> {
    const { path, transcript, speaker, corpus, part } = this.#knownRow(rowId).row;
    const row = { path, transcript, speaker, corpus, part, manifest: MANIFEST_FILE, line: lineOfRow(rowId) };
    return { row, ...(await readWholeSound(path)) };
  }

  #knownRow(rowId: number): KnownRow {
    const known = this.#known[rowId];
    if (known === undefined) throw new UnrollError('dataset.rowMissing');
    return known;
  }

  #shown(rowId: number): DataRow {
    this.#outliers ??= outliersOf(this.#known);
    return shownRow(rowId, this.#knownRow(rowId), this.#outliers.get(rowId));
  }

  /** Where this speaker's other rows are; null where parts are not chosen by speaker, or nothing is known of this one. */
  #partOfSpeaker(speaker: string | null, rowId: number): DataPart | null {
    if (this.#content.dataset.split.by !== 'speaker') return null;
    if (speaker === null) return 'train';
    return this.#content.rows.find((row, index) => index !== rowId && row.speaker === speaker)?.part ?? null;
  }

  /** For a row that comes to a set whose parts are chosen already: a draw of its own, so that no other row changes its part. */
  #drawnPart({ stored }: Pick<SetRow, 'stored'>): DataPart {
    const { by, seed, validation, test } = this.#content.dataset.split;
    if (by === 'speaker') return 'train';
    const name = [...stored].reduce((sum, sign) => (Math.imul(sum, 31) + (sign.codePointAt(0) as number)) | 0, 0);
    const draw = makeRandom(seed ^ name)();
    if (draw < validation) return 'validation';
    return draw < validation + test ? 'test' : 'train';
  }

  async #write(rows: readonly SetRow[], split: Split = this.#content.dataset.split): Promise<void> {
    const alphabet = alphabetFrom(
      rows.filter(({ isLeftOut }) => !isLeftOut),
      { vocabulary: null, aliases: {} },
    );
    const content = { dataset: { ...this.#content.dataset, alphabet, split }, rows };
    await writeSetContent(this.#folder, content, this.#content);
    this.#content = content;
    this.#outliers = null;
    this.#stamp = await this.#stampNow();
  }

  async #knownOf(rows: readonly SetRow[]): Promise<KnownRow[]> {
    const known: KnownRow[] = [];
    for (let start = 0; start < rows.length; start += READ_AT_ONCE) {
      known.push(...(await Promise.all(rows.slice(start, start + READ_AT_ONCE).map((row) => this.#know(row)))));
    }
    return known;
  }

  async #know(row: SetRow): Promise<KnownRow> {
    try {
      return { row, sound: await this.#sounds.of(row.stored) };
    } catch (error) {
      if (!(error instanceof UnrollError)) throw error;
      return { row, sound: error };
    }
  }

  #saveSounds(): Promise<void> {
    return this.#sounds.save(this.#content.rows.map(({ stored }) => stored));
  }

  async #stampNow(): Promise<string> {
    try {
      const { size, mtimeMs } = await fs.stat(join(this.#folder, MANIFEST_FILE));
      return `${size} ${mtimeMs}`;
    } catch (error) {
      if (isMissing(error)) return '';
      throw error;
    }
  }
}
