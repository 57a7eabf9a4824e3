// unroll lm build TEXT… --out FILE, unroll lm score FILE TEXT
import { InvalidArgumentError, Option, type Command } from 'commander';
import { readArpa, writeArpa } from '../language/arpa';
import { kneserNeyModel } from '../language/kneserNey';
import { readSentences, tokensOf } from '../language/languageText';
import { countNgrams } from '../language/ngramCounts';
import type { NgramModel } from '../language/ngramModel';
import { sentenceScore } from '../language/sentenceScore';
import { stupidBackoffModel } from '../language/stupidBackoff';
import { ENGLISH_CLASSES, readClasses } from '../language/wordClasses';
import type { LanguageUnit } from '../language/wordModel';
import { answer, answerJson } from './output';

type Smoothing = 'kneser-ney' | 'stupid-backoff';
interface BuildOptions {
  readonly out: string;
  readonly order: number;
  readonly unit: LanguageUnit;
  readonly smoothing: Smoothing;
  /** `english`, or a file. */
  readonly classes?: string;
  readonly lowerCase?: boolean;
  readonly json?: boolean;
}

export function addLanguageCommands(lm: Command, jsonOption: () => Option): void {
  lm.command('build')
    .description('make an n-gram language model of texts, as an ARPA file')
    .argument('<text...>', 'texts, a sentence on each line, or tables of recordings with their transcripts')
    .requiredOption('--out <file>', 'where it is written')
    .addOption(new Option('--order <number>', 'longest n-gram').default(3).argParser(orderOf))
    .addOption(new Option('--unit <name>', 'what the n-grams are of').choices(['word', 'character']).default('word'))
    .addOption(
      new Option('--smoothing <name>', 'what unseen n-grams get')
        .choices(['kneser-ney', 'stupid-backoff'])
        .default('kneser-ney'),
    )
    .option(
      '--classes <file>',
      'words that are as probable as each other wherever one stands: a token such as <city> and its words on each line; or english: letters, digits, numbers, months',
    )
    .option('--lower-case', 'read the texts in lower case')
    .addOption(jsonOption())
    .action((texts: string[], options: BuildOptions) => build(texts, options));
  lm.command('score')
    .description('tell how probable a language model finds texts: log10 of each sentence, and perplexity')
    .argument('<model>', 'ARPA file')
    .argument('<text...>', 'texts, a sentence on each line, or tables of recordings with their transcripts')
    .addOption(jsonOption())
    .action((model: string, texts: string[], options: { json?: boolean }) => score(model, texts, options));
}

async function build(files: readonly string[], options: BuildOptions): Promise<void> {
  const sentences = (await Promise.all(files.map(readSentences))).flat();
  const classes = await classesOf(options);
  const cased = options.lowerCase ? sentences.map((sentence) => sentence.toLowerCase()) : sentences;
  const counts = countNgrams(
    cased.map((sentence) => tokensOf(sentence, options.unit)),
    options.order,
    classes,
  );
  const model = smoothings[options.smoothing](counts, classes);
  await writeArpa(options.out, model);
  if (options.json) answerJson({ sentences: sentences.length, ngrams: model.counts });
  else model.counts.forEach((count, index) => answer(`${index + 1}-grams  ${count}`));
}

const smoothings: Readonly<Record<Smoothing, (...of: Parameters<typeof kneserNeyModel>) => NgramModel>> = {
  'kneser-ney': kneserNeyModel,
  'stupid-backoff': stupidBackoffModel,
};

function classesOf({ classes }: BuildOptions): ReturnType<typeof readClasses> {
  if (classes === undefined) return Promise.resolve([]);
  return classes === 'english' ? Promise.resolve([...ENGLISH_CLASSES]) : readClasses(classes);
}

async function score(file: string, texts: readonly string[], { json }: { readonly json?: boolean }): Promise<void> {
  const model = await readArpa(file);
  let [total, tokens, unknown] = [0, 0, 0];
  for (const sentence of (await Promise.all(texts.map(readSentences))).flat()) {
    const words = tokensOf(sentence, model.unit);
    const log10 = sentenceScore(model, words);
    total += log10;
    tokens += words.length + 1;
    unknown += words.filter((word) => !model.knows(word)).length;
    if (json) answerJson({ text: sentence, log10 });
    else answer(`${log10.toFixed(4)}\t${sentence}`);
  }
  const perplexity = 10 ** (-total / Math.max(1, tokens));
  if (json) answerJson({ log10: total, tokens, unknown, perplexity });
  else answer(`perplexity  ${perplexity.toFixed(2)} over ${tokens} tokens, ${unknown} unknown`);
}

function orderOf(text: string): number {
  if (!/^([1-9]|10)$/.test(text)) throw new InvalidArgumentError('It must be a whole number from 1 to 10.');
  return Number(text);
}
