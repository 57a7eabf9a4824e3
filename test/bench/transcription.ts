// Real-time factor of the bundled recogniser on a few minutes of speech, on one core where the system can pin a process.
import { spawn, spawnSync } from 'node:child_process';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { writeWav } from '../../app/audio/wav';
import { transcribeLive } from '../../engine/commands/live';
import { readChosenRecogniser } from '../../engine/commands/model';
import { decodeAudio } from '../../engine/data/audioFile';
import { soundOf, transcribe } from '../../engine/listen/hearing';
import { OpenModel } from '../../engine/listen/openModel';
import type { Goal } from './goals';
import { minutesOfSpeech } from './sound';

const MINUTES = 3;
const MAX_REAL_TIME_FACTOR = 0.05;
const CORE = '0';
/** Tells the process that it is the pinned one. */
const IS_PINNED = 'UNROLL_BENCH_PINNED';

const speedSchema = z.object({
  modelId: z.string(),
  liveModelId: z.string(),
  minutes: z.number(),
  isPinned: z.boolean(),
  /** The first file after the start, as `unroll transcribe` counts it: decoding, features, network, text. */
  firstFile: z.number(),
  /** The same again: nothing is compiled any more. */
  nextFile: z.number(),
  /** As `unroll transcribe --stream`: 100 ms at a time by way of the live session, sound written to disk. */
  stream: z.number(),
});
export type TranscriptionSpeed = z.infer<typeof speedSchema>;

export async function measureTranscription(model: string | undefined): Promise<TranscriptionSpeed> {
  const canPin = spawnSync('taskset', ['-c', CORE, process.execPath, '--version'], { stdio: 'ignore' }).status === 0;
  if (!canPin || process.env[IS_PINNED] === '1') return measureHere(model);
  const parameters = ['transcription', '--json', ...(model === undefined ? [] : ['--model', model])];
  const child = spawn('taskset', ['-c', CORE, process.execPath, ...process.execArgv, __filename, ...parameters], {
    env: { ...process.env, [IS_PINNED]: '1' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const answer = await text(child.stdout);
  if (answer === '') throw new Error('Expected an answer from the pinned process, but it ended without one');
  return z.object({ transcription: speedSchema }).parse(JSON.parse(answer)).transcription;
}

async function measureHere(named: string | undefined): Promise<TranscriptionSpeed> {
  const whole = await openModel(named, 'default');
  const live = await openModel(named, 'live');
  const pcm = await minutesOfSpeech(MINUTES);
  const wav = writeWav(pcm, RECORDING_SAMPLE_RATE_HZ);
  const transcribeFile = async (): Promise<unknown> => transcribe(whole, soundOf(await decodeAudio(wav, 'speech.wav')));
  const speed = {
    modelId: whole.manifest.id,
    liveModelId: live.manifest.id,
    minutes: MINUTES,
    isPinned: process.env[IS_PINNED] === '1',
    firstFile: await factorOf(transcribeFile),
    nextFile: await factorOf(transcribeFile),
    stream: await factorOf(() => transcribeLive(live, pcm)),
  };
  await whole.dispose();
  await live.dispose();
  return speed;
}

/** @returns time over the sound's own */
async function factorOf(run: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await run();
  return (performance.now() - start) / (MINUTES * 60_000);
}

export async function openModel(named: string | undefined, role: 'default' | 'live'): Promise<OpenModel> {
  const model = new OpenModel(await readChosenRecogniser(named, role), 'compiled');
  await model.warmUp();
  return model;
}

export const transcriptionGoal = ({ firstFile }: TranscriptionSpeed): Goal => ({
  text: "the sound's own time",
  unit: 'times',
  sense: 'at most',
  limit: MAX_REAL_TIME_FACTOR,
  value: firstFile,
});
