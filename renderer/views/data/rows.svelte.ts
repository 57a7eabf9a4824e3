// The rows of one data set, and what a check of it found. All of them are here, so that search and sort answer at once.
import type { CheckReport } from '../../../app/contract/dataset';
import type { DataRow } from '../../../app/contract/dataSets';
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';

/** As many as one message holds. */
const PAGE_ROWS = 500;
/** Several changes in a row are asked about once. */
const SETTLE_MS = 400;
/** So long after an edit of one's own, the engine's word that the set has changed is no news. */
const OWN_CHANGE_MS = 2_000;

export type RowChange = Partial<Pick<DataRow, 'text' | 'speaker' | 'isLeftOut'>>;
/** An edit that can be undone. */
export interface RowEdit {
  readonly rowId: number;
  readonly before: Required<RowChange>;
  readonly after: Required<RowChange>;
}

export class DataRows {
  all = $state.raw<readonly DataRow[]>([]);
  total = $state(0);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state.raw<ErrorMessage | null>(null);
  report = $state.raw<CheckReport | null>(null);
  /** When the report was made, on the clock of Date.now(). */
  checkedAt = $state<number | null>(null);
  checkError = $state.raw<ErrorMessage | null>(null);
  /** Since the set was opened, the newest last. */
  edits = $state.raw<readonly RowEdit[]>([]);
  readonly setId: string;
  readonly #bridge: Bridge;
  #asked = 0;
  #isClosed = false;
  #ownChangeAt = -Infinity;
  #timer: ReturnType<typeof setTimeout> | undefined;

  constructor(bridge: Bridge, setId: string) {
    this.#bridge = bridge;
    this.setId = setId;
  }

  /** Reads the set and follows the engine until the returned function is called. */
  follow(): () => void {
    void this.load();
    void this.check();
    const stops = [
      this.#bridge.on('data.changed', ({ setIds }) => {
        if (setIds.includes(this.setId)) this.#changed();
      }),
      this.#bridge.on('engine.state', ({ state }) => {
        if (state === 'ready') this.#engineIsBack();
      }),
    ];
    return () => {
      stops.forEach((stop) => stop());
      clearTimeout(this.#timer);
      this.#isClosed = true;
    };
  }

  /** Reads all rows, page by page; those that are known stay in sight until all are here. */
  async load(): Promise<void> {
    const asked = ++this.#asked;
    const isStale = (): boolean => this.#isClosed || asked !== this.#asked;
    try {
      const rows: DataRow[] = [];
      for (let total = Infinity; rows.length < total;) {
        const body = { setId: this.setId, first: rows.length, count: PAGE_ROWS };
        const page = await this.#bridge.request('data.rows', body);
        if (isStale()) return;
        rows.push(...page.rows);
        total = page.rows.length === 0 ? rows.length : page.total;
        this.total = page.total;
        if (this.all.length === 0) this.all = [...rows];
      }
      this.all = rows;
      this.error = null;
      this.state = 'ready';
    } catch (error) {
      if (isStale()) return;
      this.error = errorMessageOf(error);
      this.state = 'failed';
      if (this.error === null) throw error;
    }
  }

  async check(): Promise<void> {
    try {
      const { report } = await this.#bridge.request('data.check', { setId: this.setId });
      if (this.#isClosed) return;
      this.report = report;
      this.checkedAt = Date.now();
      this.checkError = null;
    } catch (error) {
      if (this.#isClosed) return;
      this.checkError = errorMessageOf(error);
      if (this.checkError === null) throw error;
    }
  }

  byId(rowId: number | null): DataRow | null {
    return this.all.find((row) => row.rowId === rowId) ?? null;
  }

  /** Changes a row, and remembers how it was. Nothing happens where nothing differs. */
  async edit(row: DataRow, change: RowChange): Promise<void> {
    const before = { text: row.text, speaker: row.speaker, isLeftOut: row.isLeftOut };
    const after = { ...before, ...change };
    const isSame = before.text === after.text && before.speaker === after.speaker;
    if (isSame && before.isLeftOut === after.isLeftOut) return;
    await this.#tell(row.rowId, after);
    this.edits = [...this.edits, { rowId: row.rowId, before, after }];
  }

  /** Takes the newest edit back, or the given one. */
  async undo(edit: RowEdit | undefined = this.edits[this.edits.length - 1]): Promise<void> {
    if (!edit || !this.edits.includes(edit)) return;
    this.edits = this.edits.filter((each) => each !== edit);
    await this.#tell(edit.rowId, edit.before);
  }

  /** What the engine says of a row now; a new one comes last. */
  put(row: DataRow): void {
    const isKnown = this.all.some(({ rowId }) => rowId === row.rowId);
    this.all = isKnown ? this.all.map((each) => (each.rowId === row.rowId ? row : each)) : [...this.all, row];
    this.total = Math.max(this.total, this.all.length);
    this.#ownChangeAt = Date.now();
    this.#checkSoon();
  }

  async #tell(rowId: number, fields: Required<RowChange>): Promise<void> {
    this.#ownChangeAt = Date.now();
    const { row } = await this.#bridge.request('data.edit', { setId: this.setId, rowId, ...fields });
    this.put(row);
  }

  #changed(): void {
    if (Date.now() - this.#ownChangeAt > OWN_CHANGE_MS) void this.load();
    this.#checkSoon();
  }

  /** What could not be asked while the engine was away. */
  #engineIsBack(): void {
    if (this.state === 'failed') void this.load();
    if (this.checkError !== null) void this.check();
  }

  #checkSoon(): void {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => void this.check(), SETTLE_MS);
  }
}
