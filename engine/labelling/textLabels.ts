// A text and its labels, token by token.
import { MAX_LABEL_LENGTH } from '../../app/contract/model';
import type { ReasonParams } from '../../app/errors';
import { rowRefusal, type LabelColumn, type TextRow } from '../data/textTable';

/** A text of more tokens is no sentence, and would not fit beside others into a batch. */
export const MAX_TOKENS = 20_000;

/** A row whose labels were looked at. */
export interface LabelledText {
  readonly row: TextRow;
  /** What each step reads, n. */
  readonly tokens: readonly string[];
  /** The text's label alone, or the tag of every token, n. */
  readonly labels: readonly string[];
}

/** Why a text cannot be read at all; null where it can. */
export function unreadableReason(tokens: readonly string[]): ReasonParams | null {
  if (tokens.length === 0) return { reason: 'reason.text.noToken' };
  return tokens.length > MAX_TOKENS
    ? { reason: 'reason.text.tooManyTokens', tokens: tokens.length, most: MAX_TOKENS }
    : null;
}

/** @throws UnrollError manifest.invalid naming the file and the line: no token, too many, not a tag for each, or a label too long */
export function labelledText(row: TextRow, column: LabelColumn, tokensOf: (text: string) => string[]): LabelledText {
  const tokens = tokensOf(row.text);
  const reason = unreadableReason(tokens);
  if (reason !== null) throw rowRefusal(row, reason);
  const labels = column === 'label' ? [row.labels] : row.labels.split(/\s+/u);
  const tooLong = labels.find((label) => label.length > MAX_LABEL_LENGTH);
  if (tooLong !== undefined)
    throw rowRefusal(row, { reason: 'reason.text.longLabel', label: tooLong.slice(0, 20), most: MAX_LABEL_LENGTH });
  if (column === 'tags' && labels.length !== tokens.length)
    throw rowRefusal(row, { reason: 'reason.text.tagCount', tokens: tokens.length, tags: labels.length });
  return { row, tokens, labels };
}
