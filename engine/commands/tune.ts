// unroll tune --model DIR --data MANIFEST --lm FILE, unroll calibrate --model DIR --data MANIFEST
import { DEFAULT_FUSION } from '../../app/contract/decoding';
import type { DataPart } from '../../app/contract/dataset';
import { utterancesFromLogits } from '../ctc/transcribe';
import { readManifest } from '../data/manifest';
import { readArpa } from '../language/arpa';
import { calibrationFolds, fitCalibration, reliability, scoredWords, type Reliability } from '../language/calibrate';
import { tuneFusion } from '../language/tune';
import { writeDecoding, type Recogniser } from '../library/modelFiles';
import { chooseBackend } from './backend';
import { decoderOf, type DecodingOptions } from './decoding';
import { checkThatAllAreThere, rowsOfPart } from './evaluatedRows';
import { hearAll } from './heard';
import { chosenFolder, readChosenRecogniser, type ModelOptions } from './model';
import { answer, answerJson, percent, say } from './output';

interface FittingOptions extends ModelOptions {
  readonly model: string;
  readonly data: string;
  readonly part?: DataPart;
  readonly json?: boolean;
  /** Nothing is written. */
  readonly dryRun?: boolean;
}
export interface TuneOptions extends FittingOptions {
  readonly lm: string;
  readonly beam?: number;
}
export type CalibrateOptions = FittingOptions & DecodingOptions;

/** Fits the weights of a language model to the model that hears, and writes them into its folder. */
export async function tuneCommand(options: TuneOptions): Promise<void> {
  const model = await readChosenRecogniser(options.model, 'default');
  const words = await readArpa(options.lm);
  const heard = await heardOf(model, options);
  const start = { ...DEFAULT_FUSION, ...model.manifest.decoding?.fusion };
  const [best, ...others] = tuneFusion(
    model.manifest,
    words,
    heard,
    options.beam === undefined ? start : { ...start, beamWidth: options.beam },
    ({ fusion, wer, cer }) =>
      say(
        `α ${fusion.alpha}  β ${fusion.beta}  unknown ${fusion.unknownCost}: ${percent(wer)} words, ${percent(cer)} characters wrong`,
      ),
  );
  if (!options.dryRun)
    await writeDecoding(await chosenFolder(options.model, 'default'), {
      ...model.manifest.decoding,
      fusion: best!.fusion,
    });
  if (options.json) answerJson({ ...best, tried: others.length + 1, utterances: heard.length });
  else {
    answer(`alpha ${best!.fusion.alpha}, beta ${best!.fusion.beta}, unknown cost ${best!.fusion.unknownCost}`);
    answer(`words wrong       ${percent(best!.wer)}`);
    answer(`characters wrong  ${percent(best!.cer)}`);
  }
}

/** Fits confidences to how often words are right, and writes that into the model's folder. */
export async function calibrateCommand(options: CalibrateOptions): Promise<void> {
  const model = await readChosenRecogniser(options.model, 'default');
  const { calibration: _known, ...others } = model.manifest.decoding ?? {};
  const manifest = { ...model.manifest, decoding: others };
  const decoder = await decoderOf(manifest, options);
  const { classes } = manifest.network.head;
  const words = (await heardOf(model, options)).flatMap(({ logits, reference, speaker }) =>
    scoredWords(utterancesFromLogits(logits, logits.length / classes, manifest, decoder), reference, speaker),
  );
  const folds = calibrationFolds(words);
  const calibration = fitCalibration(words);
  if (!options.dryRun) await writeDecoding(await chosenFolder(options.model, 'default'), { ...others, calibration });
  if (options.json) return answerJson({ calibration, words: words.length, folds });
  for (const { fittedOn, measuredOn, before, after, words: count } of folds) {
    answer(`fitted on ${fittedOn.join(' ')}, measured on ${measuredOn.join(' ')}: ${count} words`);
    answer(
      `  expected calibration error  ${percent(before.expectedCalibrationError)} before, ${percent(after.expectedCalibrationError)} after`,
    );
    answerBins(after);
  }
  const { temperature, bias } = calibration;
  answer(`temperature ${temperature.toFixed(3)}, bias ${bias.toFixed(3)} from all ${words.length} words`);
  answerBins(reliability(words, calibration));
}

function answerBins({ bins }: Reliability): void {
  for (const { words, meanConfidence, shareRight } of bins)
    answer(`  confidence ${percent(meanConfidence)}  right ${percent(shareRight)}  of ${words} words`);
}

async function heardOf(model: Recogniser, options: FittingOptions): ReturnType<typeof hearAll> {
  const rows = rowsOfPart(await readManifest(options.data), options);
  await checkThatAllAreThere(rows);
  return hearAll(model, rows, await chooseBackend(options.backend));
}
