// What the parts of one utterance's page share: what is looked into, how, and what stands under the cursor.
import { createContext } from 'svelte';
import { SvelteMap } from 'svelte/reactivity';
import type { MatrixSource, UnitOrder } from '../../../app/contract/inspection';
import type { ReplyOf } from '../../../app/contract/messages';
import type { Bridge } from '../../bridge/bridge';
import type { Figure } from '../../charts/figurePicture';
import type { Inspected, Series } from './inspected.svelte';
import { Experiment } from './experiment.svelte';
import { PatternSearch } from './patternSearch.svelte';
import type { Ranges } from './ranges';
import type { Samples } from './samples.svelte';
import { Saliency } from './saliency.svelte';
import { SpanQuestion } from './spanQuestion.svelte';
import type { Stretch } from './subject';
import { UnitChoice } from './unitChoice.svelte';
import { UtteranceSound } from './utteranceSound.svelte';

/** A figure of the page, as it can be taken out of it. */
export interface ShownFigure extends Figure {
  readonly node: Element;
  /** What it is drawn of; null where that is no matrix. */
  readonly source: MatrixSource | null;
}

export type CursorValues = ReplyOf<'inspection.values'>;

export interface UtteranceParts {
  readonly bridge: Bridge;
  readonly inspected: Inspected;
  readonly samples: Samples;
  readonly ranges: Ranges;
  /** Opens another sound by its address, through the same network. */
  readonly onopen: (address: string) => void;
}

export class Utterance {
  readonly inspected: Inspected;
  readonly samples: Samples;
  readonly onopen: UtteranceParts['onopen'];
  readonly sound: UtteranceSound;
  readonly ranges: Ranges;
  readonly choice: UnitChoice;
  readonly question: SpanQuestion;
  readonly pattern: PatternSearch;
  readonly saliency: Saliency;
  readonly experiment: Experiment;
  /** Figures that are not folded, by their track. */
  readonly figures = new SvelteMap<string, ShownFigure>();
  order = $state.raw<UnitOrder>('similarity');
  isLooped = $state(true);
  /** Of the frame under the cursor; of the one before while they are asked for. */
  values = $state.raw<CursorValues | null>(null);
  readonly #bridge: Bridge;
  #isAsking = false;
  #askedStep = -1;

  constructor({ bridge, inspected, samples, ranges, onopen }: UtteranceParts) {
    this.#bridge = bridge;
    [this.inspected, this.samples, this.ranges, this.onopen] = [inspected, samples, ranges, onopen];
    this.sound = new UtteranceSound(bridge, inspected.inspection);
    this.choice = new UnitChoice(inspected);
    this.question = new SpanQuestion(bridge, inspected, this.choice);
    this.pattern = new PatternSearch(bridge, inspected, this.question, this.choice);
    this.saliency = new Saliency(bridge, inspected);
    this.experiment = new Experiment(bridge, inspected);
  }

  load(): void {
    void this.inspected.readText();
    this.sound.load().catch((error: unknown) => this.inspected.fail(error));
  }
  close(): void {
    this.sound.close();
    this.pattern.close();
  }

  /** Chooses a stretch and goes there. */
  goTo({ fromMs, untilMs }: Stretch): void {
    const { axis } = this.inspected;
    const from = Math.round(fromMs / axis.frameMs);
    axis.choose(from, Math.max(from, Math.round(untilMs / axis.frameMs) - 1));
    axis.look(from);
  }

  /** Asks for the values under the cursor; while an answer is on its way only the newest wish is kept. */
  async readValues(): Promise<void> {
    if (this.#isAsking) return;
    this.#isAsking = true;
    const { axis, handle } = this.inspected;
    try {
      while (!this.inspected.isClosed && this.#askedStep !== axis.cursor) {
        this.#askedStep = axis.cursor;
        this.values = await this.#bridge.request('inspection.values', { handle, step: this.#askedStep });
      }
    } catch (error) {
      this.inspected.fail(error);
    } finally {
      this.#isAsking = false;
    }
  }

  /** For an attachment: the figure stands in the page until its element is gone. */
  show(id: string, figure: ShownFigure): () => void {
    this.figures.set(id, figure);
    return () => this.figures.delete(id);
  }

  toggle(): void {
    if (this.sound.isPlaying) this.sound.stop();
    else this.play();
  }

  /** The chosen frames, again and again where that is wanted; else from the cursor to the end. */
  play(): void {
    const { axis, inspection } = this.inspected;
    const { chosenMs } = axis;
    const endMs = inspection.durationMs;
    const isAtEnd = axis.cursor >= axis.frames - 1;
    const fromMs = chosenMs?.startMs ?? (isAtEnd ? 0 : axis.cursorMs);
    const untilMs = Math.min(endMs, chosenMs?.endMs ?? endMs);
    const isLooped = this.isLooped && chosenMs !== null;
    this.sound
      .play({ fromMs, untilMs, isLooped }, (ms) => axis.look(ms / axis.frameMs))
      .catch((error: unknown) => this.inspected.fail(error));
  }
}

const [read, provide] = createContext<Utterance>();
export const provideUtterance = provide;
/** The utterance that is looked into, inside a component's initialisation. */
export const utterance = read;

/** What is asked of the engine for a figure: null until it comes. Follows what it is given. */
export class Asked<T> {
  value = $state.raw<T | null>(null);

  /** For an effect: what comes after it ran again is thrown away. */
  follow(ask: () => Promise<T>, fail: (error: unknown) => void): () => void {
    let isOld = false;
    ask().then(
      (value) => {
        if (!isOld) this.value = value;
      },
      (error: unknown) => {
        if (!isOld) fail(error);
      },
    );
    return () => (isOld = true);
  }
}

export const sourceOf = ({ layer, direction, activation }: Series): MatrixSource => ({
  kind: 'activation',
  layer,
  direction,
  activation,
});
