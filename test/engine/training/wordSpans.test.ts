import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { writeWav } from '../../../app/audio/wav';
import { readSound } from '../../../engine/commands/readSound';
import { OpenModel } from '../../../engine/listen/openModel';
import { UNKNOWN_SYMBOL } from '../../../engine/data/dataset';
import { isolatedWords } from '../../../engine/training/isolatedWords';
import { wordSpans } from '../../../engine/training/wordSpans';
import { fakeManifest, fakeOpeners } from '../listen/fakeNetwork';

const RATE_HZ = 16_000;
/** A stop lies in the first word: silence from 350 to 400 ms. */
const LOUD_MS = [
  [200, 350],
  [400, 500],
  [800, 1000],
  [1300, 1500],
] as const;
/** Symbols by frames of 10 ms. The network hears "b" when the stop begins, long before its word ends. */
const HEARD = new Map([
  [25, 'a'],
  [36, 'b'],
  [85, 'c'],
  [95, 'd'],
  [140, UNKNOWN_SYMBOL],
]);

const sound = Int16Array.from({ length: 1.7 * RATE_HZ }, (_, n) => {
  const ms = (1000 * n) / RATE_HZ;
  return LOUD_MS.some(([from, to]) => ms >= from && ms < to) ? Math.round(8000 * Math.sin(0.2 * n)) : n % 3;
});
const wording = { vocabulary: ['ab', 'cd'], aliases: { see: 'cd' } };
const rowOf = (transcript: string) => ({
  path: '',
  transcript,
  speaker: 'anna',
  corpus: 'long',
  part: null,
  manifest: '',
  line: 1,
});

/** Says the symbols of `HEARD` at their frames, blank elsewhere. */
function modelThatHears(): OpenModel {
  const fake = fakeManifest();
  const symbols = ['a', 'b', 'c', 'd', ' ', UNKNOWN_SYMBOL];
  const manifest = {
    ...fake,
    alphabet: { symbols, wordSeparator: ' ', unknown: UNKNOWN_SYMBOL },
    network: { ...fake.network, head: { kind: 'ctc' as const, classes: symbols.length + 1 } },
  };
  const openStream = () => {
    let frame = 0;
    return {
      push: (frames: Float32Array) => {
        const n = frames.length / manifest.network.inputSize;
        const logits = new Float32Array(n * (symbols.length + 1));
        for (let t = 0; t < n; t++, frame++) {
          const symbol = HEARD.get(frame);
          logits[t * (symbols.length + 1) + (symbol === undefined ? symbols.length : symbols.indexOf(symbol))] = 9;
        }
        return logits;
      },
      reset: () => (frame = 0),
      dispose: () => undefined,
    };
  };
  return new OpenModel({ manifest, parameters: new Map() }, 'wasm', { ...fakeOpeners(), openStream });
}

describe('the words of a recording', () => {
  it('reach from silence to silence, over a stop within a word', async () => {
    const spans = await wordSpans(modelThatHears(), sound, rowOf('ab see other'), wording);
    expect(spans.map(({ word }) => word)).toEqual(['ab', 'cd']);
    const [first, second] = spans;
    expect([first?.startMs, first?.endMs]).toEqual([170, 530]);
    expect([second?.startMs, second?.endMs]).toEqual([770, 1030]);
    for (const { confidence } of spans) expect(confidence).toBeGreaterThan(0.9);
  });

  it('are none where the text does not fit into the sound', async () => {
    expect(await wordSpans(modelThatHears(), sound.subarray(0, 800), rowOf('ab cd '.repeat(10)), wording)).toEqual([]);
  });
});

describe('words as clips of their own', () => {
  let folder: string;
  beforeAll(async () => (folder = await fs.mkdtemp(join(tmpdir(), 'unroll-words-'))));
  afterAll(() => fs.rm(folder, { recursive: true }));

  it('hold the sound of their word, and keep its speaker', async () => {
    const path = join(folder, 'long.wav');
    await fs.writeFile(path, writeWav(sound, RATE_HZ));
    const rows = [{ ...rowOf('ab cd other'), path }];
    const options = { model: modelThatHears(), wording, corpus: 'words', folder: join(folder, 'words') };
    const words = await isolatedWords(rows, options);
    expect(words.map(({ transcript, speaker, corpus }) => [transcript, speaker, corpus])).toEqual([
      ['ab', 'anna', 'words'],
      ['cd', 'anna', 'words'],
    ]);
    expect(await readSound(words[1]?.path ?? '')).toEqual(sound.slice((770 * RATE_HZ) / 1000, (1030 * RATE_HZ) / 1000));
  });

  it('are not cut a second time', async () => {
    const options = { model: modelThatHears(), wording, corpus: 'words', folder: join(folder, 'words') };
    expect(await isolatedWords([], options)).toHaveLength(2);
  });
});
