// The window's language, and every sentence in it. Reactive: what is read in a template follows the language at once.
import type { ErrorMessage } from '../../app/contract/errorMessage';
import { errorText, fillSentence, type ErrorParams } from '../../app/errors';
import { errorMessageOf } from '../bridge/bridge';
import { catalogues, type CountedKey, type Language, type MessageKey, type Topic } from './catalogue';
import { numberFormat, pluralRules } from './numberFormats';

const TAGS: Readonly<Record<Language, string>> = { en: 'en', zh: 'zh-Hans' };

class Locale {
  language = $state<Language>('en');
  /** BCP 47, for the lang attribute and for Intl. */
  readonly tag = $derived(TAGS[this.language]);
  /** For dates and times: the person's own region where it speaks this language, en-GB or zh-TW. */
  readonly region = $derived(navigator.languages.find((tag) => tag.startsWith(`${this.language}-`)) ?? this.tag);

  set(language: Language): void {
    this.language = language;
    document.documentElement.lang = TAGS[language];
  }
}
export const locale = new Locale();

/** The language that the system asks for, English where it asks for one we do not speak. */
export function systemLanguage(): Language {
  const first = navigator.languages.map((tag) => tag.slice(0, 2).toLowerCase()).find((tag) => tag in TAGS);
  return (first as Language | undefined) ?? 'en';
}

/** The sentence of a key in the present language; numbers among its values are written as that language writes them. */
export function t(key: MessageKey, params: ErrorParams = {}): string {
  return fillSentence(template(key), localised(params));
}

/** Chooses the form for one or for many by the language's own rule; `{count}` is the number. */
export function counted(key: CountedKey, count: number, params: ErrorParams = {}): string {
  const form = pluralRules(locale.tag).select(count) === 'one' ? 'one' : 'other';
  return t(`${key}.${form}` as MessageKey, { ...params, count });
}

/**
 * What happened, in the present language. An error that no person can act on keeps its own message: it is a bug and the
 * message is for whoever reports it.
 */
export function errorSentence(error: unknown): string {
  const message = isErrorMessage(error) ? error : errorMessageOf(error);
  if (message === null) return t('common.bug', { reason: error instanceof Error ? error.message : String(error) });
  return errorText(catalogues[locale.language].errors, message.code, localised(message.params)) ?? message.message;
}

/** A reason alone, in the present language; its key where that language does not know it. */
export const reasonSentence = (params: ErrorParams & { readonly reason: string }): string =>
  fillSentence(catalogues[locale.language].errors[params.reason] ?? params.reason, localised(params));

/** One of a model's or sample's own names, which come in both languages. */
export const named = (name: Readonly<Record<Language, string>>): string => name[locale.language];

function template(key: MessageKey): string {
  const dot = key.indexOf('.');
  const sentence = catalogues[locale.language][key.slice(0, dot) as Topic][key.slice(dot + 1)];
  if (sentence === undefined) throw new Error(`Expected a message for ${key} in ${locale.language}`);
  return sentence;
}

function localised(params: ErrorParams): ErrorParams {
  const format = numberFormat(locale.tag);
  return Object.fromEntries(
    Object.entries(params).map(([name, value]) => [name, typeof value === 'number' ? format.format(value) : value]),
  );
}

function isErrorMessage(error: unknown): error is ErrorMessage {
  return typeof error === 'object' && error !== null && 'params' in error && 'code' in error && 'message' in error;
}
