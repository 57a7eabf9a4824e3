// unroll train --config FILE --data MANIFEST|FOLDER --out DIR [--resume] [--from MODEL] [--find-rate]
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import type { Rung } from '../../app/contract/rung';
import { anyConfigSchema, type AnyConfig } from '../../app/contract/labelConfig';
import type { ModelManifest } from '../../app/contract/model';
import type { TrainingConfig } from '../../app/contract/trainingConfig';
import { unreachable, UnrollError } from '../../app/errors';
import { checkFile } from '../data/checkFile';
import { MANIFEST_FILE } from '../data/dataFolder';
import { readManifest } from '../data/manifest';
import { readTextTable } from '../data/textTable';
import type { TrainedRun } from '../training/learnModel';
import { trainOnSounds, trainOnTexts } from '../training/trainLabeller';
import { readNamedJson } from '../data/namedJson';
import { readSources, soundFilesOf } from '../data/soundSources';
import { CONFIG_FILE, isRunFolder } from '../training/runFolder';
import { findModelRate, trainModel, type TrainModelOptions } from '../training/trainModel';
import type { Wish } from '../training/train';
import { chooseBackend } from './backend';
import { keepingPrograms } from './keptPrograms';
import { readChosenRecogniser } from './model';
import { answer, answerJson, clearBar, drawBar, EXIT, say } from './output';
import { trainProgress } from './trainProgress';

/** A hundred thousand words of vocabulary take a hundredth of it. */
const MAX_CONFIG_BYTES = 64 << 20;

export interface TrainOptions {
  readonly config?: string;
  readonly data: string;
  readonly out?: string;
  readonly resume?: boolean;
  readonly from?: string;
  readonly findRate?: boolean;
  readonly cache?: string;
  /** Folders of noise and of impulse responses. */
  readonly noise?: string;
  readonly rooms?: string;
  readonly json?: boolean;
  readonly backend?: Rung;
}

export const trainCommand = (options: TrainOptions): Promise<number> =>
  keepingPrograms(options.backend, (control) =>
    (options.findRate === true ? findRateCommand : train)(options, control),
  );

/** Trains, or goes on with the run in `out`. Interrupted it ends after the step at hand, with a checkpoint there. */
async function train(options: TrainOptions, control: () => Wish): Promise<number> {
  if (options.out === undefined) throw usage('--out is needed');
  const out = resolve(options.out);
  if (options.resume === true && !(await isRunFolder(out)))
    throw new UnrollError('training.nothingToResume', { folder: options.out });
  const config = await readConfig(options.config ?? (options.resume ? join(out, CONFIG_FILE) : undefined));
  if (options.from !== undefined) checkWritesText(config, '--from');
  const training = await readTraining(config, options.data);
  const given = await readGiven(options);
  const startedAt = performance.now();
  const run = await training({
    out,
    cache: resolve(options.cache ?? join(out, 'cache')),
    ...given,
    hooks: { ...trainProgress(config.training.epochs), control },
  });
  clearBar();
  const told = { out, rung: given.rung, ...run.report };
  if (run.kind === 'paused') {
    say(`Stopped. The same command goes on with ${options.out}.`);
    if (options.json) answerJson({ ...told, isStopped: true });
    return EXIT.interrupted;
  }
  const model = join(out, 'model');
  const seconds = (performance.now() - startedAt) / 1000;
  const { parameters } = run.manifest.card;
  if (options.json) answerJson({ model, ...told, seconds, parameters, best: run.best, isStopped: false });
  else answer(model);
  return EXIT.ok;
}

/** Tells at which learning rate the loss falls most steeply; nothing is kept. */
async function findRateCommand(options: TrainOptions, control: () => Wish): Promise<number> {
  const config = await readConfig(options.config);
  checkWritesText(config, '--find-rate');
  const rows = await readManifest(await manifestOf(options.data));
  const given = await readGiven(options);
  const cache = options.cache === undefined ? await fs.mkdtemp(join(tmpdir(), 'unroll-features-')) : null;
  try {
    const { onPreparing, onLeftOut } = trainProgress(config.training.epochs);
    const found = await findModelRate(config, rows, {
      cache: cache ?? resolve(options.cache!),
      ...given,
      hooks: { onPreparing: onPreparing!, onLeftOut: onLeftOut!, control },
      find: {
        isEnough: () => control() !== 'goOn',
        onStep: (done, of, { learningRate, loss }) =>
          drawBar(done / of, `learning rate ${learningRate.toExponential(1)}, loss ${loss.toFixed(3)}`),
      },
    });
    clearBar();
    if (found === null || control() !== 'goOn') return EXIT.interrupted;
    if (options.json) answerJson({ rung: given.rung, ...found });
    else if (found.suggestion === null) say('The loss falls at no learning rate.');
    else answer(found.suggestion.toPrecision(2));
    return EXIT.ok;
  } finally {
    if (cache !== null) await fs.rm(cache, { recursive: true, force: true });
  }
}

const usage = (reason: string): UnrollError =>
  new UnrollError('usage', { reason: `${reason}. --help tells what there is.` });

async function readGiven({ from, noise, rooms, backend }: TrainOptions) {
  return {
    from: from === undefined ? null : await readChosenRecogniser(from, 'default'),
    sources: await readSources({
      noises: await soundFilesOf(noise ?? null),
      responses: await soundFilesOf(rooms ?? null),
    }),
    rung: await chooseBackend(backend),
  };
}

/** The data of a configuration's task, read; what is handed back trains on it. */
async function readTraining(
  config: AnyConfig,
  data: string,
): Promise<(options: TrainModelOptions) => Promise<TrainedRun<ModelManifest>>> {
  switch (config.task) {
    case undefined:
    case 'transcribe': {
      const rows = await readManifest(await manifestOf(data));
      return (options) => trainModel(config, rows, options);
    }
    case 'classifySound': {
      const rows = await readManifest(await manifestOf(data));
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

/** A list itself, or that of a data set's folder. */
async function manifestOf(data: string): Promise<string> {
  const isFolder = await fs.stat(data).then(
    (stats) => stats.isDirectory(),
    () => false, // whoever reads it says why
  );
  return isFolder ? join(data, MANIFEST_FILE) : data;
}

function checkWritesText(config: AnyConfig, option: string): asserts config is TrainingConfig {
  if (config.task !== undefined && config.task !== 'transcribe') throw usage(`${option} is for models that write text`);
}

async function readConfig(file: string | undefined): Promise<AnyConfig> {
  if (file === undefined) throw usage('--config is needed');
  return checkFile(anyConfigSchema, await readNamedJson(file, MAX_CONFIG_BYTES), file);
}
