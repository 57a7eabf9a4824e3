// Curves on one axis of steps, as the chart library takes them: one column of steps, one of values for each curve.
import uPlot from 'uplot';
import type { Points } from './envelope';

/**
 * All curves on the union of their steps: [steps, curve, curve …]. A value is undefined where a curve has no point at a step,
 * and null where its line is broken.
 */
export function curveTable(curves: readonly Points[]): uPlot.AlignedData {
  const [first, ...others] = curves;
  if (first === undefined) return [[]];
  const tables = curves.map(({ steps, values }): uPlot.AlignedData => [[...steps], [...values]]);
  if (others.every(({ steps }) => steps === first.steps))
    return [[...first.steps], ...curves.map((c) => [...c.values])];
  return uPlot.join(tables);
}
