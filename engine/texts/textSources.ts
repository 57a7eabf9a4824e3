// What the models of texts that come with Unroll are made of: texts that are not part of the project, or made up here.
import { promises as fs } from 'node:fs';
import { join, resolve } from 'node:path';
import { anyConfigSchema, type TextLabelConfig } from '../../app/contract/labelConfig';
import type { ModelCard } from '../../app/contract/model';
import { trainingConfigSchema } from '../../app/contract/trainingConfig';
import { UnrollError } from '../../app/errors';
import { textRecipe } from '../../app/textRecipes';
import { checkFile } from '../data/checkFile';
import { readTextSource } from '../data/textSource';
import type { TextRow } from '../data/textTable';
import { patched } from '../training/mergePatch';
import { spokenCommands } from './spokenCommands';

const ASSETS = resolve(__dirname, '../../assets');

export const TEXT_RECIPES = ['commands', 'snips-slots', 'snips-intents', 'sentiment'] as const;
export type TextRecipeName = (typeof TEXT_RECIPES)[number];
export const isTextRecipe = (name: string): name is TextRecipeName =>
  (TEXT_RECIPES as readonly string[]).includes(name);

export interface TextRecipe {
  readonly config: TextLabelConfig;
  /** Of the card. */
  readonly data: ModelCard['data'][number]['name'];
  readonly dataLicence: ModelCard['data'][number]['licence'];
  /** What a test is called. */
  readonly testSet: ModelCard['errors'][number]['set'];
  /** What is learned, and what is measured once; null: some of the learned texts are left out in turn. */
  readonly rows: () => Promise<{ readonly learned: readonly TextRow[]; readonly tested: readonly TextRow[] | null }>;
}

/** @param folder holds snips/ and sentiment/ @throws UnrollError usage where it is needed and not named */
export async function textRecipeOf(name: TextRecipeName, folder: string | undefined): Promise<TextRecipe> {
  switch (name) {
    case 'commands':
      return commands();
    case 'snips-slots':
      return snips(name, 'slots', folder, {
        name: { en: 'Requests: slots', zh: '请求：槽位' },
        understands: {
          en: 'Which words of a request for music, weather, a table, a book or a film say what.',
          zh: '在关于音乐、天气、订位、书或电影的请求中，哪些词表示什么。',
        },
      });
    case 'snips-intents':
      return snips(name, 'intent', folder, {
        name: { en: 'Requests: intent', zh: '请求：意图' },
        understands: {
          en: 'What a request asks for: music, a playlist, the weather, a table, a rating of a book, a film, a search.',
          zh: '一个请求要做什么：播放音乐、歌单、天气、订位、给书评分、电影、搜索。',
        },
      });
    case 'sentiment':
      return sentiment(folder);
  }
}

const configOf = (value: unknown): TextLabelConfig => checkFile(anyConfigSchema, value, 'recipe') as TextLabelConfig;

/** As many made up for the test as learned of, by another seed. */
const COMMANDS = { learned: 6_000, tested: 1_000 };

/** The words that the recognisers of letters and numbers are trained on. */
export async function commandWords(): Promise<string[]> {
  const file = join(ASSETS, 'recipes', 'accurate.json');
  const { config } = JSON.parse(await fs.readFile(file, 'utf8')) as { readonly config: unknown };
  return checkFile(trainingConfigSchema, config, 'accurate.json').vocabulary ?? [];
}

async function commands(): Promise<TextRecipe> {
  const vocabulary = await commandWords();
  const config = configOf({
    ...{ task: 'tagText', id: 'commands' },
    name: { en: 'Spoken commands', zh: '口语指令' },
    understands: {
      en: 'Action, letters, number and date in commands of the words that the recogniser of letters and numbers knows.',
      zh: '在由字母与数字识别器所认识的词组成的指令中，找出动作、字母、数字和日期。',
    },
    licence: 'Apache-2.0',
    text: { kind: 'oneOfN', unit: 'spaced', minCount: 1 },
    network: {
      embedding: { size: 24 },
      layers: [{ cell: 'gru', units: 32, direction: 'bidirectional' }],
      dropout: 0.2,
    },
    training: {
      ...{ validationFraction: 0.1, seed: 1, epochs: 12, learningRate: 0.005, batchFrames: 1000, maxRows: 64 },
      averageDecay: 0.99,
    },
  });
  return {
    config,
    data: { en: 'Commands made up of the recogniser’s words', zh: '由识别器的词生成的指令' },
    dataLicence: { en: 'Made by Unroll', zh: '由 Unroll 生成' },
    testSet: { en: 'commands made up by another seed', zh: '用另一种子生成的指令' },
    rows: async () => ({
      learned: spokenCommands(vocabulary, { seed: 1, count: COMMANDS.learned }),
      tested: spokenCommands(vocabulary, { seed: 2, count: COMMANDS.tested }),
    }),
  };
}

async function snips(
  id: string,
  task: 'slots' | 'intent',
  folder: string | undefined,
  change: Readonly<Record<string, unknown>>,
): Promise<TextRecipe> {
  const at = join(needed(folder), 'snips');
  return {
    config: configOf(patched(textRecipe(task), { ...change, id, language: 'en', licence: 'Apache-2.0' })),
    data: { en: 'SNIPS custom-intent benchmark (Coucke et al. 2018)', zh: 'SNIPS 自定义意图数据集（Coucke 等，2018）' },
    dataLicence: { en: 'CC0 1.0', zh: 'CC0 1.0' },
    testSet: { en: 'the usual test part', zh: '通用测试部分' },
    rows: async () => ({
      learned: (await readTextSource(join(at, 'train'), task)).rows,
      tested: (await readTextSource(join(at, 'test'), task)).rows,
    }),
  };
}

export const REVIEW_SITES = ['amazon_cells', 'imdb', 'yelp'] as const;
const OPINIONS: Readonly<Record<string, string>> = { '0': 'negative', '1': 'positive' };

async function sentiment(folder: string | undefined): Promise<TextRecipe> {
  const at = join(needed(folder), 'sentiment');
  return {
    config: configOf(
      patched(textRecipe('sentiment'), {
        ...{ id: 'sentiment', language: 'en', licence: 'CC BY 4.0' },
        name: { en: 'Praise or blame', zh: '称赞或批评' },
        understands: {
          en: 'Whether a sentence of a review praises or blames.',
          zh: '评论中的一句话是称赞还是批评。',
        },
      }),
    ),
    data: { en: 'Sentiment Labelled Sentences (Kotzias et al. 2015)', zh: '情感标注句子（Kotzias 等，2015）' },
    dataLicence: { en: 'CC BY 4.0', zh: 'CC BY 4.0' },
    testSet: { en: 'each tenth of all sentences left out once', zh: '每次留出全部句子的十分之一' },
    rows: async () => {
      const sites = REVIEW_SITES.map((site) => readTextSource(join(at, `${site}_labelled.txt`), 'sentiment'));
      const rows = (await Promise.all(sites)).flatMap((source) => source.rows);
      return { learned: rows.map((row) => ({ ...row, labels: OPINIONS[row.labels] ?? row.labels })), tested: null };
    },
  };
}

function needed(folder: string | undefined): string {
  if (folder !== undefined) return folder;
  throw new UnrollError('usage', { reason: 'Name the folder of the texts: --texts DIR.' });
}
