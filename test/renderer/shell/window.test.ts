import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { UnrollError } from '../../../app/errors';
import { englishSentences } from '../support/englishSentences';
import { shelf, spoken } from '../support/shelf';
import { keptPreferences, openWindow } from '../support/openWindow';

const door = { id: 'door', title: 'Door code', words: spoken('seven three nine') };
const title = (name: string) => page.getByRole('heading', { level: 1, name });

test('Ctrl and a number open the views in the order of the rail', async () => {
  await openWindow(shelf([door]), 'record');
  for (const [key, name] of [
    ['2', 'Library'],
    ['3', 'Data'],
    ['4', 'Train'],
    ['5', 'Inspect'],
    ['6', 'Lab'],
    ['7', 'Settings'],
    ['1', 'Record'],
  ] as const) {
    await userEvent.keyboard(`{Control>}${key}{/Control}`);
    await expect.element(title(name)).toBeVisible();
    await expect.element(page.getByRole('link', { name, exact: true })).toHaveAttribute('aria-current', 'page');
  }
});

test('the command palette finds a recording by its title and opens it', async () => {
  await openWindow(shelf([door]), 'settings');
  await userEvent.keyboard('{Control>}k{/Control}');
  await expect.element(page.getByRole('combobox', { name: 'All commands' })).toHaveFocus();
  await vi.waitFor(() => expect(page.getByRole('option', { name: 'Door code' }).elements()).toHaveLength(1));
  await userEvent.keyboard('door{Enter}');
  await expect.element(page.getByRole('heading', { level: 2, name: 'Door code' })).toBeVisible();
});

test('the palette lists every view and closes on Escape, giving the focus back', async () => {
  await openWindow(shelf([door]), 'train');
  const opener = page.getByRole('button', { name: 'All commands' });
  await opener.click();
  for (const name of ['Record', 'Library', 'Data', 'Train', 'Settings'])
    await expect.element(page.getByRole('option', { name: new RegExp(`^${name}`) })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await expect.element(opener).toHaveFocus();
  expect(page.getByRole('dialog').elements()).toEqual([]);
});

test('the question mark lists the keys of the present view', async () => {
  await openWindow(shelf([door]), 'library/door');
  await expect.element(page.getByRole('heading', { level: 2, name: 'Door code' })).toBeVisible();
  await userEvent.keyboard('?');
  const sheet = page.getByRole('dialog', { name: 'Keys' });
  await expect.element(sheet).toHaveTextContent('Back 2 s');
  await expect.element(sheet).toHaveTextContent('F2');
});

test('letters typed into a search are not taken as keys', async () => {
  await openWindow(shelf([door]), 'library/door');
  await userEvent.keyboard('/');
  await userEvent.keyboard('k?');
  await expect.element(page.getByRole('searchbox')).toHaveValue('k?');
  expect(page.getByRole('dialog').elements()).toEqual([]);
});

test('changing the language changes every sentence of every view', async () => {
  await openWindow(shelf([door]), 'settings');
  await page.getByRole('radio', { name: '简体中文' }).click();
  await expect.element(title('设置')).toBeVisible();
  expect(document.documentElement.lang).toBe('zh-Hans');
  for (const place of ['settings', 'settings/models', 'train', 'data', 'library', 'record']) {
    location.hash = place;
    await new Promise((resolve) => setTimeout(resolve, 150));
    expect(englishSentences(), place).toEqual([]);
  }
});

test('the chosen theme is worn at once and kept', async () => {
  await openWindow(shelf([door]), 'settings');
  await page.getByRole('radio', { name: 'Dark' }).click();
  expect(document.documentElement.dataset['theme']).toBe('dark');
  expect(getComputedStyle(document.body).backgroundColor).toBe('rgb(25, 30, 32)');
  expect(keptPreferences()).toMatchObject({ theme: 'dark' });
});

test('text size scales the root and nothing else is lost', async () => {
  await openWindow(shelf([door]), 'settings', { language: 'en', textSize: 150 });
  expect(getComputedStyle(document.documentElement).fontSize).toBe('24px');
  await expect.element(page.getByRole('slider', { name: 'Text size' })).toHaveValue('150');
});

test('an engine that was given up says why, and is started once more by one click', async () => {
  const bridge = shelf([door]);
  bridge.answer('system.startEngine', () => ({}));
  await openWindow(bridge, 'record');
  const params = { reason: 'reason.system.readOnly' };
  bridge.emit('engine.state', { state: 'failed', error: { code: 'data.unusable', message: '', params } });
  await expect.element(page.getByText('The folder with your recordings could not be read or written.')).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  expect(bridge.bodiesOf('system.startEngine')).toEqual([{}]);
});

test('models are asked for once while the engine cannot answer, and again when it can', async () => {
  const bridge = shelf([door]);
  const { models } = await bridge.request('models.list', {});
  bridge.answer('models.list', () => {
    throw new UnrollError('engine.restarting');
  });
  await openWindow(bridge, 'settings/models');
  const asked = (): number => bridge.bodiesOf('models.list').length;
  await vi.waitFor(() => expect(asked()).toBe(2));
  await new Promise((resolve) => setTimeout(resolve, 300));
  expect(asked()).toBe(2);
  bridge.answer('models.list', () => ({ models }));
  bridge.emit('engine.state', { state: 'ready', error: null });
  await expect.poll(asked).toBe(3);
});

test('an engine that is away is mentioned, and no longer when it is back', async () => {
  const bridge = shelf([door]);
  await openWindow(bridge, 'library');
  bridge.emit('engine.state', { state: 'restarting', error: null });
  await expect.element(page.getByText('The engine is starting again.')).toBeVisible();
  bridge.emit('engine.state', { state: 'ready', error: null });
  await vi.waitFor(() => expect(page.getByText('The engine is starting again.').elements()).toEqual([]));
});

test.each(['record', 'library/door', 'data', 'settings', 'settings/models', 'train'])(
  'at half as large a text again, %s fits the width of a small screen',
  async (place) => {
    await openWindow(shelf([door]), place, { language: 'en', textSize: 150 });
    await expect.element(page.getByRole('heading', { level: 1 })).toBeVisible();
    expect(document.documentElement.scrollWidth).toBeLessThanOrEqual(1280);
    const isReachable = (element: Element): boolean => element.getBoundingClientRect().right <= 1281;
    const cut = [...document.querySelectorAll('main button, main a, main input, main select')].filter(
      (element) => element.checkVisibility() && !isReachable(element),
    );
    expect(cut.map(({ outerHTML }) => outerHTML)).toEqual([]);
  },
);
