import { describe, expect, test } from 'vitest';
import { SoundLog } from '../../../renderer/capture/soundLog';

const FRAME_SIZE = 2;
/** Sample n has the value n, frame f the values 10 f and 10 f + 1. */
function logged(...chunks: readonly { samples: number; frames: number }[]): SoundLog {
  const log = new SoundLog(FRAME_SIZE);
  for (const { samples, frames } of chunks) {
    const [firstSample, firstFrame] = [log.endSample, log.endFrame];
    log.append({
      pcm: Int16Array.from({ length: samples }, (_, n) => firstSample + n),
      frames: Float32Array.from({ length: frames * FRAME_SIZE }, (_, i) => 10 * (firstFrame + (i >> 1)) + (i % 2)),
    });
  }
  return log;
}
const chunks = [
  { samples: 4, frames: 1 },
  { samples: 4, frames: 2 },
  { samples: 4, frames: 2 },
];

describe('the sound log', () => {
  test('gives a piece with the frames that came with it', () => {
    expect(logged(...chunks).piece(0, 0, 4)).toEqual({
      pcm: Int16Array.of(0, 1, 2, 3),
      frames: Float32Array.of(0, 1),
      firstSample: 0,
      firstFrame: 0,
    });
  });

  test('joins chunks up to the wanted size', () => {
    const piece = logged(...chunks).piece(0, 0, 8);
    expect([[...(piece?.pcm ?? [])], [...(piece?.frames ?? [])]]).toEqual([
      [0, 1, 2, 3, 4, 5, 6, 7],
      [0, 1, 10, 11, 20, 21],
    ]);
  });

  test('begins anywhere, in the middle of a chunk too', () => {
    const piece = logged(...chunks).piece(6, 2, 100);
    expect([[...(piece?.pcm ?? [])], [...(piece?.frames ?? [])]]).toEqual([
      [6, 7, 8, 9, 10, 11],
      [20, 21, 30, 31, 40, 41],
    ]);
  });

  test('gives frames older than the sound where the engine knows fewer than its disk', () => {
    expect([...(logged(...chunks).piece(8, 1, 100)?.frames ?? [])]).toEqual([10, 11, 20, 21, 30, 31, 40, 41]);
  });

  test('has no piece after its end', () => {
    expect(logged(...chunks).piece(12, 5, 100)).toBeNull();
  });

  test('keeps the frames of the end out of the pieces of sound', () => {
    const log = logged(...chunks, { samples: 0, frames: 2 });
    expect(log.piece(8, 3, 100)?.frames).toEqual(Float32Array.of(30, 31, 40, 41));
    expect(log.framesFrom(5)).toEqual(Float32Array.of(50, 51, 60, 61));
  });

  test('refuses frames that it let go', () => {
    const log = logged(...chunks);
    log.dropBefore(8);
    expect(() => log.piece(8, 1, 100)).toThrow('frame 1');
  });
});
