// What the person changes in a recording's text, and the way back and forth. Every change is kept by the engine at once.
import type { Alternative, Utterance } from '../../../app/contract/recognition';
import type { RecordingSummary } from '../../../app/contract/recording';
import type { RequestOf } from '../../../app/contract/messages';
import { applied, lineText, type Splice } from '../../../app/transcripts/edits';
import type { Bridge } from '../../bridge/bridge';

/** Where a word stands. */
export type WordPlace = RequestOf<'recordings.alternatives'>;

interface Made {
  /** Takes it back, or makes it again. */
  readonly splice: Splice;
  /** What the chip calls it: the word, or the kind of change. */
  readonly label: string;
}
interface Text {
  readonly recordingId: string;
  readonly modelId: string;
}

export class Edits {
  utterances = $state.raw<readonly Utterance[]>([]);
  /** Changes that the engine has not yet answered. */
  waiting = $state(0);
  #undo = $state.raw<readonly Made[]>([]);
  #redo = $state.raw<readonly Made[]>([]);
  #text: Text | null = null;
  /** Grows with every change, and with the engine's answer to it. */
  #changes = 0;
  /** Changes are kept in the order they were made. */
  #last: Promise<void> = Promise.resolve();
  readonly #bridge: Bridge;
  readonly #onAnswered: (recording: RecordingSummary | null) => void;

  /** @param onAnswered when the engine has answered every change; with null where it refused the last */
  constructor(bridge: Bridge, onAnswered: (recording: RecordingSummary | null) => void) {
    this.#bridge = bridge;
    this.#onAnswered = onAnswered;
  }

  readonly newest = $derived<Made | null>(this.#undo[this.#undo.length - 1] ?? null);
  readonly canRedo = $derived(this.#redo.length > 0);
  /** Whether anything was changed since the recording was opened. */
  readonly hasAny = $derived(this.#undo.length + this.#redo.length > 0);

  /** To be taken before a text is fetched, and given to `isOld` after it. */
  get moment(): number {
    return this.#changes;
  }
  /** Whether a text that was fetched at that moment lacks a change. It comes again when all changes are kept. */
  isOld(moment: number): boolean {
    return this.waiting > 0 || moment !== this.#changes;
  }

  /** Shows this text, as it is kept. What was changed in another can no longer be taken back. */
  show(text: Text, utterances: readonly Utterance[]): void {
    const isSame = text.recordingId === this.#text?.recordingId && text.modelId === this.#text.modelId;
    this.utterances = utterances;
    if (isSame) return;
    this.#text = text;
    this.#undo = [];
    this.#redo = [];
  }

  async alternatives(place: WordPlace): Promise<Alternative[]> {
    return (await this.#bridge.request('recordings.alternatives', place)).alternatives;
  }

  /** @param splice null where nothing changes */
  async make(splice: Splice | null, label: string): Promise<void> {
    if (splice === null) return;
    const inverse = this.#apply(splice);
    this.#undo = [...this.#undo, { splice: inverse, label }];
    this.#redo = [];
    await this.#keep(splice);
  }

  async undo(): Promise<void> {
    const made = this.newest;
    if (made === null) return;
    this.#undo = this.#undo.slice(0, -1);
    this.#redo = [...this.#redo, { ...made, splice: this.#apply(made.splice) }];
    await this.#keep(made.splice);
  }

  async redo(): Promise<void> {
    const made = this.#redo[this.#redo.length - 1];
    if (made === undefined) return;
    this.#redo = this.#redo.slice(0, -1);
    this.#undo = [...this.#undo, { ...made, splice: this.#apply(made.splice) }];
    await this.#keep(made.splice);
  }

  /** Where this line stands now, -1 where it was changed. A text that is fetched anew has other objects. */
  lineOf({ startMs, endMs, words }: Utterance): number {
    const text = lineText({ words });
    return this.utterances.findIndex(
      (line) => line.startMs === startMs && line.endMs === endMs && lineText(line) === text,
    );
  }

  /** Hears a line again, by any model. */
  async reread({ startMs, endMs }: Utterance, modelId: string): Promise<Utterance[]> {
    if (this.#text === null) return [];
    const { recordingId } = this.#text;
    return (await this.#bridge.request('recordings.reread', { recordingId, startMs, endMs, modelId })).utterances;
  }

  #apply(splice: Splice): Splice {
    const { utterances, inverse } = applied(this.utterances, splice);
    this.utterances = utterances;
    return inverse;
  }

  /** @throws what the engine says; the text is then shown as it is kept */
  #keep({ first, count, utterances }: Splice): Promise<void> {
    const text = this.#text;
    if (text === null) throw new Error('Expected a text to be shown before it is edited');
    this.#changes++;
    this.waiting++;
    const turn = this.#last.then(async () => {
      try {
        const body = { ...text, first, count, utterances: [...utterances] };
        const { recording } = await this.#bridge.request('recordings.edit', body);
        this.#answered(recording);
      } catch (error) {
        await this.#showKept(text).finally(() => this.#answered(null));
        throw error;
      }
    });
    this.#last = turn.catch(() => undefined); // said to whoever made the change
    return turn;
  }

  #answered(recording: RecordingSummary | null): void {
    this.#changes++;
    this.waiting--;
    if (this.waiting === 0) this.#onAnswered(recording);
  }

  async #showKept(text: Text): Promise<void> {
    const { recording } = await this.#bridge.request('recordings.get', { recordingId: text.recordingId });
    const kept = recording.transcripts.find(({ modelId }) => modelId === text.modelId);
    if (text !== this.#text) return;
    this.utterances = kept?.utterances ?? [];
    this.#undo = [];
    this.#redo = [];
  }
}
