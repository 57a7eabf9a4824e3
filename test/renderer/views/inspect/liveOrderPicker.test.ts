import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import type { LiveOrderBy } from '../../../../renderer/views/inspect/liveOrder';
import LiveOrderPicker from '../../../../renderer/views/inspect/LiveOrderPicker.svelte';
import type { Statistics } from '../../../../renderer/views/inspect/unitSurvey.svelte';

test('a take’s units are ordered by number, mean, or any signal that the statistics hold', async () => {
  const statistics = {
    signals: ['energy', 'silence', { classIndex: 0 }],
  } as unknown as Statistics;
  const chosen: LiveOrderBy[] = [];
  await render(LiveOrderPicker, {
    ...{ statistics, symbols: ['w'], by: 'index' as const },
    onchange: (by: LiveOrderBy) => void chosen.push(by),
  });
  const picker = page.getByRole('combobox');
  expect(picker.element().querySelectorAll('option')).toHaveLength(5);
  await picker.selectOptions('w');
  await picker.selectOptions('mean');
  expect(chosen).toEqual([{ signal: 2 }, 'mean']);
});
