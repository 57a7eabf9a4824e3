// unroll lab NAME [--setting VALUE…]
import { Option, type Command } from 'commander';
import { z } from 'zod';
import { experiments, type ExperimentName } from '../../app/contract/lab';
import type { Measured } from '../../app/contract/labTraining';
import type { Rung } from '../../app/contract/rung';
import { unreachable } from '../../app/errors';
import { checkFile } from '../data/checkFile';
import { runExperiment } from '../lab/experiments';
import { chooseBackend } from './backend';
import { answer, answerJson, drawBar, clearBar } from './output';

/** One line on what an experiment shows; its settings and their bounds are in the contract. */
const SHOWS: Readonly<Record<ExperimentName, string>> = {
  memory: 'why memory at all: slots of words, with and without one',
  transition: 'one weight, a thousand steps: how an output and its gradient vanish or grow',
  surface: 'the error over two parameters, its cliffs, and a ball rolling down with and without clipping',
  jumps: 'a short real training twice, with and without clipping: losses and gradient norms',
  cell: 'a memory cell by hand: gates and values of every step, forwards and backwards',
  gates: 'the weights of that cell, learned from tapes whose right outputs are known',
  reach: 'gradient norm against distance for five cells',
  parameters: 'how many parameters the same width takes in Elman, GRU and LSTM',
  unrolled: 'a small network step by step: values forwards, gradients backwards',
  trellis: 'CTC: forward and backward variables of a short word, and its best way',
  words: 'words as 1-of-N and as letter n-grams, collisions counted',
  race: 'a learning test raced between cells',
};

interface LabOptions {
  readonly json?: boolean;
  readonly backend?: Rung;
  readonly [setting: string]: unknown;
}

/** A subcommand for each experiment, an option for each of its settings. */
export function addLabCommands(lab: Command, addCommon: (command: Command) => Command): void {
  for (const name of Object.keys(experiments) as ExperimentName[]) {
    const command = addCommon(lab.command(name).description(SHOWS[name]));
    for (const [setting, form] of Object.entries(formsOf(name)))
      command.addOption(
        new Option(`--${kebab(setting)} <value>`, described(form)).argParser((text) => settingValue(text, form)),
      );
    command.action((options: LabOptions) => labCommand(name, options));
  }
}

/** @throws UnrollError config.invalid naming the setting; lab.tooFewFrames, lab.tooShort */
async function labCommand(name: ExperimentName, options: LabOptions): Promise<void> {
  const given = Object.fromEntries(
    Object.keys(formsOf(name)).flatMap((setting) =>
      options[setting] === undefined ? [] : [[setting, options[setting]]],
    ),
  );
  const settings = checkFile(experiments[name].settings, given, `unroll lab ${name}`);
  let told = 0;
  const found = await runExperiment(name, settings, {
    rung: () => chooseBackend(options.backend),
    onMeasured: (measured) => drawProgress(measured, ++told),
  });
  clearBar();
  const result = plain(found);
  if (options.json === true) answerJson({ experiment: name, settings, ...result });
  else for (const line of linesOf(result)) answer(line);
}

function drawProgress(measured: Measured, told: number): void {
  switch (measured.experiment) {
    case 'race':
      return drawBar(measured.rightShare, `${measured.cell}: ${measured.step} steps`);
    case 'memory':
      return drawBar(0, `${measured.network}: ${measured.step} steps`);
    case 'jumps':
      return drawBar(0, `${measured.run}: loss ${shown(measured.losses.at(-1) ?? null)}, message ${told}`);
    case 'gates':
      return drawBar(0, `step ${measured.step}: loss ${shown(measured.losses.at(-1) ?? null)}`);
    default:
      return unreachable(measured);
  }
}

/** Typed arrays as lists. */
const plain = (result: object): object =>
  Object.fromEntries(
    Object.entries(result).map(([key, value]) => [key, value instanceof Float32Array ? [...value] : value]),
  );

/** What the schema says of one setting. */
interface SettingForm {
  readonly type?: string;
  readonly enum?: readonly unknown[];
  readonly minimum?: number;
  readonly maximum?: number;
  readonly items?: SettingForm;
  readonly default?: unknown;
}
const formsOf = (name: ExperimentName): Readonly<Record<string, SettingForm>> =>
  z.toJSONSchema(experiments[name].settings, { io: 'input' }).properties as Record<string, SettingForm>;
const kebab = (name: string): string => name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

function described(form: SettingForm): string {
  const { minimum, maximum, items } = form;
  const choices = form.enum ?? items?.enum;
  const what = choices !== undefined ? choices.join(', ') : (form.type ?? 'JSON');
  const range = minimum === undefined || maximum === undefined ? '' : ` from ${minimum} to ${maximum}`;
  const usual = form.default === undefined ? '' : `; ${JSON.stringify(form.default)} if left out`;
  return `${what}${range}${usual}`;
}

/** A text as it stands, a list parted by commas, all else as JSON; the schema says whether it may be. */
function settingValue(text: string, { type, enum: choices, items }: SettingForm): unknown {
  if (type === 'string' || choices !== undefined) return text;
  if (items?.type === 'string' && !text.startsWith('[')) return text.split(',').map((part) => part.trim());
  const isBareList = items?.type === 'number' && !text.startsWith('[');
  try {
    return JSON.parse(isBareList ? `[${text}]` : text) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return text;
    throw error;
  }
}

/** Values of a list that are printed whole. */
const MOST_SHOWN = 12;

/** A readable form: fields by their names, long lists by their ends. */
function linesOf(value: unknown, indent = ''): string[] {
  if (Array.isArray(value)) {
    if (value.every((each) => typeof each !== 'object' || each === null)) return [`${indent}${shortList(value)}`];
    return value.flatMap((each, index) => [`${indent}${index + 1}`, ...linesOf(each, `${indent}  `)]);
  }
  if (typeof value !== 'object' || value === null) return [`${indent}${shown(value)}`];
  return Object.entries(value).flatMap(([key, each]) =>
    typeof each === 'object' && each !== null && !isPlainList(each)
      ? [`${indent}${key}`, ...linesOf(each, `${indent}  `)]
      : [`${indent}${key}: ${isPlainList(each) ? shortList(each) : shown(each)}`],
  );
}

const isPlainList = (value: unknown): value is unknown[] =>
  Array.isArray(value) && value.every((each) => typeof each !== 'object' || each === null);

function shortList(values: readonly unknown[]): string {
  if (values.length <= MOST_SHOWN) return values.map(shown).join(' ');
  const half = MOST_SHOWN / 2;
  return `${values.slice(0, half).map(shown).join(' ')} … ${values.slice(-half).map(shown).join(' ')} (${values.length})`;
}

const shown = (value: unknown): string =>
  typeof value === 'number'
    ? String(Number(value.toPrecision(5)))
    : value === null
      ? '–'
      : typeof value === 'string'
        ? value
        : JSON.stringify(value);
