// The learning tests as Markdown: for every task, cells down and lengths across.
import type { Clipping, OptimizerSettings } from '../../app/contract/trainingConfig';
import { CONTENDER_NAMES, type ContenderName } from './contenders';
import { publishedSetting } from './published';
import { lengthFailedBefore, resultOf, type SettingsName, type TrialKey, type TrialResult } from './results';
import { TASK_NAMES, TASKS, type TaskName } from './tasks';

/** The document with its tables written anew. @throws Error where it has no place for them. */
export const withTables = (document: string, results: readonly TrialResult[]): string =>
  withSection(document, 'learning', tablesOf(results));

/** The document with another text between the comments that name a section. @throws Error where it has no such section */
export function withSection(document: string, name: string, text: string): string {
  const [from, to] = [`<!-- ${name}: begin -->`, `<!-- ${name}: end -->`];
  const [begin, end] = [document.indexOf(from), document.indexOf(to)];
  if (begin < 0 || end < begin) throw new Error(`Expected ${from} and ${to} in the document`);
  return `${document.slice(0, begin + from.length)}\n\n${text}\n\n${document.slice(end)}`;
}

function tablesOf(results: readonly TrialResult[]): string {
  const machines = [...new Set(results.map(({ date, machine }) => `${date}: ${machine}.`))].sort();
  const about = machines.length > 0 ? machines : ['Nothing was run yet.'];
  return [about.join('\n'), ...TASK_NAMES.map((name) => taskText(name, results))].join('\n\n');
}

function taskText(task: TaskName, results: readonly TrialResult[]): string {
  const { title, source, lengthOf } = TASKS[task];
  const published = CONTENDER_NAMES.filter((contender) => publishedSetting(task, contender) !== null);
  return [
    `### ${title}`,
    `${source}. Length: ${lengthOf}.`,
    settingsTable('shared', task, CONTENDER_NAMES, results),
    'As published:',
    settingsTable('published', task, published, results),
    published.map((contender) => `- ${contender}: ${publishedText(task, contender)}`).join('\n'),
  ].join('\n\n');
}

function settingsTable(
  settings: SettingsName,
  task: TaskName,
  contenders: readonly ContenderName[],
  results: readonly TrialResult[],
): string {
  const lengths = lengthsOf(task, results);
  const rows = contenders.map((contender) => [
    contender,
    ...lengths.map((length) => cellText(results, { settings, task, length, contender })),
  ]);
  return markdownTable([['cell', ...lengths.map(String)], ...rows]);
}

/** A setting in one line. */
function publishedText(task: TaskName, contender: ContenderName): string {
  const setting = publishedSetting(task, contender);
  if (setting === null) throw new Error(`Expected a published setting of ${contender}`);
  const { layer, rule, learningRate, sequences, source, differs } = setting;
  return `${source}. ${layer.units} units, ${optimizerText(rule.optimizer)} at ${learningRate}, ${clippingText(rule.clipping)}, ${sequences} ${sequences === 1 ? 'sequence' : 'sequences'} a step. Different here: ${differs}.`;
}
function optimizerText(optimizer: OptimizerSettings): string {
  switch (optimizer.kind) {
    case 'sgd':
      return optimizer.momentum === 0 ? 'gradient descent' : `momentum ${optimizer.momentum}`;
    case 'rmsprop':
      return `RMSProp with decay ${optimizer.squareDecay}`;
    case 'adam':
      return 'Adam';
    case 'adamw':
      return `AdamW with decay ${optimizer.weightDecay}`;
  }
}
function clippingText(clipping: Clipping): string {
  switch (clipping.kind) {
    case 'none':
      return 'unclipped';
    case 'value':
      return `each gradient clipped to ${clipping.threshold}`;
    case 'norm':
      return `clipped to a norm of ${clipping.threshold}`;
  }
}

/** The task's own lengths and whatever else was run. */
function lengthsOf(task: TaskName, results: readonly TrialResult[]): number[] {
  const run = results.filter((result) => result.task === task).map(({ length }) => length);
  return [...new Set([...TASKS[task].lengths, ...run])].sort((a, b) => a - b);
}

function cellText(results: readonly TrialResult[], key: TrialKey): string {
  const result = resultOf(results, key);
  if (result !== null) return resultText(result);
  const isLeftOut = key.settings === 'published' && lengthFailedBefore(results, key) !== null;
  return isLeftOut ? 'not run' : 'not run yet';
}
function resultText(result: TrialResult): string {
  const { solvedAfter, steps, bestRightShare, skippedSteps } = result;
  const skipped = skippedSteps > 0 ? `, ${skippedSteps} skipped` : '';
  if (solvedAfter !== null) return `**${solvedAfter} steps**${skipped}`;
  return `no: ${Math.round(100 * bestRightShare)} % after ${steps}${skipped}`;
}

/** Columns padded, as the formatter wants them. */
export function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const padded = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))));
  return [padded[0], line(widths.map((width) => '-'.repeat(width))), ...padded.slice(1)].join('\n');
}
