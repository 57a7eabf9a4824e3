// unroll train --config FILE --data MANIFEST --out DIR
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Rung } from '../../app/contract/rung';
import { readSources, soundFilesOf } from '../data/soundSources';
import { readManifest } from '../data/manifest';
import { anyConfigSchema, type AnyConfig } from '../../app/contract/labelConfig';
import type { ModelManifest } from '../../app/contract/model';
import { unreachable } from '../../app/errors';
import { readTextTable } from '../data/textTable';
import { checkFile } from '../data/checkFile';
import type { CompiledShape } from '../network/program';
import type { EpochReport, StepReport } from '../training/records';
import { trainOnSounds, trainOnTexts } from '../training/trainLabeller';
import { trainModel, type TrainedRun, type TrainModelOptions } from '../training/trainModel';
import { chooseBackend } from './backend';
import { answer, answerJson, clearBar, drawBar, EXIT, percent, say } from './output';
import { inOwnProcess, isOwnProcess, onInterrupt } from './ownProcess';
import { readNamedJson } from '../data/namedJson';
import { openCompileCache, type CompileCache } from '../runtime/compileCache';

/** A hundred thousand words of vocabulary take a hundredth of it. */
const MAX_CONFIG_BYTES = 64 << 20;

export interface TrainOptions {
  readonly config: string;
  readonly data: string;
  readonly out: string;
  readonly cache?: string;
  /** Folders of noise and of impulse responses. */
  readonly noise?: string;
  readonly rooms?: string;
  readonly json?: boolean;
  readonly backend?: Rung;
}

/**
 * Trains, or goes on with the run in `out`. Interrupted it ends after the step at hand, with a checkpoint there. Compiled
 * programs are kept in the folder UNROLL_CACHE, where it is named.
 */
export async function trainCommand(options: TrainOptions): Promise<number> {
  const folder = process.env['UNROLL_CACHE'];
  if (folder === undefined || folder === '' || ['native', 'wasm'].includes(options.backend ?? ''))
    return train(options);
  if (!isOwnProcess()) return inOwnProcess();
  const programs = await keptPrograms(folder);
  // Left out where the process dies: what it leaves behind may be what it died of.
  return train(options).finally(() => programs?.close());
}

/** null where the folder cannot be written, as on a disk that is full or read-only. */
async function keptPrograms(folder: string): Promise<CompileCache | null> {
  try {
    await fs.mkdir(folder, { recursive: true });
    return await openCompileCache(folder);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return null;
    throw error;
  }
}

async function train(options: TrainOptions): Promise<number> {
  const config = checkFile(anyConfigSchema, await readNamedJson(options.config, MAX_CONFIG_BYTES), options.config);
  const training = await readTraining(config, options.data);
  const sources = await readSources({
    noises: await soundFilesOf(options.noise ?? null),
    responses: await soundFilesOf(options.rooms ?? null),
  });
  const out = resolve(options.out);
  const rung = await chooseBackend(options.backend);
  let isInterrupted = false;
  const interrupt = (): void => void (isInterrupted = true);
  const stopWaiting = onInterrupt(interrupt);
  const startedAt = performance.now();
  const run = await training({
    out,
    cache: resolve(options.cache ?? join(out, 'cache')),
    rung,
    sources,
    hooks: { ...progress(config), control: () => (isInterrupted ? 'pause' : 'goOn') },
  }).finally(stopWaiting);
  clearBar();
  if (run.kind === 'paused') {
    say(`Stopped. The same command goes on with ${options.out}.`);
    if (options.json) answerJson({ out, rung, isStopped: true, ...lastEpoch(run.report) });
    return EXIT.interrupted;
  }
  const model = join(out, 'model');
  const seconds = (performance.now() - startedAt) / 1000;
  if (options.json)
    answerJson({
      model,
      out,
      rung,
      seconds,
      parameters: run.manifest.card.parameters,
      isStopped: false,
      ...lastEpoch(run.report),
    });
  else answer(model);
  return EXIT.ok;
}

/** The data of a configuration's task, read; what is handed back trains on it. */
async function readTraining(
  config: AnyConfig,
  data: string,
): Promise<(options: TrainModelOptions) => Promise<TrainedRun<ModelManifest>>> {
  switch (config.task) {
    case undefined:
    case 'transcribe': {
      const rows = await readManifest(data);
      return (options) => trainModel(config, rows, options);
    }
    case 'classifySound': {
      const rows = await readManifest(data);
      return (options) => trainOnSounds(config, rows, options);
    }
    case 'classifyText':
    case 'tagText': {
      const rows = await readTextTable(data, config.task === 'tagText' ? 'tags' : 'label');
      return (options) => trainOnTexts(config, rows, options);
    }
    default:
      return unreachable(config);
  }
}

const lastEpoch = (report: EpochReport | null): Partial<EpochReport> => report ?? {};

function progress(config: AnyConfig) {
  let done = 0;
  return {
    onPreparing: (done: number, of: number) => drawBar(done / of, `reading recordings, ${done} of ${of}`),
    onLeftOut: (rows: readonly { readonly reason: string }[]) => {
      const [first] = rows;
      if (first !== undefined) say(`${rows.length} rows were left out; the first: ${first.reason}`);
    },
    onCompiling: ({ T, N }: CompiledShape) => drawBar(done, `compiling for ${N} rows of up to ${T} frames`),
    onStep: ({ epoch, step, stepsPerEpoch, loss, gradientNorm, isSkipped }: StepReport) => {
      done = step / stepsPerEpoch;
      drawBar(
        done,
        `epoch ${epoch} of ${config.training.epochs}, step ${step} of ${stepsPerEpoch}, ${isSkipped ? 'no finite loss, skipped' : `loss ${loss?.toFixed(3)}, gradient norm ${gradientNorm?.toPrecision(3)}`}`,
      );
    },
    onEpoch: (report: EpochReport) => say(describe(report)),
  };
}

function scoresText({ symbolError, accuracy, tokenAccuracy, slotF1 }: EpochReport): string {
  const parts = [
    symbolError === null ? null : `symbols wrong ${percent(symbolError)}`,
    accuracy === undefined ? null : `right ${percent(accuracy)}`,
    tokenAccuracy === undefined ? null : `tags right ${percent(tokenAccuracy)}`,
    slotF1 === undefined ? null : `slot F1 ${percent(slotF1)}`,
  ];
  return parts.filter((part) => part !== null).join(', ');
}

function describe(report: EpochReport): string {
  const validation =
    report.validationLoss === null
      ? ''
      : `, validation loss ${report.validationLoss.toFixed(3)}, ${scoresText(report)}`;
  const skipped = report.skippedSteps > 0 ? `, ${report.skippedSteps} steps without a finite loss` : '';
  return `epoch ${report.epoch} of ${report.epochs}: loss ${report.trainLoss?.toFixed(3) ?? '–'}${validation}, ${report.seconds.toFixed(1)} s${skipped}`;
}
