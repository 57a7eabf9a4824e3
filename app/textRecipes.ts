// The configurations that are recommended for what is learned of texts; docs/models.md says what each reached.
import type { TextTask } from './contract/textTask';
import { unreachable } from './errors';

const NAMES: Readonly<Record<TextTask, { readonly en: string; readonly zh: string }>> = {
  slots: { en: 'Slots', zh: '槽位' },
  intent: { en: 'Intents', zh: '意图' },
  sentiment: { en: 'Sentiment', zh: '情感' },
  keywords: { en: 'Key phrases', zh: '关键短语' },
};
const UNDERSTANDS: typeof NAMES = {
  slots: { en: 'Which words of a sentence say what.', zh: '句中哪些词表示什么。' },
  intent: { en: 'What a sentence asks for.', zh: '一句话要求做什么。' },
  sentiment: { en: 'Whether a text praises or blames.', zh: '一段文字是称赞还是批评。' },
  keywords: { en: 'The key phrases of a document.', zh: '一篇文档的关键短语。' },
};
/** Its own tenth is for validation, drawn by this. */
const SEED = 1;
const VALIDATION = { validationFraction: 0.1, seed: SEED };

const INTENT = {
  text: { kind: 'letterNGrams', n: 3, hasWords: true },
  network: {
    embedding: { size: 64 },
    layers: [{ cell: 'lstm', units: 64, direction: 'bidirectional' }],
    ...{ dropout: 0.6, head: 'meanPool' },
  },
  training: {
    ...{ ...VALIDATION, epochs: 6, learningRate: 0.001, batchFrames: 1000, maxRows: 64 },
    ...{ labelSmoothing: 0.05, averageDecay: 0.995 },
  },
};
const SENTIMENT = {
  text: { kind: 'letterNGrams', n: 3 },
  network: {
    embedding: { size: 100 },
    layers: [{ cell: 'gru', units: 100, direction: 'bidirectional' }],
    ...{ dropout: 0.5, head: 'meanPool' },
  },
  training: {
    ...{ ...VALIDATION, epochs: 12, learningRate: 0.002, batchFrames: 1000, maxRows: 64 },
    ...{ labelSmoothing: 0.05, averageDecay: 0.99 },
  },
};

/** What `unroll train --config` takes; a language of its own is not assumed. */
export function textRecipe(task: TextTask) {
  const about = { id: task, name: NAMES[task], understands: UNDERSTANDS[task] };
  switch (task) {
    case 'slots':
      return {
        ...{ task: 'tagText', ...about },
        text: { kind: 'letterNGrams', n: 3, hasWords: true },
        network: {
          embedding: { size: 128 },
          layers: [{ cell: 'lstm', units: 128, direction: 'bidirectional', recurrentDropout: 0.4 }],
          dropout: 0.6,
        },
        tagOrder: 0.4,
        tagLoss: 'text',
        training: {
          ...VALIDATION,
          epochs: 20,
          learningRate: 0.003,
          batchFrames: 1000,
          maxRows: 64,
          averageDecay: 0.99,
        },
      };
    case 'keywords':
      return {
        ...{ task: 'tagText', ...about },
        text: { kind: 'letterNGrams', n: 3 },
        network: {
          embedding: { size: 100 },
          layers: [{ cell: 'lstm', units: 100, direction: 'bidirectional' }],
          dropout: 0.5,
        },
        training: {
          ...VALIDATION,
          epochs: 8,
          learningRate: 0.003,
          batchFrames: 2000,
          maxRows: 16,
          averageDecay: 0.98,
        },
      };
    case 'intent':
      return { task: 'classifyText', ...about, ...INTENT };
    case 'sentiment':
      return { task: 'classifyText', ...about, ...SENTIMENT };
    default:
      return unreachable(task);
  }
}
