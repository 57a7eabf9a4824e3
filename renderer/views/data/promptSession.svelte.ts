// Prompts, one at a time: record, look, keep. Lives as long as the window.
import type { DataRow } from '../../../app/contract/dataSets';
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import { errorMessageOf, type Bridge } from '../../bridge/bridge';
import { SILENT_LEVEL, type Level } from '../../capture/level';
import { MicrophoneError, type OpenSource } from '../../capture/source';
import { TakeRecorder, type Take } from '../../capture/takeRecorder';
import { readPromptList, withPromptDone, withSkippedOpen, writePromptList, type PromptList } from './promptList';

export type PromptPhase =
  | { readonly kind: 'ready' }
  /** The microphone is being opened, perhaps with a question to the person. */
  | { readonly kind: 'asking' }
  | { readonly kind: 'recording' }
  /** The take is brought to disk and looked at. */
  | { readonly kind: 'checking' }
  | { readonly kind: 'taken' }
  | { readonly kind: 'noMicrophone'; readonly reason: MicrophoneError['reason'] };

/** A take and the part of it that is kept. */
export interface TrimmedTake extends Take {
  readonly fromMs: number;
  readonly toMs: number;
}

export class PromptSession {
  list = $state.raw<PromptList | null>(null);
  phase = $state.raw<PromptPhase>({ kind: 'ready' });
  /** Of the present prompt, oldest first; all of them are on disk until one is kept. */
  takes = $state.raw<readonly TrimmedTake[]>([]);
  /** Which of them is looked at. */
  chosen = $state(0);
  level = $state.raw<Level>(SILENT_LEVEL);
  error = $state.raw<ErrorMessage | null>(null);
  /** The row that was made last. */
  kept = $state.raw<{ readonly setId: string; readonly row: DataRow } | null>(null);
  isKeeping = $state(false);
  readonly #bridge: Bridge;
  readonly #storage: Storage;
  readonly #open: OpenSource;
  #recorder: TakeRecorder | null = null;

  /** @param open the microphone that is chosen at the time of the call */
  constructor(bridge: Bridge, storage: Storage, open: OpenSource) {
    this.#bridge = bridge;
    this.#storage = storage;
    this.#open = open;
    this.list = readPromptList(storage);
    this.lastSpeaker = this.list?.speaker ?? '';
  }

  /** Who spoke last: begins the next list. */
  lastSpeaker = '';
  readonly prompt = $derived(this.list?.items[this.list.at]?.prompt ?? null);
  readonly next = $derived(
    this.list?.items.slice(this.list.at + 1).find(({ state }) => state === 'open')?.prompt ?? null,
  );
  readonly take = $derived(this.takes[this.chosen] ?? null);
  readonly isBusy = $derived(this.phase.kind === 'recording' || this.phase.kind === 'checking' || this.isKeeping);

  begin(setId: string, speaker: string, prompts: readonly string[]): void {
    this.lastSpeaker = speaker;
    this.#put({ setId, speaker, items: prompts.map((prompt) => ({ prompt, state: 'open' })), at: 0 });
    this.#clean();
  }

  /** Ends with this list; takes that were not kept are thrown away. */
  async end(): Promise<void> {
    if (this.isBusy) return;
    await this.#discard(this.takes);
    this.#put(null);
    this.#clean();
  }

  again(): void {
    if (this.list) this.#put(withSkippedOpen(this.list));
  }

  /** Records, or ends the take that is being recorded. */
  async toggle(): Promise<void> {
    if (this.phase.kind === 'recording') await this.stop();
    else await this.record();
  }

  /** Records the present prompt, once more where there is a take of it. */
  async record(): Promise<void> {
    const { list, prompt, phase } = this;
    const isFree = phase.kind === 'ready' || phase.kind === 'taken' || phase.kind === 'noMicrophone';
    if (!list || prompt === null || !isFree || this.isKeeping) return;
    this.phase = { kind: 'asking' };
    this.error = null;
    const of = { setId: list.setId, prompt, speaker: list.speaker };
    const recorder = new TakeRecorder(this.#bridge, of, {
      onLevel: (level) => (this.level = level),
      onFull: () => void this.stop(),
    });
    try {
      await recorder.start(this.#open);
      this.#recorder = recorder;
      this.phase = { kind: 'recording' };
    } catch (error) {
      if (!(error instanceof MicrophoneError)) throw error;
      this.phase = { kind: 'noMicrophone', reason: error.reason };
    }
  }

  async stop(): Promise<void> {
    const recorder = this.#recorder;
    if (this.phase.kind !== 'recording' || !recorder) return;
    this.#recorder = null;
    this.phase = { kind: 'checking' };
    this.level = SILENT_LEVEL;
    try {
      const take = await recorder.stop();
      this.takes = [...this.takes, { ...take, fromMs: take.check.fromMs, toMs: take.check.toMs }];
      this.chosen = this.takes.length - 1;
    } catch (error) {
      this.#told(error);
    } finally {
      this.phase = { kind: this.takes.length > 0 ? 'taken' : 'ready' };
    }
  }

  choose(index: number): void {
    if (index >= 0 && index < this.takes.length) this.chosen = index;
  }

  trim(fromMs: number, toMs: number): void {
    this.takes = this.takes.map((take, index) => (index === this.chosen ? { ...take, fromMs, toMs } : take));
  }

  /** Keeps the take that is looked at, and goes on to the next prompt. */
  async keep(): Promise<void> {
    const { take, list } = this;
    if (this.phase.kind !== 'taken' || !take || !list || this.isKeeping) return;
    this.isKeeping = true;
    try {
      const { takeId, fromMs, toMs } = take;
      const { row } = await this.#bridge.request('data.takeKeep', { takeId, fromMs, toMs });
      const others = this.takes.filter((each) => each !== take);
      this.kept = { setId: list.setId, row };
      this.#put(withPromptDone(list, 'kept'));
      this.#clean();
      await this.#discard(others);
    } catch (error) {
      this.#told(error);
    } finally {
      this.isKeeping = false;
    }
  }

  /** Leaves the present prompt for later. */
  async skip(): Promise<void> {
    const { list, takes } = this;
    if (!list || this.prompt === null || this.isBusy || this.phase.kind === 'asking') return;
    this.#put(withPromptDone(list, 'skipped'));
    this.#clean();
    await this.#discard(takes);
  }

  #clean(): void {
    this.takes = [];
    this.chosen = 0;
    this.phase = { kind: 'ready' };
    this.error = null;
  }

  #put(list: PromptList | null): void {
    this.list = list;
    writePromptList(this.#storage, list);
  }

  async #discard(takes: readonly Take[]): Promise<void> {
    for (const { takeId } of takes) {
      try {
        await this.#bridge.request('data.takeDiscard', { takeId });
      } catch (error) {
        // An engine that was away has thrown it away by itself.
        if (errorMessageOf(error) === null) throw error;
      }
    }
  }

  #told(error: unknown): void {
    this.error = errorMessageOf(error);
    if (this.error === null) throw error;
  }
}
