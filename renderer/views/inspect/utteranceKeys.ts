// The keys of an utterance's page. Everything that the pointer does in its figures is had by them.
import type { Command } from '../../shell/commands.svelte';
import type { Utterance } from './utterance.svelte';

/** So many frames at once. */
const FAR = 10;

/** @param onTable opens the table behind the figures */
export function utteranceKeys(look: Utterance, onTable: () => void): readonly Command[] {
  return [
    { id: 'inspect.play', run: () => look.toggle() },
    {
      id: 'inspect.loop',
      run: () => (look.isLooped = !look.isLooped),
    },
    { id: 'inspect.table', run: onTable },
    ...cursorKeys(look),
    ...spanKeys(look),
    ...zoomKeys(look),
  ];
}

/** A key that makes no sense in a list. */
const key = (name: string, run: () => void): Command => ({
  id: `inspect.${name}`,
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
    key('back', () => to(axis.cursor - 1)),
    key('on', () => to(axis.cursor + 1)),
    key('backTen', () => to(axis.cursor - FAR)),
    key('onTen', () => to(axis.cursor + FAR)),
    key('first', () => to(0)),
    key('last', () => to(axis.frames - 1)),
  ];
}

function spanKeys({ inspected: { axis } }: Utterance): Command[] {
  const begin = (): void => axis.choose(axis.cursor, (axis.chosen?.end ?? axis.cursor + 1) - 1);
  const end = (): void => axis.choose(axis.chosen?.from ?? axis.cursor, axis.cursor);
  return [
    key('extendBack', () => axis.extend(-1)),
    key('extendOn', () => axis.extend(1)),
    key('spanStart', begin),
    key('spanEnd', end),
    key('clear', () => (axis.chosen = null)),
  ];
}

function zoomKeys({ inspected: { axis } }: Utterance): Command[] {
  return [key('zoomIn', () => axis.zoomIn()), key('zoomOut', () => axis.zoomOut()), key('fit', () => axis.fit())];
}
