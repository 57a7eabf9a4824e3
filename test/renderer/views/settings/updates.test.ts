import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { UpdatesState } from '../../../../app/contract/updates';
import { openWindow } from '../../support/openWindow';
import { shelf } from '../../support/shelf';

const toggle = page.getByRole('switch', { name: 'Look for newer versions' });

/** A host with one newer version in its feed. */
function hostWith(updates: UpdatesState) {
  const bridge = shelf([]);
  let now = updates;
  const becomes = (state: UpdatesState) => () => ({ updates: (now = state) });
  bridge.answer('updates.get', () => ({ updates: now }));
  bridge.answer('updates.turn', ({ isOn }) =>
    becomes(isOn ? { state: 'found', version: '2.0.0' } : { state: 'off' })(),
  );
  bridge.answer('updates.look', becomes({ state: 'newest' }));
  bridge.answer('updates.load', becomes({ state: 'ready', version: '2.0.0' }));
  bridge.answer('updates.install', becomes({ state: 'ready', version: '2.0.0' }));
  return bridge;
}

test('nothing is said of newer versions where the build asks nobody', async () => {
  await openWindow(hostWith({ state: 'absent' }), 'settings');
  await expect.element(page.getByRole('switch', { name: 'Automatic gain' })).toBeVisible();
  expect(toggle.elements()).toEqual([]);
});

test('newer versions are off, found once that is turned on, and taken and started by a click each', async () => {
  const bridge = hostWith({ state: 'off' });
  await openWindow(bridge, 'settings');
  await expect.element(page.getByText('Off: Unroll asks nobody.')).toBeVisible();
  await toggle.click();
  await expect.element(page.getByText('Version 2.0.0 is there.')).toBeVisible();
  await page.getByRole('button', { name: 'Download' }).click();
  await expect.element(page.getByRole('button', { name: 'Restart with it' })).toBeVisible();
  await toggle.click();
  await expect.element(toggle).toHaveAttribute('aria-checked', 'false');
});

test('a newer version that cannot be had says why, and is looked for again', async () => {
  await openWindow(hostWith({ state: 'failed', detail: 'not signed by its makers' }), 'settings');
  await expect.element(page.getByText('It could not be had: not signed by its makers')).toBeVisible();
  await page.getByRole('button', { name: 'Look again' }).click();
  await expect.element(page.getByText('This is the newest version.')).toBeVisible();
});

test('how much of it is here is told while it comes', async () => {
  const bridge = hostWith({ state: 'found', version: '2.0.0' });
  await openWindow(bridge, 'settings');
  await expect.element(page.getByText('Version 2.0.0 is there.')).toBeVisible();
  bridge.emit('updates.changed', { updates: { state: 'loading', version: '2.0.0', fraction: 0.4 } });
  await expect.element(page.getByText('Version 2.0.0: 40 % is here.')).toBeVisible();
});
