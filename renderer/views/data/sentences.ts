// What reports and notes on data sets say, in the present language.
import type { CheckReport, LeftOutExample, LeftOutReason } from '../../../app/contract/dataset';
import type { RowNote } from '../../../app/contract/dataSets';
import { dataText, leftOutText, type DataKey } from '../../../app/dataSentences';
import { errorText, type ErrorParams } from '../../../app/errors';
import { catalogues } from '../../i18n/catalogue';
import { locale, t } from '../../i18n/messages.svelte';

const language = (): (typeof catalogues)[keyof typeof catalogues] => catalogues[locale.language];

/** A sentence that the command line says too. */
export const reportText = (key: DataKey, params: ErrorParams = {}): string => dataText(language(), key, params);

/** Where and why a recording was left out. */
export const whyLeftOut = (reason: LeftOutReason, example: LeftOutExample): string =>
  leftOutText(language(), reason, example);

export const adviceText = ({ code, params }: CheckReport['advice'][number]): string =>
  reportText(`data.advice.${code}`, params);

/** What is to be looked at in a row. */
export function noteText({ code, params }: RowNote): string {
  const cause = errorText(language().errors, String(params['error'] ?? ''), params);
  return t(`dataView.note.${code}`, cause === undefined ? params : { ...params, cause });
}
