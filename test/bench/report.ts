// What the benchmark prints for people.
import { isMet, type Goal } from './goals';
import type { FrontEndSpeed } from './frontEnd';
import type { Latency } from './latency';
import type { FirstEpoch } from './firstEpoch';
import type { FirstSteps } from './firstSteps';
import type { Comparison } from './network';
import { TAUGHT_TITLE, type TaughtTrial } from './teacherForcing';
import type { DecodingSpeed } from './decoding';
import type { TranscriptionSpeed } from './transcription';

const NAME_WIDTH = 22;
const NUMBER_WIDTH = 11;

const number = (value: number): string => (Math.abs(value) >= 100 ? value.toFixed(0) : value.toPrecision(3));
const column = (text: string): string => text.padStart(NUMBER_WIDTH);

export function comparisonText({ title, measured, goals, peakShare, multiplyAddsPerStep }: Comparison): string {
  const ours = measured[0];
  const head = `  ${''.padEnd(NAME_WIDTH)}${['min ms', 'median ms', '× ours min', '× ours med', 'runs'].map(column).join('')}`;
  const lines = measured.map(({ name, minMs, medianMs, runs }) => {
    const ratios = [minMs / (ours?.minMs ?? NaN), medianMs / (ours?.medianMs ?? NaN)];
    const cells = [...[minMs, medianMs, ...ratios].map(number), String(runs)];
    return `  ${name.padEnd(NAME_WIDTH)}${cells.map(column).join('')}`;
  });
  const share = peakShare === undefined ? [] : [`  ${number(100 * peakShare)} % of the matrix product's peak`];
  const work =
    multiplyAddsPerStep === undefined ? [] : [`  ${Math.round(multiplyAddsPerStep)} multiply-adds a step, forward`];
  return [title, head, ...lines, ...work, ...share, ...goals.map(goalText)].join('\n');
}

export function frontEndText(speeds: readonly FrontEndSpeed[]): string {
  const lines = speeds.map(
    ({ title, framesPerSecond, timesRealTime }) =>
      `  ${title}: ${Math.round(framesPerSecond)} frames a second, ${number(timesRealTime)} times real time`,
  );
  return ['Front end, on one core, best of all rounds', ...lines].join('\n');
}

export function decodingText({ minutes, beamWidth, words, realTimeFactor }: DecodingSpeed, goal: Goal): string {
  return [
    `Decoding: ${minutes} minute of logits to ${words} words by ${beamWidth} prefixes and a language model, one thread, time over the sound's own`,
    `  ${number(realTimeFactor)}`,
    goalText(goal),
  ].join('\n');
}

export function transcriptionText(speed: TranscriptionSpeed, goal: Goal): string {
  const { modelId, liveModelId, minutes, isPinned, firstFile, nextFile, stream } = speed;
  return [
    `Transcription: ${minutes} minutes of speech, ${isPinned ? 'one core (taskset)' : 'all cores (there is no taskset)'}, time over the sound's own`,
    `  ${modelId}: first file ${number(firstFile)}, next file ${number(nextFile)}`,
    `  ${liveModelId}, as a live stream: ${number(stream)}`,
    goalText(goal),
  ].join('\n');
}

export function latencyText(latency: Latency, goal: Goal): string {
  const { modelId, spoken, heard, medianMs, nineInTenMs, slowestMs, settledMedianMs } = latency;
  return [
    `Latency: ${spoken} spoken digits, ${heard} of them heard right by ${modelId}, 100 ms of sound at a time`,
    `  text after the word's end: median ${number(medianMs)} ms, nine in ten ${number(nineInTenMs)} ms, slowest ${number(slowestMs)} ms`,
    `  settled: ${settledMedianMs === null ? 'not before the end' : `median ${number(settledMedianMs)} ms`}`,
    `  work per chunk: median ${number(latency.workMedianMs)} ms, slowest ${number(latency.workSlowestMs)} ms`,
    goalText(goal),
  ].join('\n');
}

export function firstStepsText({ title, opened }: FirstSteps, goal: Goal): string {
  const lines = opened.map(
    ({ name, firstMs, firstProcessorMs, secondMs, nextShapeMs }) =>
      `  ${name.padEnd(NAME_WIDTH)}${[firstMs, firstProcessorMs, nextShapeMs, secondMs]
        .flatMap(({ minMs, medianMs }) => [minMs, medianMs].map(number))
        .map(column)
        .join('')}`,
  );
  const head = `  ${''.padEnd(NAME_WIDTH)}${['first min', 'median', 'cpu min', 'median', 'next min', 'median', 'later min', 'median'].map(column).join('')}`;
  return [`First training steps, ms: ${title}`, head, ...lines, goalText(goal)].join('\n');
}

export function firstEpochText({ title, rows }: FirstEpoch): string {
  const lines = rows.map(
    ({ name, minMs, medianMs, madeBehind }) =>
      `  ${name.padEnd(NAME_WIDTH)}${[minMs, medianMs].map(number).map(column).join('')}${column(String(madeBehind))}`,
  );
  const head = `  ${''.padEnd(NAME_WIDTH)}${['min', 'median', 'made'].map(column).join('')}`;
  return [`First epoch, ms, and programs made behind: ${title}`, head, ...lines].join('\n');
}

const percent = (share: number): string => `${(100 * share).toFixed(1)} %`;
export function teachingText(trials: readonly TaughtTrial[]): string {
  const lines = trials.map(({ isTaught, seed, steps, wrong, wrongWhenLong }) => {
    const when = steps === null ? 'never all right' : `all right after ${steps} updates`;
    return `  ${(isTaught ? 'teacher forcing' : 'free running').padEnd(NAME_WIDTH)}seed ${seed}: ${when}; wrong at the end ${percent(wrong)}, of long sequences ${percent(wrongWhenLong)}`;
  });
  return [TAUGHT_TITLE, ...lines].join('\n');
}

const goalText = (goal: Goal): string =>
  `  goal: ${goal.sense} ${goal.limit} ${goal.unit} ${goal.text}: ${number(goal.value)}, ${isMet(goal) ? 'met' : 'missed'}`;
