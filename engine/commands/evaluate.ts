// unroll evaluate --data MANIFEST [--part PART]
import type { DataPart } from '../../app/contract/dataset';
import type { UnrollError } from '../../app/errors';
import { readManifest } from '../data/manifest';
import { isRecogniserModel, type Recogniser } from '../library/modelFiles';
import { evaluateModel } from '../training/evaluate';
import { ConfusionTally } from '../inspection/confusionTally';
import { chooseBackend } from './backend';
import {
  answerAreas,
  wantsConfusions,
  writeConfusions,
  type ConfusionOptions,
  type NamedTable,
} from './confusionFiles';
import { decoderOf, type DecodingOptions } from './decoding';
import { checkThatAllAreThere, rowsOfPart } from './evaluatedRows';
import { evaluateLabeller } from './evaluateLabels';
import { readChosenModel, type ModelOptions } from './model';
import { answer, answerJson, clearBar, drawBar, EXIT, percent, reportError, say } from './output';

export interface EvaluateOptions extends ModelOptions, DecodingOptions, ConfusionOptions {
  readonly data: string;
  /** Left out: all rows, whatever part they name. */
  readonly part?: DataPart;
  readonly json?: boolean;
}

/** @returns the exit code: 1 where a recording could not be read and the rates are over the rest */
export async function evaluateCommand(options: EvaluateOptions): Promise<number> {
  const model = await readChosenModel(options.model, 'default');
  return isRecogniserModel(model) ? evaluateRecogniser(model, options) : evaluateLabeller(model, options);
}

async function evaluateRecogniser(model: Recogniser, options: EvaluateOptions): Promise<number> {
  const rows = rowsOfPart(await readManifest(options.data), options);
  await checkThatAllAreThere(rows);
  const decoder = await decoderOf(model.manifest, options);
  const rung = await chooseBackend(options.backend);
  const onUtterance = (done: number, of: number): void => drawBar(done / of, `${done} of ${of} recordings`);
  let leftOut = 0;
  const onLeftOut = (_row: unknown, error: UnrollError): void => {
    leftOut += 1;
    reportError(error);
  };
  const tally = wantsConfusions(options)
    ? new ConfusionTally(
        model.manifest,
        rows.map(({ transcript }) => transcript),
      )
    : null;
  const evaluation = await evaluateModel(model, rows, {
    ...{ rung, decoder, onUtterance, onLeftOut },
    ...(tally !== null && { onHeard: (heard) => tally.add(heard) }),
  });
  clearBar();
  const tables = tally === null ? [] : namedTables(tally);
  await writeConfusions(tables, options);
  const { cer, wer, sentencesExact, realTimeFactor, utterances } = evaluation;
  if (options.json) answerJson({ cer, wer, sentencesExact, realTimeFactor, utterances, leftOut });
  else {
    answer(`characters wrong  ${percent(cer)}`);
    answer(`words wrong       ${percent(wer)}`);
    answer(`recordings exact  ${percent(sentencesExact)} of ${utterances}`);
    answer(`real-time factor  ${realTimeFactor.toFixed(3)}`);
    answerAreas(tables);
  }
  if (leftOut > 0) say(`${leftOut} of ${rows.length} recordings left out: they could not be read.`);
  return leftOut > 0 ? EXIT.badInput : EXIT.ok;
}

function namedTables(tally: ConfusionTally): NamedTable[] {
  const { symbols, words } = tally.tables();
  return [...(symbols === null ? [] : [{ of: 'symbol', table: symbols }]), { of: 'word', table: words }];
}
