// unroll tag | classify | keywords [FILE…] --model DIR
import type { Rung } from '../../app/contract/rung';
import { UnrollError } from '../../app/errors';
import { rowRefusal } from '../data/textTable';
import { phrasesFrom } from '../keywords/evaluateKeywords';
import { PHRASE, PHRASES_OFFERED } from '../keywords/phraseTags';
import { isTagger, OpenTextLabeller, type LabelAnswer } from '../labelling/openLabeller';
import { isRecogniserModel, isSoundLabeller, type TextLabeller } from '../library/modelFiles';
import { slotsOf } from '../metrics/slots';
import { wordsOf } from '../text/tokens';
import { chooseBackend } from './backend';
import { readChosenModel } from './model';
import { answer, answerJson, EXIT, say } from './output';
import { linesOf, NOTHING, readableLines, tagsOf, wholeOf, type Line } from './textLines';

export interface LabelTextsOptions {
  readonly model: string;
  readonly json?: boolean;
  readonly backend?: Rung;
}
export type LabelTextsKind = 'tag' | 'classify' | 'keywords';

/**
 * Says of every text what the model makes of it: a line for each, or one line of JSON for all.
 * @returns the exit code: 1 where a text could not be read
 */
export async function labelTextsCommand(
  kind: LabelTextsKind,
  files: readonly string[],
  options: LabelTextsOptions,
): Promise<number> {
  const model = await textModel(kind, options.model);
  const labeller = await OpenTextLabeller.open(model, await chooseBackend(options.backend));
  try {
    return await labelTexts(kind, labeller, files, options);
  } finally {
    labeller.dispose();
  }
}

async function textModel(kind: LabelTextsKind, named: string): Promise<TextLabeller> {
  const model = await readChosenModel(named, 'default');
  if (isRecogniserModel(model)) throw new UnrollError('model.notLabeller', { model: named });
  if (isSoundLabeller(model)) throw new UnrollError('model.readsNoText', { model: named });
  const { labels } = model.manifest;
  const isForWords = isTagger(model.manifest);
  switch (kind) {
    case 'tag':
      if (!isForWords) throw new UnrollError('model.notTagger', { model: named });
      break;
    case 'classify':
      if (isForWords) throw new UnrollError('model.notClassifier', { model: named });
      break;
    case 'keywords':
      if (!(isForWords && slotsOf(labels).some((slot) => slot.kind === PHRASE)))
        throw new UnrollError('model.notKeywords', { model: named });
  }
  return model;
}

/** Texts that are answered at once. */
const CHUNK = 256;

async function labelTexts(
  kind: LabelTextsKind,
  labeller: OpenTextLabeller,
  files: readonly string[],
  { json }: LabelTextsOptions,
): Promise<number> {
  const all: Line[] = [];
  for await (const line of linesOf(files))
    all.push(kind === 'keywords' ? { ...line, text: wordsOf(line.text).join(' ') } : line);
  const [readable, refused] = readableLines(labeller, all);
  for (const { line, reason } of refused) say(rowRefusal(line, reason).message);
  const answers = new Map<Line, LabelAnswer[]>();
  for (let start = 0; start < readable.length; start += CHUNK) {
    const some = readable.slice(start, start + CHUNK);
    const given = await labeller.label(some.map(({ text }) => text));
    some.forEach((line, at) => answers.set(line, given[at]!));
  }
  const said = all.map((line) => saidOf(kind, labeller, line.text, answers.get(line) ?? []));
  if (json) answerJson({ texts: said.map(({ value }) => value) });
  else for (const { line } of said) answer(line);
  return refused.length > 0 ? EXIT.badInput : EXIT.ok;
}

interface Said {
  readonly value: Readonly<Record<string, unknown>>;
  /** Fields parted by tabs. */
  readonly line: string;
}
/** @param answers none where nothing was read */
function saidOf(kind: LabelTextsKind, labeller: OpenTextLabeller, text: string, answers: readonly LabelAnswer[]): Said {
  const words = labeller.tokens(text);
  switch (kind) {
    case 'tag': {
      const { slots, tokens } = tagsOf(words, answers);
      const line = slots.map((slot) => `${slot.kind}: ${slot.text}`).join('\t');
      return { value: { text, tokens, slots }, line: [oneLine(text), line].join('\t') };
    }
    case 'classify': {
      const [first] = answers;
      const whole = first === undefined ? NOTHING : wholeOf(first, labeller.manifest.labels);
      const line = [oneLine(text), whole.label ?? '', whole.probability?.toFixed(4) ?? ''].join('\t');
      return { value: { text, ...whole }, line };
    }
    case 'keywords': {
      const { written, ranked } = phrasesFrom(labeller, words, answers);
      const phrases = ranked.slice(0, Math.max(PHRASES_OFFERED, written.length));
      return {
        value: { text, phrases, sure: written.length },
        line: phrases.map((phrase) => `${phrase.text} (${phrase.probability.toFixed(2)})`).join('\t'),
      };
    }
  }
}
const oneLine = (text: string): string => text.replace(/\s+/gu, ' ');
