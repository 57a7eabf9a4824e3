// What a caption window shows, and the way to it: windows of one origin hear each other, and nothing passes through the engine.
import { z } from 'zod';
import { isSure, readingOf, type Word } from '../../../app/contract/recognition';
import { unreachable } from '../../../app/errors';
import type { RecorderState } from '../../capture/recorderState';
import type { LiveText } from '../record/liveText';
import '../../../app/contract/schema';

/** The page of the caption window, as the address's fragment names it. */
export const CAPTION_PAGE = 'captions';
const CHANNEL = 'unroll.captions';
/** More lines than a window of the smallest text holds. */
const MAX_LINES = 12;
const GAP = '…';

const captionSchema = z.strictObject({
  /** The newest settled lines, oldest first. */
  lines: z.array(z.string().max(100_000)).max(MAX_LINES),
  /** Text that may still change. */
  tail: z.string().max(100_000),
  /** BCP 47, of the text. */
  language: z.string().max(35),
  /** Whether something is being recorded. */
  isLive: z.boolean(),
  /** What the buttons beside the text can do. `busy`: it begins, or is being kept. */
  take: z.enum(['ready', 'recording', 'paused', 'busy']),
  /** Of the recording under way or just made. */
  elapsedMs: z.number().min(0),
});
export type Caption = z.infer<typeof captionSchema>;
/** What the caption window asks of the one that records. `toggle`: begins, goes on after a rest, or stops and keeps. */
export const captionWishSchema = z.enum(['toggle', 'pause', 'mark']);
export type CaptionWish = z.infer<typeof captionWishSchema>;

/** A recording as the buttons know it. */
export interface CaptionTake {
  readonly recorder: RecorderState;
  readonly elapsedMs: number;
}

const QUESTION = 'present?';

/** Speech without a word is a gap: whoever reads along sees that something was said. */
const lineText = (words: readonly Word[]): string =>
  words.map((word) => (isSure(word) ? readingOf(word) : word.text || GAP)).join(' ');

export const captionOf = (
  { lines, tail }: LiveText,
  language: string,
  isLive: boolean,
  { recorder, elapsedMs }: CaptionTake,
): Caption => ({
  lines: lines.slice(-MAX_LINES).map(({ words }) => lineText(words)),
  tail: lineText(tail),
  language,
  isLive,
  take: takeOf(recorder),
  elapsedMs,
});

function takeOf({ kind }: RecorderState): Caption['take'] {
  switch (kind) {
    case 'recording':
    case 'paused':
      return kind;
    case 'asking':
    case 'finishing':
      return 'busy';
    case 'idle':
    case 'failed':
    case 'noMicrophone':
      return 'ready';
    default:
      return unreachable(kind);
  }
}

/** Tells caption windows what is said, and those that open later what was said last. */
export class CaptionSender {
  readonly #channel = new BroadcastChannel(CHANNEL);
  #last: Caption | null = null;

  /** @param onwish does what a caption window asks */
  constructor(onwish: (wish: CaptionWish) => void) {
    this.#channel.onmessage = ({ data }: MessageEvent<unknown>) => {
      const wish = captionWishSchema.safeParse(data);
      if (wish.success) onwish(wish.data);
      else if (data === QUESTION && this.#last !== null) this.#channel.postMessage(this.#last);
    };
  }

  send(caption: Caption): void {
    this.#last = caption;
    this.#channel.postMessage(caption);
  }

  close(): void {
    this.#channel.close();
  }
}

/** Asks it of the window that records. */
export function wish(what: CaptionWish): void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.postMessage(what);
  channel.close();
}

/** Hears captions until the returned function is called. */
export function hearCaptions(listener: (caption: Caption) => void): () => void {
  const channel = new BroadcastChannel(CHANNEL);
  channel.onmessage = ({ data }: MessageEvent<unknown>) => {
    const caption = captionSchema.safeParse(data);
    if (caption.success) listener(caption.data);
  };
  channel.postMessage(QUESTION);
  return () => channel.close();
}
