// Which symbols and words a network takes for others: asked once of many sounds, kept while other views are looked at.
import { PLACE_FIELDS, sideOf, type ConfusedClip, type ConfusionTable } from '../../../app/contract/confusions';
import type { Bridge } from '../../bridge/bridge';
import { SpanPlayer } from '../../capture/spanPlayer';
import { soundPieces } from './soundPieces';
import type { Shelf } from './subject';
import { Survey, type ResultOf } from './survey.svelte';

/** Heard before and after a place: a symbol alone is no sound that a person knows. */
const AROUND_MS = 300;

export type ConfusionKind = 'symbols' | 'words';
/** One place where the pair of a cell was. */
export interface ConfusedPlace {
  readonly clip: ConfusedClip;
  readonly fromMs: number;
  readonly toMs: number;
}
export interface Cell {
  readonly row: number;
  readonly column: number;
}

export class ConfusionQuestion {
  readonly survey: Survey<'confusions'>;
  /** The shelf that was asked about, for people. */
  askedOf = $state('');
  /** What the person wants to see; where symbols are words, those. */
  kind = $state<ConfusionKind>('words');
  chosen = $state.raw<Cell | null>(null);
  /** The item whose curve is drawn; null: the one that is told worst. */
  item = $state<string | null>(null);
  playing = $state.raw<ConfusedPlace | null>(null);
  readonly #bridge: Bridge;
  #modelId: string | null = null;
  #player: SpanPlayer | null = null;

  constructor(bridge: Bridge) {
    this.#bridge = bridge;
    this.survey = new Survey(bridge);
  }

  /** Of another network nothing is known. */
  follow(modelId: string): void {
    if (this.#modelId !== null && this.#modelId !== modelId) this.#forget();
    this.#modelId = modelId;
  }

  async run(modelId: string, of: Shelf, name: string): Promise<void> {
    this.#forget();
    this.#modelId = modelId;
    this.askedOf = name;
    await this.survey.run({ modelId, of, task: { kind: 'confusions' } });
  }

  show(kind: ConfusionKind): void {
    this.kind = kind;
    [this.chosen, this.item] = [null, null];
  }

  /** @param onfail hears why it could not be played */
  toggle(place: ConfusedPlace, onfail: (error: unknown) => void): void {
    const wasPlaying = this.playing === place;
    this.stop();
    if (wasPlaying) return;
    this.playing = place;
    const player = new SpanPlayer(soundPieces(this.#bridge, place.clip.sound), () => {
      if (this.#player === player) [this.#player, this.playing] = [null, null];
    });
    this.#player = player;
    const [fromMs, untilMs] = [Math.max(0, place.fromMs - AROUND_MS), place.toMs + AROUND_MS];
    player.play({ fromMs, untilMs, isLooped: false }).catch(onfail);
  }

  stop(): void {
    this.#player?.stop();
  }

  #forget(): void {
    this.stop();
    this.survey.clear();
    [this.chosen, this.item] = [null, null];
  }
}

export const countAt = (table: ConfusionTable, { row, column }: Cell): number =>
  table.counts[row * sideOf(table) + column] ?? 0;

/** How often something was said; in the last row, how often something was put in. */
export function rowSum(table: ConfusionTable, row: number): number {
  const side = sideOf(table);
  return table.counts.subarray(row * side, (row + 1) * side).reduce((sum, count) => sum + count, 0);
}

export function placesOf(
  { clips }: Pick<ResultOf<'confusions'>, 'clips'>,
  table: ConfusionTable,
  { row, column }: Cell,
): ConfusedPlace[] {
  const cell = row * sideOf(table) + column;
  const places: ConfusedPlace[] = [];
  for (let at = 0; at < table.places.length; at += PLACE_FIELDS) {
    const [own, index, fromMs = 0, toMs = 0] = table.places.subarray(at, at + PLACE_FIELDS);
    const clip = clips[index ?? -1];
    if (own === cell && clip) places.push({ clip, fromMs, toMs });
  }
  return places;
}

/** The cell that is wrong most often; where none is, the first that is there. */
export function worstCell(table: ConfusionTable): Cell {
  const side = sideOf(table);
  let [worst, most] = [0, 0];
  table.counts.forEach((count, cell) => {
    if (Math.floor(cell / side) !== cell % side && count > most) [worst, most] = [cell, count];
  });
  if (most === 0)
    worst = Math.max(
      0,
      table.counts.findIndex((count) => count > 0),
    );
  return { row: Math.floor(worst / side), column: worst % side };
}
