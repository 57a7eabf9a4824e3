// `npm run learning`: which cell remembers how long, on tasks that need a memory. Every training is kept as soon as it is done:
// the same command goes on where it was stopped.
import { promises as fs } from 'node:fs';
import { availableParallelism, cpus } from 'node:os';
import { join, resolve } from 'node:path';
import { UnrollError } from '../../app/errors';
import { parseOptions } from '../commands/arguments';
import { percent, reportError, say } from '../commands/output';
import { writeFileAtomic } from '../library/atomicFile';
import { chooseRung, type RungChoice } from '../runtime/rung';
import { CONTENDER_NAMES, CONTENDERS, type ContenderName } from './contenders';
import { publishedSetting } from './published';
import {
  isSettled,
  keepResult,
  lengthFailedBefore,
  readResults,
  resultOf,
  SETTINGS_NAMES,
  type SettingsName,
  type TrialKey,
} from './results';
import { compareOnSlots, SLOT_DEFAULTS, type SlotJob } from './slots';
import { withTables } from './table';
import { TASK_NAMES, TASKS, type TaskName } from './tasks';
import { learnTask, sharedSetting, type TrialSetting } from './trial';

const DOCUMENT = resolve(__dirname, '../../docs/learning.md');
const STEPS = 10_000;
const USAGE = `npm run learning [-- --task NAME… --cell NAME… --length N… --settings NAME… --steps N --out DIR]

  --task NAME   only these: ${TASK_NAMES.join(', ')}
  --cell NAME   only these: ${CONTENDER_NAMES.join(', ')}
  --length N    these lengths instead of each task's own, whatever came out at shorter ones
  --settings NAME  only these: ${SETTINGS_NAMES.join(', ')}. Shared: all cells alike; published: each as its paper trained it
  --steps N     most training steps of each; default ${STEPS}, or what the published setting has. What failed with fewer is
                done again
  --out DIR     where results are kept; default runs/learning

What fails as published is not given longer sequences.

npm run learning -- slots --texts DIR [--seeds N --sentences N --epochs N --out DIR]

  Every cell, forward and in both directions, on slot filling: F1 on the test of SNIPS, into docs/texts.md
  --texts DIR   folder with snips/ (train.seq.in, train.seq.out, test.seq.in, test.seq.out)
  --seeds N     so many trainings of each; default ${SLOT_DEFAULTS.seeds}
  --sentences N learned from, drawn from all for training; default ${SLOT_DEFAULTS.sentences}
  --epochs N    default ${SLOT_DEFAULTS.epochs}

Every training is kept when it is done, and the document written anew: the same command goes on where it was stopped.`;

interface Job {
  readonly out: string;
  /** Whether the person asked for these lengths. */
  readonly isLengthAsked: boolean;
  /** Null: as many as the setting has. */
  readonly steps: number | null;
  readonly choice: RungChoice;
}

async function main(): Promise<number> {
  const { values, positionals } = parseOptions({
    task: { type: 'string', multiple: true },
    cell: { type: 'string', multiple: true },
    length: { type: 'string', multiple: true },
    settings: { type: 'string', multiple: true },
    steps: { type: 'string' },
    out: { type: 'string' },
    texts: { type: 'string' },
    seeds: { type: 'string' },
    sentences: { type: 'string' },
    epochs: { type: 'string' },
    help: { type: 'boolean', short: 'h' },
  });
  const isSlots = positionals.length === 1 && positionals[0] === 'slots';
  if (values.help || (positionals.length > 0 && !isSlots)) {
    say(USAGE);
    return values.help ? 0 : 2;
  }
  if (isSlots) {
    await compareOnSlots(await slotJobOf(values));
    return 0;
  }
  const keys = keysOf(
    chosen('--task', TASK_NAMES, values.task),
    chosen('--cell', CONTENDER_NAMES, values.cell),
    values.length?.map((text) => wholeNumberOf('--length', text)) ?? null,
    chosen('--settings', SETTINGS_NAMES, values.settings),
  );
  const steps = values.steps === undefined ? null : wholeNumberOf('--steps', values.steps);
  const job: Job = {
    out: resolve(values.out ?? join('runs', 'learning')),
    isLengthAsked: values.length !== undefined,
    steps,
    choice: await chooseRung(),
  };
  await fs.mkdir(job.out, { recursive: true });
  for (const key of keys) await settle(key, job);
  await writeTables(job.out);
  return 0;
}

async function slotJobOf(
  values: Readonly<Partial<Record<'texts' | 'out' | 'seeds' | 'sentences' | 'epochs', string>>>,
): Promise<SlotJob> {
  const numberOf = (name: keyof typeof SLOT_DEFAULTS): number =>
    values[name] === undefined ? SLOT_DEFAULTS[name] : wholeNumberOf(`--${name}`, values[name]);
  const choice = await chooseRung();
  return {
    ...{ texts: values.texts, out: resolve(values.out ?? join('runs', 'learning')) },
    ...{ seeds: numberOf('seeds'), sentences: numberOf('sentences'), epochs: numberOf('epochs') },
    ...{ rung: choice.rung, machine: machineText(choice) },
  };
}

/** Short lengths of all tasks and cells first: a table with something in every row comes early. */
function keysOf(
  tasks: readonly TaskName[],
  contenders: readonly ContenderName[],
  lengths: readonly number[] | null,
  allSettings: readonly SettingsName[],
): TrialKey[] {
  const rounds = lengths?.length ?? Math.max(...tasks.map((task) => TASKS[task].lengths.length));
  return Array.from({ length: rounds }, (_, round) =>
    tasks.flatMap((task) => {
      const length = (lengths ?? TASKS[task].lengths)[round];
      if (length === undefined) return [];
      const { shortestLength } = TASKS[task];
      if (length < shortestLength) throw usage(`--length of ${task} must be ${shortestLength} or more, not ${length}.`);
      return allSettings.flatMap((settings) =>
        contenders.map((contender) => ({ settings, task, length, contender })).filter((key) => planOf(key) !== null),
      );
    }),
  ).flat();
}

/** How a training goes and its most steps; null: nothing was published. */
function planOf({ settings, task, contender }: TrialKey): { setting: TrialSetting; steps: number } | null {
  switch (settings) {
    case 'shared':
      return { setting: sharedSetting(CONTENDERS[contender]), steps: STEPS };
    case 'published': {
      const setting = publishedSetting(task, contender);
      return setting && { setting, steps: setting.steps };
    }
  }
}

async function settle(key: TrialKey, { out, isLengthAsked, steps: wanted, choice }: Job): Promise<void> {
  const { settings, task, length, contender } = key;
  const plan = planOf(key);
  if (plan === null) return;
  const steps = wanted ?? plan.steps;
  const label = `${task} ${length}, ${contender}, ${settings} settings`;
  const results = await readResults(out);
  if (isSettled(resultOf(results, key), steps)) {
    say(`${label}: done before`);
    return;
  }
  const failed = settings === 'published' && !isLengthAsked ? lengthFailedBefore(results, key) : null;
  if (failed !== null) {
    say(`${label}: not run, as it was not solved at ${failed}`);
    return;
  }
  const begin = performance.now();
  const outcome = await learnTask(TASKS[task], length, plan.setting, {
    rung: choice.rung,
    steps,
    onMeasured: (step, rightShare) => {
      if (step % 1000 === 0) say(`${label}: ${step} steps, ${percent(rightShare)} right`);
    },
  });
  const seconds = Math.round((performance.now() - begin) / 1000);
  const date = new Date().toISOString().slice(0, 10);
  await keepResult(out, { ...key, ...outcome, steps, seconds, date, machine: machineText(choice) });
  const verdict = outcome.solvedAfter === null ? 'not solved' : `solved after ${outcome.solvedAfter} steps`;
  say(`${label}: ${verdict}, at best ${percent(outcome.bestRightShare)} right, ${seconds} s`);
  await writeTables(out);
}

async function writeTables(out: string): Promise<void> {
  await writeFileAtomic(DOCUMENT, withTables(await fs.readFile(DOCUMENT, 'utf8'), await readResults(out)));
}

const machineText = ({ backend }: RungChoice): string =>
  `${cpus()[0]?.model ?? 'unknown processor'}, threads: ${availableParallelism()}, Node ${process.version}, ${backend}`;

const usage = (reason: string): UnrollError => new UnrollError('usage', { reason });
function chosen<Name extends string>(
  option: string,
  all: readonly Name[],
  names: readonly string[] | undefined,
): Name[] {
  const unknown = names?.find((name) => !(all as readonly string[]).includes(name));
  if (unknown !== undefined) throw usage(`${option} is one of ${all.join(', ')}, not ${unknown}.`);
  return all.filter((name) => names?.includes(name) ?? true);
}
function wholeNumberOf(option: string, text: string): number {
  const value = Number(text);
  if (!(Number.isInteger(value) && value > 0)) throw usage(`${option} must be a whole number above 0, not ${text}.`);
  return value;
}

main().then(
  (code) => process.exit(code),
  (error: unknown) => process.exit(reportError(error)),
);
