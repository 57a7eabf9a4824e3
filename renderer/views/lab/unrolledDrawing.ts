// What is drawn of a network unrolled over its input: values of each step as nodes, ways between them, and when each is reached,
// going forwards and then back. Times are in steps: the forward pass ends at T, then the gradient sets out from the chosen output.
import type { SettingsOf, ResultOf } from '../../../app/contract/lab';
import type { UnrolledNode } from '../../../app/contract/labExperiments';

/** One number of a node and the gradient that reaches it; null where none was computed for it. */
export interface DrawnCell {
  readonly name: string;
  readonly value: number;
  readonly gradient: number | null;
}
export interface DrawnNode {
  readonly id: string;
  readonly row: number;
  /** 1 … T; 0 and, for what is read backwards, T + 1 stand for a0. */
  readonly column: number;
  readonly cells: readonly DrawnCell[];
  readonly isGates: boolean;
  /** A unit that keeps its value at this step. */
  readonly isResting: boolean;
  readonly forwardAt: number;
  /** Null: the gradient of the chosen output does not come here. */
  readonly backwardAt: number | null;
}
export interface DrawnEdge {
  readonly id: string;
  readonly from: DrawnNode;
  readonly to: DrawnNode;
}
export interface DrawnRow {
  readonly kind: 'input' | 'hidden' | 'output' | 'cell' | 'context' | 'gates' | 'ownOutput' | 'module';
  /** Layer from 1 where there are several. */
  readonly layer: number | null;
  readonly direction: 'forward' | 'reverse' | null;
  readonly period: number | null;
}
export interface UnrolledDrawing {
  readonly rows: readonly DrawnRow[];
  readonly nodes: readonly DrawnNode[];
  readonly edges: readonly DrawnEdge[];
  /** T: the end of the forward pass. */
  readonly turn: number;
  /** When the gradient has arrived everywhere. */
  readonly end: number;
  readonly columns: number;
  /** Whether a0 stands at the right as well. */
  readonly hasRightEnd: boolean;
}

type Settings = SettingsOf<'unrolled'>;
type Result = ResultOf<'unrolled'>;

/** What one row shows: which values of the engine's, and where they come from. */
interface RowPlan extends DrawnRow {
  readonly cells: (at: NodesAt) => readonly DrawnCell[];
  /** Rows that feed it at the same step, and rows that feed it from the step before. */
  readonly below: readonly number[];
  readonly before: readonly number[];
  readonly hasFirst: boolean;
  readonly isResting?: (at: NodesAt) => boolean;
}
/** The values of one layer and direction at one step, by name. */
type NodesAt = (name: string) => UnrolledNode | undefined;

const unitsOf =
  (name: string, from = 0, to?: number) =>
  (at: NodesAt): readonly DrawnCell[] =>
    (at(name)?.values ?? []).slice(from, to).map((value, unit) => ({
      name: '',
      value,
      gradient: at(name)?.gradients[from + unit] ?? null,
    }));

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
/** Gates by their letters, each the mean of its units. */
const gatesOf =
  (letters: Readonly<Record<string, string>>) =>
  (at: NodesAt): readonly DrawnCell[] =>
    Object.entries(letters).flatMap(([name, letter]) => {
      const node = at(name);
      return node === undefined ? [] : [{ name: letter, value: mean(node.values), gradient: mean(node.gradients) }];
    });

const LSTM_GATES = { inputGate: 'i', forgetGate: 'f', outputGate: 'o' };
const plain = { layer: null, direction: null, period: null } as const;

/** Rows over the input, from below. Row 0 is the input, so the first of these is row 1. */
function plansOf({ architecture, units }: Settings, { layers }: Result): readonly RowPlan[] {
  const hidden = { ...plain, kind: 'hidden', cells: unitsOf('hidden'), hasFirst: true } as const;
  switch (architecture) {
    case 'elman':
      return [{ ...hidden, below: [0], before: [1] }];
    case 'jordan':
      return [
        { ...hidden, below: [0], before: [2], hasFirst: false },
        { ...plain, kind: 'ownOutput', cells: unitsOf('output'), below: [1], before: [], hasFirst: true },
      ];
    case 'deep':
      return [
        { ...hidden, layer: 1, below: [0], before: [1] },
        { ...hidden, layer: 2, below: [1], before: [2] },
      ];
    case 'bidirectional':
      return [
        { ...hidden, direction: 'forward', below: [0], before: [1] },
        { ...hidden, direction: 'reverse', below: [0], before: [2] },
      ];
    case 'lstm':
      return [
        { ...plain, kind: 'gates', cells: gatesOf(LSTM_GATES), below: [0], before: [3], hasFirst: false },
        { ...plain, kind: 'cell', cells: unitsOf('cell'), below: [1], before: [2], hasFirst: true },
        { ...hidden, below: [2], before: [] },
      ];
    case 'gru':
      return [
        { ...plain, kind: 'gates', cells: linkedGates, below: [0], before: [2], hasFirst: false },
        { ...hidden, below: [1], before: [2] },
      ];
    case 'clockwork':
      return modulesOf(layers[0], units);
    case 'scrn':
      return [
        { ...plain, kind: 'context', cells: unitsOf('context'), below: [0], before: [1], hasFirst: true },
        { ...hidden, below: [0, 1], before: [2] },
      ];
  }
}

/** What the update gate keeps of the old, it leaves out of the new. */
function linkedGates(at: NodesAt): readonly DrawnCell[] {
  const update = at('updateGate');
  if (update === undefined) return [];
  const z = mean(update.values);
  return [
    ...gatesOf({ resetGate: 'r', updateGate: 'z' })(at),
    { name: '1−z', value: 1 - z, gradient: -mean(update.gradients) },
  ];
}

/** A row for each period; only as slow a module or a slower one feeds a module. */
function modulesOf(layer: Result['layers'][number] | undefined, units: number): readonly RowPlan[] {
  const periods = layer?.cell === 'clockwork' ? layer.periods : [1];
  const width = units / periods.length;
  return periods.map((period, index) => ({
    ...plain,
    kind: 'module',
    period,
    cells: unitsOf('hidden', index * width, (index + 1) * width),
    below: [0],
    before: periods.flatMap((_, other) => (other >= index ? [other + 1] : [])),
    hasFirst: true,
    isResting: (at: NodesAt) => at('due')?.values[index * width] === 0,
  }));
}

export function drawingOf(settings: Settings, result: Result): UnrolledDrawing {
  const plans = plansOf(settings, result);
  const T = result.outputs.length;
  const top = plans.length + 1;
  const { forwardAt, backwardAt } = timesOf(plans, T, result.outputStep);
  const nodes = new Map<string, DrawnNode>();
  const add = (node: Omit<DrawnNode, 'id'>): void => {
    const id = `${node.row} ${node.column}`;
    nodes.set(id, { id, ...node });
  };
  plans.forEach((plan, index) => {
    const row = index + 1;
    const [layer, direction] = [(plan.layer ?? 1) - 1, plan.direction ?? 'forward'];
    for (let step = plan.hasFirst ? 0 : 1; step <= T; step++) {
      const at: NodesAt = (name) =>
        result.nodes.find(
          (node) => node.layer === layer && node.direction === direction && node.step === step && node.name === name,
        );
      const column = step === 0 && direction === 'reverse' ? T + 1 : step;
      add({
        ...{ row, column, cells: plan.cells(at), isGates: plan.kind === 'gates' },
        isResting: step > 0 && plan.isResting?.(at) === true,
        forwardAt: forwardAt(row, column),
        backwardAt: backwardAt(row, column),
      });
    }
  });
  const feedsOutput = outputRows(plans);
  for (let column = 1; column <= T; column++) {
    const gradient = result.inputGradients[column - 1] ?? 0;
    const inputBack = feedsOutput
      .map((row) => backwardAt(row, column))
      .reduce<number | null>((all, at) => (at === null ? all : Math.min(all ?? Infinity, at)), null);
    add({
      ...{ row: 0, column, isGates: false, isResting: false, forwardAt: 0 },
      cells: [{ name: '', value: settings.inputs[column - 1] ?? 0, gradient }],
      backwardAt: inputBack === null ? null : Math.floor(inputBack - 1e-9) + 1,
    });
    add({
      ...{ row: top, column, isGates: false, isResting: false },
      cells: [{ name: '', value: result.outputs[column - 1] ?? 0, gradient: column === result.outputStep ? 1 : 0 }],
      forwardAt: Math.max(...feedsOutput.map((row) => Math.ceil(forwardAt(row, column) - 1e-9))),
      backwardAt: column === result.outputStep ? T : null,
    });
  }
  const edges = edgesOf(plans, feedsOutput, { nodes, T, top });
  const times = [...nodes.values()].flatMap(({ backwardAt: at }) => (at === null ? [] : [at]));
  const hasRightEnd = plans.some(({ direction }) => direction === 'reverse');
  return {
    rows: [{ ...plain, kind: 'input' }, ...plans, { ...plain, kind: 'output' }],
    nodes: [...nodes.values()],
    edges,
    turn: T,
    end: Math.ceil(Math.max(T, ...times) - 1e-9),
    columns: T + 1 + (hasRightEnd ? 1 : 0),
    hasRightEnd,
  };
}

/** When a row at a column is reached. Parts of a step: one for each row over the input, one for the output. */
function timesOf(plans: readonly RowPlan[], T: number, chosen: number) {
  const stages = plans.length + 1;
  const isReverse = (row: number): boolean => plans[row - 1]?.direction === 'reverse';
  const forwardAt = (row: number, column: number): number => {
    if (row === 0) return 0;
    const heard = isReverse(row) ? T + 1 - column : column;
    return heard === 0 ? 0 : heard - 1 + row / stages;
  };
  const backwardAt = (row: number, column: number): number | null => {
    const distance = isReverse(row) ? column - chosen : chosen - column;
    return distance < 0 ? null : T + distance + (stages - row) / stages;
  };
  return { forwardAt, backwardAt };
}

/** Rows that the network hands up: the last layer's states that the next layer would read. */
function outputRows(plans: readonly RowPlan[]): readonly number[] {
  const isAllUp = plans.some(({ direction, kind }) => direction !== null || kind === 'module' || kind === 'context');
  return isAllUp ? plans.map((_, index) => index + 1) : [plans.length];
}

function edgesOf(
  plans: readonly RowPlan[],
  feedsOutput: readonly number[],
  { nodes, T, top }: { nodes: ReadonlyMap<string, DrawnNode>; T: number; top: number },
): DrawnEdge[] {
  const edges: DrawnEdge[] = [];
  const join = (fromRow: number, fromColumn: number, toRow: number, toColumn: number): void => {
    const [from, to] = [nodes.get(`${fromRow} ${fromColumn}`), nodes.get(`${toRow} ${toColumn}`)];
    if (from && to) edges.push({ id: `${from.id} ${to.id}`, from, to });
  };
  for (let column = 1; column <= T; column++) {
    plans.forEach(({ below, before, direction }, index) => {
      const row = index + 1;
      const earlier = direction === 'reverse' ? column + 1 : column - 1;
      if (nodes.get(`${row} ${column}`)?.isResting === true) {
        join(row, earlier, row, column);
        return;
      }
      for (const other of below) join(other, column, row, column);
      for (const other of before) join(other, earlier, row, column);
    });
    for (const row of feedsOutput) join(row, column, top, column);
  }
  return edges;
}

/** How far along the edge something is at a time, from 0 to 1, going forwards or back; null: it is not under way. */
export function underWay({ from, to }: DrawnEdge, time: number, turn: number): number | null {
  if (time <= turn) {
    const begin = Math.max(from.forwardAt, Math.floor(to.forwardAt - 1e-9));
    return time <= begin || time >= to.forwardAt ? null : (time - begin) / (to.forwardAt - begin);
  }
  if (from.backwardAt === null || to.backwardAt === null || from.backwardAt <= to.backwardAt) return null;
  const begin = Math.max(to.backwardAt, Math.ceil(from.backwardAt + 1e-9) - 1);
  return time <= begin || time >= from.backwardAt ? null : 1 - (time - begin) / (from.backwardAt - begin);
}

/** Root of the mean square. */
export const sizeOf = (values: readonly number[]): number =>
  values.length === 0 ? 0 : Math.sqrt(mean(values.map((value) => value * value)));
