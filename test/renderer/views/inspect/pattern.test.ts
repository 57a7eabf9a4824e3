import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { choose, frame, openInspect } from '../../support/inspectPage';

const pattern = page.getByTestId('pattern-panel');
const find = pattern.getByRole('button', { name: 'Find this pattern elsewhere' });

const SET = {
  id: 'digits-set',
  title: 'Digits by many',
  createdAt: '2026-05-01T10:00:00.000Z',
  recordings: 40,
  seconds: 90,
  speakers: 3,
  origin: 'imported',
  split: { seed: 7, validation: 0.1, test: 0.1, by: 'speaker' },
  problem: null,
} as const;

test('the units of the chosen frames are looked for in the library, and those frames are not elsewhere', async () => {
  const bridge = await openInspect();
  await choose(20, 10);
  await find.click();
  await expect.element(pattern).toHaveTextContent('1 place in 2 sounds');
  await expect.element(pattern).toHaveTextContent('nine five take-4.wav, 0:00.50 0.71');
  const series = { layer: 0, direction: 'forward', activation: 'forgetGate' } as const;
  expect(bridge.bodiesOf('inspection.survey')).toEqual([
    {
      modelId: 'digits',
      of: { kind: 'sounds', sounds: [{ kind: 'recording', recordingId: 'knock' }] },
      task: {
        kind: 'matches',
        units: [7, 3, 11].map((unit) => ({ ...series, unit })),
        threshold: 0.7,
        steps: 10,
      },
    },
  ]);
});

test('only the units that the person chose are looked for, in a data set where that is wanted', async () => {
  const bridge = await openInspect();
  bridge.answer('data.list', () => ({ sets: [SET] }));
  bridge.emit('data.changed', { setIds: [SET.id] });
  await choose(20, 10);
  await page.getByRole('button', { name: /^Unit 3: open in 85/ }).click();
  await pattern.getByRole('combobox').selectOptions('Digits by many, 40 recordings');
  await find.click();
  const asked = () => bridge.bodiesOf('inspection.survey').at(-1);
  await expect.poll(() => asked()?.of).toEqual({ kind: 'set', setId: 'digits-set' });
  expect(asked()?.task).toMatchObject({ units: [{ unit: 3 }] });
});

test('a place that was found is played, and opened where it stands', async () => {
  const bridge = await openInspect();
  bridge.answer('data.audio', () => ({ pcm: new Int16Array(16_000) }));
  await choose(20, 10);
  await find.click();
  await pattern.getByRole('button', { name: 'Play take-4.wav, 0:00.50' }).click();
  await expect.poll(() => bridge.bodiesOf('data.audio')).toEqual([{ setId: 'digits-set', rowId: 4 }]);
  await pattern.getByTitle('Look inside take-4.wav, 0:00.50').click();
  await expect
    .poll(() => bridge.bodiesOf('inspection.open').at(-1))
    .toEqual({ sound: { kind: 'row', setId: 'digits-set', rowId: 4 }, modelId: 'digits' });
  await expect.element(page.getByRole('button', { name: 'Loop 0.50 to 0.60 s' })).toBeVisible();
  expect(frame()).toBe(50);
});

test('a search tells how far it is, and can be given up', async () => {
  const bridge = await openInspect();
  bridge.answer('inspection.surveyed', () => new Promise(() => undefined));
  await choose(20, 10);
  await find.click();
  await expect.poll(() => bridge.bodiesOf('inspection.surveyed').length).toBe(1);
  bridge.emit('inspection.survey', { surveyId: 'survey-1', state: 'running', done: 3, of: 40, error: null });
  await expect.element(pattern).toHaveTextContent('The network hears sound 3 of 40');
  await pattern.getByRole('button', { name: 'Cancel' }).click();
  await expect.poll(() => bridge.bodiesOf('inspection.cancelSurvey')).toEqual([{ surveyId: 'survey-1' }]);
  await expect.element(find).toBeEnabled();
});
