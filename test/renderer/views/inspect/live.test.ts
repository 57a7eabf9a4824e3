import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { UnrollError } from '../../../../app/errors';
import type { MockBridge } from '../../../../renderer/bridge/mockBridge';
import { inspectionOf, UNITS } from '../../support/inspectShelf';
import { savedFile } from '../../support/savedFile';
import { openWindow } from '../../support/openWindow';
import { scripted, scriptedEngine } from '../../support/scriptedEngine';

const { layers } = inspectionOf('any');
const gate = page.getByRole('img', { name: /^Forget gate, layer 1\./ });
const record = (): HTMLElement =>
  [...document.querySelectorAll<HTMLElement>('[data-testid=record-button]')].find(
    (each) => each.offsetParent !== null,
  )!;
const stateOf = (): string | undefined => record().dataset['state'];

async function open(place = 'inspect/live'): Promise<MockBridge> {
  const { bridge } = scriptedEngine({ words: [scripted('four', 100, 400)] });
  bridge.answer('inspection.watch', () => ({ fromStep: 0, stepMs: 10, layers }));
  await openWindow(bridge, place);
  await expect.poll(stateOf).toBe('ready');
  return bridge;
}
/** Steps of every activation that is watched, as the engine tells them. */
function tell(bridge: MockBridge, firstStep: number, steps: number, leftOut = 0): void {
  const series = bridge.bodiesOf('inspection.watch').findLast((body) => body.series.length > 0)!.series;
  const values = Float32Array.from({ length: steps * UNITS }, (_, at) => ((at * 7) % 11) / 11);
  bridge.emit('inspection.live', {
    streamId: 'stream-1',
    firstStep,
    steps,
    series: series.map((each) => ({ ...each, values })),
    leftOut,
  });
}
/** Pixels of the forget gate that are drawn. */
function painted(): number {
  const canvas = gate.element().querySelector('canvas')!;
  if (canvas.width === 0) return 0;
  const { data } = canvas.getContext('2d')!.getImageData(0, 0, canvas.width, 1);
  return data.filter((value, at) => at % 4 === 3 && value > 0).length;
}
async function begin(bridge: MockBridge): Promise<void> {
  record().click();
  await expect.poll(() => bridge.bodiesOf('inspection.watch').length).toBeGreaterThan(1);
}

test('a recording begins here, and the maps are painted as pictures come', async () => {
  const bridge = await open();
  await expect.element(page.getByText('Nothing is being recorded')).toBeVisible();
  await begin(bridge);
  expect(bridge.bodiesOf('inspection.watch')[1]?.series).toHaveLength(12);
  await expect.element(gate).toBeVisible();
  expect(painted()).toBe(0);
  tell(bridge, 0, 40);
  await expect.poll(painted).toBeGreaterThan(10);
  const before = painted();
  tell(bridge, 40, 80);
  await expect.poll(painted).toBeGreaterThan(before);
  record().click();
  await expect.element(page.getByRole('link', { name: 'Look inside the recording' })).toBeVisible();
  expect(bridge.bodiesOf('inspection.watch').at(-1)?.series).toEqual([]);
});

test('deeper layers are folded until they are wanted', async () => {
  const bridge = await open();
  await begin(bridge);
  const deeper = page.getByRole('img', { name: /^Forget gate, layer 2\./ });
  await expect.element(gate).toBeVisible();
  await expect.element(deeper).not.toBeInTheDocument();
  await page.getByTitle('Unfold Layer 2').click();
  await expect.element(deeper).toBeInTheDocument();
});

test('what was left out of the pictures is said, and that the recording is whole', async () => {
  const bridge = await open();
  await begin(bridge);
  await expect.element(gate).toBeVisible();
  tell(bridge, 20, 10, 20);
  await expect.element(page.getByText(/^20 frames were left out .* The recording is whole\.$/)).toBeVisible();
});

test('a network that cannot be shown live says why', async () => {
  const bridge = await open();
  bridge.answer('inspection.watch', ({ series }) => {
    if (series.length > 0) throw new UnrollError('message.refused', { reason: 'No single frames.' });
    return { fromStep: 0, stepMs: 10, layers };
  });
  await begin(bridge);
  await expect.element(page.getByText(/^A network with convolutions or stacked frames/)).toBeVisible();
});

test('the take under way leads here from the Record view, and L leads back to one utterance', async () => {
  const bridge = await open('record');
  record().click();
  await page.getByRole('link', { name: 'Look inside' }).click();
  expect(location.hash).toBe('#inspect/live');
  await expect.poll(() => bridge.bodiesOf('inspection.watch').length).toBeGreaterThan(1);
  await expect.element(page.getByRole('radio', { name: 'Live' })).toBeChecked();
  await userEvent.keyboard('l');
  expect(location.hash).toBe('#inspect');
});

test('the values that are held are exported as a matrix, with the frame that they begin at', async () => {
  const bridge = await open();
  await begin(bridge);
  tell(bridge, 0, 40);
  await expect.poll(painted).toBeGreaterThan(10);
  await page.getByRole('button', { name: 'Export' }).click();
  await page.getByRole('menuitem', { name: 'Matrices…' }).click();
  await page.getByRole('combobox', { name: 'What is exported' }).selectOptions('Forget gate, layer 1');
  const saved = savedFile();
  await page.getByRole('button', { name: 'JSON' }).click();
  const matrix = JSON.parse(await (await saved).text()) as Record<string, unknown>;
  expect(matrix).toMatchObject({ name: 'layer0.forward.forgetGate', shape: [40, UNITS], firstFrame: 0 });
  expect((matrix['values'] as number[][])[1]![0]).toBeCloseTo(((UNITS * 7) % 11) / 11, 6);
});

test('units stand by the statistics of the network, once there are some', async () => {
  const bridge = await open();
  await begin(bridge);
  await expect.element(page.getByRole('link', { name: /^Count statistics/ })).toBeVisible();
});

test('the newest values are in a table, and the last seconds are exported as a picture', async () => {
  const bridge = await open();
  await begin(bridge);
  tell(bridge, 0, 40);
  await expect.poll(painted).toBeGreaterThan(10);
  await page.getByRole('button', { name: 'Newest values' }).click();
  const mean = Array.from({ length: UNITS }, (_, unit) => (((39 * UNITS + unit) * 7) % 11) / 11);
  const told = (mean.reduce((sum, value) => sum + value) / UNITS).toPrecision(3);
  await expect.element(page.getByRole('dialog')).toHaveTextContent(`layer 1Forget gate${told}`);
  await userEvent.keyboard('{Escape}');
  await page.getByRole('button', { name: 'Export' }).click();
  await expect.element(page.getByRole('menuitem', { name: 'SVG' })).toBeVisible();
});
