// Where else the same units are open together: LSTMVis's matches, over the library or a data set.
import type { PatternMatch } from '../../../app/contract/inspectionQuestions';
import type { Bridge } from '../../bridge/bridge';
import { SpanPlayer } from '../../capture/spanPlayer';
import type { Inspected } from './inspected.svelte';
import { soundPieces } from './soundPieces';
import type { SpanQuestion } from './spanQuestion.svelte';
import { sameSound, type Shelf } from './subject';
import { Survey } from './survey.svelte';
import type { UnitChoice } from './unitChoice.svelte';

/** Heard before and after a place, so that it is no click. */
const AROUND_MS = 120;

export class PatternSearch {
  readonly survey: Survey<'matches'>;
  /** The match that plays. */
  playing = $state.raw<PatternMatch | null>(null);
  readonly #bridge: Bridge;
  readonly #inspected: Inspected;
  readonly #question: SpanQuestion;
  readonly #choice: UnitChoice;
  #player: SpanPlayer | null = null;

  constructor(bridge: Bridge, inspected: Inspected, question: SpanQuestion, choice: UnitChoice) {
    this.#bridge = bridge;
    this.#inspected = inspected;
    this.#question = question;
    this.#choice = choice;
    this.survey = new Survey(bridge);
  }

  /** Of the found units those that the person chose; all of them where none is chosen. */
  readonly units = $derived.by(() => {
    const found = this.#question.found ?? [];
    const chosen = found.filter(({ unit }) => this.#choice.units.includes(unit));
    return chosen.length > 0 ? chosen : found;
  });

  /** Best first; the chosen frames themselves are not elsewhere. */
  readonly matches = $derived.by(() => {
    const { axis, sound } = this.#inspected;
    return (this.survey.result?.matches ?? []).filter(
      (match) =>
        !sameSound(match.sound, sound) ||
        axis.chosen === null ||
        match.toStep <= axis.chosen.from ||
        match.fromStep >= axis.chosen.end,
    );
  });

  async run(shelf: Shelf): Promise<void> {
    const { axis, inspection } = this.#inspected;
    if (axis.chosen === null || this.units.length === 0) return;
    await this.survey.run({
      modelId: inspection.modelId,
      of: shelf,
      task: {
        kind: 'matches',
        units: this.units.map(({ layer, direction, activation, unit }) => ({ layer, direction, activation, unit })),
        threshold: this.#question.threshold,
        steps: axis.chosen.end - axis.chosen.from,
      },
    });
  }

  toggle(match: PatternMatch): void {
    const wasPlaying = this.playing === match;
    this.stop();
    if (wasPlaying) return;
    this.playing = match;
    const player = new SpanPlayer(soundPieces(this.#bridge, match.sound), () => {
      if (this.#player === player) [this.#player, this.playing] = [null, null];
    });
    this.#player = player;
    const span = { fromMs: Math.max(0, match.fromMs - AROUND_MS), untilMs: match.toMs + AROUND_MS, isLooped: false };
    player.play(span).catch((error: unknown) => this.#inspected.fail(error));
  }

  stop(): void {
    this.#player?.stop();
  }

  close(): void {
    this.stop();
    this.survey.clear();
  }
}
