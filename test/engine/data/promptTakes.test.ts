import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { DataSets } from '../../../engine/data/dataSets';
import { PromptTake } from '../../../engine/data/promptTake';
import { PromptTakes } from '../../../engine/data/promptTakes';
import { trainableRows } from '../../../engine/data/setFiles';
import { temporaryFolder } from '../temporary';

const RATE_HZ = 16_000;
/** A voice of this amplitude from 1 to 1.6 s of 3 s, over a room of ±10. */
const spoken = (amplitude = 8000): Int16Array =>
  Int16Array.from({ length: 3 * RATE_HZ }, (_, n) => {
    const isVoice = n >= RATE_HZ && n < 1.6 * RATE_HZ;
    const sample = ((n * 7919) % 21) - 10 + (isVoice ? amplitude * Math.sin(n / 9) : 0);
    return Math.max(-32_768, Math.min(32_767, sample));
  });
const quiet = spoken(0);

async function engine() {
  const data = await temporaryFolder();
  const sets = await DataSets.open(join(data, 'sets'));
  const { id: setId } = await sets.create('Own words');
  const folder = join(data, 'takes');
  const open = async () => {
    const opened = await PromptTakes.open({ folder, sets, hear: async (_pcm, prompt) => `heard ${prompt}` });
    onTestFinished(() => opened.close());
    return opened;
  };
  return { data, sets, setId, folder, open, takes: await open() };
}
async function say(takes: PromptTakes, setId: string, pcm: Int16Array, prompt = 'seven') {
  const { takeId } = await takes.start({ setId, prompt, speaker: 'me', device: 'Headset' });
  for (let first = 0; first < pcm.length; first += 1600)
    await takes.chunk({ takeId, firstSample: first, pcm: pcm.subarray(first, first + 1600) });
  return takeId;
}

describe('a take of a prompt', () => {
  it('is checked while the person is still there', async () => {
    const { takes, setId } = await engine();
    const check = await takes.finish(await say(takes, setId, spoken()));
    expect(check).toMatchObject({ durationMs: 3000, isClipped: false, isTooQuiet: false, heard: 'heard seven' });
    expect(check.fromMs).toBeGreaterThan(800);
    expect(check.fromMs).toBeLessThan(900);
    expect(check.toMs).toBeGreaterThan(1750);
    expect(check.toMs).toBeLessThan(1850);
    expect(check.peakDb).toBeCloseTo(20 * Math.log10(8000 / 32_768), 0);
    expect(check.signalToNoiseDb).toBeGreaterThan(50);
    expect(check.peaks).toHaveLength(400);
  });

  it.each([
    ['too quiet', spoken(500), { isTooQuiet: true, hasVoice: true, isClipped: false }],
    ['clipped', spoken(60_000), { isTooQuiet: false, isClipped: true, peakDb: 0 }],
    ['without a voice', quiet, { hasVoice: false, fromMs: 0, toMs: 3000, signalToNoiseDb: null }],
    ['digital silence', new Int16Array(RATE_HZ), { isTooQuiet: true, hasVoice: false, peakDb: null }],
  ])('that is %s is told so', async (_name, pcm, told) => {
    const { takes, setId } = await engine();
    expect(await takes.finish(await say(takes, setId, pcm))).toMatchObject(told);
  });

  it('that is kept is a row, cut to what was wanted, with its speaker and device', async () => {
    const { takes, sets, setId, folder, data } = await engine();
    const takeId = await say(takes, setId, spoken(), 'seven, please');
    await takes.finish(takeId);
    const row = await takes.keep({ takeId, fromMs: 900, toMs: 1700 });
    expect(row).toMatchObject({ rowId: 0, text: 'seven, please', speaker: 'me', seconds: 0.8, isLeftOut: false });
    expect(row.name).toBe(`seven_please-${takeId}.wav`);
    expect(await sets.audio(setId, 0)).toEqual(spoken().slice(0.9 * RATE_HZ, 1.7 * RATE_HZ));
    expect(await trainableRows(join(data, 'sets'), setId)).toHaveLength(1);
    expect(await fs.readFile(join(data, 'sets', setId, 'manifest.tsv'), 'utf8')).toContain('\tHeadset');
    expect(await fs.readdir(folder)).toEqual([]);
  });

  it('that is thrown away leaves nothing', async () => {
    const { takes, sets, setId, folder } = await engine();
    const takeId = await say(takes, setId, spoken());
    await takes.discard(takeId);
    await takes.discard(takeId);
    expect(await fs.readdir(folder)).toEqual([]);
    expect((await sets.rows(setId, 0, 10)).total).toBe(0);
    await expect(takes.finish(takeId)).rejects.toMatchObject({ code: 'stream.unknown' });
  });

  it('takes a chunk once, refuses a gap, and ends after a minute', async () => {
    const { takes, setId } = await engine();
    const { takeId } = await takes.start({ setId, prompt: 'a', speaker: 'me', device: '' });
    const pcm = new Int16Array(5 * RATE_HZ).fill(1000);
    for (let first = 0; first < 61 * RATE_HZ; first += pcm.length)
      await takes.chunk({ takeId, firstSample: first, pcm }).catch(() => null);
    expect(await takes.chunk({ takeId, firstSample: 0, pcm })).toEqual({ samplesOnDisk: 60 * RATE_HZ });
    await expect(takes.chunk({ takeId, firstSample: 60 * RATE_HZ + 1, pcm })).rejects.toMatchObject({
      code: 'message.refused',
    });
    await takes.finish(takeId);
    await expect(takes.chunk({ takeId, firstSample: 0, pcm })).rejects.toMatchObject({ code: 'stream.unknown' });
  });

  it('of which nothing is left cannot be kept', async () => {
    const { takes, setId } = await engine();
    const takeId = await say(takes, setId, spoken());
    await expect(takes.keep({ takeId, fromMs: 2000, toMs: 2000 })).rejects.toMatchObject({ code: 'message.refused' });
    await expect(takes.keep({ takeId, fromMs: 9000, toMs: 9500 })).rejects.toMatchObject({ code: 'message.refused' });
  });

  it('belongs to a set that is there', async () => {
    const { takes } = await engine();
    const take = { setId: 'none', prompt: 'a', speaker: 'me', device: '' };
    await expect(takes.start(take)).rejects.toMatchObject({ code: 'dataset.missing' });
  });

  it('says that the disk is full, with what is kept', async () => {
    const folder = join(await temporaryFolder(), 'take');
    const description = {
      format: 'unroll-prompt-take',
      version: 1,
      id: 'take',
      setId: 's',
      prompt: 'a',
      speaker: 'me',
      device: '',
      createdAt: '',
    } as const;
    const full = Object.assign(new Error('ENOSPC'), { code: 'ENOSPC' });
    const take = await PromptTake.create(folder, description, async () => ({
      write: (bytes) => (bytes.length > 3200 ? Promise.reject(full) : Promise.resolve()),
      sync: () => Promise.resolve(),
      truncate: () => Promise.resolve(),
      close: () => Promise.resolve(),
    }));
    for (let first = 0; first < 2 * RATE_HZ; first += 1600) await take.add(first, new Int16Array(1600));
    await expect(take.add(2 * RATE_HZ, new Int16Array(3200))).rejects.toMatchObject({
      code: 'disk.full',
      params: { seconds: 2 },
    });
    expect(take.samplesOnDisk).toBe(2 * RATE_HZ);
  });
});

describe('a take whose window is gone', () => {
  it('becomes a row that is left out, and makes room for others', async () => {
    const { sets, setId, takes } = await engine();
    for (let time = 0; time < 20; time++) await takes.leave(await say(takes, setId, quiet.subarray(0, RATE_HZ)));
    const takeId = await say(takes, setId, spoken());
    await takes.leave(takeId);
    await takes.leave(takeId);
    const { rows } = await sets.rows(setId, 0, 10);
    expect(rows).toMatchObject([{ text: 'seven', speaker: 'me', isLeftOut: true }]);
    await expect(takes.finish(takeId)).rejects.toMatchObject({ code: 'stream.unknown' });
  });
});

describe('a take whose engine died', () => {
  it('becomes a row that is left out, cut to its voice', async () => {
    const { takes, open, sets, setId, folder } = await engine();
    await say(takes, setId, spoken());
    await open();
    const { rows } = await sets.rows(setId, 0, 10);
    expect(rows).toMatchObject([{ text: 'seven', speaker: 'me', isLeftOut: true }]);
    expect(rows[0]?.seconds).toBeCloseTo(0.95, 1);
    expect(await fs.readdir(folder)).toEqual([]);
  });

  it('is removed where nobody spoke, where it does not tell what it is, and where its set is gone', async () => {
    const { takes, open, sets, setId, folder } = await engine();
    await say(takes, setId, quiet);
    const broken = await say(takes, setId, spoken());
    await fs.writeFile(join(folder, broken, 'take.json'), '{');
    const other = await sets.create('Other');
    await say(takes, other.id, spoken());
    await fs.rm(sets.folderOf(other.id), { recursive: true });
    await open();
    expect(await fs.readdir(folder)).toEqual([]);
    expect((await sets.rows(setId, 0, 10)).total).toBe(0);
  });

  it('waits for a set that is in the trash', async () => {
    const { takes, open, sets, setId, folder } = await engine();
    await say(takes, setId, spoken());
    await sets.delete(setId);
    await open();
    expect(await fs.readdir(folder)).toHaveLength(1);
    await sets.restore(setId);
    await open();
    expect((await sets.rows(setId, 0, 10)).total).toBe(1);
  });

  it('and had been kept already is not taken twice', async () => {
    const { takes, open, sets, setId, folder } = await engine();
    const takeId = await say(takes, setId, spoken());
    await fs.cp(join(folder, takeId), join(folder, '..', 'copy'), { recursive: true });
    await takes.keep({ takeId, fromMs: 900, toMs: 1700 });
    await fs.rename(join(folder, '..', 'copy'), join(folder, takeId));
    await open();
    expect((await sets.rows(setId, 0, 10)).rows).toMatchObject([{ isLeftOut: false, seconds: 0.8 }]);
  });
});
