import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { WatchedFolder } from '../../../../app/contract/watching';
import { openWindow } from '../../support/openWindow';
import { scriptedEngine } from '../../support/scriptedEngine';

const WATCHED: WatchedFolder = { name: 'Dictaphone', state: 'watching', heard: 1, failed: [] };
const line = page.getByRole('region', { name: 'Watch a folder' });

function hostWith(watched: WatchedFolder | null, canChoose = true) {
  const { bridge } = scriptedEngine({ words: [] });
  let now = watched;
  const state = () => ({ watched: now, canChoose });
  bridge.answer('watching.get', state);
  bridge.answer('watching.choose', () => ((now = WATCHED), state()));
  bridge.answer('watching.rest', ({ isPaused }) => {
    now = { ...WATCHED, state: isPaused ? 'paused' : 'watching' };
    return state();
  });
  bridge.answer('watching.stop', () => ((now = null), state()));
  return bridge;
}

test('a folder is chosen in the host’s dialog, rests, goes on and is let go', async () => {
  await openWindow(hostWith(null), 'library');
  await page.getByRole('button', { name: 'Watch a folder' }).click();
  await expect.element(line).toHaveTextContent('Watching Dictaphone: 1 sound taken.');
  await page.getByRole('button', { name: 'Rest from watching Dictaphone' }).click();
  await expect.element(line).toHaveTextContent('Dictaphone is not watched for now.');
  await page.getByRole('button', { name: 'Go on watching Dictaphone' }).click();
  await expect.element(line).toHaveTextContent('Watching Dictaphone');
  await page.getByRole('button', { name: 'Watch Dictaphone no more' }).click();
  await expect.element(line).not.toBeInTheDocument();
});

test('a sound that is offered is fetched whole and stands in the queue; one that another window took is left to it', async () => {
  const bridge = hostWith(WATCHED);
  await openWindow(bridge, 'library');
  await expect.element(line).toBeVisible();
  bridge.answer('watching.take', ({ offerId }) => ({
    file: offerId === 'mine' ? { name: 'memo.m4a', byteLength: 5 } : null,
  }));
  bridge.answer('watching.read', ({ offset }) => ({
    bytes: new Uint8Array([1, 2, 3, 4, 5].slice(offset, offset + 3)),
  }));
  bridge.emit('watching.offered', { offerId: 'theirs' });
  bridge.emit('watching.offered', { offerId: 'mine' });
  await expect.element(page.getByRole('region', { name: 'Files' })).toBeVisible();
  expect(bridge.bodiesOf('watching.read')).toEqual([
    { offerId: 'mine', offset: 0 },
    { offerId: 'mine', offset: 3 },
    { offerId: 'mine', offset: 5 },
  ]);
  await expect
    .poll(() => bridge.bodiesOf('files.add').map(({ name, byteLength }) => [name, byteLength]))
    .toEqual([['memo.m4a', 5]]);
});

test('a sound of the folder is stopped in its row, and tried again', async () => {
  const bridge = hostWith(WATCHED);
  await openWindow(bridge, 'library');
  await expect.element(line).toBeVisible();
  bridge.answer('files.cancel', () => ({}));
  bridge.answer('files.retry', () => ({ fileId: 'file-2' }));
  bridge.emit('files.progress', {
    fileId: 'file-1',
    name: 'memo.wav',
    state: 'transcribing',
    fraction: 0.2,
    error: null,
    recordingId: null,
    sameAs: null,
    realTimeFactor: null,
    at: '2026-05-01T10:00:00.000Z',
  });
  await page.getByRole('button', { name: 'Show the files' }).click();
  const row = page.getByTestId('file-row');
  await page.getByRole('button', { name: 'Stop memo.wav' }).click();
  await expect.element(row).toHaveAttribute('data-state', 'cancelled');
  await page.getByRole('button', { name: 'Try memo.wav again' }).click();
  await expect.element(row).toHaveAttribute('data-state', 'receiving');
  expect(bridge.bodiesOf('files.cancel')).toEqual([{ fileId: 'file-1' }]);
  expect(bridge.bodiesOf('files.retry')).toEqual([{ fileId: 'file-1' }]);
});

test('what happens to the folder is said as it happens', async () => {
  const bridge = hostWith(WATCHED, false);
  await openWindow(bridge, 'library');
  await expect.element(line).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Watch a folder' })).not.toBeInTheDocument();
  bridge.emit('watching.changed', { watched: { ...WATCHED, state: 'missing', failed: ['bad.wav'] } });
  await expect.element(line).toHaveTextContent('Dictaphone is gone or cannot be read.');
  await expect.element(line).toHaveTextContent('Left out: bad.wav.');
});
