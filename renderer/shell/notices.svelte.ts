// Short messages at the foot of the window: what was done, and the way back.
export type Notice = {
  readonly id: number;
  readonly text: string;
  readonly kind: 'done' | 'error';
  /** The way back; `label` is the button's word. */
  readonly undo: { readonly label: string; readonly run: () => void | Promise<void> } | null;
};

const SHOWN_MS = 8_000;
const ERROR_SHOWN_MS = 20_000;

export class Notices {
  all = $state<readonly Notice[]>([]);
  #nextId = 1;
  // eslint-disable-next-line svelte/prefer-svelte-reactivity -- nothing that is shown depends on it
  readonly #timers = new Map<number, ReturnType<typeof setTimeout>>();

  done(text: string, undo: Notice['undo'] = null): void {
    this.#show({ text, kind: 'done', undo });
  }

  error(text: string): void {
    this.#show({ text, kind: 'error', undo: null });
  }

  dismiss(id: number): void {
    this.hold(id);
    this.all = this.all.filter((notice) => notice.id !== id);
  }

  /** Stops the clock of a notice that the person points at. */
  hold(id: number): void {
    clearTimeout(this.#timers.get(id));
    this.#timers.delete(id);
  }

  /** Starts the clock of a notice again. */
  release(id: number): void {
    this.hold(id);
    const isError = this.all.some((notice) => notice.id === id && notice.kind === 'error');
    this.#timers.set(
      id,
      setTimeout(() => this.dismiss(id), isError ? ERROR_SHOWN_MS : SHOWN_MS),
    );
  }

  /** Takes back the newest thing that can be taken back. */
  undoLast(): void {
    const last = [...this.all].reverse().find((notice) => notice.undo !== null);
    if (last) this.undo(last);
  }

  undo(notice: Notice): void {
    this.dismiss(notice.id);
    void notice.undo?.run();
  }

  #show(content: Omit<Notice, 'id'>): void {
    const notice = { id: this.#nextId++, ...content };
    this.all = [...this.all.slice(-2), notice];
    this.release(notice.id);
  }
}
