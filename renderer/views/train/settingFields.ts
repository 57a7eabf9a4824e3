// The numbers of a training run that a person may change, with the bounds that the configuration's schema gives them.
import { trainingConfigSchema, type TrainingConfig } from '../../../app/contract/trainingConfig';

/** Those that most people may want to change, and the others. */
const MAIN = ['epochs', 'learningRate'] as const;
const MORE = [
  'batchFrames',
  'maxRows',
  'warmUpSteps',
  'averageDecay',
  'labelSmoothing',
  'quietShare',
  'validationFraction',
  'curriculumEpochs',
  'keepCheckpoints',
  'maxSkippedSteps',
  'seed',
] as const satisfies readonly (keyof TrainingConfig['training'])[];
type TrainingKey = (typeof MAIN)[number] | (typeof MORE)[number];

export interface NumberField {
  /** Names its messages, and is its place in the file. */
  readonly id: `training.${TrainingKey}` | 'training.earlyStopping' | 'network.dropout';
  /** Bounds; null where the schema has none. */
  readonly min: number | null;
  readonly max: number | null;
  readonly isInteger: boolean;
  readonly read: (config: TrainingConfig) => number;
  readonly write: (config: TrainingConfig, value: number) => TrainingConfig;
}

/** What the schema of a number says, whatever it is wrapped in. */
interface NumberSchema {
  readonly minValue: number | null;
  readonly maxValue: number | null;
  readonly format: string | null;
}
const bare = (schema: NumberSchema | { unwrap(): NumberSchema }): NumberSchema =>
  'unwrap' in schema ? schema.unwrap() : schema;
/** Whole numbers are bounded by what JavaScript can count, which is no bound that a person needs. */
const bound = (value: number | null): number | null =>
  value === null || Math.abs(value) >= Number.MAX_SAFE_INTEGER ? null : value;

function limits(schema: NumberSchema | { unwrap(): NumberSchema }): Pick<NumberField, 'min' | 'max' | 'isInteger'> {
  const { minValue, maxValue, format } = bare(schema);
  return { min: bound(minValue), max: bound(maxValue), isInteger: format === 'safeint' };
}

const { training: trainingSchema, network: networkSchema } = trainingConfigSchema.shape;

const trainingField = (key: TrainingKey): NumberField => ({
  id: `training.${key}`,
  ...limits(trainingSchema.shape[key]),
  read: (config) => config.training[key],
  write: (config, value) => ({ ...config, training: { ...config.training, [key]: value } }),
});
const dropout: NumberField = {
  id: 'network.dropout',
  ...limits(networkSchema.shape.dropout),
  read: (config) => config.network.dropout,
  write: (config, value) => ({ ...config, network: { ...config.network, dropout: value } }),
};

/** As a number 0 is off. */
const earlyStopping: NumberField = {
  id: 'training.earlyStopping',
  ...limits(trainingSchema.shape.earlyStopping.unwrap().unwrap().shape.patienceEpochs),
  min: 0,
  read: (config) => config.training.earlyStopping?.patienceEpochs ?? 0,
  write: (config, patienceEpochs) => ({
    ...config,
    training: {
      ...config.training,
      earlyStopping: patienceEpochs === 0 ? null : { minDelta: 0, ...config.training.earlyStopping, patienceEpochs },
    },
  }),
};

export const MAIN_FIELDS: readonly NumberField[] = [...MAIN.map(trainingField), earlyStopping];
export const MORE_FIELDS: readonly NumberField[] = [dropout, ...MORE.map(trainingField)];

/** Whether a number lies within a field's bounds. */
export const fits = ({ min, max, isInteger }: NumberField, value: number): boolean =>
  Number.isFinite(value) &&
  (min === null || value >= min) &&
  (max === null || value <= max) &&
  (!isInteger || Number.isInteger(value));
