// unroll apply [FILE…] --model DIR
import { stepMsOf } from '../../app/contract/model';
import type { Rung } from '../../app/contract/rung';
import { UnrollError } from '../../app/errors';
import { rowRefusal } from '../data/textTable';
import { isTagger, OpenSoundLabeller, OpenTextLabeller, type LabelAnswer } from '../labelling/openLabeller';
import { isRecogniserModel, isSoundLabeller } from '../library/modelFiles';
import { chooseBackend } from './backend';
import { readChosenModel } from './model';
import { answer, answerJson, EXIT, reportError, say } from './output';
import { readSound } from './readSound';
import { linesOf, NOTHING, readableLines, tagsOf, wholeOf, type Line } from './textLines';

export interface ApplyOptions {
  readonly model: string;
  readonly format: 'text' | 'json';
  readonly backend?: Rung;
}

/**
 * Labels every line of text files, or of stdin, or every sound file: one line is printed for each, in their order.
 * @returns the exit code: 1 where something could not be read
 */
export async function applyCommand(files: readonly string[], options: ApplyOptions): Promise<number> {
  const model = await readChosenModel(options.model, 'default');
  if (isRecogniserModel(model)) throw new UnrollError('model.notLabeller', { model: options.model });
  if (isSoundLabeller(model)) {
    if (files.length === 0) throw new UnrollError('usage', { reason: 'This model hears sound: name sound files.' });
    const labeller = await OpenSoundLabeller.open(model, await chooseBackend(options.backend));
    return applyToSounds(labeller, files, options).finally(() => labeller.dispose());
  }
  const labeller = await OpenTextLabeller.open(model, await chooseBackend(options.backend));
  return applyToTexts(labeller, files, options).finally(() => labeller.dispose());
}

/** Lines that are answered at once; somebody who types waits for none but their own. */
const CHUNK = 256;
const chunkOf = (files: readonly string[]): number => (files.length === 0 && process.stdin.isTTY ? 1 : CHUNK);

async function applyToTexts(labeller: OpenTextLabeller, files: readonly string[], options: ApplyOptions) {
  let hasFailed = false;
  const print = async (lines: readonly Line[]): Promise<void> => {
    const [readable, refused] = readableLines(labeller, lines);
    for (const { line, reason } of refused) {
      hasFailed = true;
      say(rowRefusal(line, reason).message);
    }
    const answers = await labeller.label(readable.map(({ text }) => text));
    const byLine = new Map(readable.map((line, index) => [line, answers[index]!]));
    for (const line of lines) printText(labeller, line.text, byLine.get(line) ?? [], options);
  };
  let waiting: Line[] = [];
  const most = chunkOf(files);
  for await (const line of linesOf(files)) {
    waiting.push(line);
    if (waiting.length < most) continue;
    await print(waiting);
    waiting = [];
  }
  await print(waiting);
  return hasFailed ? EXIT.badInput : EXIT.ok;
}

/** @param answers of the whole text or of every token; none where nothing was read */
function printText(
  labeller: OpenTextLabeller,
  text: string,
  answers: readonly LabelAnswer[],
  { format }: ApplyOptions,
): void {
  const { manifest } = labeller;
  const [first] = answers;
  switch (format) {
    case 'text':
      return answer(fieldsOf(text, answers));
    case 'json':
      if (!isTagger(manifest)) return answerJson({ text, ...(first ? wholeOf(first, manifest.labels) : NOTHING) });
      return answerJson({ text, ...tagsOf(labeller.tokens(text), answers) });
  }
}

/** What was read, the labels and their probabilities, parted by tabs; of several labels parted by spaces. */
const fieldsOf = (read: string, answers: readonly LabelAnswer[]): string =>
  [
    read.replace(/\s+/gu, ' '),
    answers.map(({ label }) => label).join(' '),
    answers.map(({ probability }) => probability.toFixed(4)).join(' '),
  ].join('\t');

async function applyToSounds(labeller: OpenSoundLabeller, files: readonly string[], { format }: ApplyOptions) {
  const { manifest } = labeller;
  let hasFailed = false;
  for (const file of files) {
    try {
      const answers = await labeller.label(await readSound(file));
      const runs = isTagger(manifest) ? runsOf(answers, stepMsOf(manifest)) : null;
      if (format === 'json')
        answerJson({ file, ...(runs === null ? wholeOf(answers[0]!, manifest.labels) : { segments: runs }) });
      else if (runs === null) answer(fieldsOf(file, answers));
      else for (const { label, startMs, endMs } of runs) answer([file, label, startMs, endMs].join('\t'));
    } catch (error) {
      if (!(error instanceof UnrollError)) throw error;
      hasFailed = true;
      reportError(error);
      if (format === 'json') answerJson({ file, error: error.toMessage() });
    }
  }
  return hasFailed ? EXIT.badInput : EXIT.ok;
}

/** Steps that follow each other with one label, as one. */
function runsOf(answers: readonly LabelAnswer[], stepMs: number) {
  const runs: { label: string; startMs: number; endMs: number }[] = [];
  answers.forEach(({ label }, step) => {
    const last = runs.at(-1);
    const [startMs, endMs] = [step * stepMs, (step + 1) * stepMs];
    if (last?.label === label) last.endMs = endMs;
    else runs.push({ label, startMs, endMs });
  });
  return runs;
}
