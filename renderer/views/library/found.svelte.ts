// The recordings that were found, page by page: only those that come into sight are asked for.
import type { LibraryFilter, LibraryPage, LibrarySort } from '../../../app/contract/library';
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import type { RecordingSummary } from '../../../app/contract/recording';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';

export const PAGE_RECORDINGS = 100;

export class FoundRecordings {
  total = $state(0);
  totalMs = $state(0);
  days = $state.raw<LibraryPage['days']>([]);
  state = $state<'loading' | 'ready' | 'failed'>('loading');
  error = $state.raw<ErrorMessage | null>(null);
  /** By number of the page. */
  #pages = $state.raw<Readonly<Record<number, readonly RecordingSummary[]>>>({});
  #filter: LibraryFilter = {};
  #sort: LibrarySort = 'newest';
  #inSight = { first: 0, end: 1 };
  #asked = 0;
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** What was found before stays in sight until the answer is here. */
  async find(filter: LibraryFilter, sort: LibrarySort): Promise<void> {
    this.#filter = filter;
    this.#sort = sort;
    const asked = ++this.#asked;
    const first = Math.floor(this.#inSight.first / PAGE_RECORDINGS);
    const last = Math.floor(Math.max(0, this.#inSight.end - 1) / PAGE_RECORDINGS);
    const wanted = [0, first, last].filter((page, index, all) => all.indexOf(page) === index);
    await this.#try(asked, async () => {
      const pages = await Promise.all(wanted.map(async (page) => [page, await this.#page(page)] as const));
      if (asked !== this.#asked) return;
      this.#pages = Object.fromEntries(pages.map(([page, { recordings }]) => [page, recordings]));
      for (const [, { total, totalMs, days }] of pages.slice(0, 1)) {
        this.total = total;
        this.totalMs = totalMs;
        this.days = days;
      }
      this.error = null;
      this.state = 'ready';
    });
  }

  /** Null where it is not here yet. */
  at(index: number): RecordingSummary | null {
    return this.#pages[Math.floor(index / PAGE_RECORDINGS)]?.[index % PAGE_RECORDINGS] ?? null;
  }

  byId(id: string | null): RecordingSummary | null {
    if (id === null) return null;
    for (const page of Object.values(this.#pages)) {
      const found = page.find((each) => each.id === id);
      if (found) return found;
    }
    return null;
  }

  /** Reads what is missing of the recordings [first, end). */
  async show(first: number, end: number): Promise<void> {
    this.#inSight = { first, end };
    const asked = this.#asked;
    const last = Math.floor((Math.min(end, this.total) - 1) / PAGE_RECORDINGS);
    for (let page = Math.floor(first / PAGE_RECORDINGS); page <= last; page++) {
      if (page in this.#pages) continue;
      this.#pages = { ...this.#pages, [page]: [] }; // asked for once
      await this.#try(asked, async () => {
        const { recordings } = await this.#page(page);
        if (asked === this.#asked) this.#pages = { ...this.#pages, [page]: recordings };
      });
    }
  }

  /** Every recording that was found, also those that are not here. */
  async ids(): Promise<readonly string[]> {
    return (await this.#bridge.request('library.ids', { filter: this.#filter })).ids;
  }

  #page(page: number): Promise<LibraryPage> {
    const place = { first: page * PAGE_RECORDINGS, count: PAGE_RECORDINGS };
    return this.#bridge.request('library.search', { filter: this.#filter, sort: this.#sort, ...place });
  }

  async #try(asked: number, run: () => Promise<void>): Promise<void> {
    try {
      await run();
    } catch (error) {
      if (asked !== this.#asked) return;
      this.error = errorMessageOf(error);
      this.state = 'failed';
      if (this.error === null) throw error;
    }
  }
}
