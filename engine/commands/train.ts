// unroll train --config FILE --data MANIFEST --out DIR
import { join, resolve } from 'node:path';
import type { Rung } from '../../app/contract/rung';
import { readManifest } from '../data/manifest';
import { trainingConfigSchema, type TrainingConfig } from '../../app/contract/trainingConfig';
import { checkFile } from '../data/checkFile';
import type { CompiledShape } from '../network/program';
import type { EpochReport, StepReport } from '../training/train';
import { trainModel } from '../training/trainModel';
import { chooseBackend } from './backend';
import { answer, answerJson, clearBar, drawBar, EXIT, percent, say } from './output';
import { readNamedJson } from '../data/namedJson';

/** A hundred thousand words of vocabulary take a hundredth of it. */
const MAX_CONFIG_BYTES = 64 << 20;

export interface TrainOptions {
  readonly config: string;
  readonly data: string;
  readonly out: string;
  readonly cache?: string;
  readonly json?: boolean;
  readonly backend?: Rung;
}

/** Trains, or goes on with the run in `out`. Interrupted once it ends after the step at hand; the run can be gone on with. */
export async function trainCommand(options: TrainOptions): Promise<number> {
  const config = await readConfig(options.config);
  const rows = await readManifest(options.data);
  const out = resolve(options.out);
  const rung = await chooseBackend(options.backend);
  const stop = new AbortController();
  const interrupt = (): void => stop.abort();
  process.once('SIGINT', interrupt);
  const startedAt = performance.now();
  const { report, manifest } = await trainModel(config, rows, {
    out,
    cache: resolve(options.cache ?? join(out, 'cache')),
    rung,
    hooks: { ...progress(config), signal: stop.signal },
  }).finally(() => process.off('SIGINT', interrupt));
  clearBar();
  if (stop.signal.aborted) {
    say(`Stopped. The same command goes on with ${options.out}.`);
    if (options.json) answerJson({ out, rung, isStopped: true, ...lastEpoch(report) });
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
      parameters: manifest.card.parameters,
      isStopped: false,
      ...lastEpoch(report),
    });
  else answer(model);
  return EXIT.ok;
}

const lastEpoch = (report: EpochReport | null): Partial<EpochReport> => report ?? {};

function progress(config: TrainingConfig) {
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
        `epoch ${epoch} of ${config.training.epochs}, step ${step} of ${stepsPerEpoch}, ${isSkipped ? 'no finite loss, skipped' : `loss ${loss.toFixed(3)}, gradient norm ${gradientNorm.toPrecision(3)}`}`,
      );
    },
    onEpoch: (report: EpochReport) => say(describe(report)),
  };
}

function describe(report: EpochReport): string {
  const validation =
    report.validationLoss === null
      ? ''
      : `, validation loss ${report.validationLoss.toFixed(3)}, symbols wrong ${percent(report.validationSymbolError ?? 0)}`;
  const skipped = report.skippedSteps > 0 ? `, ${report.skippedSteps} steps without a finite loss` : '';
  return `epoch ${report.epoch} of ${report.epochs}: loss ${report.trainLoss?.toFixed(3) ?? '–'}${validation}, ${report.seconds.toFixed(1)} s${skipped}`;
}

async function readConfig(file: string): Promise<TrainingConfig> {
  return checkFile(trainingConfigSchema, await readNamedJson(file, MAX_CONFIG_BYTES), file);
}
