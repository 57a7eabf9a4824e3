// Runs without a network: a training that goes on step by step as the test wants it to.
import { join } from 'node:path';
import type { RunStatus } from '../../../app/contract/runs';
import { trainingConfigSchema } from '../../../app/contract/trainingConfig';
import { Runs } from '../../../engine/library/runs';
import type { Learning, RunEnding } from '../../../engine/runs/learning';
import { RunList } from '../../../engine/runs/runList';
import { RunQueue } from '../../../engine/runs/runQueue';
import { RunWorker } from '../../../engine/runs/runWorker';
import { temporaryFolder } from '../temporary';

export const config = trainingConfigSchema.parse({
  id: 'tiny',
  name: { en: 'Tiny', zh: '小' },
  understands: { en: 'a and b', zh: 'a 和 b' },
  frontEnd: {
    kind: 'mfcc',
    sampleRateHz: 8000,
    windowMs: 32,
    hopMs: 20,
    window: 'hamming',
    melBands: 20,
    coefficients: 3,
    deltas: 0,
    deltaSpan: 2,
    tailMs: 0,
    normalisation: { kind: 'none' },
  },
  vocabulary: ['a', 'b'],
  network: { layers: [{ cell: 'lstm', units: 4, direction: 'forward' }] },
  training: { epochs: 2, learningRate: 0.05 },
});

/** A training under way. */
export class FakeTraining {
  readonly learning: Learning;
  #steps = 0;
  #end: (ending: RunEnding) => void = () => undefined;
  #fail: (error: unknown) => void = () => undefined;
  readonly ended: Promise<RunEnding>;

  constructor(learning: Learning) {
    this.learning = learning;
    this.ended = new Promise((resolve, reject) => {
      this.#end = resolve;
      this.#fail = reject;
    });
  }
  get id(): string {
    return this.learning.run.id;
  }
  /** Takes a step, and ends where the person wants it. */
  step(): void {
    this.learning.events.step({
      step: this.#steps++,
      epoch: 1,
      epochs: 2,
      stepInEpoch: this.#steps,
      stepsPerEpoch: 100,
      loss: 1,
      learningRate: 0.1,
      gradientNorm: 2,
      partNorms: [1, 1],
      isSkipped: false,
      utterances: 4,
    });
    this.look();
  }
  look(): void {
    switch (this.learning.wish()) {
      case 'goOn':
        return;
      case 'pause':
        return this.end({ kind: 'paused' });
      case 'stop':
        return this.end({ kind: 'stopped', modelId: this.id });
    }
  }
  end(ending: RunEnding = { kind: 'finished', modelId: this.id }): void {
    this.#end(ending);
  }
  fail(error: unknown): void {
    this.#fail(error);
  }
}

export interface FakeEngine {
  readonly runs: Runs;
  readonly queue: RunQueue;
  readonly list: RunList;
  readonly worker: RunWorker;
  /** All that were begun, the newest last. */
  readonly trainings: FakeTraining[];
  readonly changes: RunStatus[];
  readonly bugs: unknown[];
  readonly logs: string[];
  /** Told steps: the first and how many. */
  readonly told: (readonly [number, number])[];
  modelsMade: number;
  start(name: string): Promise<RunStatus>;
  /** The training of the run, as soon as it is under way. */
  training(id: string): Promise<FakeTraining>;
  /** As soon as the run is in that state, on disk too. */
  reaches(id: string, state: RunStatus['state']): Promise<RunStatus>;
}

/** Waits for something that comes with the event loop's next turns. */
export async function until<V>(look: () => V | undefined | false | Promise<V | undefined | false>): Promise<V> {
  for (;;) {
    const value = await look();
    if (value !== undefined && value !== false) return value;
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
}

/** @param root of an engine before this one, whose process was killed; else a new one */
export async function openFakeEngine({
  root,
  now,
  runs = undefined,
}: { root?: string; now?: () => Date; runs?: Runs } = {}): Promise<FakeEngine & { readonly root: string }> {
  const folder = root ?? join(await temporaryFolder(), 'runs');
  const store = runs ?? new Runs(folder);
  const changes: RunStatus[] = [];
  const trainings: FakeTraining[] = [];
  const bugs: unknown[] = [];
  const logs: string[] = [];
  const told: [number, number][] = [];
  const changed = (run: RunStatus): void => void changes.push(run);
  const list = await RunList.open({ runs: store, onChanged: changed, ...(now && { now }) });
  const worker = new RunWorker({
    list,
    learn: (learning) => {
      const training = new FakeTraining(learning);
      trainings.push(training);
      return training.ended;
    },
    events: {
      changed,
      stepped: ({ steps }) => void told.push([steps.first, steps.loss.length]),
      epochEnded: () => undefined,
      modelMade: () => void engine.modelsMade++,
    },
    log: (line) => void logs.push(line),
    onBug: (error) => void bugs.push(error),
  });
  const queue = new RunQueue(list, worker);
  worker.wake();
  const engine = {
    ...{ root: folder, runs: store, queue, list, worker, trainings, changes, bugs, logs, told },
    modelsMade: 0,
    start: (name: string) => queue.start({ name, setId: 'words', fromModelId: null, parameters: 1, config }),
    training: (id: string) => until(() => trainings.findLast((each) => each.id === id)),
    reaches: (id: string, state: RunStatus['state']) =>
      until(async () => {
        const run = await store.get(id);
        return run.state === state && list.get(id).state === state && run;
      }),
  };
  return engine;
}
