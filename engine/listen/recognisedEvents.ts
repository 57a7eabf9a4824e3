// What was heard as events of the contract, each within its bounds.
import type { EventOf } from '../../app/contract/messages';
import type { FrameSymbols } from '../../app/contract/recognition';
import type { LiveStep } from '../ctc/live';

/** As many as one event carries. */
const MAX_WORDS = 1_000;
const MAX_FRAMES = 6_000;

/** All steps in as few events as hold them; the last event's tail is the last step's. At least one event. */
export function recognisedEvents(
  steps: readonly LiveStep[],
  streamId: string,
  lagMs: number,
): EventOf<'listen.recognised'>[] {
  const settled = cut(
    steps.flatMap((step) => step.settled),
    MAX_WORDS,
  );
  const frames = steps.flatMap((step) => cutFrames(step.frames));
  const joinedFrames = joinFrames(frames);
  const count = Math.max(1, settled.length, joinedFrames.length);
  const tail = (steps.at(-1)?.tail ?? []).slice(-MAX_WORDS);
  const nothing = steps.at(-1)?.frames.firstFrame ?? 0;
  return Array.from({ length: count }, (_, index) => ({
    streamId,
    settled: settled[index] ?? [],
    tail: index === count - 1 ? tail : [],
    frames: joinedFrames[index] ?? {
      firstFrame: nothing,
      classes: new Int16Array(0),
      probabilities: new Float32Array(0),
    },
    lagMs,
  }));
}

function cut<A>(items: readonly A[], length: number): A[][] {
  const pieces: A[][] = [];
  for (let start = 0; start < items.length; start += length) pieces.push(items.slice(start, start + length));
  return pieces;
}

function cutFrames({ firstFrame, classes, probabilities }: FrameSymbols): FrameSymbols[] {
  const pieces: FrameSymbols[] = [];
  for (let start = 0; start < classes.length; start += MAX_FRAMES) {
    const end = start + MAX_FRAMES;
    pieces.push({
      firstFrame: firstFrame + start,
      classes: classes.subarray(start, end),
      probabilities: probabilities.subarray(start, end),
    });
  }
  return pieces;
}

/** Joins neighbours that follow each other while they fit into one event. */
function joinFrames(pieces: readonly FrameSymbols[]): FrameSymbols[] {
  const joined: FrameSymbols[] = [];
  for (const piece of pieces) {
    const last = joined.at(-1);
    const follows = last !== undefined && last.firstFrame + last.classes.length === piece.firstFrame;
    if (follows && last.classes.length + piece.classes.length <= MAX_FRAMES) {
      joined[joined.length - 1] = {
        firstFrame: last.firstFrame,
        classes: Int16Array.of(...last.classes, ...piece.classes),
        probabilities: Float32Array.of(...last.probabilities, ...piece.probabilities),
      };
    } else joined.push(piece);
  }
  return joined;
}
