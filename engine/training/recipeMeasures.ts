// What a recipe's card says of its validation speakers: greedy and with the language model, of each speaker, and in noise.
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import type { ModelCard, RecogniserManifest } from '../../app/contract/model';
import { transcriptText } from '../../app/contract/recognition';
import type { Rung } from '../../app/contract/rung';
import { toFloat, toInt16 } from '../../app/audio/samples';
import { readSound } from '../commands/readSound';
import { utterancesFromLogits, type Decoder } from '../ctc/transcribe';
import { addNoise, meanPower } from '../data/augment';
import type { ManifestRow } from '../data/manifest';
import type { HeardUtterance } from '../language/tune';
import type { Recogniser } from '../library/modelFiles';
import { logitsOf, soundOf } from '../listen/hearing';
import { OpenModel } from '../listen/openModel';
import { errorIntervals, errorRates, type TextPair } from '../metrics/errorRates';
import { makeRandom } from '../runtime/random';

type MeasuredError = ModelCard['errors'][number];

/** White noise is put so many dB below the speech. */
const NOISE_SNR_DB = [20, 10] as const;

export interface HeardRows {
  readonly clean: readonly HeardUtterance[];
  readonly noisy: readonly { readonly snrDb: number; readonly heard: readonly HeardUtterance[] }[];
  /** Time for features and network over the recordings' own time, of the clean ones. */
  readonly realTimeFactor: number;
}

/** @throws UnrollError audio.unreadable and the like */
export async function hearRows(model: Recogniser, rows: readonly ManifestRow[], rung: Rung): Promise<HeardRows> {
  const open = new OpenModel(model, rung);
  try {
    await open.warmUp();
    const sounds = await Promise.all(rows.map(({ path }) => readSound(path)));
    const startedAt = performance.now();
    const clean = await heardBy(open, rows, sounds);
    const workedMs = performance.now() - startedAt;
    const soundMs = sounds.reduce((sum, { length }) => sum + (1000 * length) / RECORDING_SAMPLE_RATE_HZ, 0);
    const noisy: HeardRows['noisy'][number][] = [];
    for (const snrDb of NOISE_SNR_DB) {
      const inNoise = sounds.map((sound, index) => withNoise(sound, snrDb, index));
      noisy.push({ snrDb, heard: await heardBy(open, rows, inNoise) });
    }
    return { clean, noisy, realTimeFactor: workedMs / Math.max(1, soundMs) };
  } finally {
    await open.dispose();
  }
}

async function heardBy(
  model: OpenModel,
  rows: readonly ManifestRow[],
  sounds: readonly Int16Array[],
): Promise<HeardUtterance[]> {
  const heard: HeardUtterance[] = [];
  for (const [index, { transcript, speaker }] of rows.entries())
    heard.push({ logits: await logitsOf(model, soundOf(sounds[index]!)), reference: transcript, speaker });
  return heard;
}

function withNoise(sound: Int16Array, snrDb: number, seed: number): Int16Array {
  const samples = toFloat(sound);
  addNoise(samples, 'white', meanPower(samples) * 10 ** (-snrDb / 10), makeRandom(seed + 1));
  return toInt16(samples);
}

export interface MeasureOptions {
  readonly manifest: RecogniserManifest;
  readonly language: Decoder | null;
  readonly command: string;
  readonly date: string;
}

/** The card's lines; all of them are of validation. */
export function validationErrors(heard: HeardRows, options: MeasureOptions): MeasuredError[] {
  const { language } = options;
  const ways: Way[] = [{ decoder: 'greedy', en: 'greedy', zh: '贪心解码' }];
  if (language !== null) ways.push({ decoder: language, en: 'with its language model', zh: '使用其语言模型' });
  const lines = ways.flatMap((way) => [
    ...errorLines(heard.clean, { en: 'validation speakers', zh: '验证说话人' }, way, options, ['wer', 'cer']),
    ...heard.noisy.flatMap(({ snrDb, heard: noisy }) => {
      const set = { en: `validation speakers, white noise at ${snrDb} dB`, zh: `验证说话人，${snrDb} dB 白噪声` };
      return errorLines(noisy, set, way, options, ['wer']);
    }),
  ]);
  return [...lines, ...speakerLines(heard.clean, ways.at(-1)!, options)];
}

interface Way {
  readonly decoder: Decoder;
  readonly en: string;
  readonly zh: string;
}

function speakerLines(heard: readonly HeardUtterance[], way: Way, options: MeasureOptions): MeasuredError[] {
  const speakers = [...new Set(heard.map(({ speaker }) => speaker))].filter((speaker) => speaker !== null).sort();
  return speakers.flatMap((speaker, index) => {
    const set = { en: `validation speaker ${index + 1}`, zh: `验证说话人 ${index + 1}` };
    const own = heard.filter((utterance) => utterance.speaker === speaker);
    return errorLines(own, set, way, options, ['wer']);
  });
}

function errorLines(
  heard: readonly HeardUtterance[],
  set: { readonly en: string; readonly zh: string },
  way: Way,
  { manifest, command, date }: MeasureOptions,
  measures: readonly ('wer' | 'cer')[],
): MeasuredError[] {
  const pairs = heard.map((utterance) => pairOf(utterance, manifest, way.decoder));
  const [rates, intervals] = [errorRates(pairs), errorIntervals(pairs)];
  return measures.map((measure) => {
    const interval = intervals[measure];
    return {
      set: { en: `${set.en}, ${way.en}`, zh: `${set.zh}，${way.zh}` },
      measure,
      value: rates[measure],
      ...(interval !== null && { interval: [...interval] as [number, number] }),
      utterances: pairs.length,
      command,
      date,
    };
  });
}

function pairOf({ logits, reference }: HeardUtterance, manifest: RecogniserManifest, decoder: Decoder): TextPair {
  const utterances = utterancesFromLogits(logits, logits.length / manifest.network.head.classes, manifest, decoder);
  return { reference, hypothesis: transcriptText(utterances) };
}
