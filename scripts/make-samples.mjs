// Makes assets/samples, the recordings that the window plays on request, and assets/sampleSet, the data set to begin with, from
// the recordings for tests.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runnerImport } from 'vite';

const root = fileURLToPath(new URL('..', import.meta.url));
const SOURCE = join(root, 'test/fixtures/audio');
const TARGET = join(root, 'assets/samples');
const RATE_HZ = 16_000;

/** What is said one after the other; between two recordings a pause of `pauseMs`. */
const SAMPLES = [
  {
    id: 'four-digits',
    title: { en: 'Four digits', zh: '四个数字' },
    parts: ['asterisk_digits_7', 'asterisk_digits_3', 'asterisk_digits_0', 'asterisk_digits_9'],
    pauseMs: 80,
  },
  { id: 'five-five', title: { en: 'Five, five', zh: '两个五' }, parts: ['pocketsphinx_cards_004'], pauseMs: 0 },
  {
    id: 'go-forward',
    title: { en: 'Words it does not know', zh: '它不认识的词' },
    parts: ['pocketsphinx_goforward'],
    pauseMs: 0,
  },
];

/** @param {string} file */
const load = async (file) => (await runnerImport(join(root, file), { root, logLevel: 'silent' })).module;
const { readWav, writeWav } = await load('app/audio/wav.ts');
const { toInt16, toMono } = await load('app/audio/samples.ts');
const { resample } = await load('app/audio/resample.ts');

/**
 * @param {string} name
 * @returns {Promise<Int16Array>}
 */
async function recording(name) {
  const file = `${name}.wav`;
  const { channels, sampleRateHz } = readWav(await fs.readFile(join(SOURCE, file)), file);
  return toInt16(resample(toMono(channels), sampleRateHz, RATE_HZ));
}

/**
 * @param {Int16Array[]} parts
 * @param {number} pauseMs
 */
function joined(parts, pauseMs) {
  const pause = Math.round((pauseMs * RATE_HZ) / 1000);
  const pcm = new Int16Array(parts.reduce((sum, part) => sum + part.length + pause, -pause));
  let at = 0;
  for (const part of parts) {
    pcm.set(part, at);
    at += part.length + pause;
  }
  return pcm;
}

await fs.mkdir(TARGET, { recursive: true });
for (const { id, parts, pauseMs } of SAMPLES) {
  const pcm = joined(await Promise.all(parts.map(recording)), pauseMs);
  await fs.writeFile(join(TARGET, `${id}.wav`), writeWav(pcm, RATE_HZ));
}
const list = SAMPLES.map(({ id, title }) => ({ id, title, file: `${id}.wav` }));
await fs.writeFile(join(TARGET, 'samples.json'), `${JSON.stringify(list, null, 2)}\n`);
for (const notice of ['COPYRIGHT.asterisk-core-sounds-en', 'COPYRIGHT.pocketsphinx']) {
  await fs.copyFile(join(SOURCE, notice), join(TARGET, notice));
}

const SET = join(root, 'assets/sampleSet');
await fs.rm(SET, { recursive: true, force: true });
await fs.mkdir(SET, { recursive: true });
const LIST = 'manifest.tsv';
const NOTICES = ['COPYRIGHT.asterisk-core-sounds-en', 'COPYRIGHT.pocketsphinx'];
const sounds = (await fs.readdir(SOURCE)).filter((name) => name.endsWith('.wav'));
for (const name of [LIST, ...NOTICES, ...sounds]) await fs.copyFile(join(SOURCE, name), join(SET, name));
