// Other runs beside the one that is open: their curves, and the line by which each is told.
import type { RunEpoch, RunStatus } from '../../../app/contract/runs';
import type { Bridge } from '../../bridge/bridge';
import type { Colour } from '../../charts/canvas';
import { Smoothed } from '../../charts/smoothed';
import { readCurves } from './run.svelte';

/** How a run is drawn: from the fourth on a dash tells it as well as its colour. */
export interface RunLine {
  readonly colour: Colour;
  readonly dash: readonly number[];
}
const LINES: readonly RunLine[] = [
  { colour: 's1', dash: [] },
  { colour: 's4', dash: [] },
  { colour: 's6', dash: [] },
  { colour: 's2', dash: [7, 3] },
  { colour: 's3', dash: [2, 3] },
  { colour: 's5', dash: [8, 3, 2, 3] },
];
/** The open one and so many others. */
const MOST_OTHERS = LINES.length - 1;

/** The line of the run at a place: the open one stands at 0. */
export const lineOf = (place: number): RunLine => LINES[place % LINES.length]!;

export interface ComparedRun {
  readonly runId: string;
  readonly smoothed: Float32Array;
  readonly epochs: readonly RunEpoch[];
}

export class Comparison {
  /** In the order in which they were chosen. */
  runs = $state.raw<readonly ComparedRun[]>([]);
  /** Whether the list of runs offers to choose. */
  isOn = $state(false);
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  readonly isFull = $derived(this.runs.length >= MOST_OTHERS);
  has(runId: string): boolean {
    return this.runs.some((run) => run.runId === runId);
  }

  /** @param smoothing steps after which a loss counts 1/e */
  async toggle({ id: runId }: RunStatus, smoothing: number): Promise<void> {
    if (this.has(runId)) {
      this.runs = this.runs.filter((run) => run.runId !== runId);
      return;
    }
    if (this.isFull) return;
    const { steps, epochs } = await readCurves(this.#bridge, runId);
    const smoothed = new Smoothed(smoothing);
    smoothed.follow(steps.loss);
    if (!this.has(runId)) this.runs = [...this.runs, { runId, smoothed: smoothed.values, epochs }];
  }

  end(): void {
    this.isOn = false;
    this.runs = [];
  }
}
