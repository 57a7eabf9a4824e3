import { describe, expect, it } from 'vitest';
import { joined, WindowReader } from '../../../engine/listen/logitReader';
import type { SequenceBatch } from '../../../engine/network/program';
import { someSettings } from '../../app/features/settingsFixture';

const INPUTS = 2;
const CLASSES = 3;

const frontEnd = someSettings({ coefficients: INPUTS, melBands: 26 });
const SHAPE = { inputs: INPUTS, classes: CLASSES, frontEnd, framesPerStep: 1 };
/** 50 frames become final at a time, heard with 200 before and 100 after them. */
const WINDOWS = { settleMs: 500, beforeMs: 2000, afterMs: 1000, fadeMs: 300 };

/** A program whose logits name the frame that they belong to; remembers what each call heard. */
function countingReader(shape = SHAPE) {
  const heard: { T: number; length: number }[] = [];
  const logits = async ({ features, T, N, lengths }: SequenceBatch): Promise<Float32Array> => {
    expect(N).toBe(1);
    heard.push({ T, length: lengths[0] as number });
    const { framesPerStep } = shape;
    return Float32Array.from(
      { length: Math.ceil(T / framesPerStep) * CLASSES },
      (_, at) => features[Math.floor(at / CLASSES) * framesPerStep * INPUTS] as number,
    );
  };
  return { reader: new WindowReader({ logits }, shape, WINDOWS), heard };
}
/** Frames [from, to), each holding its number. */
const frames = (from: number, to: number): Float32Array =>
  Float32Array.from({ length: (to - from) * INPUTS }, (_, at) => from + Math.floor(at / INPUTS));
const frameNumbers = (logits: Float32Array): number[] =>
  Array.from({ length: logits.length / CLASSES }, (_, t) => logits[t * CLASSES] as number);
const upTo = (count: number): number[] => Array.from({ length: count }, (_, t) => t);

describe('a network that also reads backward', () => {
  it('hears a sequence shorter than a window and what follows it as a whole, once', async () => {
    const { reader, heard } = countingReader();
    const parts = [await reader.push(frames(0, 100)), await reader.push(frames(100, 140)), await reader.finish()];
    expect(parts.map((part) => part.length / CLASSES)).toEqual([0, 0, 140]);
    expect(frameNumbers(joined(parts))).toEqual(upTo(140));
    expect(heard).toEqual([{ T: 350, length: 140 }]);
  });

  it.each([1000, 7])(
    'gives one row for each step of a network that stacks frames, %i frames at a time',
    async (step) => {
      const { reader } = countingReader({ ...SHAPE, framesPerStep: 3 });
      const parts: Float32Array[] = [];
      for (let from = 0; from < 1000; from += step)
        parts.push(await reader.push(frames(from, Math.min(1000, from + step))));
      parts.push(await reader.finish());
      expect(frameNumbers(joined(parts))).toEqual(upTo(334).map((number) => 3 * number));
    },
  );

  it.each([10_000, 500, 7])('hears a long one in windows of one length, %i frames at a time', async (step) => {
    const { reader, heard } = countingReader();
    const count = 700;
    const parts: Float32Array[] = [];
    for (let from = 0; from < count; from += step) {
      parts.push(await reader.push(frames(from, Math.min(count, from + step))));
    }
    parts.push(await reader.finish());
    expect(frameNumbers(joined(parts))).toEqual(upTo(count));
    expect(new Set(heard.map(({ T }) => T))).toEqual(new Set([350]));
    expect(heard.map(({ length }) => length).slice(0, 6)).toEqual([150, 200, 250, 300, 350, 350]);
  });

  it('previews what is not certain yet, and only that', async () => {
    const { reader } = countingReader();
    await reader.push(frames(0, 330));
    expect(frameNumbers(await reader.preview())).toEqual(upTo(330).slice(200));
    expect(frameNumbers(await reader.finish())).toEqual(upTo(330).slice(200));
  });

  it('takes the mean of each window from it, where its front end says so', async () => {
    const normalisation = { kind: 'window-mean' as const, mean: [0, 0], standardDeviation: [1, 1], priorFrames: 0 };
    const { reader } = countingReader({ ...SHAPE, frontEnd: { ...frontEnd, normalisation } });
    await reader.push(frames(0, 5));
    expect(frameNumbers(await reader.finish())).toEqual([-2, -1, 0, 1, 2]);
  });

  it('gives way from one window to the next, frame by frame', async () => {
    let calls = 0;
    const logits = async ({ T }: SequenceBatch): Promise<Float32Array> =>
      new Float32Array(T * CLASSES).fill(31 * calls++);
    const windows = { ...WINDOWS, settleMs: 50, afterMs: 40, fadeMs: 30 };
    const reader = new WindowReader({ logits }, SHAPE, windows);
    const parts = [await reader.push(frames(0, 13)), await reader.finish()];
    const [first, second] = parts.map(frameNumbers);
    expect(first).toEqual([0, 0, 0, 0, 0]);
    expect(second).toEqual([31 / 4, 31 / 2, (3 * 31) / 4, 31, 31, 31, 31, 31]);
  });

  it('of no frame gives no logits', async () => {
    const { reader, heard } = countingReader();
    expect(await reader.finish()).toEqual(new Float32Array(0));
    expect(heard).toEqual([]);
  });
});
