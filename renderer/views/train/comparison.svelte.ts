// Other runs beside the one that is open: their curves, what they were asked to learn, and the line by which each is told.
import { SvelteMap } from 'svelte/reactivity';
import type { RunEpoch } from '../../../app/contract/runs';
import { isTextConfig, type RunConfig } from '../../../app/contract/textRuns';
import type { TrainingConfig } from '../../../app/contract/trainingConfig';
import type { Bridge } from '../../bridge/bridge';
import type { Colour } from '../../charts/canvas';
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
/** Beside the open one. */
const MOST_OTHERS = LINES.length - 1;

/** What settings are told apart of; those of texts are not. */
export const comparable = (config: RunConfig | null): TrainingConfig | null =>
  config === null || isTextConfig(config) ? null : config;

/** A run as it is drawn beside others. */
export interface ComparedRun {
  readonly runId: string;
  readonly line: RunLine;
  readonly smoothed: Float32Array;
  readonly epochs: readonly RunEpoch[];
  /** Null until it is read. */
  readonly config: TrainingConfig | null;
}
export interface OtherRun extends Pick<ComparedRun, 'runId' | 'epochs' | 'config'> {
  /** Of every step. */
  readonly loss: Float32Array;
}

/** Outlives the page of a run: going to another one keeps what is compared, and every run its line. */
export class Comparison {
  /** Whether the list of runs offers to choose. */
  isOn = $state(false);
  /** Beside the open one, in the order in which they were chosen. */
  chosen = $state.raw<readonly string[]>([]);
  readonly #read = new SvelteMap<string, OtherRun>();
  /** Place of each run's line. */
  readonly #lines = new SvelteMap<string, number>();
  #openId: string | null = null;
  readonly #bridge: Bridge;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
  }

  /** Those that are read already. */
  readonly others: readonly OtherRun[] = $derived(this.chosen.flatMap((runId) => this.#read.get(runId) ?? []));
  readonly isFull = $derived(this.chosen.length >= MOST_OTHERS);
  has(runId: string): boolean {
    return this.chosen.includes(runId);
  }
  lineOf(runId: string): RunLine {
    return LINES[this.#lines.get(runId) ?? 0]!;
  }

  /** A page shows this run now; the one before stays among those that are compared, if it is still there. */
  async open(runId: string, isThere: (runId: string) => boolean): Promise<void> {
    const before = this.#openId;
    this.#openId = runId;
    const wasComparing = this.chosen.length > 0;
    this.chosen = this.chosen.filter((each) => each !== runId && isThere(each));
    this.#hold(runId);
    if (wasComparing && before !== null && before !== runId && isThere(before)) await this.#add(before);
  }

  async toggle(runId: string): Promise<void> {
    if (this.has(runId)) this.#leave(runId);
    else await this.#add(runId);
  }

  end(): void {
    this.isOn = false;
    this.chosen = [];
    this.#read.clear();
  }

  async #add(runId: string): Promise<void> {
    if (this.has(runId) || this.isFull) return;
    this.chosen = [...this.chosen, runId];
    this.#hold(runId);
    try {
      const [{ steps, epochs }, { config }] = await Promise.all([
        readCurves(this.#bridge, runId),
        this.#bridge.request('runs.open', { runId }),
      ]);
      if (this.has(runId)) this.#read.set(runId, { runId, loss: steps.loss, epochs, config: comparable(config) });
    } catch (error) {
      this.#leave(runId);
      throw error;
    }
  }
  #leave(runId: string): void {
    this.chosen = this.chosen.filter((each) => each !== runId);
    this.#read.delete(runId);
  }

  /** Gives a run a line of its own; the one that it had before, unless another has taken it. */
  #hold(runId: string): void {
    const others = [this.#openId, ...this.chosen].filter((each) => each !== null && each !== runId);
    const taken = others.map((each) => this.#lines.get(each!));
    const own = this.#lines.get(runId);
    if (own !== undefined && !taken.includes(own)) return;
    const free = [...LINES.keys()].filter((line) => !taken.includes(line));
    const held = [...this.#lines.values()];
    this.#lines.set(runId, free.find((line) => !held.includes(line)) ?? free[0] ?? 0);
  }
}
