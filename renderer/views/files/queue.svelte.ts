// Files on their way to text. One is sent at a time, in pieces; the engine answers by events. A bad file never stops the rest.
import { DEFAULT_CHOICE, type DecodingChoice } from '../../../app/contract/decoding';
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import { MAX_FILE_BYTES, MAX_FILE_PIECE_BYTES, type EventOf } from '../../../app/contract/messages';
import { UnrollError } from '../../../app/errors';
import { errorCodeOf, errorMessageOf, type Bridge } from '../../bridge/bridge';
import { convertToWav } from './convert';
import { shareDone, type QueueState } from './queueState';

const MAX_ATTEMPTS = 2;
/** Files that the engine has at a time: one that it reads and the next. The rest wait here, where their order can change. */
const MAX_HELD = 2;
/** Finished sounds that came to the engine another way, of which rows are kept. */
const MAX_FOREIGN = 200;
let nextKey = 1;

/** One file of the queue. */
export class QueuedFile {
  readonly key = nextKey++;
  /** Null of a sound that came to the engine another way: by the watched folder, or opened with the program. */
  readonly file: Blob | null;
  /** As the contract takes it: what follows the last slash of either kind. */
  readonly name: string;
  state = $state<QueueState>('waiting');
  /** Of the present state, 0 to 1. */
  fraction = $state(0);
  error = $state.raw<ErrorMessage | null>(null);
  recordingId = $state<string | null>(null);
  /** A recording with the same sound that was there before. */
  sameAs = $state<string | null>(null);
  realTimeFactor = $state<number | null>(null);
  /** The engine's name for it, while it is there. */
  fileId: string | null = null;
  /** Where the window has no bytes of it: the name by which the host may still find it. */
  hostId: string | null = null;
  attempts = 0;
  isConverted = false;
  /** Why the engine could not read it, while the window tries. */
  refusal: ErrorMessage | null = null;

  constructor(name: string, file: Blob | null) {
    this.file = file;
    this.name = withoutPath(name).slice(-255) || 'audio';
  }

  get isOver(): boolean {
    return this.state === 'done' || this.state === 'failed' || this.state === 'cancelled';
  }

  fail(error: ErrorMessage): void {
    this.state = 'failed';
    this.error = error;
    this.fileId = null;
  }
}

export class FileQueue {
  all = $state.raw<readonly QueuedFile[]>([]);
  /** All files stay where they are until the person lets them go on. */
  isResting = $state(false);
  readonly isWorking = $derived(this.all.some((file) => !file.isOver));
  readonly finished = $derived(this.all.filter((file) => file.isOver).length);
  readonly failed = $derived(this.all.filter((file) => file.state === 'failed').length);
  readonly done = $derived(this.all.filter((file) => file.state === 'done').length);
  #alone = $state.raw<QueuedFile | null>(null);
  /** The recording of a file that the person gave alone, once it is there. */
  readonly ofOneAlone = $derived(this.#alone?.recordingId ?? null);
  /** Of all files together, 0 to 1. */
  readonly fraction = $derived(this.all.reduce((sum, file) => sum + shareDone(file), 0) / Math.max(1, this.all.length));
  readonly #bridge: Bridge;
  readonly #modelId: () => string | null | Promise<string | null>;
  readonly #decoding: () => DecodingChoice;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing that is shown depends on it
  readonly #early = new Map<string, EventOf<'files.progress'>>();
  /** What the engine called this window's files, those of before among them. */
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing that is shown depends on it
  readonly #own = new Set<string>();
  readonly #waiting = $derived(this.all.filter(isWaiting));
  // Of hundreds of rows each asks these two alone, and not every other row.
  readonly #firstWaiting = $derived(this.#waiting[0]);
  readonly #lastWaiting = $derived(this.#waiting[this.#waiting.length - 1]);
  /** Files that the engine or the host is asked to take, and that have no name yet. */
  #unnamed = 0;
  #isSending = false;

  /** @param modelId the model that reads files, null where there is none; a file waits for the answer */
  constructor(
    bridge: Bridge,
    modelId: () => string | null | Promise<string | null>,
    decoding: () => DecodingChoice = () => DEFAULT_CHOICE,
  ) {
    this.#bridge = bridge;
    this.#modelId = modelId;
    this.#decoding = decoding;
  }

  /** Hears the engine until the returned function is called. */
  follow(): () => void {
    const stop = [
      this.#bridge.on('files.progress', (event) => this.#heard(event)),
      this.#bridge.on('engine.state', ({ state }) => {
        if (state === 'restarting') this.#startAgain();
        if (state === 'ready') void this.#goOnAsBefore();
      }),
    ];
    return () => stop.forEach((each) => each());
  }

  /** @param isByPerson false of files that come by themselves */
  add(files: Iterable<File>, isByPerson = true): void {
    const added = [...files].map((file) => new QueuedFile(file.name, file));
    this.#alone = isByPerson && added.length === 1 && !this.isWorking ? (added[0] ?? null) : null;
    this.all = [...this.all, ...added];
    void this.#send();
  }

  async cancel(file: QueuedFile): Promise<void> {
    const fileId = stop(file);
    void this.#send();
    if (fileId !== null) await this.#forget(fileId);
  }

  /** Takes it off the list, stopping it first. */
  async remove(file: QueuedFile): Promise<void> {
    this.all = this.all.filter((each) => each !== file);
    await this.cancel(file);
  }

  /** Whether a file that has not begun can change places with the one that is sent before it (-1) or after it (1). */
  canMove(file: QueuedFile, by: -1 | 1): boolean {
    return isWaiting(file) && file !== (by < 0 ? this.#firstWaiting : this.#lastWaiting);
  }

  move(file: QueuedFile, by: -1 | 1): void {
    if (!this.canMove(file, by)) return;
    const other = this.#waiting[this.#waiting.indexOf(file) + by];
    if (other) this.all = this.all.map((each) => (each === file ? other : each === other ? file : each));
  }

  retry(file: QueuedFile): void {
    if (!file.isOver) return;
    file.attempts = 0;
    reset(file);
    void (file.file === null ? this.#sendFromHost(file) : this.#send());
  }

  /** Lets all files rest where they are, or go on from there. */
  async rest(isResting: boolean): Promise<void> {
    this.isResting = isResting;
    await this.#bridge.request('files.rest', { isResting });
  }

  /** An engine that was started anew knows of no rest. */
  async #goOnAsBefore(): Promise<void> {
    if (this.isResting) await this.rest(true);
    await this.#send();
  }

  async cancelAll(): Promise<void> {
    // All before the first is waited for: none that waits is begun. And one after the other: a window may not ask everything at once.
    for (const fileId of this.all.map(stop)) if (fileId !== null) await this.#forget(fileId);
  }

  clearFinished(): void {
    this.all = this.all.filter((file) => !file.isOver);
  }

  async #send(): Promise<void> {
    if (this.#isSending) return;
    this.#isSending = true;
    try {
      for (let file = this.#next(); file; file = this.#next()) await this.#sendOne(file);
    } finally {
      this.#isSending = false;
    }
  }

  #next(): QueuedFile | undefined {
    const held = this.all.filter((file) => file.fileId !== null && file.file !== null).length;
    return held < MAX_HELD ? this.all.find((file) => file.state === 'waiting') : undefined;
  }

  /** A sound that the host gave to the engine, once more. */
  async #sendFromHost(file: QueuedFile): Promise<void> {
    file.state = 'receiving';
    try {
      if (file.hostId === null) throw new Error(`Expected the host to know ${file.name}`);
      const asked = { fileId: file.hostId };
      const fileId = await this.#named(() => this.#bridge.request('files.retry', asked));
      file.hostId = fileId;
      if (!isGone(file)) file.fileId = fileId;
      this.#hearEarly();
      if (isGone(file)) await this.#forget(fileId);
    } catch (error) {
      await this.#refused(file, error);
    }
  }

  async #sendOne(file: QueuedFile): Promise<void> {
    file.attempts += 1;
    file.state = 'receiving';
    file.fraction = 0;
    try {
      if (file.file === null) throw new Error(`Expected the bytes of ${file.name}`);
      if (file.isConverted) await this.#sendConverted(file, file.file);
      else await this.#sendBytes(file, file.file);
    } catch (error) {
      await this.#refused(file, error);
    }
  }

  async #sendConverted(file: QueuedFile, content: Blob): Promise<void> {
    file.state = 'converting';
    const wav = await convertToWav(content, file.name);
    if (!isGone(file)) await this.#sendBytes(file, wav);
  }

  async #sendBytes(file: QueuedFile, content: Blob): Promise<void> {
    const modelId = await this.#modelId();
    if (modelId === null) throw new UnrollError('model.none');
    if (content.size === 0) throw new UnrollError('audio.empty', { file: file.name });
    if (content.size > MAX_FILE_BYTES) throw new UnrollError('file.tooLarge', { file: file.name, limit: '1 GB' });
    file.state = 'receiving';
    const body = { name: file.name, byteLength: content.size, modelId, decoding: this.#decoding() };
    const fileId = await this.#named(() => this.#bridge.request('files.add', body));
    if (!isGone(file)) file.fileId = fileId;
    this.#hearEarly();
    if (isGone(file)) return this.#forget(fileId);
    for (let offset = 0; offset < content.size; offset += MAX_FILE_PIECE_BYTES) {
      if (file.fileId !== fileId) return;
      const bytes = await readPiece(file.name, content.slice(offset, offset + MAX_FILE_PIECE_BYTES));
      await this.#bridge.request('files.piece', { fileId, offset, bytes });
      if (file.state === 'receiving') file.fraction = Math.min(1, (offset + bytes.length) / content.size);
    }
    if (file.state === 'receiving') file.state = 'queued';
  }

  /** What is said of files that no row has waits meanwhile: it may be of this one. */
  async #named(ask: () => Promise<{ readonly fileId: string }>): Promise<string> {
    this.#unnamed += 1;
    try {
      const { fileId } = await ask();
      this.#own.add(fileId);
      this.#unnamed -= 1;
      return fileId;
    } catch (error) {
      this.#unnamed -= 1;
      this.#hearEarly();
      throw error;
    }
  }

  /** What was said while it was not known whose file it was of. */
  #hearEarly(): void {
    const events = [...this.#early.values()];
    this.#early.clear();
    events.forEach((event) => this.#heard(event));
  }

  async #forget(fileId: string): Promise<void> {
    try {
      await this.#bridge.request('files.cancel', { fileId });
    } catch (error) {
      // The engine had finished or forgotten it: what was asked for is so.
      if (errorMessageOf(error) === null) throw error;
    }
  }

  async #refused(file: QueuedFile, error: unknown): Promise<void> {
    const message = errorMessageOf(error);
    if (message === null) {
      file.fail({ code: 'bug', message: String(error), params: {} });
      throw error;
    }
    // An answer to an attempt that is over: cancelled, or failed by the engine's own word.
    if (file.state !== 'receiving' && file.state !== 'converting') return;
    const isHere = file.file !== null;
    if (errorCodeOf(error) === 'engine.restarting' && isHere && file.attempts < MAX_ATTEMPTS) return reset(file);
    this.#failed(file, message);
  }

  #failed(file: QueuedFile, error: ErrorMessage): void {
    if (error.code !== 'audio.unreadable' || file.isConverted || file.file === null) {
      file.fail(error.code === 'audio.unreadable' ? whyUnreadable(file, error) : error);
      void this.#send();
      return;
    }
    // The browser's own decoders read more formats than the engine's.
    file.isConverted = true;
    file.refusal = error;
    reset(file);
    void this.#send();
  }

  #heard(event: EventOf<'files.progress'>): void {
    const file = this.all.find((each) => each.fileId === event.fileId) ?? this.#foreign(event);
    if (file === null) return;
    if (event.state === 'failed') {
      this.#failed(file, event.error ?? { code: 'bug', message: event.name, params: {} });
      return;
    }
    if (event.state !== 'receiving') {
      file.state = event.state;
      file.fraction = event.fraction;
    }
    file.recordingId = event.recordingId;
    file.sameAs = event.sameAs;
    file.realTimeFactor = event.realTimeFactor;
    if (!file.isOver) return;
    file.fileId = null;
    void this.#send();
  }

  /** A file that this window did not send, as it is first heard of; null of one of its own that is off the list. */
  #foreign(event: EventOf<'files.progress'>): QueuedFile | null {
    if (this.#own.has(event.fileId)) return null;
    if (this.#unnamed > 0) {
      this.#early.set(event.fileId, event);
      return null;
    }
    this.#own.add(event.fileId);
    const file = new QueuedFile(event.name, null);
    file.fileId = event.fileId;
    file.hostId = event.fileId;
    file.state = 'receiving';
    const over = this.all.filter((each) => each.file === null && each.isOver);
    // Nobody clears a list that fills by itself.
    const oldest = over.length < MAX_FOREIGN ? null : over[0];
    this.all = [...this.all.filter((each) => each !== oldest), file];
    return file;
  }

  /** The engine is gone, and with it what it held; the files are still here. */
  #startAgain(): void {
    for (const file of this.all) {
      if (file.isOver || file.state === 'waiting' || file.fileId === null) continue;
      if (file.file === null) file.fail(new UnrollError('file.engineStopped', { file: file.name }).toMessage());
      else if (file.attempts < MAX_ATTEMPTS) reset(file);
      else file.fail(new UnrollError('file.engineFailed', { file: file.name }).toMessage());
    }
  }
}

/** Systems that part folders by a slash allow a backslash in a name: archives made elsewhere bring such names. */
const withoutPath = (name: string): string => name.replace(/^.*[/\\]|\0/gs, '');

const isWaiting = (file: QueuedFile): boolean => file.state === 'waiting';

/** @returns the engine's name for it, where it is there */
function stop(file: QueuedFile): string | null {
  if (file.isOver) return null;
  const { fileId } = file;
  file.state = 'cancelled';
  file.fileId = null;
  return fileId;
}

function reset(file: QueuedFile): void {
  file.state = 'waiting';
  file.fraction = 0;
  file.error = null;
  file.recordingId = null;
  file.realTimeFactor = null;
  file.fileId = null;
}

/** Neither could read it: the engine's reason tells more, except of what it always leaves to the window. */
function whyUnreadable({ name, refusal }: QueuedFile, error: ErrorMessage): ErrorMessage {
  if (refusal === null || error.params['limit'] !== undefined) return error;
  if (refusal.params['reason'] !== 'reason.audio.aac') return refusal;
  return new UnrollError('audio.unreadable', { file: name, reason: 'reason.audio.aacHere' }).toMessage();
}

/** A function, so that the compiler expects the state to have changed while something was awaited. */
const isGone = (file: QueuedFile): boolean => file.state === 'cancelled';

async function readPiece(name: string, piece: Blob): Promise<Uint8Array> {
  try {
    return new Uint8Array(await piece.arrayBuffer());
  } catch (error) {
    if (error instanceof DOMException) throw new UnrollError('file.unreadable', { file: name }, { cause: error });
    throw error;
  }
}
