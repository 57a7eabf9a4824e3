import { expect, it, vi } from 'vitest';
import { HearingsWriter } from '../../../engine/training/hearingsWriter';

it('lets a slow disk rest for longer', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const written: number[] = [];
    const writeHearings = async ({ epoch }: { epoch: number }) => {
      vi.advanceTimersByTime(200);
      written.push(epoch);
    };
    const writer = new HearingsWriter({ writeHearings });
    await writer.put({ epoch: 1, hearings: [] }, false);
    vi.advanceTimersByTime(3_900);
    await writer.put({ epoch: 2, hearings: [] }, false);
    vi.advanceTimersByTime(100);
    await writer.put({ epoch: 3, hearings: [] }, false);
    expect(written).toEqual([1, 3]);
  } finally {
    vi.useRealTimers();
  }
});

it('writes at most once a second, the last always, and what waits when it is asked to', async () => {
  vi.useFakeTimers({ toFake: ['performance'] });
  try {
    const written: number[] = [];
    const writer = new HearingsWriter({ writeHearings: async ({ epoch }) => void written.push(epoch) });
    const put = (epoch: number, isLast = false) => writer.put({ epoch, hearings: [] }, isLast);
    for (const epoch of [1, 2, 3]) await put(epoch);
    expect(written).toEqual([1]);
    vi.advanceTimersByTime(1_000);
    await put(4);
    await put(5);
    expect(written).toEqual([1, 4]);
    await writer.flush();
    await writer.flush();
    await put(6, true);
    expect(written).toEqual([1, 4, 5, 6]);
  } finally {
    vi.useRealTimers();
  }
});
