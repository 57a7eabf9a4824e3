import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { UnrollError } from '../../../../app/errors';
import { choose, cursor, frame, openInspect, press } from '../../support/inspectPage';
import { inspectShelf } from '../../support/inspectShelf';
import { openWindow } from '../../support/openWindow';

const spanPanel = page.getByTestId('span-panel');
const whatIf = page.getByTestId('what-if-panel');

test('the newest recording is open, its layers named with what they are', async () => {
  const bridge = await openInspect();
  await expect.element(page.getByRole('heading', { name: 'Layer 2' })).toBeVisible();
  await expect.element(page.getByText('LSTM, 32 units, left to right').first()).toBeVisible();
  expect(bridge.bodiesOf('inspection.open')).toEqual([
    { sound: { kind: 'recording', recordingId: 'knock' }, modelId: 'digits' },
  ]);
});

test('every figure says what it shows', async () => {
  await openInspect();
  await expect
    .element(page.getByRole('img', { name: /^Forget gate, layer 1\. How much of its memory each unit keeps/ }))
    .toBeVisible();
  await expect
    .element(page.getByRole('img', { name: /^Which frames became which letter\. one three five/ }))
    .toBeVisible();
});

test('what is folded is not read, and is had by one press', async () => {
  const bridge = await openInspect();
  await expect.element(page.getByRole('img', { name: /^Memory, layer 2/ })).toBeVisible();
  const asked = () =>
    bridge
      .bodiesOf('inspection.matrix')
      .filter(({ source }) => source.kind === 'activation' && source.layer === 1 && source.activation === 'forgetGate');
  expect(asked()).toEqual([]);
  await page.getByRole('button', { name: '5 folded' }).click();
  await page.getByTitle(/^Unfold Forget gate/).click();
  await expect.element(page.getByRole('img', { name: /^Forget gate, layer 2/ })).toBeVisible();
  await expect.poll(() => asked().length).toBeGreaterThan(0);
});

test('the cursor goes from frame to frame by keys, and the symbols follow it', async () => {
  await openInspect();
  await expect.element(cursor).toBeInTheDocument();
  await press('{ArrowRight}{ArrowRight}{ArrowRight}');
  expect(frame()).toBe(3);
  await press('{PageDown}');
  expect(frame()).toBe(13);
  await expect.element(page.getByTestId('cursor-symbols')).toHaveTextContent('w 0.91');
  await expect.element(cursor).toHaveAttribute('aria-valuetext', '0:00.13, frame 13: w 0.91, blank 0.06');
  await press('{End}');
  expect(frame()).toBe(199);
  await press('{Home}');
  expect(frame()).toBe(0);
});

test('plus and minus bring the figures nearer and farther, 0 shows all', async () => {
  await openInspect();
  await expect.element(cursor).toBeInTheDocument();
  const zoom = page.getByRole('slider', { name: 'How near' });
  const nearness = (): number => Number((zoom.element() as HTMLInputElement).value);
  await press('+');
  await press('+');
  await expect.poll(nearness).toBeGreaterThan(0.3);
  await press('0');
  await expect.poll(nearness).toBe(0);
});

test('units that are open in the chosen frames are found, and a threshold is asked anew', async () => {
  const bridge = await openInspect();
  await choose(20, 10);
  await expect.element(spanPanel).toHaveTextContent('3 of 32 units are open there and mostly shut elsewhere.');
  await expect.element(page.getByRole('button', { name: 'Loop 0.20 to 0.30 s' })).toBeVisible();
  expect(bridge.bodiesOf('inspection.select').at(-1)).toMatchObject({
    fromStep: 20,
    toStep: 30,
    threshold: 0.7,
    series: [{ layer: 0, direction: 'forward', activation: 'forgetGate' }],
  });
  await spanPanel.getByRole('slider').fill('0.9');
  await expect.poll(() => bridge.bodiesOf('inspection.select').at(-1)?.threshold).toBe(0.9);
});

test('found units are those that an experiment changes', async () => {
  await openInspect();
  await choose(20, 10);
  const units = whatIf.getByRole('textbox', { name: 'Units' });
  await spanPanel.getByRole('button', { name: /^Unit 3: open in 85/ }).click();
  await expect.element(units).toHaveValue('3');
  await spanPanel.getByRole('button', { name: 'Change these in “What if”' }).click();
  await expect.element(units).toHaveValue('3, 7, 11');
});

test('what moved a symbol is asked for, drawn over the sound, and taken away', async () => {
  const bridge = await openInspect();
  await expect.element(cursor).toBeInTheDocument();
  await press('{PageDown}');
  await page.getByRole('button', { name: 'What in the sound moved “t”' }).click();
  await expect.element(page.getByText('in colour: what moved t')).toBeVisible();
  expect(bridge.bodiesOf('inspection.saliency')).toEqual([
    { handle: 'inside-1', step: 10, classIndex: 10, of: 'logPosterior' },
  ]);
  await page.getByTestId('cursor-panel').getByRole('button', { name: 'Clear' }).click();
  await expect.element(page.getByText('in colour: what moved t')).not.toBeInTheDocument();
});

test('where only the network’s own input can be coloured, its folded track opens', async () => {
  const bridge = await openInspect();
  bridge.answer('inspection.saliency', ({ step }) => ({
    firstFrame: step,
    frames: 1,
    features: Float32Array.of(0.1, 0.4),
    logMel: new Float32Array(0),
  }));
  await expect.element(cursor).toBeInTheDocument();
  await press('{PageDown}');
  await page.getByRole('button', { name: 'What in the sound moved “t”' }).click();
  await expect.element(page.getByText('in colour: what moved t')).toBeVisible();
});

test('units are held shut, and the text is shown as heard and with the change', async () => {
  const bridge = await openInspect();
  const numbers = whatIf.getByRole('textbox', { name: 'Units' });
  await numbers.fill('3, 40');
  await press('{Tab}');
  await expect.element(whatIf.getByRole('alert')).toHaveTextContent('Numbers from 0 to 31, such as 3, 7–9.');
  await numbers.fill('3, 7-9');
  await press('{Tab}');
  await whatIf.getByRole('button', { name: 'Hold shut' }).click();
  await expect.element(page.getByTestId('what-if-outcome')).toHaveTextContent('one three five');
  await expect.element(whatIf).toHaveTextContent('3 symbols differ.');
  expect(bridge.bodiesOf('inspection.whatIf')).toEqual([
    {
      handle: 'inside-1',
      interventions: [
        {
          kind: 'clamp',
          layer: 0,
          direction: 'forward',
          activation: 'forgetGate',
          units: [3, 7, 8, 9],
          value: 0,
          fromStep: 0,
          toStep: 200,
        },
      ],
    },
  ]);
  await whatIf.getByRole('button', { name: 'Go there' }).click();
  expect(frame()).toBe(71);
  await expect.poll(() => bridge.bodiesOf('inspection.close')).toEqual([{ handle: 'inside-2' }]);
});

test('only the chosen frames are changed where that is wanted', async () => {
  const bridge = await openInspect();
  await choose(20, 10);
  await whatIf.getByRole('radio', { name: 'in the chosen frames' }).click();
  await whatIf.getByRole('button', { name: 'Hold open' }).click();
  await expect
    .poll(() => bridge.bodiesOf('inspection.whatIf')[0]?.interventions)
    .toMatchObject([{ value: 1, units: null, fromStep: 20, toStep: 30 }]);
});

test('the memory is emptied at the cursor', async () => {
  const bridge = await openInspect();
  await choose(12, 1);
  await whatIf.getByRole('button', { name: 'Empty memory here' }).click();
  await expect.element(whatIf).toHaveTextContent('Every memory emptied at 0:00.12');
  expect(bridge.bodiesOf('inspection.whatIf')[0]?.interventions).toEqual([{ kind: 'forget', layer: null, step: 12 }]);
});

test('another order of the units is asked for, by number none is', async () => {
  const bridge = await openInspect();
  await expect.poll(() => bridge.bodiesOf('inspection.order').map(({ by }) => by)).toContain('similarity');
  const picker = page.getByRole('combobox', { name: 'Units by' });
  await picker.selectOptions('loudness');
  await expect.poll(() => bridge.bodiesOf('inspection.order').map(({ by }) => by)).toContain('energy');
  const before = bridge.bodiesOf('inspection.order').length;
  await picker.selectOptions('number');
  expect(bridge.bodiesOf('inspection.order').length).toBe(before);
});

test('a recording that cannot be opened says why, and is tried again', async () => {
  const bridge = inspectShelf();
  bridge.answer('inspection.open', () => {
    throw new UnrollError('recording.missing');
  });
  await openWindow(bridge, 'inspect/recording:knock');
  await expect.element(page.getByRole('alert')).toBeVisible();
  await page.getByRole('button', { name: 'Try again' }).click();
  await expect.poll(() => bridge.bodiesOf('inspection.open').length).toBe(2);
});

test('what was opened is closed when the view is left', async () => {
  const bridge = await openInspect();
  await expect.element(cursor).toBeInTheDocument();
  await page.getByRole('link', { name: 'Library' }).click();
  await expect.poll(() => bridge.bodiesOf('inspection.close')).toEqual([{ handle: 'inside-1' }]);
});

test('a recording of the library is looked into from there', async () => {
  await openInspect({}, 'library/knock');
  await page.getByRole('link', { name: 'Look inside' }).click();
  await expect.element(cursor).toBeInTheDocument();
});

test('every key is told', async () => {
  await openInspect();
  await expect.element(cursor).toBeInTheDocument();
  await press('?');
  const sheet = page.getByRole('dialog', { name: 'Keys' });
  for (const told of ['Next frame', 'Choose frames to the right', 'Nearer', 'First frame'])
    await expect.element(sheet.getByText(told, { exact: true })).toBeVisible();
});

test('panels lead to the laboratory pages that explain them', async () => {
  await openInspect();
  const link = page.getByTestId('what-if-panel').getByRole('link', { name: 'Why, in the laboratory' });
  await expect.element(link).toHaveAttribute('href', '#lab/cell');
});
