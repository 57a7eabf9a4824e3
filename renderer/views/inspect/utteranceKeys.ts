// The keys of an utterance's page. Everything that the pointer does in its figures is had by them.
import type { Command } from '../../shell/commands.svelte';
import { t } from '../../i18n/messages.svelte';
import type { Utterance } from './utterance.svelte';

/** So many frames at once. */
const FAR = 10;

/** @param onTable opens the table behind the figures */
export function utteranceKeys(look: Utterance, onTable: () => void): readonly Command[] {
  return [
    { id: 'inspect.play', label: () => t('inspect.play'), keys: ['Space', 'K'], run: () => look.toggle() },
    {
      id: 'inspect.loop',
      label: () => t('inspect.loopText'),
      keys: ['O'],
      run: () => (look.isLooped = !look.isLooped),
    },
    { id: 'inspect.table', label: () => t('inspect.table'), keys: ['T'], run: onTable },
    ...cursorKeys(look),
    ...spanKeys(look),
    ...zoomKeys(look),
  ];
}

/** A key that makes no sense in a list. */
const key = (name: string, label: () => string, keys: readonly string[], run: () => void): Command => ({
  id: `inspect.${name}`,
  label,
  keys,
  isInPalette: false,
  run,
});

function cursorKeys(look: Utterance): Command[] {
  const { axis } = look.inspected;
  const to = (frame: number): void => {
    look.sound.stop();
    axis.look(frame);
  };
  return [
    key(
      'back',
      () => t('inspect.key.back'),
      ['ArrowLeft'],
      () => to(axis.cursor - 1),
    ),
    key(
      'on',
      () => t('inspect.key.on'),
      ['ArrowRight'],
      () => to(axis.cursor + 1),
    ),
    key(
      'backTen',
      () => t('inspect.key.backTen'),
      ['PageUp'],
      () => to(axis.cursor - FAR),
    ),
    key(
      'onTen',
      () => t('inspect.key.onTen'),
      ['PageDown'],
      () => to(axis.cursor + FAR),
    ),
    key(
      'first',
      () => t('inspect.key.first'),
      ['Home'],
      () => to(0),
    ),
    key(
      'last',
      () => t('inspect.key.last'),
      ['End'],
      () => to(axis.frames - 1),
    ),
  ];
}

function spanKeys({ inspected: { axis } }: Utterance): Command[] {
  const begin = (): void => axis.choose(axis.cursor, (axis.chosen?.end ?? axis.cursor + 1) - 1);
  const end = (): void => axis.choose(axis.chosen?.from ?? axis.cursor, axis.cursor);
  return [
    key(
      'extendBack',
      () => t('inspect.key.extendBack'),
      ['Shift+ArrowLeft'],
      () => axis.extend(-1),
    ),
    key(
      'extendOn',
      () => t('inspect.key.extendOn'),
      ['Shift+ArrowRight'],
      () => axis.extend(1),
    ),
    key('spanStart', () => t('inspect.key.spanStart'), ['['], begin),
    key('spanEnd', () => t('inspect.key.spanEnd'), [']'], end),
    key(
      'clear',
      () => t('inspect.key.clear'),
      ['Escape'],
      () => (axis.chosen = null),
    ),
  ];
}

function zoomKeys({ inspected: { axis } }: Utterance): Command[] {
  return [
    key(
      'zoomIn',
      () => t('inspect.zoomIn'),
      ['+', '='],
      () => axis.zoomIn(),
    ),
    key(
      'zoomOut',
      () => t('inspect.zoomOut'),
      ['-'],
      () => axis.zoomOut(),
    ),
    key(
      'fit',
      () => t('inspect.fit'),
      ['0'],
      () => axis.fit(),
    ),
  ];
}
