// unroll evaluate --data MANIFEST [--part PART]
import { promises as fs } from 'node:fs';
import type { DataPart } from '../../app/contract/dataset';
import { UnrollError } from '../../app/errors';
import { readManifest, type ManifestRow } from '../data/manifest';
import type { DecoderKind } from '../ctc/transcribe';
import { evaluateModel } from '../training/evaluate';
import { chooseBackend } from './backend';
import { readChosenRecogniser, type ModelOptions } from './model';
import { answer, answerJson, clearBar, drawBar, EXIT, percent, reportError, say } from './output';

export interface EvaluateOptions extends ModelOptions {
  readonly data: string;
  /** Left out: all rows, whatever part they name. */
  readonly part?: DataPart;
  readonly json?: boolean;
  readonly decoder: DecoderKind;
}

/** @returns the exit code: 1 where a recording could not be read and the rates are over the rest */
export async function evaluateCommand(options: EvaluateOptions): Promise<number> {
  const model = await readChosenRecogniser(options.model, 'default');
  const rows = rowsOfPart(await readManifest(options.data), options);
  await checkThatAllAreThere(rows);
  const rung = await chooseBackend(options.backend);
  const onUtterance = (done: number, of: number): void => drawBar(done / of, `${done} of ${of} recordings`);
  let leftOut = 0;
  const onLeftOut = (_row: ManifestRow, error: UnrollError): void => {
    leftOut += 1;
    reportError(error);
  };
  const evaluation = await evaluateModel(model, rows, { rung, decoder: options.decoder, onUtterance, onLeftOut });
  clearBar();
  const { cer, wer, sentencesExact, realTimeFactor, utterances } = evaluation;
  if (options.json) answerJson({ cer, wer, sentencesExact, realTimeFactor, utterances, leftOut });
  else {
    answer(`characters wrong  ${percent(cer)}`);
    answer(`words wrong       ${percent(wer)}`);
    answer(`recordings exact  ${percent(sentencesExact)} of ${utterances}`);
    answer(`real-time factor  ${realTimeFactor.toFixed(3)}`);
  }
  if (leftOut > 0) say(`${leftOut} of ${rows.length} recordings left out: they could not be read.`);
  return leftOut > 0 ? EXIT.badInput : EXIT.ok;
}

/** @throws UnrollError dataset.noPart */
function rowsOfPart(rows: readonly ManifestRow[], { data, part }: EvaluateOptions): readonly ManifestRow[] {
  if (part === undefined) return rows;
  const chosen = rows.filter((row) => row.part === part);
  if (chosen.length === 0) throw new UnrollError('dataset.noPart', { file: data, part });
  return chosen;
}

/** A list that names what is not there is wrong as a list: that is said before an hour of work, with its line. @throws UnrollError manifest.invalid */
async function checkThatAllAreThere(rows: readonly ManifestRow[]): Promise<void> {
  for (const { path, manifest, line } of rows) {
    try {
      await fs.access(path, fs.constants.R_OK);
    } catch (error) {
      const reason = new UnrollError('file.missing', { file: path }).message;
      throw new UnrollError('manifest.invalid', { file: manifest, line, reason }, { cause: error });
    }
  }
}
