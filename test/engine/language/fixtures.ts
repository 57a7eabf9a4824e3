// Small language models with KenLM's scores (test/fixtures/language; kenlm_scores.py made the JSON).
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArpa } from '../../../engine/language/arpa';
import type { NgramModel } from '../../../engine/language/ngramModel';

export const languageFile = (name: string): string => resolve(import.meta.dirname, '../../fixtures/language', name);
export const languageText = (name: string): string => readFileSync(languageFile(name), 'utf8');
export const sentencesIn = (name: string): string[] =>
  languageText(name)
    .split('\n')
    .filter((line) => line.trim() !== '');

export const arpaModel = (text: string): NgramModel => parseArpa(new TextEncoder().encode(text), 'lm.arpa');

export interface KenlmScores {
  readonly sentences: readonly { readonly text: string; readonly log10: number; readonly tokens: readonly number[] }[];
}
export const kenlmScores = (name: string): KenlmScores => JSON.parse(languageText(name)) as KenlmScores;
