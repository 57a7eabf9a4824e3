import { describe, expect, it } from 'vitest';
import type { ResultOf, SettingsOf } from '../../../../app/contract/lab';
import { unrolledSettings } from '../../../../app/contract/labExperiments';
import { drawingOf, underWay } from '../../../../renderer/views/lab/unrolledDrawing';

type Result = ResultOf<'unrolled'>;
const T = 3;
const elman = { cell: 'elman', units: 1, direction: 'forward' } as const;

function made(
  architecture: SettingsOf<'unrolled'>['architecture'],
  names: Record<string, number>,
  more: Partial<Result>,
) {
  const settings = unrolledSettings.parse({ architecture, units: 1, inputs: [1, 0, 0] });
  const directions = architecture === 'bidirectional' ? (['forward', 'reverse'] as const) : (['forward'] as const);
  const nodes = directions.flatMap((direction) =>
    [0, 1, 2, 3].flatMap((step) =>
      Object.entries(names).map(([name, value]) => ({
        ...{ layer: 0, direction, step, name },
        values: [value],
        gradients: [0.1],
      })),
    ),
  );
  const result: Result = {
    layers: [elman],
    nodes,
    outputs: [1, 2, 3],
    outputStep: T,
    inputGradients: [0.1, 0.2, 0.3],
    ...more,
  };
  return drawingOf(settings, result);
}
const nodeAt = (drawing: ReturnType<typeof made>, row: number, column: number) =>
  drawing.nodes.find((node) => node.row === row && node.column === column);

describe('a network that is drawn unrolled', () => {
  it('goes forwards step by step, and the gradient of an output comes back to a0', () => {
    const drawing = made('elman', { hidden: 0.5 }, {});
    const forwards = [0, 1, 2, 3].map((column) => nodeAt(drawing, 1, column)!.forwardAt);
    expect(forwards).toEqual([0, 0.5, 1.5, 2.5]);
    const back = [3, 2, 1, 0].map((column) => nodeAt(drawing, 1, column)!.backwardAt);
    expect(back).toEqual([3.5, 4.5, 5.5, 6.5]);
    expect([drawing.turn, drawing.end]).toEqual([3, 7]);
  });

  it('brings no gradient to steps after the output', () => {
    const drawing = made('elman', { hidden: 0.5 }, { outputStep: 1 });
    expect(nodeAt(drawing, 1, 2)!.backwardAt).toBeNull();
    expect(nodeAt(drawing, 0, 3)!.backwardAt).toBeNull();
  });

  it('brings the gradient of any output to the whole input where it reads both ways', () => {
    const drawing = made('bidirectional', { hidden: 0.5 }, { outputStep: 2 });
    expect([1, 2, 3].every((column) => nodeAt(drawing, 0, column)!.backwardAt !== null)).toBe(true);
    // a0 of what is read backwards stands after the last step.
    expect(drawing.hasRightEnd).toBe(true);
    expect(nodeAt(drawing, 2, T + 1)!.forwardAt).toBe(0);
    // An output waits for both readings.
    expect(nodeAt(drawing, 3, 1)!.forwardAt).toBe(3);
    expect(nodeAt(drawing, 3, 2)!.forwardAt).toBe(2);
  });

  it("shows GRU's gates linked: as one opens the other closes", () => {
    const drawing = made('gru', { hidden: 0, resetGate: 0.3, updateGate: 0.8, candidate: 0 }, {});
    const [r, z, other] = nodeAt(drawing, 1, 2)!.cells;
    expect([r?.value, z?.value]).toEqual([0.3, 0.8]);
    expect(other?.value).toBeCloseTo(0.2, 12);
  });

  it('has a module that is not due keep its value along one way alone', () => {
    const layers: Result['layers'] = [{ cell: 'clockwork', units: 1, direction: 'forward', periods: [1] }];
    const drawing = made('clockwork', { hidden: 0.5, due: 0 }, { layers });
    expect(nodeAt(drawing, 1, 2)!.isResting).toBe(true);
    expect(drawing.edges.filter(({ to }) => to.row === 1 && to.column === 2).map(({ from }) => from.id)).toEqual([
      '1 1',
    ]);
  });

  it('has something under way along an edge only between its two ends', () => {
    const drawing = made('elman', { hidden: 0.5 }, {});
    const edge = drawing.edges.find(({ from, to }) => from.column === 1 && to.row === 1 && to.column === 2)!;
    expect([0.9, 1.25, 1.6].map((time) => underWay(edge, time, drawing.turn))).toEqual([null, 0.5, null]);
    // The gradient leaves step 2 at 5 and is at step 1 at 5.5, where the edge begins.
    expect([4.9, 5.125, 5.6].map((time) => underWay(edge, time, drawing.turn))).toEqual([null, 0.75, null]);
  });
});
