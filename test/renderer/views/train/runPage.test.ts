import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { openWindow } from '../../support/openWindow';
import { runShelf, statusOf } from '../../support/runShelf';

const chart = (name: RegExp) => page.getByRole('img', { name });
const cursor = () => page.getByRole('slider', { name: 'Step in view of the cursor' });

test('the newest run at work is open, with its numbers', async () => {
  const old = statusOf({ id: 'old', name: 'old', state: 'finished', createdAt: '2026-01-01T00:00:00.000Z' });
  await openWindow(runShelf([old, statusOf()]).bridge, 'train');
  await expect.element(page.getByTestId('run-state')).toHaveTextContent('Running');
  const main = page.getByRole('main');
  await expect.element(main).toHaveTextContent('23 / 60');
  await expect.element(main).toHaveTextContent('4,186');
  await expect.element(main).toHaveTextContent('best so far: epoch 19');
  await expect.element(page.getByLabelText('Run', { exact: true })).toHaveValue('digits');
});

test('every one of a run’s hundred thousand steps is read, and the loss is told', async () => {
  const { bridge } = runShelf([statusOf()], 100_000, 100_000);
  await openWindow(bridge, 'train');
  await expect.element(chart(/^Loss over the steps: training 0\.\d+, validation \d/)).toBeVisible();
  expect(bridge.bodiesOf('runs.steps').map(({ first }) => first)).toEqual([0, 20_000, 40_000, 60_000, 80_000]);
  await expect.element(cursor()).toHaveAttribute('aria-valuemax', '99999');
});

test('steps that are learned come to the curves without reading all anew', async () => {
  const run = runShelf();
  await openWindow(run.bridge, 'train');
  await expect.element(cursor()).toHaveAttribute('aria-valuemax', '4185');
  run.step('digits', 4_300);
  await expect.element(cursor()).toHaveAttribute('aria-valuemax', '4299');
  expect(run.bridge.bodiesOf('runs.steps')).toHaveLength(1);
});

test('steps that were missed are read from where they are missing', async () => {
  const run = runShelf();
  await openWindow(run.bridge, 'train');
  await expect.element(cursor()).toHaveAttribute('aria-valuemax', '4185');
  run.step('digits', 4_250, 'unheard');
  run.step('digits', 4_300);
  await expect.element(cursor()).toHaveAttribute('aria-valuemax', '4299');
  expect(run.bridge.bodiesOf('runs.steps')[1]).toMatchObject({ first: 4_186 });
});

test('the step where the gradient exploded is told with its norm, its layer and its end', async () => {
  await openWindow(runShelf().bridge, 'train');
  const told = page.getByRole('region', { name: 'Step 2,912: the gradient exploded' });
  await expect.element(told).toHaveTextContent('Its norm was 41.7, 8.3 times the threshold, most of it in layer 2.');
  await expect.element(told).toHaveTextContent('It was clipped to 5.');
  await expect.element(told).toHaveTextContent(/The loss was back after \d+ steps\./);
});

test('steps in which nothing was learned are told with the recordings that were in them', async () => {
  const { bridge, curves } = runShelf();
  curves.gradientNorm[40] = curves.gradientNorm[976] = NaN;
  await openWindow(bridge, 'train');
  await page.getByRole('button', { name: '2 steps left out: not finite' }).click();
  const told = page.getByRole('dialog', { name: '2 steps left out: not finite' });
  await expect.element(told).toHaveTextContent(/Step 977 ?broken\.wav ?Step 41 ?two\.wav, broken\.wav/);
});

test('the cursor is moved by keys and tells the values of its step', async () => {
  const { bridge, curves } = runShelf();
  await openWindow(bridge, 'train');
  await expect.element(cursor()).toHaveAttribute('aria-valuemax', '4185');
  cursor().element().focus();
  await userEvent.keyboard('{Home}');
  await expect.element(cursor()).toHaveAttribute('aria-valuenow', '0');
  const loss = new Intl.NumberFormat('en', { maximumSignificantDigits: 3 }).format(curves.loss[0]!);
  await expect.element(cursor()).toHaveAttribute('aria-valuetext', expect.stringContaining(`Step 0: loss ${loss}`));
});

test('by keys fewer steps are shown, and all again', async () => {
  await openWindow(runShelf().bridge, 'train');
  await expect.element(cursor()).toHaveAttribute('aria-valuemax', '4185');
  cursor().element().focus();
  await userEvent.keyboard('=');
  await expect.element(page.getByRole('button', { name: 'All steps' })).toBeVisible();
  await userEvent.keyboard('0');
  await expect.element(page.getByRole('button', { name: 'All steps' })).not.toBeInTheDocument();
});

test('a part that is dragged over is shown alone', async () => {
  await openWindow(runShelf().bridge, 'train');
  const loss = chart(/^Loss/);
  await expect.element(loss).toBeVisible();
  const { left, top, width } = loss.element().getBoundingClientRect();
  const target = loss.element().parentElement!;
  const at = (share: number) => ({ clientX: left + share * width, clientY: top + 40, bubbles: true, pointerId: 1 });
  target.setPointerCapture = () => undefined;
  const tracks = target.closest<HTMLElement>('.tracks')!;
  tracks.setPointerCapture = () => undefined;
  target.dispatchEvent(new PointerEvent('pointerdown', { ...at(0.3), button: 0, buttons: 1 }));
  target.dispatchEvent(new PointerEvent('pointermove', { ...at(0.6), buttons: 1 }));
  target.dispatchEvent(new PointerEvent('pointerup', at(0.6)));
  await expect.element(page.getByRole('button', { name: 'All steps' })).toBeVisible();
});

test('hearings are shown with their differences, and are played', async () => {
  const { bridge } = runShelf();
  await openWindow(bridge, 'train');
  const heard = page.getByRole('region', { name: 'What it hears now' });
  await expect.element(heard).toHaveTextContent('validation, after epoch 22');
  await expect.element(heard.getByTitle('put for “v”')).toHaveTextContent('n');
  await expect.element(heard.getByTitle('left out')).toHaveTextContent('eight');
  await heard.getByRole('button', { name: 'Play “nine six two five”' }).click();
  await expect.poll(() => bridge.bodiesOf('runs.hearingAudio')).toEqual([{ runId: 'digits', hearing: 1 }]);
});

test('a run is paused and taken up again', async () => {
  const run = runShelf();
  await openWindow(run.bridge, 'train');
  await page.getByRole('button', { name: 'Pause' }).click();
  await expect.element(page.getByTestId('run-state')).toHaveTextContent('Pausing');
  run.change(statusOf({ state: 'paused' }));
  await page.getByRole('button', { name: 'Go on', exact: true }).click();
  await expect.element(page.getByTestId('run-state')).toHaveTextContent('Running');
  expect(run.bridge.bodiesOf('runs.resume')).toEqual([{ runId: 'digits' }]);
});

test('stopping asks first, and says what is kept', async () => {
  const { bridge } = runShelf();
  await openWindow(bridge, 'train');
  await page.getByRole('button', { name: 'Stop, keep the best' }).click();
  const question = page.getByRole('dialog', { name: 'Stop this run?' });
  await expect
    .element(question)
    .toHaveTextContent('The network of epoch 19 is kept. It gets 4.1 % of the words wrong.');
  await question.getByRole('button', { name: 'Go on training' }).click();
  expect(bridge.bodiesOf('runs.stop')).toEqual([]);
  await page.getByRole('button', { name: 'Stop, keep the best' }).click();
  await question.getByRole('button', { name: 'Stop, keep the best' }).click();
  await expect.poll(() => bridge.bodiesOf('runs.stop')).toEqual([{ runId: 'digits' }]);
});

test('a run is renamed where its name stands', async () => {
  const { bridge } = runShelf();
  await openWindow(bridge, 'train');
  await page.getByRole('button', { name: 'More for this run' }).click();
  await page.getByRole('menuitem', { name: 'Rename' }).click();
  await page.getByRole('textbox', { name: 'Name of the run' }).fill('Evening run');
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => bridge.bodiesOf('runs.rename')).toEqual([{ runId: 'digits', name: 'Evening run' }]);
  await expect.element(page.getByRole('region', { name: 'Runs' })).toHaveTextContent('Evening run');
});

test('a run that is deleted comes back', async () => {
  const { bridge } = runShelf([statusOf({ state: 'stopped' })]);
  await openWindow(bridge, 'train');
  await page.getByRole('button', { name: 'More for this run' }).click();
  await page.getByRole('menuitem', { name: 'Delete' }).click();
  await page.getByRole('button', { name: 'Restore' }).click();
  await expect.poll(() => bridge.bodiesOf('runs.restore')).toEqual([{ runId: 'digits' }]);
  await expect.element(page.getByRole('region', { name: 'Runs' })).toHaveTextContent('digits, two layers');
});

test('a run that works is not deleted', async () => {
  await openWindow(runShelf().bridge, 'train');
  await page.getByRole('button', { name: 'More for this run' }).click();
  await expect.element(page.getByRole('menuitem', { name: 'Delete' })).toHaveAttribute('aria-disabled', 'true');
});

test('a run that failed says why and offers to go on', async () => {
  const error = { code: 'engine.lost', message: 'The engine ended.', params: {} };
  await openWindow(runShelf([statusOf({ state: 'failed', error })]).bridge, 'train');
  await expect.element(page.getByRole('alert')).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Go on', exact: true })).toBeVisible();
});

test('the rail shows that a run works', async () => {
  const run = runShelf();
  await openWindow(run.bridge, 'record');
  const train = page.getByRole('navigation', { name: 'Views' }).getByRole('link', { name: /Train/ });
  await expect.element(train).toHaveTextContent('a run is learning');
  run.change(statusOf({ state: 'finished' }));
  await expect.element(train).not.toHaveTextContent('a run is learning');
});

test('weights of a parameter stand epoch by epoch, and keys go through them', async () => {
  const { bridge } = runShelf();
  await openWindow(bridge, 'train');
  const weights = page.getByTestId('weights-over-epochs');
  await expect.element(weights.getByRole('combobox')).toHaveValue('layer0.forward.recurrentWeights');
  await expect.element(page.getByText('Epoch 22: mean 0, deviation 0.31, to ±1.6')).toBeInTheDocument();
  const slider = page.getByRole('slider', { name: 'Epoch' });
  (slider.element() as HTMLElement).focus();
  await userEvent.keyboard('{Home}{ArrowRight}');
  await expect.element(page.getByText('Epoch 2: mean 0, deviation 0.11, to ±0.55')).toBeInTheDocument();
  await weights.getByRole('button', { name: 'Numbers behind “Weights over epochs”' }).click();
  await expect.element(page.getByRole('dialog')).toHaveTextContent('Epoch');
  expect(bridge.bodiesOf('runs.weights')[0]?.afterEpoch).toBe(0);
});
