// Why a value does not fit its schema, as a reason that every language has a sentence for.
import type { z } from 'zod';
import english from '../assets/messages/en/errors.json';
import type { ReasonCode, ReasonParams } from './errors';

export interface FieldReason {
  /** Where, for instance "network.layers.0.units"; empty for the whole value. */
  readonly path: string;
  /** For an error's own. */
  readonly params: ReasonParams;
}

type Issue = z.ZodError['issues'][number];

/** The first thing that is wrong. @param value what was checked: it tells a missing field from a wrong one */
export function fieldReason({ issues }: z.ZodError, value: unknown): FieldReason {
  const [issue] = issues;
  if (issue === undefined) throw new Error('Expected an error with an issue');
  // A field too many is named itself, not what holds it.
  const path = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0] ?? ''] : issue.path;
  // A check of our own may say why a field that may be left out is needed here.
  const isOwn = issue.code === 'custom' && isReason(issue.message);
  const isMissing = !isOwn && path.length > 0 && at(value, path) === undefined;
  return { path: path.join('.'), params: isMissing ? { reason: 'reason.field.missing' } : paramsOf(issue) };
}

function paramsOf(issue: Issue): FieldReason['params'] {
  // A check of our own names its reason.
  if (isReason(issue.message)) return { reason: issue.message };
  switch (issue.code) {
    case 'invalid_type':
      return { reason: 'reason.field.type', expected: issue.expected };
    case 'invalid_value':
      return { reason: 'reason.field.choice', choices: choicesOf(issue.values) };
    case 'too_big':
      if (isMeasured(issue.origin)) return { reason: 'reason.field.longest', bound: Number(issue.maximum) };
      return {
        reason: issue.inclusive === false ? 'reason.field.below' : 'reason.field.most',
        bound: Number(issue.maximum),
      };
    case 'too_small':
      if (isMeasured(issue.origin)) return { reason: 'reason.field.shortest', bound: Number(issue.minimum) };
      return {
        reason: issue.inclusive === false ? 'reason.field.above' : 'reason.field.least',
        bound: Number(issue.minimum),
      };
    case 'unrecognized_keys':
      return { reason: 'reason.field.extra' };
    case 'invalid_format':
      return { reason: 'reason.field.form', form: issue.pattern ?? issue.format };
    case 'invalid_union':
      return unionParams(issue);
    case 'not_multiple_of':
    case 'invalid_key':
    case 'invalid_element':
    case 'custom':
      return { reason: 'reason.field.other' };
  }
}

/** Where one of several fixed values is expected, all of them are named. */
function unionParams(issue: Extract<Issue, { readonly code: 'invalid_union' }>): FieldReason['params'] {
  // Of a union that one field tells apart, that field's values.
  const options = 'options' in issue ? (issue.options ?? []) : [];
  const values = issue.errors.flat().flatMap((inner) => (inner.code === 'invalid_value' ? inner.values : []));
  // A field that may be left out has no value for that.
  const choices = [...options, ...values].filter((choice) => choice !== undefined);
  if (choices.length === 0) return { reason: 'reason.field.other' };
  return { reason: 'reason.field.choice', choices: choicesOf(choices) };
}

/** Texts and lists have a length, numbers a size. */
const isMeasured = (origin: string): boolean => origin !== 'number' && origin !== 'int' && origin !== 'bigint';
const choicesOf = (values: readonly unknown[]): string =>
  values.map((value) => (typeof value === 'string' ? value : JSON.stringify(value))).join(', ');
const isReason = (message: string): message is ReasonCode => message.startsWith('reason.') && message in english;

function at(value: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (part, key) =>
      typeof part === 'object' && part !== null ? (part as Readonly<Record<PropertyKey, unknown>>)[key] : undefined,
    value,
  );
}
