import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { augmentationSchema } from '../../../../app/contract/trainingConfig';
import { featurePixels, featureScale, stopsOf } from '../../../../renderer/charts/featureMap';
import {
  alone,
  DISTURBANCES,
  isOn,
  onlyThese,
  switched,
  USUAL_AUGMENTATION,
  withEnd,
} from '../../../../renderer/views/data/disturbances';
import { dataRow, dataShelf } from '../../support/dataShelf';
import { openWindow } from '../../support/openWindow';

const digits = { id: 'digits', title: 'My digits', rows: [dataRow(3, 'five'), dataRow(4, 'six')] };
const features = Float32Array.from({ length: 20 * 13 }, (_, index) => Math.sin(index));

test('every value of the schema but the number of copies belongs to a disturbance', () => {
  const controlled = DISTURBANCES.flatMap(({ controls }) => controls.map(({ key }) => key));
  const all = Object.keys(augmentationSchema.shape).filter((key) => key !== 'copies');
  expect([...controlled].sort()).toEqual(all.sort());
});

test('each is switched off and on by itself, and what is off is a configuration that training takes', () => {
  for (const each of DISTURBANCES) {
    const off = switched(each, USUAL_AUGMENTATION, false);
    expect(isOn(each, off), each.id).toBe(false);
    expect(augmentationSchema.safeParse(off).success).toBe(true);
    const others = DISTURBANCES.filter((other) => other.id !== each.id);
    expect(others.map((other) => isOn(other, off))).toEqual(others.map((other) => isOn(other, USUAL_AUGMENTATION)));
    const on = switched(each, off, true);
    expect(isOn(each, on), each.id).toBe(true);
    expect(augmentationSchema.safeParse(on).success).toBe(true);
    if (isOn(each, USUAL_AUGMENTATION)) expect(on).toEqual(USUAL_AUGMENTATION);
  }
});

test('alone means that nothing else disturbs', () => {
  const only = onlyThese(USUAL_AUGMENTATION, ['tempo']);
  expect(DISTURBANCES.filter((each) => isOn(each, only)).map(({ id }) => id)).toEqual(['tempo']);
});

test('what happens by chance happens where it is heard alone', () => {
  const some = switched(
    DISTURBANCES.find(({ id }) => id === 'room')!,
    USUAL_AUGMENTATION,
    true,
  );
  expect(alone(some, 'room')).toMatchObject({ reverbChance: 1, noiseChance: 0 });
  expect(alone(some, 'noise')).toMatchObject({ reverbChance: 0, noiseChance: 1 });
});

test('the ends of a range never cross', () => {
  const control = DISTURBANCES[0].controls[0];
  expect(withEnd(USUAL_AUGMENTATION, control, 'low', 1.3).speed).toEqual([1.3, 1.3]);
  expect(withEnd(USUAL_AUGMENTATION, control, 'high', 0.1).speed).toEqual([0.7, 0.7]);
});

test('features become grey by the scale of the picture they are compared with, the first coefficient at the bottom', () => {
  const stops = [
    [255, 255, 255],
    [0, 0, 0],
  ] as const;
  const values = new Float32Array([0, 10, 2, 30]);
  const image = featurePixels(values, 2, featureScale(values, 2), stops);
  expect([image.width, image.height]).toEqual([2, 2]);
  // z = −1 and +1 of ±2 in both rows.
  expect([...image.data].filter((_, index) => index % 4 === 0)).toEqual([191, 64, 191, 64]);
});

test('a map reads its colours in their long and in their short form', () => {
  expect(stopsOf(' #ffffff, #e3e6e5')).toEqual(stopsOf('#fff,#e3e6e5'));
  expect(stopsOf('#0c1011')).toEqual([[12, 16, 17]]);
});

test('a row is asked for as it is disturbed, seen before and after, and the choice goes with the run', async () => {
  const bridge = dataShelf([digits]);
  bridge.answer('data.disturb', () => ({
    pcm: new Int16Array(1_600),
    before: features,
    after: features.map((value) => -value),
    coefficients: 13,
  }));
  await openWindow(bridge, 'data');
  await page.getByRole('button', { name: 'More about data sets' }).click();
  await page.getByRole('menuitem', { name: 'Augmentation' }).click();
  await expect.element(page.getByRole('img', { name: 'Features after, 20 frames of 13 values' })).toBeVisible();
  await page.getByRole('switch', { name: 'Noise' }).click();
  await expect
    .poll(() => bridge.bodiesOf('data.disturb').at(-1))
    .toMatchObject({
      setId: 'digits',
      rowId: 3,
      seed: 7,
      augmentation: { noiseChance: 0 },
    });
  await page.getByRole('switch', { name: 'Rooms' }).click();
  await page.getByLabelText('rooms from').selectOptions('My digits');
  await expect.poll(() => bridge.bodiesOf('data.disturb').at(-1)?.augmentation.responseSet).toBe('digits');
  await page.getByRole('button', { name: 'See and hear only: Pace' }).click();
  await expect
    .poll(() => bridge.bodiesOf('data.disturb').at(-1)?.augmentation)
    .toMatchObject({
      tempo: USUAL_AUGMENTATION.tempo,
      speed: [1, 1],
      timeMasks: 0,
    });
  await page.getByRole('button', { name: 'Train so' }).click();
  expect(location.hash).toBe('#train/new');
  await expect
    .poll(() => bridge.bodiesOf('runs.advise').at(-1))
    .toMatchObject({
      setId: 'digits',
      config: {
        augmentation: { ...USUAL_AUGMENTATION, noiseChance: 0, reverbChance: 0.5, responseSet: 'digits' },
      },
    });
});
