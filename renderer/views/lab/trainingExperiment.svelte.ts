// An experiment that trains: what it tells while it is under way, and how it is ended. Another setting ends it and begins anew.
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import type { ResultOf, SettingsOf } from '../../../app/contract/lab';
import type { Measured } from '../../../app/contract/labTraining';
import type { Bridge } from '../../bridge/bridge';
import { Experiment } from './experiment.svelte';

interface TrainingOptions<E extends Measured['experiment']> {
  readonly ask: (settings: SettingsOf<E>) => Promise<ResultOf<E>>;
  readonly isBegunByHand?: boolean;
}

export class TrainingExperiment<E extends Measured['experiment']> extends Experiment<E> {
  /** All that was told of the last training, oldest first. */
  measured = $state.raw<readonly Measured<E>[]>([]);
  readonly #bridge: Bridge;
  readonly #isBegunByHand: boolean;
  #isEnding = false;

  constructor(name: E, bridge: Bridge, { ask, isBegunByHand = false }: TrainingOptions<E>) {
    super(name, ask);
    this.#bridge = bridge;
    this.#isBegunByHand = isBegunByHand;
  }

  /** Hears what the engine tells, until the returned function is called, which ends the training as well. */
  listen(): () => void {
    const silence = this.#bridge.on('lab.measured', (measured) => {
      if (this.isAsking && isOf(measured, this.name)) this.measured = [...this.measured, measured];
    });
    return () => {
      silence();
      if (this.isAsking) this.stop();
    };
  }

  /** Ends the training; what was told of it stays. */
  stop(): void {
    this.#isEnding = true;
    void this.#bridge.request('lab.stop', {});
  }

  override get isBegunByHand(): boolean {
    return this.#isBegunByHand;
  }
  /** What was drawn belongs to other settings. */
  protected override changed(): void {
    if (!this.#isBegunByHand) return super.changed();
    if (this.isAsking) this.stop();
    this.measured = [];
    this.result = null;
  }
  protected override overtake(): void {
    void this.#bridge.request('lab.stop', {});
  }
  protected override begin(): void {
    this.#isEnding = false;
    this.measured = [];
    this.result = null;
  }
  protected override isWanted({ code }: ErrorMessage): boolean {
    return code === 'lab.stopped' && (this.#isEnding || this.isStale);
  }
}

const isOf = <E extends Measured['experiment']>(measured: Measured, name: E): measured is Measured<E> =>
  measured.experiment === name;
