import { beforeEach, expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { UnrollError } from '../../../../app/errors';
import { dataRow, dataShelf } from '../../support/dataShelf';
import { openWindow } from '../../support/openWindow';
import { takeEngine, type TakeEngine } from '../../support/takeEngine';
import type { MockBridge } from '../../../../renderer/bridge/mockBridge';

const digits = { id: 'digits', title: 'My digits', rows: [dataRow(0, 'five')] };
const panel = () => page.getByRole('complementary', { name: 'Record prompts' });
const prompt = () => page.getByTestId('prompt');
const rows = () => page.getByTestId('data-row');

beforeEach(() => localStorage.clear());

async function openPanel(): Promise<{ bridge: MockBridge; engine: TakeEngine }> {
  const bridge = dataShelf([digits]);
  const engine = takeEngine(bridge);
  await openWindow(bridge, 'data');
  await page.getByRole('button', { name: 'Record prompts' }).click();
  return { bridge, engine };
}
/** Begins with these prompts in their order, once each. */
async function begin(...prompts: string[]): Promise<void> {
  await page.getByLabelText('Prompts, one a line').fill(prompts.join('\n'));
  await page.getByLabelText('Each so many times').fill('1');
  await page.getByRole('switch', { name: 'Shuffled' }).click();
  await page.getByLabelText('Who speaks').fill('Ana');
  await panel()
    .getByRole('button', { name: /^Record \d/ })
    .click();
  await expect.element(prompt()).toHaveTextContent(prompts[0]!);
}
/** Speaks the present prompt: the fake microphone beeps. */
async function speak(engine: TakeEngine): Promise<void> {
  const before = engine.samples();
  await userEvent.keyboard(' ');
  await expect.poll(() => engine.samples()).toBeGreaterThan(before + 8_000);
  await userEvent.keyboard(' ');
  await expect.element(page.getByRole('button', { name: 'Hear it' })).toBeVisible();
}

test('prompts are made by a click, each as often as asked', async () => {
  await openPanel();
  await page.getByRole('button', { name: 'Digits', exact: true }).click();
  await page.getByLabelText('Each so many times').fill('4');
  await page.getByLabelText('Who speaks').fill('A');
  await expect.element(page.getByRole('button', { name: 'Record 40 prompts' })).toBeEnabled();
});

test('a prompt is spoken, checked, kept by Enter, and stands in the table; the next one follows', async () => {
  const { bridge, engine } = await openPanel();
  await begin('three nine', 'six six one');
  engine.say({ heard: 'three nine' });
  await speak(engine);
  await expect.element(panel()).toHaveTextContent('Peak −6 dB, no clipping');
  await expect.element(panel()).toHaveTextContent('Room noise 38 dB below the voice');
  await expect.element(panel()).toHaveTextContent('Present model hears “three nine”');
  await userEvent.keyboard('{Enter}');
  await expect.element(prompt()).toHaveTextContent('six six one');
  await expect.element(rows().nth(1)).toHaveTextContent(/three nine.*Ana/);
  expect(bridge.bodiesOf('data.takeStart')[0]).toMatchObject({ prompt: 'three nine', speaker: 'Ana' });
});

test('what is kept is trimmed by keyboard at either end', async () => {
  const { bridge, engine } = await openPanel();
  await begin('one');
  await speak(engine);
  const from = page.getByRole('slider', { name: 'Beginning of what is kept' });
  const before = Number(from.element().getAttribute('aria-valuenow'));
  from.element().focus();
  await userEvent.keyboard('{ArrowRight}{Shift>}{ArrowRight}{/Shift}');
  await expect.element(from).toHaveAttribute('aria-valuenow', String(before + 110));
  await page.getByRole('button', { name: 'Keep, next' }).click();
  await expect.poll(() => bridge.bodiesOf('data.takeKeep')).toHaveLength(1);
  expect(bridge.bodiesOf('data.takeKeep')[0]?.fromMs).toBeCloseTo(before + 110, -1);
});

test('spoken again, both takes are there to choose from, and the other is thrown away when one is kept', async () => {
  const { bridge, engine } = await openPanel();
  await begin('one', 'two');
  await speak(engine);
  await userEvent.keyboard('r');
  await expect.element(page.getByTestId('record-button').last()).toHaveAttribute('data-state', 'live');
  await expect.poll(() => engine.samples()).toBeGreaterThan(24_000);
  await userEvent.keyboard(' ');
  await page.getByRole('button', { name: 'Take 1' }).click();
  await userEvent.keyboard('{Enter}');
  await expect.poll(() => engine.discarded).toEqual(['take-2']);
  expect(bridge.bodiesOf('data.takeKeep')[0]?.takeId).toBe('take-1');
});

test('a bad take says so before it is kept', async () => {
  const { engine } = await openPanel();
  await begin('one');
  engine.say({ isClipped: true, peakDb: 0, signalToNoiseDb: 9, heard: 'nine' });
  await speak(engine);
  await expect.element(panel()).toHaveTextContent('Peak 0 dB, clipped: speak softer or farther away');
  await expect.element(panel()).toHaveTextContent('Room noise only 9 dB below the voice');
  await expect.element(panel()).toHaveTextContent('Present model hears “nine”: was it the prompt?');
});

test('skipped prompts are offered at the end', async () => {
  await openPanel();
  await begin('one', 'two');
  await userEvent.keyboard('s');
  await expect.element(prompt()).toHaveTextContent('two');
  await userEvent.keyboard('s');
  await page.getByRole('button', { name: 'Record the 2 skipped ones' }).click();
  await expect.element(prompt()).toHaveTextContent('one');
});

test('a take that could not be kept is still there', async () => {
  const { bridge, engine } = await openPanel();
  await begin('one');
  await speak(engine);
  bridge.answer('data.takeKeep', () => {
    throw new UnrollError('engine.restarting');
  });
  await userEvent.keyboard('{Enter}');
  await expect.element(panel().getByText('The engine is starting again.')).toBeVisible();
  await expect.element(page.getByRole('button', { name: 'Hear it' })).toBeVisible();
});

test('the list goes on where it was after the window was closed', async () => {
  await openPanel();
  await begin('one', 'two', 'three');
  await userEvent.keyboard('s');
  const kept = localStorage.getItem('unroll.prompts');
  expect(JSON.parse(kept ?? '{}')).toMatchObject({ setId: 'digits', speaker: 'Ana', at: 1 });
});
