import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { openInspect } from '../../support/inspectPage';
import { savedFile } from '../../support/savedFile';
import { MODEL } from '../../support/scriptedEngine';
import { FILE_MODEL, spoken } from '../../support/shelf';

const compare = page.getByTestId('compare-page');
const RECORDINGS = [
  { id: 'knock', title: 'Knock knock', words: spoken('one three five') },
  { id: 'again', title: 'Again', createdAt: '2026-01-01T10:00:00.000Z', words: spoken('one three nine') },
];

test('two models hear one sound, their symbols differ where they differ, and units of both are not subtracted', async () => {
  const bridge = await openInspect({}, 'inspect/compare');
  bridge.answer('models.list', () => ({ models: [MODEL, FILE_MODEL] }));
  bridge.emit('models.changed', {});
  await compare
    .getByRole('combobox', { name: 'compared with' })
    .selectOptions('the same sound through Digits, bidirectional');
  await expect.element(compare.getByText('at most 60 %, at 0:00.71.')).toBeVisible();
  await expect.element(compare.getByRole('img', { name: /^First less second/ })).toBeVisible();
  await compare.getByRole('combobox', { name: 'What is compared' }).selectOptions('Forget gate, layer 1');
  await expect.element(compare.getByRole('img', { name: 'Forget gate, layer 1, Digits, bidirectional' })).toBeVisible();
  await expect.element(compare.getByText(/^Units of two models are not the same units/)).toBeVisible();
  expect(bridge.bodiesOf('inspection.open').map(({ modelId }) => modelId)).toEqual(['digits', 'digits-both-ways']);
});

test('two sounds through one model are laid on one time, and subtracted unit by unit', async () => {
  const bridge = await openInspect({ recordings: RECORDINGS }, 'inspect/compare');
  await compare.getByRole('combobox', { name: 'compared with' }).selectOptions('the same model, “Again”');
  await expect.element(compare.getByRole('status')).toHaveTextContent('0.25 of their own size apart');
  await compare.getByRole('combobox', { name: 'What is compared' }).selectOptions('Memory, layer 2');
  await expect.element(compare.getByRole('img', { name: /^First less second/ })).toBeVisible();
  const logMel = { kind: 'logMel' };
  const [asked] = bridge.bodiesOf('inspection.align');
  expect(asked).toMatchObject({ handle: 'inside-1', source: logMel, otherSource: logMel });
  expect(asked?.other).not.toBe('inside-1');
});

test('what is compared is exported at every frame of the first, and its colours can be changed', async () => {
  await openInspect({ recordings: RECORDINGS }, 'inspect/compare');
  await compare.getByRole('combobox', { name: 'compared with' }).selectOptions('the same model, “Again”');
  await compare.getByRole('combobox', { name: 'What is compared' }).selectOptions('Forget gate, layer 1');
  await compare.getByRole('button', { name: /^Colours of gates/ }).click();
  await compare.getByRole('spinbutton', { name: 'First colour at' }).fill('0.2');
  await page.getByRole('heading', { name: 'Forget gate, layer 1' }).click();
  await expect.element(compare.getByRole('img', { name: /^First less second/ })).toBeVisible();
  await compare.getByRole('button', { name: /^Export “Forget gate/ }).click();
  await page.getByRole('menuitem', { name: 'Matrices…' }).click();
  await page
    .getByRole('combobox', { name: 'What is exported' })
    .selectOptions('First less second: orange more in the first, blue more in the second');
  const saved = savedFile();
  await page.getByRole('button', { name: 'CSV' }).click();
  const lines = (await (await saved).text()).trim().split('\n');
  expect(lines[0]).toMatch(/^frame,seconds,unit_0,unit_1,/);
  expect(lines.length).toBeGreaterThan(100);
});

test('the second is closed when the page is left', async () => {
  const bridge = await openInspect({ recordings: RECORDINGS }, 'inspect/compare');
  await expect.element(page.getByTestId('compare-texts')).toBeVisible();
  await page.getByRole('radio', { name: 'One utterance' }).click();
  await expect.poll(() => bridge.bodiesOf('inspection.close')).toEqual([{ handle: 'inside-2' }]);
});

test('the colours of two sounds are changed at their legend', async () => {
  await openInspect({ recordings: RECORDINGS }, 'inspect/compare');
  await compare.getByRole('combobox', { name: 'compared with' }).selectOptions('the same model, “Again”');
  await compare.getByRole('combobox', { name: 'What is compared' }).selectOptions('Log-mel');
  await compare.getByRole('button', { name: 'Colours of Log-mel, from −48 dB to 0' }).click();
  await compare.getByRole('spinbutton', { name: 'Shown below the loudest, in dB' }).fill('30');
  await page.getByRole('heading', { name: 'Log-mel' }).click();
  await expect.element(compare.getByRole('button', { name: 'Colours of Log-mel, from −30 dB to 0' })).toBeVisible();
});
