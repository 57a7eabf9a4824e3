import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { USUAL_RANGES, type MapRanges } from '../../../../renderer/charts/mapRanges';
import { activationRange, Ranges } from '../../../../renderer/views/inspect/ranges';
import { openInspect } from '../../support/inspectPage';
import { keptPreferences } from '../../support/openWindow';

function kept() {
  const store = {
    values: { mapRanges: {} as Record<string, MapRanges> },
    set: (change: { mapRanges: Record<string, MapRanges> }) => void (store.values = change),
  };
  return store;
}

test('the colours of sound end so many decibels below the loudest, in natural logarithms of power', () => {
  const ranges = new Ranges(kept(), 'inspect');
  ranges.set({ soundDepthDb: 20 });
  expect(ranges.logMel(3).high).toBe(3);
  expect(ranges.logMel(3).low).toBeCloseTo(3 - Math.log(100), 9);
});

test('each view keeps its own ranges, and has the usual ones back', () => {
  const store = kept();
  const [one, other] = [new Ranges(store, 'inspect'), new Ranges(store, 'inspect.compare')];
  one.set({ deviations: 4 });
  expect([one.features, other.features]).toEqual([
    { low: -4, high: 4 },
    { low: -2.5, high: 2.5 },
  ]);
  expect(new Ranges(store, 'inspect').values.deviations).toBe(4);
  one.reset('deviations');
  expect(one.values).toEqual(USUAL_RANGES);
});

test('signed values reach as far as they lie until a person says how far', () => {
  const [memory, extent] = [{ range: 'signed', bound: null } as const, { mean: 0, low: -0.7, high: 0.4, reach: 0.7 }];
  expect(activationRange(memory, extent).high).toBeGreaterThanOrEqual(0.7);
  expect(activationRange(memory, extent, { ...USUAL_RANGES, reach: 3 })).toEqual({ low: -3, high: 3 });
});

test('the colours of the log-mel are changed at its legend and stay so, also by keys alone; what is no range is put back', async () => {
  await openInspect();
  await page.getByRole('button', { name: 'Colours of log-mel, from −48 dB to 0' }).click();
  const depth = page.getByRole('spinbutton', { name: 'Shown below the loudest, in dB' });
  await depth.fill('500');
  await userEvent.keyboard('{Enter}');
  await expect.element(depth).toHaveValue(48);
  await depth.fill('24');
  await userEvent.keyboard('{Enter}');
  await expect.element(page.getByRole('button', { name: 'Colours of log-mel, from −24 dB to 0' })).toBeVisible();
  expect(keptPreferences()).toMatchObject({ mapRanges: { inspect: { soundDepthDb: 24 } } });
  await page.getByRole('button', { name: 'As usual' }).click();
  await userEvent.keyboard('{Escape}');
  await expect.element(page.getByRole('button', { name: 'Colours of log-mel, from −48 dB to 0' })).toHaveFocus();
});
