// The language model that ships with a recogniser, and the weights and the calibration that fit: from a recipe's own transcripts.
import { DEFAULT_FUSION, type Decoding } from '../../app/contract/decoding';
import type { ManifestRow } from '../data/manifest';
import { utterancesFromLogits, type Decoder } from '../ctc/transcribe';
import { percent, say } from '../commands/output';
import { calibrationFolds, fitCalibration, scoredWords, type CalibrationFold } from '../language/calibrate';
import { kneserNeyModel } from '../language/kneserNey';
import { tokensOf } from '../language/languageText';
import { countNgrams } from '../language/ngramCounts';
import type { NgramModel } from '../language/ngramModel';
import { openDecoder } from '../language/openDecoder';
import { tuneFusion, type HeardUtterance } from '../language/tune';
import { ENGLISH_CLASSES } from '../language/wordClasses';
import type { RecogniserManifest } from '../../app/contract/model';

const ORDER = 3;

/** Letters, digits, numbers and months as classes: nobody's name or number can be read from it. */
export function languageOf(rows: readonly ManifestRow[], corpus: string): NgramModel {
  const sentences = rows.filter((row) => row.corpus === corpus).map(({ transcript }) => tokensOf(transcript, 'word'));
  const classes = [...ENGLISH_CLASSES];
  return kneserNeyModel(countNgrams(sentences, ORDER, classes), classes);
}

export interface FittedDecoding {
  readonly decoding: Decoding;
  readonly folds: readonly CalibrationFold[];
  readonly decoder: Decoder;
}

/** Weights by the fewest wrong words on what was heard, then the calibration of confidences with them. */
export function fitDecoding(
  manifest: RecogniserManifest,
  words: NgramModel,
  heard: readonly HeardUtterance[],
): FittedDecoding {
  const [best] = tuneFusion(manifest, words, heard, { ...DEFAULT_FUSION, ...manifest.decoding?.fusion });
  const { fusion, wer } = best!;
  say(`language: α ${fusion.alpha}, β ${fusion.beta}, unknown ${fusion.unknownCost}: WER ${percent(wer)}`);
  const plain = { ...manifest, decoding: { fusion } };
  const { classes } = manifest.network.head;
  const decoder = openDecoder(plain, { words });
  const scored = heard.flatMap(({ logits, reference, speaker }) =>
    scoredWords(utterancesFromLogits(logits, logits.length / classes, plain, decoder), reference, speaker),
  );
  const decoding: Decoding = { fusion, calibration: fitCalibration(scored) };
  const fitted = openDecoder({ ...manifest, decoding }, { words });
  return { decoding, folds: calibrationFolds(scored), decoder: fitted };
}
