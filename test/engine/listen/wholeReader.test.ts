import { describe, expect, it } from 'vitest';
import { joined } from '../../../engine/listen/logitReader';
import { WholeReader } from '../../../engine/listen/wholeReader';
import type { SequenceBatch } from '../../../engine/network/program';
import { someSettings } from '../../app/features/settingsFixture';

const INPUTS = 2;
const CLASSES = 3;
/** 10 ms a frame; parts are padded to 100, 200 or 400 frames. */
const RULES = { pauseMs: 300, keptMs: 100, lengthsMs: [1000, 2000, 4000] };
const VOICE = 60;

/** A program whose logits name the frame that they belong to, by its second value; remembers what each call heard. */
function countingReader(framesPerStep = 1, mean = false) {
  const normalisation = { kind: 'window-mean' as const, mean: [0, 0], standardDeviation: [1, 1], priorFrames: 0 };
  const settings = someSettings({ coefficients: INPUTS, melBands: 26 });
  const frontEnd = mean ? { ...settings, normalisation } : settings;
  const heard: { T: number; length: number }[] = [];
  const logits = async ({ features, T, lengths }: SequenceBatch): Promise<Float32Array> => {
    heard.push({ T, length: lengths[0] as number });
    return Float32Array.from(
      { length: Math.ceil(T / framesPerStep) * CLASSES },
      (_, at) => features[Math.floor(at / CLASSES) * framesPerStep * INPUTS + 1] as number,
    );
  };
  return {
    reader: new WholeReader({ logits }, { inputs: INPUTS, classes: CLASSES, frontEnd, framesPerStep }, RULES),
    heard,
  };
}

/** [n, 2]: loudness, and the frame's number. */
const sound = (loudness: readonly number[]): Float32Array =>
  Float32Array.from(loudness.flatMap((value, t) => [value, t]));
const frames = (count: number, loudness: number): number[] => Array.from({ length: count }, () => loudness);
const utterance = [...frames(20, 0), ...frames(70, VOICE), ...frames(40, 0)];
const numbers = (logits: Float32Array): number[] =>
  Array.from({ length: logits.length / CLASSES }, (_, t) => logits[t * CLASSES] as number);
const upTo = (count: number, step = 1): number[] => Array.from({ length: Math.ceil(count / step) }, (_, t) => t * step);

async function heardInPieces(reader: WholeReader, all: Float32Array, pieceFrames: number): Promise<Float32Array> {
  const parts: Float32Array[] = [];
  for (let at = 0; at < all.length; at += pieceFrames * INPUTS)
    parts.push(await reader.push(all.subarray(at, at + pieceFrames * INPUTS)));
  return joined([...parts, await reader.finish()]);
}

describe('a network that hears utterances whole', () => {
  it('hears a short sound once, all of it, at its end', async () => {
    const { reader, heard } = countingReader();
    expect(await reader.push(sound(frames(80, VOICE)))).toHaveLength(0);
    expect(numbers(await reader.finish())).toEqual(upTo(80));
    expect(heard).toEqual([{ T: 100, length: 80 }]);
  });

  it.each([1000, 100, 7])('cuts a long one at its pauses, %i frames at a time', async (pieceFrames) => {
    const { reader, heard } = countingReader();
    const logits = await heardInPieces(reader, sound([...utterance, ...utterance, ...utterance]), pieceFrames);
    expect(numbers(logits)).toEqual(upTo(390));
    expect(heard.map(({ length }) => length)).toEqual([100, 130, 130, 30]);
    expect(heard.map(({ T }) => T)).toEqual([100, 200, 200, 100]);
  });

  it.each([1000, 7])('never hears more at once than its longest part, %i frames at a time', async (pieceFrames) => {
    const { reader, heard } = countingReader(3);
    const logits = await heardInPieces(reader, sound(frames(2000, VOICE)), pieceFrames);
    expect(numbers(logits)).toEqual(upTo(2000, 3));
    expect(Math.max(...heard.map(({ length }) => length))).toBeLessThanOrEqual(400);
  });

  it('previews the part that has not ended, and only that', async () => {
    const { reader } = countingReader();
    await reader.push(sound([...utterance, ...frames(20, VOICE)]));
    expect(numbers(await reader.preview())).toEqual(upTo(150).slice(100));
    expect(numbers(await reader.finish())).toEqual(upTo(150).slice(100));
  });

  it('takes the mean over the part from it, where its front end says so', async () => {
    const { reader } = countingReader(1, true);
    await reader.push(sound(frames(5, VOICE)));
    expect(numbers(await reader.finish())).toEqual([-2, -1, 0, 1, 2]);
  });

  it('of no frame gives no logits', async () => {
    const { reader, heard } = countingReader();
    expect(await reader.finish()).toEqual(new Float32Array(0));
    expect(heard).toEqual([]);
  });
});
