// How probable a whole sentence is.
import type { NgramModel } from './ngramModel';

/**
 * log10 p of a sentence, its end included.
 * @param tokens words or characters, without marks
 */
export function sentenceScore(model: NgramModel, tokens: readonly string[]): number {
  let state = model.begin;
  let score = 0;
  for (const word of tokens) {
    const { token, membership } = model.tokenOf(word);
    score += model.score(state, token) + membership;
    state = model.next(state, token);
  }
  return model.end === null ? score : score + model.score(state, model.end);
}
