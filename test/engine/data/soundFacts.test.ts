import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, vi } from 'vitest';
import { writeWav } from '../../../app/audio/wav';
import * as audioFile from '../../../engine/data/audioFile';
import { clippedSamples, measureSound, SoundFactsCache, SOUNDS_FILE } from '../../../engine/data/soundFacts';
import { temporaryFolder } from '../temporary';
import { tone } from './importers/tree';

async function folderWith(...names: string[]): Promise<string> {
  const folder = await temporaryFolder();
  for (const [index, name] of names.entries()) await fs.writeFile(join(folder, name), tone(0.5, 300 + 100 * index));
  return folder;
}
/** How often sound is decoded while `work` runs. */
async function decodings(work: () => Promise<unknown>): Promise<number> {
  const spy = vi.spyOn(audioFile, 'decodeAudio');
  try {
    await work();
    return spy.mock.calls.length;
  } finally {
    spy.mockRestore();
  }
}

describe('what is known of a sound', () => {
  it('is its length, level and picture', () => {
    const pcm = Int16Array.from({ length: 16_000 }, (_, n) => (n < 8000 ? 0 : n % 2 === 0 ? 16_384 : -8000));
    const facts = measureSound(pcm);
    expect(facts).toMatchObject({ seconds: 1, peak: 16_384, clipped: 0 });
    expect(facts.peaks).toHaveLength(96);
    expect(facts.peaks[0]).toBe(0);
    expect(facts.peaks[95]).toBeCloseTo(0.5, 2);
    expect(facts.silence).toBeGreaterThan(0.3);
  });

  it('counts samples at the end of the range only where they come in rows', () => {
    expect(clippedSamples(Int16Array.of(32_767, 0, -32_768, -32_768, 0))).toBe(0);
    expect(clippedSamples(Int16Array.of(0, 32_767, 32_767, 32_767, 32_767, 0, 32_767))).toBe(4);
  });

  it('is kept on disk: the next time nothing is decoded', async () => {
    const folder = await folderWith('a.wav', 'b.wav');
    const first = await SoundFactsCache.open(folder);
    expect(await decodings(() => first.of('a.wav'))).toBe(1);
    const facts = await first.of('a.wav');
    await first.save(['a.wav']);
    const second = await SoundFactsCache.open(folder);
    expect(await decodings(() => second.of('a.wav'))).toBe(0);
    expect(await second.of('a.wav')).toEqual(facts);
  });

  it('follows the content: a copy is known, a changed file is measured anew', async () => {
    const folder = await folderWith('a.wav');
    const cache = await SoundFactsCache.open(folder);
    await cache.of('a.wav');
    await fs.copyFile(join(folder, 'a.wav'), join(folder, 'copy.wav'));
    expect(await decodings(() => cache.of('copy.wav'))).toBe(0);
    await fs.writeFile(join(folder, 'a.wav'), writeWav(new Int16Array(8000), 16_000));
    expect(await cache.of('a.wav')).toMatchObject({ seconds: 0.5, peak: 0 });
  });

  it('of a file that is gone or no sound is an error that names it', async () => {
    const folder = await folderWith();
    await fs.writeFile(join(folder, 'text.wav'), 'hello');
    const cache = await SoundFactsCache.open(folder);
    await expect(cache.of('none.wav')).rejects.toMatchObject({ code: 'file.missing', params: { file: 'none.wav' } });
    await expect(cache.of('text.wav')).rejects.toMatchObject({ code: 'audio.unreadable' });
  });

  it('is made anew where its file is damaged', async () => {
    const folder = await folderWith('a.wav');
    await fs.writeFile(join(folder, SOUNDS_FILE), '{"format":');
    expect(await (await SoundFactsCache.open(folder)).of('a.wav')).toMatchObject({ seconds: 0.5 });
  });

  it('forgets what the set does not hold any more', async () => {
    const folder = await folderWith('a.wav', 'b.wav');
    const cache = await SoundFactsCache.open(folder);
    await cache.of('a.wav');
    await cache.of('b.wav');
    await cache.save(['b.wav']);
    const kept = JSON.parse(await fs.readFile(join(folder, SOUNDS_FILE), 'utf8')) as { files: object; sounds: object };
    expect(Object.keys(kept.files)).toEqual(['b.wav']);
    expect(Object.keys(kept.sounds)).toHaveLength(1);
  });
});
