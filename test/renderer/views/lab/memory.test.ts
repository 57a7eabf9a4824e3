import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import type { ReplyOf } from '../../../../app/contract/messages';
import type { HeardWords } from '../../../../app/contract/labTraining';
import { UnrollError } from '../../../../app/errors';
import { openWindow } from '../../support/openWindow';
import { shelf } from '../../support/shelf';

const heard = (destination: number): HeardWords =>
  Array.from({ length: 5 }, () => ({
    slot: destination >= 0.5 ? 'destination' : 'origin',
    probabilities: { other: 0, destination, origin: 1 - destination, date: 0 },
  }));
const learned = (): ReplyOf<'lab.memory'> => ({
  sentences: [1, 0].map((withMemory) => ({
    words: ['arrive', 'Taipei', 'on', 'November', 'second'],
    slots: ['other', withMemory === 1 ? 'destination' : 'origin', 'other', 'date', 'date'],
    withoutMemory: heard(0.5),
    withMemory: heard(withMemory),
  })),
  rightWithoutMemory: 0.9,
  rightWithMemory: 1,
  losses: { withoutMemory: [2, 1], withMemory: [2, 0.1] },
  firstMemory: [0.2, -0.1],
});
const opened = () => {
  const bridge = shelf([]);
  const waiting: { resolve: (reply: ReplyOf<'lab.memory'>) => void; reject: (error: UnrollError) => void }[] = [];
  bridge.answer('lab.memory', () => new Promise((resolve, reject) => waiting.push({ resolve, reject })));
  bridge.answer('lab.stop', () => {
    waiting.at(-1)!.reject(new UnrollError('lab.stopped'));
    return {};
  });
  return { bridge, waiting };
};

test('a page that is opened asks once, and shows the training while it goes on', async () => {
  const { bridge, waiting } = opened();
  await openWindow(bridge, 'lab/memory');
  await expect.poll(() => waiting.length).toBe(1);
  const band = page.getByRole('img', { name: 'without memory: leave Taipei on November second' });
  bridge.emit('lab.measured', {
    experiment: 'memory',
    network: 'withoutMemory',
    step: 15,
    losses: [3, 2],
    heard: [heard(0.7), heard(0.7)],
  });
  await expect.element(band).toHaveTextContent('✗ destination0.70');
  await expect.element(page.getByRole('progressbar', { name: 'Training' })).toHaveAttribute('aria-valuenow', '5');
  waiting[0]!.resolve(learned());
  await expect.element(page.getByTestId('lab-finding')).toHaveTextContent('with memory 1.00 and');
  await expect.element(page.getByRole('img', { name: 'with memory: leave Taipei' })).toHaveTextContent('origin1.00');
  expect(bridge.bodiesOf('lab.memory')).toHaveLength(1);
});

test('a training that is stopped keeps what it had told, and is no error', async () => {
  const { bridge, waiting } = opened();
  await openWindow(bridge, 'lab/memory');
  await expect.poll(() => waiting.length).toBe(1);
  const heardSoFar = [heard(0.7), heard(0.7)];
  bridge.emit('lab.measured', { experiment: 'memory', network: 'withMemory', step: 5, losses: [3], heard: heardSoFar });
  await page.getByRole('button', { name: 'Stop' }).click();
  await expect.element(page.getByRole('button', { name: 'Train', exact: true })).toBeVisible();
  await expect.element(page.getByRole('img', { name: 'with memory: leave' })).toHaveTextContent('✗ destination0.70');
  await expect.element(page.getByText('The experiment was stopped')).not.toBeInTheDocument();
});

test('another setting ends a training and begins the next by it', async () => {
  const { bridge, waiting } = opened();
  await openWindow(bridge, 'lab/memory');
  await expect.poll(() => waiting.length).toBe(1);
  await page.getByRole('combobox', { name: 'With memory' }).selectOptions('LSTM');
  await expect.poll(() => waiting.length).toBe(2);
  expect(bridge.bodiesOf('lab.stop')).toHaveLength(1);
  expect(bridge.bodiesOf('lab.memory').map(({ cell }) => cell)).toEqual(['elman', 'lstm']);
});
