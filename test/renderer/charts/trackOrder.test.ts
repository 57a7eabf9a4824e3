import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { orderedTracks, withTrackAt } from '../../../renderer/charts/trackOrder';
import { keptPreferences, openWindow } from '../support/openWindow';
import { shelf, spoken } from '../support/shelf';

const door = { id: 'door', title: 'Door code', words: spoken('seven three nine') };
const shown = (): (string | undefined)[] =>
  [...document.querySelectorAll<HTMLElement>('main:not([hidden]) [data-track^="library."]')].map(
    ({ dataset }) => dataset['track'],
  );
const words = page.getByRole('button', { name: 'Words', exact: true });

test('tracks stand in the order that was kept, and one that came later in its own place', () => {
  expect(orderedTracks(['a', 'b', 'c'])).toEqual(['a', 'b', 'c']);
  expect(orderedTracks(['a', 'b', 'c'], ['c', 'a', 'b'])).toEqual(['c', 'a', 'b']);
  expect(orderedTracks(['a', 'new', 'b'], ['b', 'gone', 'a'])).toEqual(['b', 'new', 'a']);
});

test('a track moved past an end stays at that end', () => {
  expect(withTrackAt(['a', 'b', 'c'], 'a', 9)).toEqual(['b', 'c', 'a']);
  expect(withTrackAt(['a', 'b', 'c'], 'a', -1)).toEqual(['a', 'b', 'c']);
});

test('Alt and an arrow move a track, whose name keeps the focus, and the order is kept', async () => {
  await openWindow(shelf([door]), 'library/door');
  await expect.element(words).toBeVisible();
  expect(shown()).toEqual(['library.sound', 'library.words']);
  (words.element() as HTMLElement).focus();
  await userEvent.keyboard('{Alt>}{ArrowUp}{/Alt}');
  await expect.poll(shown).toEqual(['library.words', 'library.sound']);
  await expect.element(words).toHaveFocus();
  expect(keptPreferences()).toMatchObject({ trackOrder: { library: ['library.words', 'library.sound'] } });
});

test('a track is dragged by its name to another place, which does not fold it', async () => {
  await openWindow(shelf([door]), 'library/door');
  await expect.element(words).toBeVisible();
  await userEvent.dragAndDrop(page.getByRole('button', { name: 'Sound', exact: true }), words, {
    targetPosition: { x: 10, y: 20 },
  });
  await expect.poll(shown).toEqual(['library.words', 'library.sound']);
  await expect
    .element(page.getByRole('button', { name: 'Sound', exact: true }))
    .toHaveAttribute('aria-expanded', 'true');
});
