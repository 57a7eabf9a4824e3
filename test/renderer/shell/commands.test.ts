import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { chord, Commands, keyCap } from '../../../renderer/shell/commands.svelte';

let commands: Commands;
const press = (event: KeyboardEvent): void => commands.press(event);
beforeEach(() => {
  commands = new Commands((id) => [id]);
  window.addEventListener('keydown', press);
});
afterEach(() => {
  window.removeEventListener('keydown', press);
  document.body.innerHTML = '';
});

/** Here a command answers to the key that it is called by. */
const command = (keys: string, run: () => void) => ({ id: keys, label: () => keys, run });
function key(name: string, target: EventTarget = document.body, more: KeyboardEventInit = {}): KeyboardEvent {
  const event = new KeyboardEvent('keydown', { key: name, bubbles: true, cancelable: true, ...more });
  target.dispatchEvent(event);
  return event;
}
function element<K extends keyof HTMLElementTagNameMap>(name: K): HTMLElementTagNameMap[K] {
  const made = document.createElement(name);
  document.body.append(made);
  return made;
}

test('a key is named with what is held, but not with the Shift that made the character', () => {
  expect(chord(new KeyboardEvent('keydown', { key: '?', shiftKey: true }))).toBe('?');
  expect(chord(new KeyboardEvent('keydown', { key: 'ArrowLeft', shiftKey: true }))).toBe('Shift+ArrowLeft');
  expect(chord(new KeyboardEvent('keydown', { key: ' ' }))).toBe('Space');
});

test('what was added last answers a key that several want', () => {
  const [first, second] = [vi.fn(), vi.fn()];
  commands.add([command('K', first)]);
  commands.add([command('K', second)]);
  key('k');
  expect([first.mock.calls.length, second.mock.calls.length]).toEqual([0, 1]);
});

test('a command that was taken away no longer answers', () => {
  const run = vi.fn();
  commands.add([command('K', run)])();
  key('k');
  expect(run).not.toHaveBeenCalled();
});

test('a command that is not possible now leaves the key to the page', () => {
  commands.add([{ ...command('K', vi.fn()), isEnabled: () => false }]);
  expect(key('k').defaultPrevented).toBe(false);
});

test('letters, Space and undo belong to a text field; Escape and other Ctrl keys do not', () => {
  const runs = new Map(['K', 'Space', 'Ctrl+Z', 'Ctrl+K', 'Escape'].map((keys) => [keys, vi.fn()]));
  for (const [keys, run] of runs) commands.add([command(keys, run)]);
  const input = element('input');
  key('k', input);
  key(' ', input);
  key('z', input, { ctrlKey: true, metaKey: true });
  key('k', input, { ctrlKey: true, metaKey: true });
  key('Escape', input);
  const ran = [...runs].filter(([, run]) => run.mock.calls.length > 0).map(([keys]) => keys);
  expect(ran).toEqual(['Ctrl+K', 'Escape']);
});

test('Space presses a button that has the focus, but a link leaves it to the view', () => {
  const run = vi.fn();
  commands.add([command('Space', run)]);
  key(' ', element('button'));
  expect(run).not.toHaveBeenCalled();
  const link = element('a');
  link.href = '#library';
  key(' ', link);
  expect(run).toHaveBeenCalledOnce();
});

test('keys that make an input method compose are left alone', () => {
  const run = vi.fn();
  commands.add([command('K', run)]);
  key('k', document.body, { isComposing: true });
  expect(run).not.toHaveBeenCalled();
});

test('key caps are written with spaces', () => {
  expect(keyCap('Alt+ArrowLeft')).toMatch(/^(Alt |⌥)←$/);
});
