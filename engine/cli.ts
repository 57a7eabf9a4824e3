// The engine as a command. Answers go to stdout, everything else to stderr; exit codes: 0, 1 bad input, 2 bad usage, 70 a bug.
import { Command, CommanderError, InvalidArgumentError, Option } from 'commander';
import packageInfo from '../package.json';
import { rungSchema } from '../app/contract/rung';
import { dataPartSchema, importFormatSchema } from '../app/contract/dataset';
import { textTaskSchema } from '../app/contract/textTask';
import { formatNameSchema } from '../app/transcripts/formats';
import { applyCommand, type ApplyOptions } from './commands/apply';
import { dataCheckCommand, dataExportCommand, dataImportCommand, type DataImportOptions } from './commands/data';
import { dataCutCommand, type DataCutOptions } from './commands/cut';
import { describeCommand } from './commands/describe';
import { evaluateCommand, type EvaluateOptions } from './commands/evaluate';
import { exportCommand, type ExportOptions } from './commands/export';
import { inspectCommand, type InspectOptions } from './commands/inspect';
import { addLabCommands } from './commands/lab';
import { addLanguageOptions, beamOption, decoderOption, nBestOption } from './commands/decoding';
import { addLanguageCommands } from './commands/lm';
import { modelsCommand } from './commands/models';
import { EXIT, reportError } from './commands/output';
import { onnxCommand, type OnnxOptions } from './commands/onnx';
import { labelTextsCommand, type LabelTextsOptions } from './commands/labelTexts';
import { calibrateCommand, tuneCommand, type CalibrateOptions, type TuneOptions } from './commands/tune';
import { torchCommand, type TorchOptions } from './commands/torch';
import { trainCommand, type TrainOptions } from './commands/train';
import { trainTextCommand, type TrainTextOptions } from './commands/trainText';
import { transcribeCommand, type TranscribeOptions } from './commands/transcribe';

const modelOption = (): Option =>
  new Option('--model <folder>', 'model to use: its folder, or the id of one that comes with Unroll');
const jsonOption = (): Option => new Option('--json', 'print one line of JSON');
const backendOption = (): Option =>
  new Option('--backend <name>', 'how to compute; the fastest that works here if left out').choices(rungSchema.options);

function program(finish: (code: number) => void): Command {
  const unroll = new Command('unroll')
    .description('Recognise speech and train recognisers, all on this computer.')
    .version(packageInfo.version)
    .exitOverride();
  addTranscribeCommand(unroll, finish);
  addExportCommand(unroll, finish);
  addLanguageOptions(unroll.command('evaluate'))
    .description(
      'measure a model on recordings whose text is known, or on recordings or texts whose labels are known; a recording that cannot be read is named and left out, and the exit code is 1 then',
    )
    .addOption(modelOption())
    .requiredOption(
      '--data <manifest>',
      'table parted by tabs: files and transcripts or labels, or texts and labels or tags, as the model answers',
    )
    .addOption(new Option('--part <name>', 'only the rows of this part of a data set').choices(dataPartSchema.options))
    .addOption(jsonOption())
    .option('--confusions <file>', 'write what was said for what was read, and how often, as a table parted by tabs')
    .option('--roc <file>', 'write how well the scores tell each symbol, word or label from others, as such a table')
    .addOption(backendOption())
    .addOption(decoderOption())
    .action(async (options: EvaluateOptions) => finish(await evaluateCommand(options)));
  addModelCommands(unroll, finish);
  unroll
    .command('onnx')
    .description('write a model as an ONNX file, with its front end and its alphabet or labels in the metadata')
    .addOption(modelOption())
    .requiredOption('--out <file>', 'where the file is written')
    .action((options: OnnxOptions) => onnxCommand(options));
  addTorchCommand(unroll);
  addFittingCommands(unroll);
  addTrainCommand(unroll, finish);
  addTextCommands(unroll, finish);
  addDataCommands(unroll, finish);
  addLanguageCommands(unroll.command('lm').description('make and try language models'), jsonOption);
  addLabCommands(
    unroll.command('lab').description('experiments on what recurrent networks do, and why they are hard to train'),
    (command) => command.addOption(jsonOption()).addOption(backendOption()),
  );
  unroll
    .command('models')
    .description('list the models that come with Unroll')
    .addOption(jsonOption())
    .action((options: { json?: boolean }) => modelsCommand(options));
  unroll
    .command('describe')
    .description('list the layers of a network, their shapes, parameters and multiply-adds')
    .argument('<spec>', "a model's folder or model.json, or a network alone, as JSON")
    .addOption(jsonOption())
    .action((spec: string, options: { json?: boolean }) => describeCommand(spec, options));
  return unroll;
}

/** `json` is the line of all that is known; what `export` calls so is printed of the recordings of the library. */
const TRANSCRIBE_FORMATS = ['text', ...formatNameSchema.options];

function addExportCommand(unroll: Command, finish: (code: number) => void): void {
  unroll
    .command('export')
    .description(
      'write transcripts in another format: of recordings, by their folders, with what was put right; or of files in one of these formats',
    )
    .argument('<source...>', "recordings' folders, or files of transcripts")
    .addOption(new Option('--format <name>', 'what to write').choices(formatNameSchema.options).makeOptionMandatory())
    .option('--out <folder>', 'where the files are written; one alone is printed if left out')
    .option('--no-times', 'plain text without times')
    .action(async (sources: string[], options: ExportOptions) => finish(await exportCommand(sources, options)));
}

function addTranscribeCommand(unroll: Command, finish: (code: number) => void): void {
  addLanguageOptions(unroll.command('transcribe'))
    .description(
      'print what is said in sound files: WAV, FLAC, MP3, Ogg Vorbis and Opus; one that cannot be read is named and left out, and the exit code is 1 then',
    )
    .argument('<file...>', 'sound files')
    .addOption(modelOption())
    .addOption(
      new Option(
        '--format <name>',
        'what to print: text, json (all that is known, a line), or the format of a file: with several sounds, one after the other',
      )
        .choices(TRANSCRIBE_FORMATS)
        .default('text'),
    )
    .addOption(jsonOption())
    .option('--stream', 'hear the files as a microphone is heard, 100 ms at a time')
    .addOption(backendOption())
    .addOption(
      new Option(
        '--decoder <name>',
        'how symbols are chosen; by beam search if left out, where a language model came with the model',
      ).choices(['greedy', 'beam']),
    )
    .addOption(nBestOption())
    .option('--figures', 'write numbers as figures: "two zero five" as 205')
    .action(async (files: string[], options: TranscribeOptions) => finish(await transcribeCommand(files, options)));
}

function addTorchCommand(unroll: Command): void {
  unroll
    .command('torch')
    .description('make a model of a recurrent stack of PyTorch’s with a linear layer above it, saved as safetensors')
    .argument('<file>', 'the tensors of its state_dict')
    .addOption(
      new Option('--cell <name>', 'nn.LSTM, nn.GRU or nn.RNN').choices(['lstm', 'gru', 'rnn']).makeOptionMandatory(),
    )
    .requiredOption('--like <model>', 'model whose front end, alphabet or labels, and card are taken over')
    .requiredOption('--out <folder>', "the new model's folder; what it is called is its id")
    .option('--head <name>', "name of the linear layer's tensors", 'head')
    .addOption(new Option('--nonlinearity <name>', 'of nn.RNN').choices(['tanh', 'relu']).default('tanh'))
    .action((file: string, options: TorchOptions) => torchCommand(file, options));
}

/** Using models in other ways than to read text. */
function addModelCommands(unroll: Command, finish: (code: number) => void): void {
  unroll
    .command('apply')
    .description(
      'label texts or sounds with a model that gives labels: one line for each line of text, from files or stdin, or for each sound file, with the probabilities',
    )
    .argument('[file...]', 'files of texts, one on each line, stdin if left out; or sound files, where the model hears')
    .requiredOption('--model <folder>', "the model's folder")
    .addOption(
      new Option(
        '--format <name>',
        'text: what was read, labels and probabilities, parted by tabs; json: a line of JSON each',
      )
        .choices(['text', 'json'])
        .default('text'),
    )
    .addOption(backendOption())
    .action(async (files: string[], options: ApplyOptions) => finish(await applyCommand(files, options)));
  unroll
    .command('inspect')
    .description(
      'write what a network does inside while it hears a sound: every gate and memory, step by step, as activations.npz, and the text as text.json',
    )
    .argument('<file>', 'sound file')
    .addOption(modelOption())
    .requiredOption('--out <folder>', 'where the files are written; those that are there are replaced')
    .addOption(
      new Option('--layers <numbers>', 'only these layers, from 0, parted by commas; all if left out').argParser(
        layersOf,
      ),
    )
    .addOption(jsonOption())
    .addOption(backendOption())
    .action(async (file: string, options: InspectOptions) => finish(await inspectCommand(file, options)));
}

/** What is fitted to a model that is trained already, and written into its model.json. */
function addFittingCommands(unroll: Command): void {
  const fitting = (command: Command): Command =>
    command
      .requiredOption('--model <folder>', 'the model: its model.json is written')
      .requiredOption('--data <manifest>', 'recordings whose text is known, kept for such choices')
      .addOption(new Option('--part <name>', 'only the rows of this part').choices(dataPartSchema.options))
      .option('--dry-run', 'write nothing')
      .addOption(jsonOption())
      .addOption(backendOption());
  fitting(unroll.command('tune'))
    .description('find the weights with which a language model helps a recogniser most')
    .requiredOption('--lm <file>', 'language model: ARPA file of words or characters')
    .addOption(beamOption())
    .action((options: TuneOptions) => tuneCommand(options));
  addLanguageOptions(fitting(unroll.command('calibrate')))
    .description('turn the scores of words so that words of 80 % are right eight times of ten')
    .addOption(decoderOption())
    .action((options: CalibrateOptions) => calibrateCommand(options));
}

function addTrainCommand(unroll: Command, finish: (code: number) => void): void {
  unroll
    .command('train')
    .description(
      'train a model, or go on with a run that was stopped; interrupted it keeps where it stands, and the exit code is 130 then',
    )
    .option('--config <file>', 'what to train, as JSON; with --resume that of the run if left out')
    .requiredOption(
      '--data <path>',
      'table parted by tabs: files and transcripts, or files and labels, or texts and labels or tags, as the configuration asks; or the folder of a data set',
    )
    .option('--out <folder>', "the run's folder; the model comes to its folder model")
    .option('--resume', 'only go on with the run that is in the folder')
    .option(
      '--from <model>',
      'begin with a model, its folder or the id of one that comes with Unroll: its features are kept, and of its network what fits',
    )
    .option('--find-rate', 'tell a good learning rate instead: it is raised from step to step; nothing is kept')
    .option('--cache <folder>', "where features are kept; the run's folder if left out")
    .option('--noise <folder>', 'recordings of noise to disturb clips with; coloured noise if left out')
    .option('--rooms <folder>', 'impulse responses of rooms to hear clips through; made ones if left out')
    .addOption(jsonOption())
    .addOption(backendOption())
    .action(async (options: TrainOptions) => finish(await trainCommand(options)));
}

/** What texts mean. */
function addTextCommands(unroll: Command, finish: (code: number) => void): void {
  unroll
    .command('train-text')
    .description(
      'learn from texts what their words or wholes mean, by the recommended configuration: from nine tenths, chosen by the tenth, measured once on the test; lines that cannot be used are named and left out',
    )
    .addOption(new Option('--task <name>', 'what is learned').choices(textTaskSchema.options).makeOptionMandatory())
    .requiredOption(
      '--data <path>',
      'words and tags, or a text and its label, parted by a tab; one token with its tag a line; a folder, or the beginning of the names, of seq.in, seq.out and label; JSON lines with text and keyphrases',
    )
    .option('--test <path>', 'what it is measured on, in any of these forms; the validation part if left out')
    .requiredOption('--out <folder>', "the run's folder; the model comes to its folder model")
    .option('--config <file>', 'another configuration, as of `unroll train`')
    .addOption(new Option('--seed <number>', 'of the tenth and of chance').argParser(seedOf))
    .addOption(jsonOption())
    .addOption(backendOption())
    .action(async (options: TrainTextOptions) => finish(await trainTextCommand(options)));
  for (const [name, description] of Object.entries(LABELLING))
    unroll
      .command(name)
      .description(description)
      .argument('[file...]', 'files of texts, one on each line; stdin if left out')
      .requiredOption('--model <folder>', "the model's folder")
      .addOption(jsonOption())
      .addOption(backendOption())
      .action(async (files: string[], options: LabelTextsOptions) =>
        finish(await labelTextsCommand(name as keyof typeof LABELLING, files, options)),
      );
}

const LABELLING = {
  tag: 'tag every word of texts, and list the slots that the tags write',
  classify: 'label texts with an intent, a sentiment or whatever else the model tells apart',
  keywords: 'list the key phrases of documents, one document on each line',
} as const;

function addDataCommands(unroll: Command, finish: (code: number) => void): void {
  const data = unroll.command('data').description('make data sets to train on of recordings and their texts');
  data
    .command('import')
    .description(
      'make a data set of recordings and texts in any common form; what cannot be used is named and left out, and the exit code is 1 then',
    )
    .argument('<source>', 'a folder or a list')
    .requiredOption('--out <folder>', 'the new folder of the data set')
    .addOption(
      new Option('--format <name>', 'the form of the source; told by itself if left out').choices(
        importFormatSchema.options,
      ),
    )
    .option(
      '--copy',
      'copy the sound into the folder; if left out, it stays where it is and is named by absolute paths',
    )
    .option('--known <folder>', 'a folder with data sets: recordings that are in one of them already are left out')
    .option('--replace', 'replace the data set that is in the folder')
    .addOption(
      new Option('--seed <number>', 'for the choice of speakers for validation and test').default(1).argParser(seedOf),
    )
    .addOption(jsonOption())
    .action(async (source: string, options: DataImportOptions) => finish(await dataImportCommand(source, options)));
  data
    .command('export')
    .description('save a whole data set with its sounds as one file, which `data import` opens again as it was')
    .argument('<folder>', 'folder of the data set')
    .requiredOption('--out <file>', 'where it is saved, as words.unroll-set.zip')
    .addOption(jsonOption())
    .action(async (folder: string, options: { out: string; json?: boolean }) =>
      finish(await dataExportCommand(folder, options)),
    );
  data
    .command('cut')
    .description(
      'cut recorded sentences at the pauses between their words, by a model that knows the words; training can string the pieces anew',
    )
    .argument('<manifest>', 'list of recordings and their texts')
    .addOption(modelOption().makeOptionMandatory())
    .requiredOption('--out <folder>', 'where the pieces and their list go')
    .option('--corpus <name>', 'only recordings of this corpus; the pieces are said to be of <name>-pieces')
    .addOption(jsonOption())
    .addOption(backendOption())
    .action(async (manifest: string, options: DataCutOptions) => dataCutCommand(manifest, options));
  data
    .command('check')
    .description(
      'read a whole data set and tell durations, symbols, outliers and balance, with advice; the exit code is 1 where something cannot be trained on',
    )
    .argument('<folder>', 'folder with manifest.tsv')
    .addOption(jsonOption())
    .action(async (folder: string, options: { json?: boolean }) => finish(await dataCheckCommand(folder, options)));
}

function layersOf(text: string): number[] {
  if (!/^\d{1,2}(,\d{1,2})*$/.test(text)) throw new InvalidArgumentError('Expected numbers, as 0,2.');
  return text.split(',').map(Number);
}

function seedOf(text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 0 to 999999999.');
  return Number(text);
}

/** @returns the exit code */
export async function runCommand(parameters: readonly string[]): Promise<number> {
  let code: number = EXIT.ok;
  try {
    await program((result) => (code = result)).parseAsync(parameters, { from: 'user' });
    return code;
  } catch (error) {
    if (!(error instanceof CommanderError)) return reportError(error);
    // Help and version were asked for; everything else was said on stderr.
    return error.exitCode === 0 ? EXIT.ok : EXIT.badUsage;
  }
}

function main(): void {
  // Libraries greet on stdout; it belongs to the answer alone.
  console.log = console.info = console.error;
  process.env['TF_CPP_MIN_LOG_LEVEL'] ??= '2';
  // A reader that has seen enough, like `head`, is no fault.
  process.stdout.on('error', (error: NodeJS.ErrnoException) =>
    process.exit(error.code === 'EPIPE' ? 0 : EXIT.badInput),
  );
  const end = (code: number): void => void process.stdout.write('', () => process.exit(code));
  process.on('uncaughtException', (error) => end(reportError(error)));
  process.on('unhandledRejection', (error) => end(reportError(error)));
  void runCommand(process.argv.slice(2)).then(end);
}

main();
