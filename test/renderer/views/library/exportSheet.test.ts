import { afterEach, expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { openWindow } from '../../support/openWindow';
import { shelf, spoken } from '../../support/shelf';

const door = { id: 'door', title: 'At the door', words: spoken('one three five') };
const hall = { id: 'hall', title: 'In the hall', words: spoken('two four') };
const preview = page.getByTestId('export-preview');
afterEach(() => vi.restoreAllMocks());

test('a text is copied as it is shown: with times, or without', async () => {
  const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  await openWindow(shelf([door]), 'library/door');
  await expect.element(page.getByTestId('transcript')).toHaveTextContent('one three five');
  await userEvent.keyboard('{Control>}e{/Control}');
  const copy = page.getByRole('dialog').getByRole('button', { name: 'Copy' });
  await copy.click();
  await page.getByRole('checkbox', { name: 'With times' }).click();
  await expect.element(preview).toHaveTextContent('[00:00:00.');
  await copy.click();
  const [bare, timed] = write.mock.calls.map(([text]) => text);
  expect(bare).toBe('one three five\n');
  expect(timed).toMatch(/^\[00:00:00\.\d{3} - 00:00:0\d\.\d{3}\] one three five\n$/);
});

test('a text is dragged out as text and as a file', async () => {
  await openWindow(shelf([door]), 'library/door');
  await expect.element(page.getByTestId('transcript')).toHaveTextContent('one three five');
  await userEvent.keyboard('{Control>}e{/Control}');
  await expect.element(preview).toHaveTextContent('one three five');
  const dataTransfer = new DataTransfer();
  preview.element().dispatchEvent(new DragEvent('dragstart', { bubbles: true, dataTransfer }));
  expect(dataTransfer.getData('text/plain')).toBe('one three five\n');
  expect(dataTransfer.getData('DownloadURL')).toMatch(/^text\/plain:At the door\.txt:blob:/);
});

test('the texts of all that are chosen are saved, a file for each', async () => {
  await openWindow(shelf([door, hall]), 'library');
  await page.getByRole('button', { name: 'Choose several' }).click();
  for (const { title } of [door, hall]) await page.getByRole('checkbox', { name: title }).click();
  await page.getByRole('button', { name: 'Export the chosen' }).click();
  const saved: string[] = [];
  vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(function (this: HTMLAnchorElement) {
    saved.push(this.download);
  });
  await page.getByRole('button', { name: 'Save 2 files' }).click();
  expect(saved.sort()).toEqual(['At the door.txt', 'In the hall.txt']);
});

test('numbers are figures where the person says so, here or in the settings', async () => {
  await openWindow(shelf([door]), 'library/door', { language: 'en', writesFigures: true });
  await expect.element(page.getByTestId('transcript')).toHaveTextContent('one three five');
  await userEvent.keyboard('{Control>}e{/Control}');
  await expect.element(preview).toHaveTextContent('135');
  await page.getByRole('checkbox', { name: 'English numbers as figures' }).click();
  await expect.element(preview).toHaveTextContent('one three five');
});
