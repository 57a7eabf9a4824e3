// Everything that can be done now: views add their actions while they are shown. Palette, key list and keys read one list.
import type { Component } from 'svelte';
import { t } from '../i18n/messages.svelte';
import { shortcutOf } from './shortcuts';

export type Command = {
  /** Its keys stand under this name in shortcuts.ts. */
  readonly id: string;
  /** In the present language; left out where shortcuts.ts says it once and for all. */
  readonly label?: () => string;
  readonly icon?: Component<{ size?: number | string; strokeWidth?: number | string }>;
  readonly isEnabled?: () => boolean;
  /** False for keys that make no sense in a list, like moving a cursor. */
  readonly isInPalette?: boolean;
  readonly run: () => void;
};

export const isMac = navigator.platform.startsWith('Mac');
const MODIFIERS = ['Ctrl', 'Alt', 'Shift'];

/** What a command is called now. */
export function labelOf({ id, label }: Pick<Command, 'id' | 'label'>): string {
  const shortcut = shortcutOf(id);
  if (label !== undefined) return label();
  if (shortcut === undefined) throw new Error(`Expected a label for the command ${id}`);
  return t(shortcut.label);
}

export class Commands {
  all = $state.raw<readonly Command[]>([]);
  /** What an effect that ends reads of a state is as old as the effect; here stands what is true now. */
  #now: readonly Command[] = [];

  /** @param keysOf the chords that run a command now, by its id: for instance "Ctrl+K", "Space", "J", "?" */
  constructor(readonly keysOf: (id: string) => readonly string[]) {}

  /** The key that is taught, as it is written on a key cap; null where there is none. */
  cap(id: string): string | null {
    const [first] = this.keysOf(id);
    return first === undefined ? null : keyCap(first);
  }

  /** A control's words with the key that does the same, for its title. */
  titled(text: string, id: string): string {
    const cap = this.cap(id);
    return cap === null ? text : `${text} (${cap})`;
  }

  /** Adds actions until the returned function is called; meant for $effect. */
  add(commands: readonly Command[]): () => void {
    this.#set([...this.#now, ...commands]);
    return () => this.#set(this.#now.filter((command) => !commands.includes(command)));
  }
  #set(commands: readonly Command[]): void {
    this.#now = commands;
    this.all = commands;
  }

  /**
   * Runs what the key stands for. Later commands go first, so a view's key wins over the window's.
   * Single letters belong to a text field that has the focus, Space and Enter to a focused control.
   */
  press(event: KeyboardEvent): void {
    if (event.defaultPrevented || event.isComposing) return;
    const pressed = chord(event);
    if (isTakenByTarget(event, pressed)) return;
    const command = [...this.all]
      .reverse()
      .find((each) => this.keysOf(each.id).includes(pressed) && (each.isEnabled?.() ?? true));
    if (!command) return;
    event.preventDefault();
    command.run();
  }
}

/** The key with its modifiers as commands name it. Shift is not named where it made the character, as in "?". */
export function chord(event: KeyboardEvent): string {
  const key = event.key === ' ' ? 'Space' : event.key.length === 1 ? event.key.toUpperCase() : event.key;
  const isPlainCharacter = event.key.length === 1 && !/[a-z0-9 ]/i.test(event.key);
  const hasCtrl = isMac ? event.metaKey : event.ctrlKey;
  const held = [hasCtrl, event.altKey, event.shiftKey && !isPlainCharacter];
  return [...MODIFIERS.filter((_, index) => held[index]), key].join('+');
}

/** How a chord is written on a key cap. */
export function keyCap(keys: string): string {
  const cap = keys
    .replace('ArrowLeft', '←')
    .replace('ArrowRight', '→')
    .replace('ArrowUp', '↑')
    .replace('ArrowDown', '↓');
  return isMac ? cap.replace('Ctrl+', '⌘').replace('Shift+', '⇧').replace('Alt+', '⌥') : cap.replace(/\+(?=.)/g, ' ');
}

const TEXT_FIELD = 'input:not([type=range]):not([type=checkbox]):not([type=radio]), textarea, select';
const EDITING = /^Ctrl\+(Shift\+)?[ACVXYZ]$/;
const MOVING = /^(Shift\+)?(Arrow|Home|End|Page)/;
const PRESSED_BY_SPACE = 'button, summary, input, [role=switch], [role=radio], [role=option], [role=button]';

function isTakenByTarget({ target }: KeyboardEvent, pressed: string): boolean {
  if (!(target instanceof HTMLElement)) return false;
  if (target.matches(TEXT_FIELD) || target.isContentEditable)
    return EDITING.test(pressed) || !/^(Ctrl|Alt)\+|^Escape$/.test(pressed);
  if (target.matches('[role=slider], input[type=range], [role=listbox]') && MOVING.test(pressed)) return true;
  if (pressed === 'Space') return target.closest(PRESSED_BY_SPACE) !== null;
  return pressed === 'Enter' && target.closest(`a, ${PRESSED_BY_SPACE}`) !== null;
}
