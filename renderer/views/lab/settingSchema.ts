// What an experiment's schema says of one of its settings.
import { experiments, type ExperimentName, type SettingsOf } from '../../../app/contract/lab';

export interface NumberBounds {
  readonly min: number;
  readonly max: number;
  readonly isInteger: boolean;
}
interface AnySchema {
  readonly minValue?: number | null;
  readonly maxValue?: number | null;
  readonly format?: string | null;
  readonly options?: readonly string[];
  unwrap?(): AnySchema;
}

function schemaOf<N extends ExperimentName>(name: N, key: keyof SettingsOf<N> & string): AnySchema {
  let schema = (experiments[name].settings.shape as Record<string, AnySchema>)[key];
  while (schema?.unwrap) schema = schema.unwrap();
  if (!schema) throw new Error(`Expected ${name} to have a setting ${key}`);
  return schema;
}

export function numberBounds<N extends ExperimentName>(name: N, key: keyof SettingsOf<N> & string): NumberBounds {
  const { minValue, maxValue, format } = schemaOf(name, key);
  if (typeof minValue !== 'number' || typeof maxValue !== 'number')
    throw new Error(`Expected ${key} of ${name} to be a number with bounds`);
  return { min: minValue, max: maxValue, isInteger: format === 'safeint' };
}

export function optionsOf<N extends ExperimentName>(name: N, key: keyof SettingsOf<N> & string): readonly string[] {
  const { options } = schemaOf(name, key);
  if (!options) throw new Error(`Expected ${key} of ${name} to be a choice`);
  return options;
}
