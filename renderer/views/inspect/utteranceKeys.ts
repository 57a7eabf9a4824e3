// The keys of an utterance's page. Everything that the pointer does in its figures is had by them.
import type { Command } from '../../shell/commands.svelte';
import { t } from '../../i18n/messages.svelte';
import type { Utterance } from './utterance.svelte';

/** So many frames at once. */
const FAR = 10;

/** @param onTable opens the table behind the figures */
export function utteranceKeys(look: Utterance, onTable: () => void): readonly Command[] {
  const { axis } = look.inspected;
  const stepTo = (frame: number): void => {
    look.sound.stop();
    axis.look(frame);
  };
  const key = (id: string, label: () => string, keys: readonly string[], run: () => void): Command => ({
    id: `inspect.${id}`,
    label,
    keys,
    isInPalette: false,
    run,
  });
  return [
    { id: 'inspect.play', label: () => t('inspect.play'), keys: ['Space', 'K'], run: () => look.toggle() },
    {
      id: 'inspect.loop',
      label: () => t('inspect.loopText'),
      keys: ['O'],
      run: () => (look.isLooped = !look.isLooped),
    },
    { id: 'inspect.table', label: () => t('inspect.table'), keys: ['T'], run: onTable },
    key(
      'back',
      () => t('inspect.key.back'),
      ['ArrowLeft'],
      () => stepTo(axis.cursor - 1),
    ),
    key(
      'on',
      () => t('inspect.key.on'),
      ['ArrowRight'],
      () => stepTo(axis.cursor + 1),
    ),
    key(
      'backTen',
      () => t('inspect.key.backTen'),
      ['PageUp'],
      () => stepTo(axis.cursor - FAR),
    ),
    key(
      'onTen',
      () => t('inspect.key.onTen'),
      ['PageDown'],
      () => stepTo(axis.cursor + FAR),
    ),
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
    key(
      'spanStart',
      () => t('inspect.key.spanStart'),
      ['['],
      () => axis.choose(axis.cursor, (axis.chosen?.end ?? axis.cursor + 1) - 1),
    ),
    key(
      'spanEnd',
      () => t('inspect.key.spanEnd'),
      [']'],
      () => axis.choose(axis.chosen?.from ?? axis.cursor, axis.cursor),
    ),
    key(
      'clear',
      () => t('inspect.key.clear'),
      ['Escape'],
      () => (axis.chosen = null),
    ),
    key(
      'first',
      () => t('inspect.key.first'),
      ['Home'],
      () => stepTo(0),
    ),
    key(
      'last',
      () => t('inspect.key.last'),
      ['End'],
      () => stepTo(axis.frames - 1),
    ),
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
