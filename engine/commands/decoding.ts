// How the commands that write text are told to decode.
import { InvalidArgumentError, Option, type Command } from 'commander';
import { fusionSchema, HOT_WORD_BOOST, type Fusion } from '../../app/contract/decoding';
import type { RecogniserManifest } from '../../app/contract/model';
import { UnrollError } from '../../app/errors';
import type { Decoder } from '../ctc/transcribe';
import { readListText } from '../data/manifest';
import { readArpa } from '../language/arpa';
import { Grammar } from '../language/grammar';
import type { HotWord } from '../language/hotWords';
import { openDecoder } from '../language/openDecoder';
import type { WordModel } from '../language/wordModel';

export interface DecodingOptions {
  readonly decoder: 'greedy' | 'beam';
  readonly lm?: string;
  readonly grammar?: string;
  readonly hotWord?: readonly HotWord[];
  readonly beam?: number;
  readonly alpha?: number;
  readonly beta?: number;
  readonly unknownCost?: number;
  readonly nbest?: number;
}

const MAX_N_BEST = 100;
const MAX_PHRASES = 10_000;

export const decoderOption = (): Option =>
  new Option('--decoder <name>', 'how symbols are chosen').choices(['greedy', 'beam']).default('greedy');

export const beamOption = (): Option => weightOption('--beam <number>', 'beamWidth', 'prefixes kept after each frame');

/** Options of beam search, beside decoderOption. */
export function addLanguageOptions(command: Command): Command {
  return command
    .option('--lm <file>', 'language model to search with: ARPA file of words or characters')
    .option('--grammar <file>', 'phrases to search for, one on each line, in the place of a language model')
    .addOption(
      new Option(
        '--hot-word <phrase>',
        'boosted where it is heard; as "unroll=5" in nats, at most 10; may be repeated',
      ).argParser((text, before: readonly HotWord[] | undefined) => [...(before ?? []), hotWordOf(text)]),
    )
    .addOption(beamOption())
    .addOption(weightOption('--alpha <number>', 'alpha', 'weight of the language model'))
    .addOption(weightOption('--beta <number>', 'beta', 'nats for each word'))
    .addOption(weightOption('--unknown-cost <nats>', 'unknownCost', 'what a word costs that is not listed'));
}

/** Whether anything was asked that beam search alone can do. */
export const asksForBeam = ({
  lm,
  grammar,
  hotWord,
  beam,
  alpha,
  beta,
  unknownCost,
  nbest,
}: Partial<DecodingOptions>) =>
  [lm, grammar, hotWord, beam, alpha, beta, unknownCost, nbest].some((each) => each !== undefined);

/** @throws UnrollError usage, and as readArpa */
export async function decoderOf(manifest: RecogniserManifest, options: DecodingOptions): Promise<Decoder> {
  const { decoder, lm, grammar, hotWord, beam, alpha, beta, unknownCost, nbest } = options;
  if (decoder === 'greedy') {
    if (asksForBeam(options)) throw usage('Language models, phrases and readings need --decoder beam.');
    return 'greedy';
  }
  if (lm !== undefined && grammar !== undefined)
    throw usage('Give --lm or --grammar: phrases take the place of a language model.');
  const fusion = {
    ...(beam === undefined ? {} : { beamWidth: beam }),
    ...(alpha === undefined ? {} : { alpha }),
    ...(beta === undefined ? {} : { beta }),
    ...(unknownCost === undefined ? {} : { unknownCost }),
  };
  const words = await wordModelOf({
    ...(lm === undefined ? {} : { lm }),
    ...(grammar === undefined ? {} : { grammar }),
  });
  return openDecoder(manifest, { words, hotWords: hotWord ?? [], fusion, nBest: nbest ?? 0 });
}

async function wordModelOf({ lm, grammar }: Pick<DecodingOptions, 'lm' | 'grammar'>): Promise<WordModel | null> {
  if (lm !== undefined) return readArpa(lm);
  if (grammar === undefined) return null;
  const phrases = (await readListText(grammar)).split(/\r\n|\n|\r/).filter((line) => line.trim() !== '');
  if (phrases.length === 0 || phrases.length > MAX_PHRASES)
    throw usage(`The grammar ${grammar} must list 1 to ${MAX_PHRASES} phrases, one on each line.`);
  return new Grammar(phrases);
}

export const nBestOption = (): Option =>
  new Option('--nbest <number>', 'keep so many readings of each utterance, with their scores').argParser((text) => {
    if (!/^\d{1,3}$/.test(text) || Number(text) < 1 || Number(text) > MAX_N_BEST)
      throw new InvalidArgumentError(`It must be a whole number from 1 to ${MAX_N_BEST}.`);
    return Number(text);
  });

function weightOption(flags: string, weight: keyof Fusion, description: string): Option {
  return new Option(flags, description).argParser((text) => {
    const value = fusionSchema.shape[weight].safeParse(text.trim() === '' ? NaN : Number(text));
    if (!value.success) throw new InvalidArgumentError(value.error.issues[0]?.message ?? '');
    return value.data;
  });
}

function hotWordOf(text: string): HotWord {
  const [, phrase = '', boost] = /^(.*?)(?:=(\d+(?:\.\d+)?))?$/u.exec(text.trim()) ?? [];
  const nats = boost === undefined ? HOT_WORD_BOOST.usual : Number(boost);
  if (phrase.trim() === '' || nats > HOT_WORD_BOOST.max)
    throw new InvalidArgumentError(
      `It must be a phrase, perhaps with a boost of 0 to ${HOT_WORD_BOOST.max}, as unroll=5.`,
    );
  return { phrase: phrase.trim(), boost: nats };
}

const usage = (reason: string): UnrollError => new UnrollError('usage', { reason });
