import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { ReplyOf } from '../../../../app/contract/messages';
import { UnrollError } from '../../../../app/errors';
import { openWindow } from '../../support/openWindow';
import { shelf } from '../../support/shelf';

test('a race begins by its button alone, draws every measurement as it comes, and can be stopped', async () => {
  const bridge = shelf([]);
  let stop: (error: UnrollError) => void = () => undefined;
  bridge.answer('lab.race', () => new Promise<ReplyOf<'lab.race'>>((_, reject) => (stop = reject)));
  bridge.answer('lab.stop', () => {
    stop(new UnrollError('lab.stopped'));
    return {};
  });
  await openWindow(bridge, 'lab/race');
  const figure = page.getByRole('img', { name: 'Share of sequences that are right' });
  await expect.element(figure).toBeVisible();
  expect(bridge.bodiesOf('lab.race')).toHaveLength(0);
  await page.getByRole('checkbox', { name: 'SCRN' }).click();
  expect(bridge.bodiesOf('lab.race')).toHaveLength(0);
  await page.getByRole('button', { name: 'Train', exact: true }).click();
  await expect.poll(() => bridge.bodiesOf('lab.race').length).toBe(1);
  expect(bridge.bodiesOf('lab.race')[0]?.cells).toEqual(['elman', 'lstm', 'gru', 'clockwork']);
  bridge.emit('lab.measured', { experiment: 'race', cell: 'lstm', step: 100, rightShare: 0.25 });
  bridge.emit('lab.measured', { experiment: 'race', cell: 'lstm', step: 200, rightShare: 0.75 });
  await expect.element(page.getByRole('row', { name: 'LSTM' })).toHaveTextContent('75');
  await expect.element(figure).toHaveTextContent('LSTM');
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect.element(page.getByRole('button', { name: 'Train', exact: true })).toBeVisible();
  await expect.element(page.getByRole('row', { name: 'LSTM' })).toHaveTextContent('75');
});
