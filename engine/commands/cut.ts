// unroll data cut MANIFEST --model DIR --out DIR
import { readManifest } from '../data/manifest';
import { OpenModel } from '../listen/openModel';
import { cutRecordings, piecesCorpus } from '../training/cutRecordings';
import { chooseBackend } from './backend';
import { checkThatAllAreThere } from './evaluatedRows';
import { readChosenRecogniser, type ModelOptions } from './model';
import { answer, answerJson, clearBar, drawBar } from './output';

export interface DataCutOptions extends ModelOptions {
  readonly model: string;
  readonly out: string;
  readonly corpus?: string;
  readonly json?: boolean;
}

/** Cuts the recordings of a list, but for those of its parts for validation and test. */
export async function dataCutCommand(manifest: string, options: DataCutOptions): Promise<void> {
  const model = await readChosenRecogniser(options.model, 'default');
  const { corpus, out } = options;
  const rows = (await readManifest(manifest)).filter(
    (row) => (row.part ?? 'train') === 'train' && (corpus === undefined || row.corpus === corpus),
  );
  await checkThatAllAreThere(rows);
  const open = new OpenModel(model, await chooseBackend(options.backend));
  const report = await cutRecordings(open, rows, {
    out,
    corpus: piecesCorpus(corpus ?? null),
    onProgress: (done, of) => drawBar(done / of, `${done} of ${of} recordings`),
  });
  clearBar();
  await open.dispose();
  if (options.json) return answerJson(report);
  answer(`pieces        ${report.pieces}`);
  answer(`unsure        ${report.unsure}`);
  answer(`passed over   ${report.passedOver} of ${report.recordings} recordings`);
}
