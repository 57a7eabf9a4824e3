import { expect, it } from 'vitest';
import { parametersSettings } from '../../../app/contract/labExperiments';
import { parameters } from '../../../engine/lab/parameters';

it.each([
  { inputs: 39, units: 128 },
  { inputs: 1, units: 1 },
])('counts what the formulas say, an LSTM four times Elman and a GRU a quarter fewer than the LSTM: %o', (settings) => {
  const { cells } = parameters(parametersSettings.parse(settings));
  expect(cells.map(({ counted }) => counted)).toEqual(cells.map(({ byFormula }) => byFormula));
  expect(cells.map(({ cell, times }) => [cell, Math.floor(times)])).toEqual([
    ['elman', 1],
    ['gru', 3],
    ['lstm', 4],
    ['lstmPeepholes', settings.units === 1 ? 5 : 4],
  ]);
});
