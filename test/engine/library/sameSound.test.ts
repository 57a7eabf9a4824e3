import { expect, it, vi } from 'vitest';
import { recordingOfSound } from '../../../engine/library/sameSound';

const sound = (length: number, change = 0): Int16Array => Int16Array.from({ length }, (_, n) => (n % 100) + change);

function library(sounds: Readonly<Record<string, Int16Array>>) {
  const audio = vi.fn(async (id: string, first: number, count: number) => {
    const pcm = sounds[id] as Int16Array;
    return { pcm: pcm.slice(first, first + count), totalSamples: pcm.length };
  });
  return { ids: () => Object.keys(sounds), audio };
}

it('a sound is found by its samples, whatever else is as long', async () => {
  const recordings = library({ other: sound(1_600, 1), same: sound(1_600) });
  expect(await recordingOfSound(recordings, sound(1_600), 100)).toBe('same');
});

it('a sound that differs in its last sample is another', async () => {
  const last = sound(1_600);
  last[1_599]!++;
  expect(await recordingOfSound(library({ other: last }), sound(1_600), 100)).toBeNull();
});

it('a recording that has a sample more is another', async () => {
  expect(await recordingOfSound(library({ longer: sound(1_601) }), sound(1_600), 100)).toBeNull();
});

it('a long sound is read no further than to the first piece that differs', async () => {
  const recordings = library({ other: sound(3 << 20, 1) });
  expect(await recordingOfSound(recordings, sound(3 << 20), 196_608)).toBeNull();
  expect(recordings.audio).toHaveBeenCalledOnce();
});
