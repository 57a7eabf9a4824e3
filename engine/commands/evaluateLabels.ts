// unroll evaluate, for models that give labels.
import type { DataPart } from '../../app/contract/dataset';
import type { Rung } from '../../app/contract/rung';
import { UnrollError } from '../../app/errors';
import { readManifest } from '../data/manifest';
import { readTextTable } from '../data/textTable';
import { evaluateOnSounds, evaluateOnTexts, type LabelEvaluation } from '../labelling/evaluateLabeller';
import { isTagger, type LabelAnswer } from '../labelling/openLabeller';
import { isSoundLabeller, type Labeller, type SoundLabeller, type TextLabeller } from '../library/modelFiles';
import { ConfusionCounts } from '../metrics/confusions';
import { chooseBackend } from './backend';
import { answerAreas, wantsConfusions, writeConfusions, type ConfusionOptions } from './confusionFiles';
import { checkThatAllAreThere, rowsOfPart } from './evaluatedRows';
import { answer, answerJson, clearBar, drawBar, EXIT, percent, reportError, say } from './output';
import { readSound } from './readSound';

interface EvaluateOptions extends ConfusionOptions {
  readonly data: string;
  readonly part?: DataPart;
  readonly json?: boolean;
  readonly decoder: 'greedy' | 'beam';
  readonly backend?: Rung;
}
interface Measured {
  readonly evaluation: LabelEvaluation;
  readonly rows: number;
  readonly leftOut: number;
}

/** @returns the exit code: 1 where a recording could not be read and the rates are over the rest */
export async function evaluateLabeller(model: Labeller, options: EvaluateOptions): Promise<number> {
  if (options.decoder === 'beam')
    throw new UnrollError('usage', { reason: 'Labels are not decoded: leave out --decoder beam.' });
  const counts = new ConfusionCounts();
  const { labels: known } = model.manifest;
  const onLabel = (reference: string, { label, probabilities }: LabelAnswer): void => {
    if (!wantsConfusions(options)) return;
    counts.add({
      said: [reference],
      read: [{ text: label, startMs: 0, endMs: 0 }],
      durationMs: 0,
      scores: new Map(known.map((each, k) => [each, probabilities[k]!])),
    });
  };
  const measured = isSoundLabeller(model)
    ? await onSounds(model, options, onLabel)
    : await onTexts(model, options, onLabel);
  clearBar();
  const tables = [{ of: 'label', table: counts.table('probability', known) }];
  await writeConfusions(tables, options);
  const { evaluation, rows, leftOut } = measured;
  const { accuracy, sequences, tags, labels, realTimeFactor } = evaluation;
  if (options.json)
    answerJson({ accuracy, sequences, ...tags, labels, ...(realTimeFactor !== null && { realTimeFactor }), leftOut });
  else {
    for (const line of linesOf(evaluation)) answer(line);
    if (wantsConfusions(options)) answerAreas(tables);
  }
  if (leftOut > 0) say(`${leftOut} of ${rows} recordings left out: they could not be read.`);
  return leftOut > 0 ? EXIT.badInput : EXIT.ok;
}

type OnLabel = (reference: string, answer: LabelAnswer) => void;

async function onTexts(model: TextLabeller, options: EvaluateOptions, onLabel: OnLabel): Promise<Measured> {
  const column = isTagger(model.manifest) ? 'tags' : 'label';
  const rows = rowsOfPart(await readTextTable(options.data, column), options);
  const rung = await chooseBackend(options.backend);
  const onDone = (done: number, of: number): void => drawBar(done / of, `${done} of ${of} texts`);
  return { evaluation: await evaluateOnTexts(model, rows, rung, { onDone, onLabel }), rows: rows.length, leftOut: 0 };
}

async function onSounds(model: SoundLabeller, options: EvaluateOptions, onLabel: OnLabel): Promise<Measured> {
  if (isTagger(model.manifest)) throw new UnrollError('model.tagsFrames', { model: model.manifest.id });
  const rows = rowsOfPart(await readManifest(options.data), options);
  await checkThatAllAreThere(rows);
  const rung = await chooseBackend(options.backend);
  let leftOut = 0;
  const evaluation = await evaluateOnSounds(model, rows, rung, {
    readSound,
    onLabel,
    onDone: (done, of) => drawBar(done / of, `${done} of ${of} recordings`),
    onLeftOut: (_row, error) => {
      leftOut += 1;
      reportError(error);
    },
  });
  return { evaluation, rows: rows.length, leftOut };
}

/** Numbers over the whole, then a table of the labels. */
function linesOf({ accuracy, sequences, tags, labels, realTimeFactor }: LabelEvaluation): string[] {
  const width = Math.max(...labels.map(({ label }) => label.length), 'label'.length);
  const row = (label: string, ...numbers: string[]): string =>
    [label.padEnd(width), ...numbers.map((each) => each.padStart(9))].join('  ');
  return [
    `all right         ${percent(accuracy)} of ${sequences}`,
    ...(tags === null
      ? []
      : [
          `tags right        ${percent(tags.tokenAccuracy)} of ${tags.tokens}`,
          `slots             F1 ${percent(tags.f1)}, precision ${percent(tags.precision)}, recall ${percent(tags.recall)} of ${tags.slots}`,
        ]),
    ...(realTimeFactor === null ? [] : [`real-time factor  ${realTimeFactor.toFixed(3)}`]),
    '',
    row('label', 'count', 'precision', 'recall', 'F1'),
    ...labels.map(({ label, count, precision, recall, f1 }) =>
      row(label, String(count), percent(precision), percent(recall), percent(f1)),
    ),
  ];
}
