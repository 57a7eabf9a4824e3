// npm run soak [-- PART… --hours N --seed N --fresh]: long tests. Each keeps how far it has come; the same command goes on there.
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import { UnrollError } from '../../app/errors';
import { parseOptions } from '../../engine/commands/arguments';
import { percent, reportError, say } from '../../engine/commands/output';
import { builtPlaces } from '../../main/places';
import { EngineProcess } from '../engine/engineProcess';
import { fuzzGateway } from './gateway/fuzzGateway';
import { manyEars, readLongFile } from './longFile';
import { growth, recordForHours } from './longRecording';
import { recordOften } from './manyRecordings';
import { fuzzParser } from './parsers/fuzzParsers';
import { makeTargets } from './parsers/targets';
import { addCounts, keepProgress, readProgress, type Progress } from './progress';
import { endlessSound } from './sound';

const PARTS = ['gateway', 'parsers', 'recording', 'recordings', 'file'] as const;
type Part = (typeof PARTS)[number];
const MESSAGES = 100_000;
const FILES_EACH = 10_000;
const RECORDINGS = 10_000;
const HOURS = 8;
const FILE_SECONDS = 3_600;
/** What is done between two records of how far it has come. */
const ROUND = { gateway: 2_000, parsers: 250, recordings: 500 } as const;
const MINUTES_TOLD = 10;
const USAGE = `npm run soak [-- PART… --messages N --files N --recordings N --hours N --seed N --rung RUNG --model ID --fresh]

  gateway     ${MESSAGES} random and broken messages to the gateway before a real engine
  parsers     ${FILES_EACH} damaged files to everything that reads files
  recording   a recording of ${HOURS} hours, faster than real time
  file        a WAV file of an hour: rested, stopped half way, and read to its end
  recordings  ${RECORDINGS} short recordings in one run
  --reader    of the parsers only this one, for instance "model archive"
  --fresh     begins anew instead of going on`;

// The bundle lies in .cache/programs, two levels below the root.
const root = resolve(__dirname, '../..');
const out = join(root, 'runs', 'soak');
const audio = join(root, 'test', 'fixtures', 'audio');
const engineFile = join(root, '.cache', 'soak', 'process.cjs');

interface Amounts {
  readonly seed: number;
  readonly messages: number;
  readonly files: number;
  /** Empty: all of them. */
  readonly reader: string;
  readonly recordings: number;
  readonly seconds: number;
  readonly rung: string;
  /** Of the file. */
  readonly model: string;
}

async function main(): Promise<number> {
  const { values, positionals } = parseOptions({
    messages: { type: 'string', default: String(MESSAGES) },
    files: { type: 'string', default: String(FILES_EACH) },
    reader: { type: 'string', default: '' },
    recordings: { type: 'string', default: String(RECORDINGS) },
    hours: { type: 'string', default: String(HOURS) },
    seed: { type: 'string', default: '1' },
    rung: { type: 'string', default: '' },
    model: { type: 'string', default: 'digits' },
    fresh: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  const parts = positionals.filter((name): name is Part => PARTS.some((part) => part === name));
  const amounts: Amounts = {
    seed: Number(values.seed),
    messages: Number(values.messages),
    files: Number(values.files),
    reader: values.reader,
    recordings: Number(values.recordings),
    seconds: Math.round(Number(values.hours) * 3_600),
    rung: values.rung,
    model: values.model,
  };
  const isUsable = Object.values(amounts).every((amount) => typeof amount === 'string' || amount > 0);
  if (values.help || !isUsable || parts.length < positionals.length) {
    say(USAGE);
    return values.help ? 0 : 2;
  }
  if (values.fresh) await fs.rm(out, { recursive: true, force: true });
  for (const part of parts.length === 0 ? PARTS : parts) await RUN[part](amounts);
  return 0;
}

const RUN: Readonly<Record<Part, (amounts: Amounts) => Promise<void>>> = {
  gateway: runGateway,
  parsers: runParsers,
  recording: runRecording,
  recordings: runRecordings,
  file: runFile,
};

/** Does rounds until `goal` is reached, and keeps each. */
async function inRounds(
  name: string,
  goal: number,
  size: number,
  round: (first: number, count: number) => Promise<Readonly<Record<string, number>>>,
): Promise<Progress> {
  let progress = await readProgress(out, name);
  while (progress.done < goal) {
    const since = performance.now();
    const count = Math.min(size, goal - progress.done);
    const counts = await round(progress.done, count);
    const seconds = progress.seconds + (performance.now() - since) / 1000;
    progress = { done: progress.done + count, seconds, counts: addCounts(progress.counts, counts) };
    await keepProgress(out, name, progress);
    say(`${name}: ${progress.done} of ${goal}, ${Math.round(seconds)} s`);
  }
  const told = Object.entries(progress.counts).map(([key, value]) => `${key} ${value}`);
  say(`${name}: done, ${progress.done} in ${Math.round(progress.seconds)} s: ${told.join(', ')}`);
  return progress;
}

async function emptyFolder(name: string): Promise<string> {
  const folder = join(out, name);
  await fs.rm(folder, { recursive: true, force: true });
  await fs.mkdir(join(folder, 'tmp'), { recursive: true });
  return folder;
}

async function runGateway({ seed, messages, rung }: Amounts): Promise<void> {
  process.env['UNROLL_RUNG'] = rung;
  const places = { ...builtPlaces(join(root, 'dist')), engine: engineFile };
  await inRounds('gateway', messages, ROUND.gateway, async (first, count) => {
    const folder = await emptyFolder('gateway-data');
    const { answered, refused } = await fuzzGateway({ seed, first, count, places, folder });
    return { answered, refused };
  });
}

async function runParsers({ seed, files, reader }: Amounts): Promise<void> {
  const targets = await makeTargets(await emptyFolder('parser-files'), audio);
  const chosen = Object.entries(targets).filter(([name]) => reader === '' || name === reader);
  if (chosen.length === 0)
    throw new UnrollError('usage', { reason: `${reader}: not one of ${Object.keys(targets).join(', ')}` });
  for (const [name, target] of chosen) {
    const folder = await emptyFolder(join('parser-files', `damaged ${name}`));
    await fs.rm(join(folder, 'tmp'), { recursive: true });
    await inRounds(`parser ${name}`, files, ROUND.parsers, async (first, count) => ({
      ...(await fuzzParser({ name, target, seed, first, count, folder })),
    }));
  }
}

const openEngine = (data: string, rung: string): EngineProcess =>
  new EngineProcess({ file: engineFile, data, assets: join(root, 'assets'), rung, onEvent: () => undefined });

async function runRecording({ seconds, rung }: Amounts): Promise<void> {
  const engine = openEngine(join(await emptyFolder('recording'), 'data'), rung);
  try {
    const { minutes, utterances, realTimeFactor } = await recordForHours({
      engine,
      sound: await endlessSound(audio),
      modelId: 'digits',
      seconds,
      onMinute: ({ minute, residentBytes, answerMs }) => {
        if (minute % MINUTES_TOLD !== 0) return;
        say(`recording: minute ${minute}, ${mebibytes(residentBytes)} MiB, ${answerMs.toFixed(1)} ms to an answer`);
      },
    });
    const memory = minutes.map(({ residentBytes }) => residentBytes).filter((bytes) => bytes !== null);
    const slower = growth(minutes.map(({ answerMs }) => answerMs));
    const told = { seconds, utterances, realTimeFactor: realTimeFactor ?? 0, memory: growth(memory), slower };
    await keepProgress(out, 'recording', { done: seconds, seconds, counts: told });
    say(
      `recording: ${seconds} s whole on disk, ${utterances} utterances; memory ${percent(told.memory - 1)} and answers ` +
        `${percent(slower - 1)} more in the last tenth than in the second`,
    );
  } finally {
    await engine.end();
  }
}

async function runFile({ model, rung }: Amounts): Promise<void> {
  const { onEvent, hear } = manyEars();
  const data = join(await emptyFolder('file'), 'data');
  const engine = new EngineProcess({ file: engineFile, data, assets: join(root, 'assets'), rung, onEvent });
  try {
    const sound = await endlessSound(audio);
    const told = await readLongFile({ engine, hear, sound, modelId: model, seconds: FILE_SECONDS });
    const { before, during, utterances, realTimeFactor, stoppedAt } = told;
    const most = during.length === 0 ? null : Math.max(...during);
    const counts = { utterances, realTimeFactor: realTimeFactor ?? 0, most: most ?? 0, before: before ?? 0 };
    await keepProgress(out, `file ${model}`, { done: FILE_SECONDS, seconds: FILE_SECONDS, counts });
    say(
      `file: an hour read by ${model} at ${realTimeFactor?.toFixed(3)} of its time, ${utterances} utterances, after a rest and a stop at ` +
        `${percent(stoppedAt)}; ${mebibytes(before)} MiB before, at most ${mebibytes(most)} MiB, ` +
        `${percent(growth(during) - 1)} more at its end than near its beginning`,
    );
  } finally {
    await engine.end();
  }
}

async function runRecordings({ recordings, rung }: Amounts): Promise<void> {
  const data = join(out, 'recordings', 'data');
  const { done } = await readProgress(out, 'recordings');
  if (done === 0) await emptyFolder('recordings');
  const engine = openEngine(data, rung);
  try {
    const sound = await endlessSound(audio);
    await inRounds('recordings', recordings, ROUND.recordings, async (first, count) => {
      const stretches = await recordOften({ engine, sound, modelId: 'digits', first, count });
      const last = stretches.at(-1);
      say(`recordings: ${mebibytes(last?.residentBytes ?? null)} MiB, ${last?.recordingMs.toFixed(0)} ms each`);
      return { recordings: count };
    });
  } finally {
    await engine.end();
  }
}

const mebibytes = (bytes: number | null): string => (bytes === null ? '?' : (bytes / 2 ** 20).toFixed(0));

main().then(
  (code) => (process.exitCode = code),
  (error: unknown) => {
    console.error(error);
    process.exitCode = reportError(error);
  },
);
