import { expect, test } from 'vitest';
import { slotConfig, readingsOf, SLOT_CELLS } from '../../../engine/learning/slotNetworks';
import { keepSlotResult, readSlotResults, type SlotResult } from '../../../engine/learning/slotResults';
import { withSlotTable } from '../../../engine/learning/slotTable';
import { temporaryFolder } from '../temporary';

const elman: SlotResult = {
  ...{ cell: 'elman', reading: 'forward', seed: 1, sentences: 6000, epochs: 12 },
  ...{ f1: 0.75, tested: 700, parameters: 1000, seconds: 14, date: '2026-01-02', machine: 'a machine' },
};
const document = 'Before\n\n<!-- slots: begin -->\nold\n<!-- slots: end -->\n\nAfter\n';

test('every cell is trained alike but for its layer', () => {
  const configs = SLOT_CELLS.flatMap((cell) =>
    readingsOf(cell).map((reading) => slotConfig({ cell, reading, seed: 3 }, { tags: 72, epochs: 12 })),
  );
  expect(configs).toHaveLength(13);
  const others = configs.map(({ network: { layers: _, ...network }, ...config }) => ({ ...config, network }));
  for (const other of others) expect(other).toEqual(others[0]);
  const jordan = configs.map(({ network }) => network.layers[0]).find((layer) => layer?.cell === 'jordan');
  expect(jordan).toMatchObject({ outputs: 72 });
});

test('a training made again takes the place of its earlier one; another seed stands beside it', async () => {
  const folder = await temporaryFolder();
  await keepSlotResult(folder, elman);
  await keepSlotResult(folder, { ...elman, seed: 2 });
  await keepSlotResult(folder, { ...elman, f1: 0.8 });
  expect((await readSlotResults(folder)).map(({ seed, f1 }) => [seed, f1])).toEqual([
    [2, 0.75],
    [1, 0.8],
  ]);
});

test('the table has mean and standard deviation over the seeds, and says what was not run', () => {
  const text = withSlotTable(document, [elman, { ...elman, seed: 2, f1: 0.77, date: '2026-01-03' }]);
  expect(text).toMatch(/^Before\n[\s\S]*\nAfter\n$/);
  expect(text).not.toContain('old');
  expect(text).toContain('2026-01-02 to 2026-01-03, a machine. 6000 sentences, 12 epochs');
  // Of 75 and 77: mean 76, deviation √(1 + 1) over one degree of freedom.
  expect(text).toMatch(/\| elman +\| 76\.0 % ± 1\.4 \(2 seeds\) \| not run yet +\|/);
  expect(text).toMatch(/\| feed-forward \| not run yet +\| the same +\|/);
});
