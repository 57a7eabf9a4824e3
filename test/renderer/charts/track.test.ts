import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { keptPreferences, openWindow } from '../support/openWindow';
import { shelf, spoken } from '../support/shelf';

const door = { id: 'door', title: 'Door code', words: spoken('seven three nine') };
const edge = page.getByRole('separator', { name: 'Height of Sound' });
const heightOf = (track: string): number =>
  document.querySelector(`[data-track="${track}"] .fig`)?.getBoundingClientRect().height ?? 0;

test('a figure folds to its name and unfolds, and stays as it was left', async () => {
  await openWindow(shelf([door]), 'library/door');
  const fold = page.getByRole('button', { name: 'Words', exact: true });
  await expect.element(fold).toHaveAttribute('aria-expanded', 'true');
  await fold.click();
  await expect.element(fold).toHaveAttribute('aria-expanded', 'false');
  expect(document.querySelector('[data-track="library.words"] .words')).toBeNull();
  expect(keptPreferences()).toMatchObject({ tracks: { 'library.words': { isFolded: true } } });
  await fold.click();
  await expect.element(fold).toHaveAttribute('aria-expanded', 'true');
  expect(document.querySelector('[data-track="library.words"] .words')).not.toBeNull();
});

test('a figure is made higher and lower by its lower edge, within bounds, and kept so', async () => {
  await openWindow(shelf([door]), 'library/door');
  await expect.element(edge).toBeVisible();
  const before = heightOf('library.sound');
  (edge.element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowDown}{ArrowDown}');
  expect(heightOf('library.sound')).toBe(before + 16);
  await userEvent.keyboard('{Home}{ArrowUp}');
  expect(heightOf('library.sound')).toBe(24);
  expect(keptPreferences()).toMatchObject({ tracks: { 'library.sound': { height: 24, isFolded: false } } });
});

test('what is drawn in a figure fills its new height', async () => {
  await openWindow(shelf([door]), 'library/door', {
    language: 'en',
    tracks: { 'library.sound': { isFolded: false, height: 120 } },
  });
  await expect.poll(() => document.querySelector('[data-track="library.sound"] canvas')?.clientHeight).toBe(120);
});

test('T shows the words of the figure as a table with their times and scores', async () => {
  await openWindow(shelf([door]), 'library/door');
  await expect.element(page.getByTestId('transcript')).toHaveTextContent('seven three nine');
  await userEvent.keyboard('t');
  const table = page.getByRole('dialog', { name: 'Words as a table' });
  await expect.element(table.getByRole('row').nth(1)).toHaveTextContent('0:00.1');
  await expect.element(table.getByRole('row').nth(1)).toHaveTextContent('seven');
  await expect.element(table.getByRole('row').nth(1)).toHaveTextContent('0.9');
  expect(table.getByRole('row').elements()).toHaveLength(4);
  await userEvent.keyboard('{Escape}');
  expect(page.getByRole('dialog').elements()).toEqual([]);
});
