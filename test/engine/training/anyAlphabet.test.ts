// From a folder of recordings to scores, with alphabets that are not a to z. Every symbol has a tone of its own.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it, onTestFinished } from 'vitest';
import { writeWav } from '../../../app/audio/wav';
import { transcriptText } from '../../../app/contract/recognition';
import { decodeAudio } from '../../../engine/data/audioFile';
import { importData } from '../../../engine/data/importing';
import { readManifest } from '../../../engine/data/manifest';
import { readRecogniser } from '../../../engine/library/modelFiles';
import { soundOf as soundSource, transcribe } from '../../../engine/listen/hearing';
import { OpenModel } from '../../../engine/listen/openModel';
import { makeRandom } from '../../../engine/runtime/random';
import { graphemesOf } from '../../../engine/text/graphemes';
import { trainingConfigSchema } from '../../../app/contract/trainingConfig';
import { evaluateModel } from '../../../engine/training/evaluate';
import { trainModel } from '../../../engine/training/trainModel';
import { folderOf, type Tree } from '../data/importers/tree';
import { temporaryFolder } from '../temporary';

const RATE_HZ = 16_000;
const SYMBOL_SECONDS = 0.12;
const GAP_SECONDS = 0.06;
const LOWEST_HZ = 250;

const config = trainingConfigSchema.parse({
  id: 'tones',
  name: { en: 'Tones', zh: '音' },
  understands: { en: 'Tones', zh: '音' },
  frontEnd: {
    kind: 'mfcc',
    sampleRateHz: RATE_HZ,
    windowMs: 32,
    hopMs: 20,
    window: 'hamming',
    melBands: 20,
    coefficients: 12,
    deltas: 0,
    deltaSpan: 2,
    tailMs: 0,
    normalisation: { kind: 'none' },
  },
  vocabulary: null,
  network: { layers: [{ cell: 'lstm', units: 24, direction: 'bidirectional' }], dropout: 0 },
  training: {
    epochs: 80,
    batchFrames: 128,
    maxRows: 4,
    learningRate: 0.02,
    warmUpSteps: 5,
    validationFraction: 0,
    flatStart: { epochs: 30 },
    quietShare: 0,
  },
  augmentation: {
    copies: 1,
    noiseChance: 0,
    tempo: [1, 1],
    vocalTract: [1, 1],
    channelShift: 0,
    frameNoise: 0.05,
    timeMasks: 0,
    coefficientMasks: 0,
  },
});

/** A text as tones, one after the other, with a little noise. */
function soundOf(text: string, symbols: readonly string[], seed: number): Uint8Array {
  const random = makeRandom(seed);
  const [long, gap] = [SYMBOL_SECONDS, GAP_SECONDS].map((seconds) => Math.round(seconds * RATE_HZ));
  const samples: number[] = [];
  for (const symbol of graphemesOf(text)) {
    const hertz = LOWEST_HZ * 1.45 ** symbols.indexOf(symbol);
    for (let n = 0; n < long!; n++) samples.push(9000 * Math.sin((2 * Math.PI * hertz * n) / RATE_HZ));
    for (let n = 0; n < gap!; n++) samples.push(0);
  }
  return writeWav(
    Int16Array.from(samples, (sample) => sample + 200 * (random() - 0.5)),
    RATE_HZ,
  );
}

/** @param spelling how the texts are typed in the files */
async function learned(texts: readonly string[], spelling: (text: string) => string) {
  const symbols = [...new Set(texts.flatMap(graphemesOf))];
  const tree: Tree = Object.fromEntries(
    texts.flatMap((text, index): [string, string | Uint8Array][] => [
      [`${index}.wav`, soundOf(text, symbols, index)],
      [`${index}.txt`, spelling(text)],
    ]),
  );
  const folder = await temporaryFolder();
  const set = join(folder, 'set');
  const report = await importData(await folderOf(tree), set, {
    format: null,
    isCopying: false,
    isReplacing: false,
    seed: 1,
  });
  // As people's own lists have it: no parts, and texts as they were typed.
  const list = join(set, 'typed.tsv');
  const rows = (await readManifest(join(set, 'manifest.tsv'))).map(
    ({ path, transcript }) => `${path}\t${spelling(transcript)}`,
  );
  await fs.writeFile(list, rows.join('\n'));
  const typed = await readManifest(list);
  const out = join(folder, 'run');
  await trainModel(config, typed, { out, cache: join(folder, 'cache'), rung: 'compiled' });
  const model = await readRecogniser(join(out, 'model'));
  const heard: string[] = [];
  const scores = await evaluateModel(model, typed, {
    rung: 'compiled',
    decoder: 'greedy',
    onUtterance: (_done, _of, pair) => heard.push(pair.hypothesis),
  });
  // A model is a folder: whoever has it reads with it, without native TensorFlow too.
  const elsewhere = join(folder, 'elsewhere');
  await fs.rename(join(out, 'model'), elsewhere);
  const opened = new OpenModel(await readRecogniser(elsewhere), 'wasm');
  onTestFinished(() => opened.dispose());
  const exported: string[] = [];
  for (const { path } of typed) {
    const pcm = await decodeAudio(await fs.readFile(path), path);
    exported.push(transcriptText(await transcribe(opened, soundSource(pcm))));
  }
  return {
    report,
    model,
    heard,
    scores,
    exported,
    typedTexts: typed.map(({ transcript }) => transcript.normalize('NFC')),
  };
}

describe('an alphabet of a data set', () => {
  it('of accented letters is learned, decoded, scored and exported, however the accents were typed', async () => {
    // x with a circumflex has no code point of its own, é and ä have one.
    const texts = ['é', 'e', 'x\u0302', 'ä', 'eé', 'éx\u0302', 'x\u0302ä', 'äe', 'ée', 'x\u0302é', 'äx\u0302', 'eä'];
    const { report, model, heard, scores, exported, typedTexts } = await learned(texts, (text) =>
      text.normalize('NFD'),
    );
    expect(report.symbols).toEqual(['e', 'x\u0302', '\u00e4', '\u00e9']);
    expect(model.manifest.alphabet).toEqual({ symbols: report.symbols, wordSeparator: null, unknown: null });
    expect(new Set(heard)).toEqual(new Set(texts));
    expect(exported).toEqual(typedTexts);
    expect(scores).toMatchObject({ cer: 0, wer: 0, sentencesExact: 1, utterances: 12 });
  });

  it('of Chinese digits is learned, decoded, scored and exported, without a space between them', async () => {
    const texts = ['一', '二', '三', '四', '一二', '二三', '三四', '四一', '二一', '三二', '四三', '一三'];
    const { report, model, heard, scores, exported, typedTexts } = await learned(texts, (text) => text);
    expect(report.symbols).toEqual(['一', '三', '二', '四']);
    expect(model.manifest.alphabet).toEqual({ symbols: report.symbols, wordSeparator: null, unknown: null });
    expect(new Set(heard)).toEqual(new Set(texts));
    expect(exported).toEqual(typedTexts);
    expect(scores).toMatchObject({ cer: 0, wer: 0, sentencesExact: 1, utterances: 12 });
  });
});
