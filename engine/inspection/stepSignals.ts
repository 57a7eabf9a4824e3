// What units are compared with: what goes on at every step in the sound, or what the network says there.
import { MAX_COMPARED_SYMBOLS, type StepSignal } from '../../app/contract/inspectionQuestions';
import type { Inspection } from './inspection';
import { refused } from './refused';
import { soundSignal } from './soundSignals';

const PIECE_ROWS = 500;

/** Those that a network's units are compared with: the sound's, and every class of a small alphabet. */
export function signalsOf({ symbols }: Inspection['description']): StepSignal[] {
  const classes = symbols.length > MAX_COMPARED_SYMBOLS ? 0 : symbols.length + 1;
  return ['energy', 'voicing', 'silence', ...Array.from({ length: classes }, (_, classIndex) => ({ classIndex }))];
}

/** [T] @throws UnrollError message.refused where there is no such class */
export async function stepSignal(inspection: Inspection, signal: StepSignal): Promise<Float32Array> {
  return (await stepSignals(inspection, [signal]))[0]!;
}

/** Each as stepSignal has it; the posteriors are read once. */
export async function stepSignals(inspection: Inspection, signals: readonly StepSignal[]): Promise<Float32Array[]> {
  const { steps, stepMs, soundRateHz, windowSamples, sampleRateHz } = inspection.description;
  const grid = {
    steps,
    samplesPerStep: (stepMs * soundRateHz) / 1000,
    windowSamples: Math.round((windowSamples * soundRateHz) / sampleRateHz),
  };
  const classes = signals.flatMap((signal) => (typeof signal === 'object' ? [signal.classIndex] : []));
  const posteriors = await posteriorsOf(inspection, classes);
  let next = 0;
  return signals.map((signal) =>
    typeof signal === 'object' ? posteriors[next++]! : soundSignal(signal, inspection.pcm, grid),
  );
}

/** Of each of these classes at every step. */
async function posteriorsOf(inspection: Inspection, classes: readonly number[]): Promise<Float32Array[]> {
  if (classes.length === 0) return [];
  const { rows, width, read } = await inspection.rows({ kind: 'posteriors' });
  if (classes.some((each) => each >= width)) throw refused(`The network has ${width} classes.`);
  const posteriors = classes.map(() => new Float32Array(rows));
  for (let first = 0; first < rows; first += PIECE_ROWS) {
    const values = await read(first, PIECE_ROWS);
    classes.forEach((each, index) => {
      for (let k = 0; k < values.length / width; k++) posteriors[index]![first + k] = values[k * width + each]!;
    });
  }
  return posteriors;
}
