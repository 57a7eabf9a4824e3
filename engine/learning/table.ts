// The learning tests as Markdown: for every task, cells down and lengths across.
import { CONTENDER_NAMES } from './contenders';
import { resultOf, type TrialResult } from './results';
import { TASK_NAMES, TASKS, type TaskName } from './tasks';

const BEGIN = '<!-- learning: begin -->';
const END = '<!-- learning: end -->';

/** The document with its tables written anew. @throws Error where it has no place for them. */
export function withTables(document: string, results: readonly TrialResult[]): string {
  const [begin, end] = [document.indexOf(BEGIN), document.indexOf(END)];
  if (begin < 0 || end < begin) throw new Error(`Expected ${BEGIN} and ${END} in the document`);
  return `${document.slice(0, begin + BEGIN.length)}\n\n${tablesOf(results)}\n\n${document.slice(end)}`;
}

function tablesOf(results: readonly TrialResult[]): string {
  const machines = [...new Set(results.map(({ date, machine }) => `${date}: ${machine}.`))].sort();
  const about = machines.length > 0 ? machines : ['Nothing was run yet.'];
  return [about.join('\n'), ...TASK_NAMES.map((name) => taskText(name, results))].join('\n\n');
}

function taskText(task: TaskName, results: readonly TrialResult[]): string {
  const { title, source, lengthOf } = TASKS[task];
  const lengths = lengthsOf(task, results);
  const rows = CONTENDER_NAMES.map((contender) => [
    contender,
    ...lengths.map((length) => resultText(resultOf(results, { task, length, contender }))),
  ]);
  return `### ${title}\n\n${source}. Length: ${lengthOf}.\n\n${markdownTable([['cell', ...lengths.map(String)], ...rows])}`;
}

/** The task's own lengths and whatever else was run. */
function lengthsOf(task: TaskName, results: readonly TrialResult[]): number[] {
  const run = results.filter((result) => result.task === task).map(({ length }) => length);
  return [...new Set([...TASKS[task].lengths, ...run])].sort((a, b) => a - b);
}

function resultText(result: TrialResult | null): string {
  if (result === null) return 'not run yet';
  const { solvedAfter, steps, bestRightShare, skippedSteps } = result;
  const skipped = skippedSteps > 0 ? `, ${skippedSteps} skipped` : '';
  if (solvedAfter !== null) return `**${solvedAfter} steps**${skipped}`;
  return `no: ${Math.round(100 * bestRightShare)} % after ${steps}${skipped}`;
}

/** Columns padded, as the formatter wants them. */
function markdownTable(rows: readonly (readonly string[])[]): string {
  const widths = (rows[0] ?? []).map((_, column) => Math.max(...rows.map((row) => row[column]?.length ?? 0)));
  const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;
  const padded = rows.map((row) => line(row.map((cell, column) => cell.padEnd(widths[column] ?? 0))));
  return [padded[0], line(widths.map((width) => '-'.repeat(width))), ...padded.slice(1)].join('\n');
}
