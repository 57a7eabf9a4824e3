// Every key of the window, once: handlers, the sheet behind "?", the settings and docs/shortcuts.md are made of this table.
import type { MessageKey } from '../i18n/catalogue';
import type { ViewName } from './navigation.svelte';

/** Where a key counts: in every view, or in one. A view's key goes before one that counts everywhere. */
export type ShortcutPlace = 'everywhere' | ViewName;

export type Shortcut = {
  readonly place: ShortcutPlace;
  readonly label: MessageKey;
  /** Chords as `chord` in commands.svelte.ts names them, the one that is taught first; Ctrl stands for ⌘ on a Mac. */
  readonly keys: readonly string[];
};

const at =
  (place: ShortcutPlace) =>
  (label: MessageKey, ...keys: readonly string[]): Shortcut => ({ place, label, keys });

const everywhere = at('everywhere');
const record = at('record');
const library = at('library');
const data = at('data');
const train = at('train');
const inspect = at('inspect');
const lab = at('lab');
const settings = at('settings');

/** By the id of the command that the key runs. */
export const SHORTCUTS = {
  'view.record': everywhere('common.view.record', 'Ctrl+1'),
  'view.library': everywhere('common.view.library', 'Ctrl+2'),
  'view.data': everywhere('common.view.data', 'Ctrl+3'),
  'view.train': everywhere('common.view.train', 'Ctrl+4'),
  'view.inspect': everywhere('common.view.inspect', 'Ctrl+5'),
  'view.lab': everywhere('common.view.lab', 'Ctrl+6'),
  'view.settings': everywhere('common.view.settings', 'Ctrl+7'),
  palette: everywhere('common.commands', 'Ctrl+K'),
  keys: everywhere('common.keys', '?'),
  help: everywhere('common.help', 'F1'),
  captions: everywhere('captions.open', 'F8'),
  undo: everywhere('common.undo', 'Ctrl+Z'),
  back: everywhere('common.back', 'Alt+ArrowLeft'),

  'record.toggle': record('record.record', 'Space'),
  'record.pause': record('record.pause', 'P'),
  'record.mark': record('common.mark', 'M'),
  'record.marks': record('record.marks', 'U'),
  'record.play': record('record.play', 'K'),
  'record.table': record('common.table', 'T'),

  'library.search': library('library.search', '/', 'Ctrl+F'),
  'library.play': library('library.play', 'Space', 'K'),
  'library.back': library('library.backTwo', 'J'),
  'library.on': library('library.onTwo', 'L'),
  'library.mark': library('common.mark', 'M'),
  'library.marks': library('common.confidenceMarks', 'U'),
  'library.undo': library('library.undoCorrection', 'Ctrl+Z'),
  'library.redo': library('library.redoCorrection', 'Ctrl+Shift+Z', 'Ctrl+Y'),
  'library.find': library('library.findReplace', 'Ctrl+H'),
  'library.loop': library('library.loop', 'O'),
  'library.slower': library('library.slower', '<'),
  'library.faster': library('library.faster', '>'),
  'library.lookInside': library('inspect.lookInside', 'I'),
  'library.addToData': library('library.addToData', 'D'),
  'library.save': library('library.export', 'Ctrl+E'),
  'library.rename': library('library.rename', 'F2'),
  'library.delete': library('library.delete', 'Delete'),
  'library.zoomIn': library('library.zoomIn', '+', '='),
  'library.zoomOut': library('library.zoomOut', '-'),
  'library.zoomAll': library('library.zoomAll', '0'),
  'library.table': library('common.table', 'T'),

  'data.prompts': data('dataView.promptsTitle', 'P'),
  'data.augmentation': data('dataView.augmentationTitle', 'A'),
  'data.import': data('dataView.import', 'I'),
  'data.train': data('dataView.train', 'Ctrl+Enter'),
  'data.search': data('dataView.search', '/', 'Ctrl+F'),
  'data.play': data('dataView.play', 'Space', 'K'),
  'data.edit': data('dataView.edit', 'Enter', 'F2'),
  'data.leaveOut': data('dataView.leaveOut', 'Delete', 'X'),
  'data.undo': data('dataView.undo', 'Ctrl+Z'),
  'data.check': data('dataView.checkTitle', 'Ctrl+.', 'T'),
  'prompts.record': data('record.record', 'Space'),
  'prompts.keep': data('dataView.keep', 'Enter'),
  'prompts.again': data('dataView.again', 'R'),
  'prompts.hear': data('dataView.hear', 'K', 'H'),
  'prompts.skip': data('dataView.skip', 'S'),

  'train.start': train('newRun.start', 'Ctrl+Enter'),
  'train.pause': train('runs.pause', 'P'),
  'train.goOn': train('runs.goOn', 'P'),
  'train.save': train('runs.saveCurves', 'Ctrl+E'),
  'train.zoomIn': train('runs.zoomIn', '+', '='),
  'train.zoomOut': train('runs.zoomOut', '-'),
  'train.fit': train('runs.fit', '0'),
  'train.table': train('runs.table', 'T'),
  'train.hear': train('runs.hear', 'S'),
  'train.panel': train('runs.panel', 'Ctrl+.'),
  'train.closePanel': train('common.close', 'Escape'),

  'inspect.live': inspect('inspect.mode.live', 'L'),
  'inspect.live.record': inspect('record.record', 'Space'),
  'inspect.live.pause': inspect('record.pause', 'P'),
  'inspect.live.table': inspect('inspect.table', 'T'),
  'inspect.play': inspect('inspect.play', 'Space', 'K'),
  'inspect.loop': inspect('inspect.loopText', 'O'),
  'inspect.table': inspect('inspect.table', 'T'),
  'inspect.back': inspect('inspect.key.back', 'ArrowLeft'),
  'inspect.on': inspect('inspect.key.on', 'ArrowRight'),
  'inspect.backTen': inspect('inspect.key.backTen', 'PageUp'),
  'inspect.onTen': inspect('inspect.key.onTen', 'PageDown'),
  'inspect.first': inspect('inspect.key.first', 'Home'),
  'inspect.last': inspect('inspect.key.last', 'End'),
  'inspect.extendBack': inspect('inspect.key.extendBack', 'Shift+ArrowLeft'),
  'inspect.extendOn': inspect('inspect.key.extendOn', 'Shift+ArrowRight'),
  'inspect.spanStart': inspect('inspect.key.spanStart', '['),
  'inspect.spanEnd': inspect('inspect.key.spanEnd', ']'),
  'inspect.clear': inspect('inspect.key.clear', 'Escape'),
  'inspect.zoomIn': inspect('inspect.zoomIn', '+', '='),
  'inspect.zoomOut': inspect('inspect.zoomOut', '-'),
  'inspect.fit': inspect('inspect.fit', '0'),

  'lab.back': lab('lab.cell.back', 'ArrowLeft'),
  'lab.on': lab('lab.cell.on', 'ArrowRight'),
  'lab.table': lab('lab.table', 'T'),
  'lab.reset': lab('lab.reset', '0'),

  'settings.about': settings('settings.about', 'Ctrl+.'),
  'settings.closeAbout': settings('common.close', 'Escape'),
} as const satisfies Record<string, Shortcut>;

export type ShortcutId = keyof typeof SHORTCUTS;
export const SHORTCUT_IDS = Object.keys(SHORTCUTS) as readonly ShortcutId[];

/** What the person changed: chords by the id of a command; none where it shall have no key. */
export type ChosenKeys = Readonly<Record<string, readonly string[]>>;

/** The row of a command, undefined where it has no key. */
export const shortcutOf = (id: string): Shortcut | undefined => (SHORTCUTS as Readonly<Record<string, Shortcut>>)[id];

/** The chords that run a command now. */
export const keysOf = (id: string, chosen: ChosenKeys): readonly string[] => {
  const shortcut = shortcutOf(id);
  return shortcut === undefined ? [] : (chosen[id] ?? shortcut.keys);
};

/** Other commands that answer to a chord where `id` does; of those that can be had at once the view's own goes first. */
export function sharing(id: ShortcutId, chord: string, chosen: ChosenKeys): readonly ShortcutId[] {
  const { place } = SHORTCUTS[id];
  return SHORTCUT_IDS.filter(
    (other) =>
      other !== id &&
      keysOf(other, chosen).includes(chord) &&
      (SHORTCUTS[other].place === place || SHORTCUTS[other].place === 'everywhere' || place === 'everywhere'),
  );
}
