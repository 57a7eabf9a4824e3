import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { openInspect } from '../../support/inspectPage';
import { MODEL } from '../../support/scriptedEngine';
import { FILE_MODEL } from '../../support/shelf';

const statistics = page.getByTestId('statistics-page');
const card = page.getByTestId('unit-card');
const open = async () => {
  const bridge = await openInspect({}, 'inspect/statistics');
  await statistics.getByRole('button', { name: 'Hear them' }).click();
  await expect.element(statistics.getByRole('status')).toHaveTextContent('3 sounds, 900 frames. 1 sound could not');
  return bridge;
};

test('the units of a network are counted over many sounds, or over the one that is open', async () => {
  const bridge = await open();
  const library = { kind: 'sounds', sounds: [{ kind: 'recording', recordingId: 'knock' }] };
  expect(bridge.bodiesOf('inspection.survey')).toEqual([
    { modelId: 'digits', of: library, task: { kind: 'statistics' } },
  ]);
  await statistics.getByRole('combobox', { name: 'Sounds that are heard' }).selectOptions('This sound, Knock knock');
  await statistics.getByRole('button', { name: 'Hear them' }).click();
  await expect.poll(() => bridge.bodiesOf('inspection.survey').length).toBe(2);
});

test('forget gates that are mostly open are counted for each layer, and dead units are named', async () => {
  await open();
  await expect.element(statistics.getByText('15 of 32 mostly open').first()).toBeVisible();
  await expect.element(page.getByTestId('dead-units')).toHaveTextContent('layer 1: 5; layer 2: 5');
  await expect.element(statistics.getByText('median 17 = 170 ms').first()).toBeVisible();
});

test('a point of the scatter is a unit, and a press shows it', async () => {
  await open();
  const points = page.getByTestId('scatter').element().querySelectorAll('circle');
  expect(points.length).toBe(2 * 3 * 32);
  await userEvent.click(points[104]!);
  await expect.element(card.getByRole('spinbutton')).toHaveValue(8);
  await expect.element(card).toHaveTextContent('Keeps its memory for');
});

test('a unit is picked by keys, its correlations stand beside it, and it is seen in the sound', async () => {
  await open();
  await card.getByRole('combobox').selectOptions('Output gate, layer 2');
  await card.getByRole('spinbutton').fill('7');
  await userEvent.keyboard('{Tab}');
  await expect.element(card).toHaveTextContent('0.22 ± 0.20');
  await card.getByRole('button', { name: 'See it in the sound' }).click();
  const whatIf = page.getByTestId('what-if-panel');
  await expect.element(whatIf.getByRole('textbox', { name: 'Units' })).toHaveValue('7');
  await expect.element(whatIf.getByRole('combobox')).toHaveDisplayValue('Output gate, layer 2');
});

test('units stand by what they have with the signal that is chosen', async () => {
  await open();
  const map = page.getByTestId('correlation');
  await map.getByRole('combobox').selectOptions('silence');
  await map.getByRole('button', { name: /^Numbers behind “What units go with/ }).click();
  await expect.element(page.getByRole('dialog')).toHaveTextContent('loudnessvoicesilence');
});

test('numbers behind a figure are in a table', async () => {
  await open();
  await statistics.getByRole('button', { name: 'Numbers behind “Saturation”' }).click();
  await expect.element(page.getByRole('dialog')).toHaveTextContent('nearly shutnearly openTime constant');
});

test('how far memory reaches is measured for one network and a second beside it, on one clock', async () => {
  const bridge = await openInspect({}, 'inspect/statistics');
  bridge.answer('models.list', () => ({ models: [MODEL, FILE_MODEL] }));
  bridge.emit('models.changed', {});
  const reach = page.getByTestId('reach');
  await reach.getByRole('combobox', { name: 'A second model beside it' }).selectOptions('beside Digits, bidirectional');
  await reach.getByRole('button', { name: 'Measure' }).click();
  await expect.element(reach.getByRole('status')).toHaveTextContent('Estimated from 32 random directions.');
  await expect.element(reach.getByText('Memory, Digits, bidirectional')).toBeVisible();
  expect(bridge.bodiesOf('inspection.reach').map(({ handle, step, lags }) => [handle, step, lags])).toEqual([
    ['inside-1', 199, 150],
    ['inside-2', 199, 150],
  ]);
  await expect.poll(() => bridge.bodiesOf('inspection.close')).toEqual([{ handle: 'inside-2' }]);
});

test('weights of every parameter stand around zero', async () => {
  const bridge = await openInspect({}, 'inspect/statistics');
  const weights = page.getByTestId('weights');
  await expect.element(weights.getByText('layer0.forward.inputWeights')).toBeVisible();
  await expect.element(weights.getByText('39 × 128; σ 0.2, to ±1.5').first()).toBeVisible();
  expect(bridge.bodiesOf('inspection.weights')).toEqual([{ modelId: 'digits' }]);
});
