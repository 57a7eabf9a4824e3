// npm run bench [-- PART… --json --rounds N --model FOLDER]: how fast this is, beside others, in one run.
import { availableParallelism, cpus, loadavg } from 'node:os';
import { parseOptions } from '../../engine/commands/arguments';
import { readDefaultModels } from '../../engine/library/modelShelf';
import { modelsFolder } from '../../engine/commands/model';
import { reportError } from '../../engine/commands/output';
import { chooseRung } from '../../engine/runtime/rung';
import { UnrollError } from '../../app/errors';
import { cellComparisons, type CellChoice } from './cells';
import { CELL_OPTIONS, cellChoice, CELL_USAGE } from './cellChoice';
import { decodingGoal, measureDecoding } from './decoding';
import { measureFirstEpoch, tookEpoch } from './firstEpoch';
import { firstStepGoal, measureFirstSteps, tookStart } from './firstSteps';
import { measureFrontEnd } from './frontEnd';
import { isMet, type Goal } from './goals';
import { latencyGoal, measureLatency } from './latency';
import { compareLayer, compareStream, compareTrainStep, type Comparison } from './network';
import {
  comparisonText,
  decodingText,
  firstEpochText,
  firstStepsText,
  frontEndText,
  latencyText,
  teachingText,
  transcriptionText,
} from './report';
import type { LayerSize } from './size';
import { compareTeaching } from './teacherForcing';
import { Torch } from './torch';
import { measureTranscription, transcriptionGoal } from './transcription';

const UNI: LayerSize = { cell: 'lstm', depth: 1, T: 100, N: 16, D: 26, H: 256, direction: 'forward' };
const BI: LayerSize = { ...UNI, direction: 'bidirectional' };
const PARTS = [
  'forward',
  'gradients',
  'step',
  'stream',
  'features',
  'decoding',
  'transcription',
  'latency',
  'compilation',
  'teacher',
  'cells',
] as const;
type Part = (typeof PARTS)[number];
const NEEDS_MODEL: readonly Part[] = ['transcription', 'latency'];
/** Long ones. */
const WHEN_NAMED: readonly Part[] = ['compilation', 'teacher', 'cells'];
const COMPARED: readonly Part[] = ['forward', 'gradients', 'step', 'stream', 'cells'];
const USAGE = `npm run bench [-- PART…] [--rounds N] [--model FOLDER] [--json]

  PART            ${PARTS.join(', ')}; all but compilation, teacher and cells if left out
  --rounds N      rounds in which all contenders take turns; 10 if left out
  --model FOLDER  recogniser of transcription and latency, instead of those that come with Unroll
  --json          print one line of JSON
${CELL_USAGE}

PyTorch takes part where python3 on the PATH, or the Python that UNROLL_PYTHON names, has torch.`;

interface Settings {
  readonly rounds: number;
  readonly model: string | undefined;
  readonly choice: CellChoice;
  readonly torch: Torch | null;
  readonly show: (text: string) => void;
}
type Results = Record<string, unknown>;

async function main(): Promise<number> {
  if ((await tookStart()) || (await tookEpoch())) return 0;
  const { values, positionals } = parseOptions({
    rounds: { type: 'string', default: '10' },
    model: { type: 'string' },
    ...CELL_OPTIONS,
    json: { type: 'boolean', default: false },
    help: { type: 'boolean', short: 'h', default: false },
  });
  const rounds = Number(values.rounds);
  const isAsked = (part: Part): boolean =>
    positionals.length === 0 ? !WHEN_NAMED.includes(part) : positionals.includes(part);
  const choice = cellChoice(values);
  const isUsable = Number.isInteger(rounds) && rounds > 0 && positionals.every((name) => isPart(name));
  if (values.help || !isUsable || choice === null) {
    process.stdout.write(`${USAGE}\n`);
    return values.help ? 0 : 2;
  }
  const { backend } = await chooseRung('compiled');
  const threads = availableParallelism();
  const isCompared = COMPARED.some(isAsked);
  const torch = isCompared ? await Torch.start(threads, isBusy(threads, loadavg()[0] ?? NaN)) : null;
  const show = values.json ? () => undefined : (text: string) => void process.stdout.write(`${text}\n\n`);
  const machine = describeMachine(backend, torch, threads);
  show([machineText(machine), ...(isCompared ? [othersText(machine)] : [])].join('\n'));
  const results: Results = { machine };
  const goals: Goal[] = [];
  const hasModel = values.model !== undefined || (await readDefaultModels(modelsFolder())) !== null;
  for (const part of PARTS.filter(isAsked)) {
    if (NEEDS_MODEL.includes(part) && !hasModel) {
      results[part] = null;
      show(`${part}: left out, there is no bundled model yet; --model names another.`);
    } else results[part] = await runPart(part, { rounds, model: values.model, choice, torch, show }, goals);
  }
  torch?.close();
  results['goals'] = goals.map((goal) => ({ ...goal, isMet: isMet(goal) }));
  if (values.json) process.stdout.write(`${JSON.stringify(results)}\n`);
  else if (goals.length > 0) show(`${goals.filter(isMet).length} of ${goals.length} goals met.`);
  return 0;
}

const isPart = (name: string): name is Part => (PARTS as readonly string[]).includes(name);

async function runPart(part: Part, settings: Settings, goals: Goal[]): Promise<unknown> {
  const { rounds, model, choice, torch, show } = settings;
  const compare = async (comparisons: readonly (() => Promise<Comparison>)[]): Promise<Comparison[]> => {
    const done: Comparison[] = [];
    for (const run of comparisons) {
      const comparison = await run();
      goals.push(...comparison.goals);
      show(comparisonText(comparison));
      done.push(comparison);
    }
    return done;
  };
  switch (part) {
    case 'forward':
    case 'gradients':
      return compare([UNI, BI].map((size) => () => compareLayer(size, part, torch, rounds)));
    case 'step':
      return compare([
        () => compareTrainStep(UNI, 'framewise', torch, rounds),
        () => compareTrainStep(BI, 'framewise', torch, rounds),
        () => compareTrainStep(UNI, 'ctc', torch, rounds),
      ]);
    case 'stream':
      return compare([() => compareStream(UNI, torch, rounds)]);
    case 'cells':
      return compare(cellComparisons(choice, { torch, rounds }));
    case 'features': {
      const speeds = await measureFrontEnd(rounds);
      show(frontEndText(speeds));
      return speeds;
    }
    case 'compilation': {
      const steps = await measureFirstSteps(rounds);
      const own = steps.map(firstStepGoal);
      goals.push(...own);
      steps.forEach((step, k) => show(firstStepsText(step, own[k]!)));
      const epoch = await measureFirstEpoch(rounds);
      show(firstEpochText(epoch));
      return { steps, epoch };
    }
    case 'teacher': {
      const trials = await compareTeaching();
      show(teachingText(trials));
      return trials;
    }
    case 'decoding': {
      const speed = measureDecoding();
      const goal = decodingGoal(speed);
      goals.push(goal);
      show(decodingText(speed, goal));
      return speed;
    }
    case 'transcription': {
      const speed = await measureTranscription(model);
      const goal = transcriptionGoal(speed);
      goals.push(goal);
      show(transcriptionText(speed, goal));
      return speed;
    }
    case 'latency': {
      const latency = await measureLatency(model);
      const goal = latencyGoal(latency);
      goals.push(goal);
      show(latencyText(latency, goal));
      return latency;
    }
  }
}

const isBusy = (threads: number, load: number): boolean => load > threads / 2;

interface Machine {
  readonly date: string;
  readonly processor: string;
  readonly threads: number;
  readonly load: number;
  readonly node: string;
  readonly backend: string;
  readonly torch: string | null;
}
const describeMachine = (backend: string, torch: Torch | null, threads: number): Machine => ({
  date: new Date().toISOString().slice(0, 10),
  processor: cpus()[0]?.model ?? 'unknown',
  threads,
  load: loadavg()[0] ?? NaN,
  node: process.version,
  backend,
  torch: torch === null ? null : torch.version,
});

const machineText = ({ date, processor, threads, load, node, backend }: Machine): string =>
  [
    `${date}, ${processor}, ${threads} threads, load ${load.toFixed(1)} at the start, Node ${node}, ${backend}`,
    ...(isBusy(threads, load)
      ? ['This machine is busy with something else: compare within a line, not between them.']
      : []),
  ].join('\n');
const othersText = ({ threads, load, torch }: Machine): string =>
  [
    torch === null
      ? 'No PyTorch: python3 has no torch, and UNROLL_PYTHON names no Python that has.'
      : `PyTorch ${torch}, ${threads} threads${isBusy(threads, load) ? ', which sleep while they wait' : ''}`,
    'tfjs-layers: tf.layers.lstm on tfjs-node with its defaults, the hard sigmoid among them',
  ].join('\n');

// Libraries greet on stdout; it belongs to the results alone.
console.log = console.info = console.error;
void main().then(
  (code) => process.exit(code),
  (error: unknown) => process.exit(error instanceof UnrollError ? reportError(error) : crash(error)),
);

function crash(error: unknown): number {
  console.error(error);
  return 1;
}
