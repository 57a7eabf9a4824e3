import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { writeWav } from '../../../app/audio/wav';
import { peaksOf, Samples } from '../../../engine/library/samples';
import { temporaryFolder } from '../temporary';

describe('samples', () => {
  it('are listed with their length and peaks, and give their sound', async () => {
    const folder = await temporaryFolder();
    const pcm = Int16Array.from({ length: 1600 }, (_, n) => (n < 800 ? 0 : -16_384));
    await fs.writeFile(join(folder, 'five.wav'), writeWav(pcm, 16_000));
    const title = { en: 'Five', zh: '五' };
    await fs.writeFile(join(folder, 'samples.json'), JSON.stringify([{ id: 'five', title, file: 'five.wav' }]));
    const samples = new Samples(folder);
    const [sample] = (await samples.list()).samples;
    expect(sample).toMatchObject({ id: 'five', title, durationMs: 100 });
    expect([...new Set(sample?.peaks)]).toEqual([0, 0.5]);
    expect(await samples.audio('five')).toEqual(pcm);
    await expect(samples.audio('six')).rejects.toMatchObject({ code: 'recording.missing' });
  });

  it('are none where there is no folder', async () => {
    expect(await new Samples(join(await temporaryFolder(), 'gone')).list()).toEqual({ samples: [] });
  });

  it('of few samples have as many peaks as samples', () => {
    expect(peaksOf(Int16Array.of(-32_768, 0), 400)).toEqual(Float32Array.of(1, 0));
  });
});
