import { execFileSync, spawnSync } from 'node:child_process';
import { describe, expect, test } from 'vitest';
import { tokensOf } from '../../../engine/language/languageText';
import type { NgramModel } from '../../../engine/language/ngramModel';
import { sentenceScore } from '../../../engine/language/sentenceScore';
import { arpaModel, kenlmScores, languageFile, languageText, type KenlmScores } from './fixtures';

const models = ['kneser-ney', 'characters'] as const;
const python = process.env['UNROLL_PYTHON'] ?? 'python3';
const hasKenlm = spawnSync(python, ['-c', 'import kenlm']).status === 0;

function expectSameScores(model: NgramModel, { sentences }: KenlmScores): void {
  expect(sentences.length).toBeGreaterThan(3);
  for (const { text, log10, tokens } of sentences) {
    const words = tokensOf(text, model.unit);
    expect(sentenceScore(model, words)).toBeCloseTo(log10, 4);
    let state = model.begin;
    const scores = words.map((word) => {
      const { token } = model.tokenOf(word);
      const score = model.score(state, token);
      state = model.next(state, token);
      return score;
    });
    [...scores, model.score(state, model.end!)].forEach((score, at) => expect(score).toBeCloseTo(tokens[at]!, 5));
  }
}

/** KenLM's own scores, where Python has it. */
function scoresHere(name: (typeof models)[number]): KenlmScores[] {
  if (!hasKenlm) return [];
  const unit = name === 'characters' ? 'character' : 'word';
  const parameters = [languageFile('kenlm_scores.py'), languageFile(`${name}.arpa`), languageFile('unseen.txt'), unit];
  return [JSON.parse(execFileSync(python, parameters, { encoding: 'utf8', stdio: 'pipe' })) as KenlmScores];
}

describe('scores', () => {
  test.each(models)('of %s are those of KenLM, stored and where Python has it, token by token', (name) => {
    const model = arpaModel(languageText(`${name}.arpa`));
    for (const scores of [kenlmScores(`${name}.json`), ...scoresHere(name)]) expectSameScores(model, scores);
  });
});
