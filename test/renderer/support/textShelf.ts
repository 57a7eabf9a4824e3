// Models that read texts, as the engine tells of them: a tagger of places by the verb before them, one of spoken numbers, and one of opinions.
import type { ReplyOf, RequestOf } from '../../../app/contract/messages';
import type { TextModel } from '../../../app/contract/texts';
import type { MockBridge } from '../../../renderer/bridge/mockBridge';
import { MODEL } from './scriptedEngine';

const card = { ...MODEL.card, words: [] };
const common = { isBundled: true, slots: 20, embeddingSize: 8, hasMemory: true, vocabulary: null, card } as const;
export const JOURNEY: TextModel = {
  ...common,
  ...{ id: 'journey', name: { en: 'Journeys', zh: '旅程' }, answers: 'tags', labels: ['B-from', 'B-to', 'O'] },
};
export const NUMBERS: TextModel = {
  ...common,
  ...{ id: 'numbers', name: { en: 'Numbers', zh: '数字' }, answers: 'tags', labels: ['B-number', 'O'] },
  vocabulary: ['two', 'nine', 'four', 'seven', 'three'],
};
export const OPINION: TextModel = {
  ...common,
  ...{ id: 'opinion', name: { en: 'Praise or blame', zh: '称赞或批评' }, answers: 'label' },
  labels: ['negative', 'positive'],
};

type Reading = ReplyOf<'texts.read'>['readings'][number];

function read(modelId: string, text: string): Reading {
  const words = [...text.matchAll(/\S+/g)].map(({ 0: word, index }) => {
    return { text: word.toLowerCase(), start: index, end: index + word.length, isKnown: true };
  });
  if (modelId === OPINION.id) return { words, marks: [], labels: [{ label: 'positive', probability: 0.9 }] };
  const place = words.findIndex(({ text: word }) => word === 'taipei' || word === 'stop');
  const kind = words[0]?.text === 'leave' ? 'from' : 'to';
  const one = (at: number, name: string): Reading['marks'][number] => {
    return { kind: name, firstWord: at, endWord: at + 1, probability: 0.97 };
  };
  const marks = modelId === NUMBERS.id ? words.map((_, at) => one(at, 'number')) : place < 0 ? [] : [one(place, kind)];
  return { words, marks, labels: [] };
}

/** The bridge, with these models behind it. */
export function withTexts(bridge: MockBridge, models: readonly TextModel[] = [JOURNEY, NUMBERS, OPINION]): MockBridge {
  bridge.answer('texts.models', () => ({ models: [...models] }));
  bridge.answer('texts.read', ({ modelId, texts }: RequestOf<'texts.read'>) => ({
    readings: texts.map((text) => read(modelId, text)),
  }));
  return bridge;
}
