// How an utterance is looked at: the part in view, the frame under the cursor, and the frames that are chosen. Every figure of the
// view follows it.
import type { Span } from '../../charts/timeAxis';
import { following, movedTo, spanOf, zoomed } from '../../charts/timeWindow';

/** Frames from the first to the one before `end`. */
export interface FrameSpan {
  readonly from: number;
  readonly end: number;
}

const WHOLE_UNDER_MS = 65_000;
const FIRST_SPAN_MS = 30_000;
/** The keys and buttons make the part in view so many times as long. */
const ZOOM_STEP = 0.7;

export class FrameAxis {
  readonly frames: number;
  readonly frameMs: number;
  /** Of the figures: the last frame may end after the sound. */
  readonly durationMs: number;
  shown = $state.raw<Span>({ startMs: 0, endMs: 1 });
  cursor = $state(0);
  /** Null where none are chosen. */
  chosen = $state.raw<FrameSpan | null>(null);

  constructor(frames: number, frameMs: number) {
    this.frames = frames;
    this.frameMs = frameMs;
    this.durationMs = Math.max(1, frames * frameMs);
    const endMs = this.durationMs <= WHOLE_UNDER_MS ? this.durationMs : FIRST_SPAN_MS;
    this.shown = { startMs: 0, endMs };
  }

  /** Of the sound that the frame under the cursor begins with. */
  readonly cursorMs = $derived.by(() => this.cursor * this.frameMs);
  readonly chosenMs: Span | null = $derived.by(
    () => this.chosen && { startMs: this.chosen.from * this.frameMs, endMs: this.chosen.end * this.frameMs },
  );
  /** 0 where all is in view, 1 where it is as near as it goes. */
  readonly nearness = $derived.by(() => {
    const most = Math.log(this.durationMs / this.#shortestMs);
    return most <= 0 ? 0 : Math.log(this.durationMs / spanOf(this.shown)) / most;
  });

  /** Puts the cursor on a frame; what is in view follows it. */
  look(frame: number): void {
    this.cursor = Math.max(0, Math.min(this.frames - 1, Math.floor(frame)));
    this.shown = following(this.shown, this.cursorMs, this.durationMs);
  }

  /** The frames between two of them, both among them. */
  choose(one: number, other: number): void {
    const from = Math.max(0, Math.min(one, other));
    const end = Math.min(this.frames, Math.max(one, other) + 1);
    this.chosen = end > from ? { from, end } : null;
  }

  /** Moves the cursor and takes the frames between with it; begins at the cursor where none are chosen at its edge. */
  extend(by: number): void {
    const { chosen, cursor } = this;
    const to = Math.max(0, Math.min(this.frames - 1, cursor + by));
    const isAtStart = chosen !== null && cursor === chosen.from;
    const isAtEnd = chosen !== null && cursor === chosen.end - 1;
    const anchor = isAtEnd ? chosen.from : isAtStart ? chosen.end - 1 : cursor;
    this.choose(anchor, to);
    this.look(to);
  }

  zoomBy(factor: number, aroundMs = this.cursorMs): void {
    this.shown = zoomed(this.shown, factor, aroundMs, this.durationMs);
  }
  zoomIn(): void {
    this.zoomBy(ZOOM_STEP);
  }
  zoomOut(): void {
    this.zoomBy(1 / ZOOM_STEP);
  }
  /** @param nearness as the property has it */
  zoomTo(nearness: number): void {
    const spanMs = this.durationMs * (this.#shortestMs / this.durationMs) ** nearness;
    this.zoomBy(spanMs / spanOf(this.shown));
  }
  fit(): void {
    this.shown = { startMs: 0, endMs: this.durationMs };
  }
  /** By a share of what is in view, positive to later frames. */
  pan(share: number): void {
    this.shown = movedTo(this.shown, this.shown.startMs + share * spanOf(this.shown), this.durationMs);
  }

  get #shortestMs(): number {
    return Math.min(400, this.durationMs);
  }
}
