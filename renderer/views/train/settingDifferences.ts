// The settings in which runs differ: those with a name in the form of a new run by that name, any other by its field.
import type { TrainingConfig } from '../../../app/contract/trainingConfig';
import { fixed, number, significant } from '../../i18n/format';
import { counted, t } from '../../i18n/messages.svelte';
import { DISTURBANCES, type DisturbanceControl } from '../data/disturbances';
import { layerName } from './partNames';
import { MAIN_FIELDS, MORE_FIELDS } from './settingFields';

export interface SettingRow {
  readonly label: string;
  /** One for each run. */
  readonly values: readonly string[];
}
interface Named {
  /** Field of the configuration; what lies in it is told with it. */
  readonly path: string;
  readonly label: () => string;
  readonly value: (config: TrainingConfig) => string;
}

/** What is called differently in every run, or said of it elsewhere. */
const UNTOLD = ['id', 'name', 'understands', 'licence'];
const NONE = '–';

const namedSettings: readonly Named[] = [
  {
    path: 'network.layers',
    label: () => t('train.layers'),
    value: ({ network }) => network.layers.map(layerName).join(', '),
  },
  {
    path: 'vocabulary',
    label: () => t('newRun.learns'),
    value: ({ vocabulary }) =>
      vocabulary === null ? t('newRun.wordsOfData') : counted('train.wordCount', vocabulary.length),
  },
  ...[...MAIN_FIELDS, ...MORE_FIELDS].map((field): Named => ({
    path: field.id,
    label: () => t(`newRun.${field.id}`),
    value: (config) => number(field.read(config), 6),
  })),
  {
    path: 'training.schedule',
    label: () => t('newRun.schedule'),
    value: ({ training }) => t(`newRun.schedule.${training.schedule.kind}`),
  },
  {
    path: 'training.optimizer',
    label: () => t('newRun.optimizer'),
    value: ({ training }) => t(`newRun.optimizer.${training.optimizer.kind}`),
  },
  {
    path: 'training.clipping',
    label: () => t('newRun.clipping'),
    value: ({ training: { clipping } }) =>
      clipping.kind === 'none'
        ? t('newRun.clipping.none')
        : `${t(`newRun.clipping.${clipping.kind}`)} ${significant(clipping.threshold)}`,
  },
  {
    path: 'training.keeps',
    label: () => t('newRun.keeps'),
    value: ({ training }) => t(`newRun.keeps.${training.keeps ?? 'best'}`),
  },
  {
    path: 'training.frozenLayers',
    label: () => t('newRun.frozen'),
    value: ({ training }) => number(training.frozenLayers ?? 0),
  },
  ...DISTURBANCES.flatMap(({ controls }) => controls.map(augmentationSetting)),
];

function augmentationSetting(control: DisturbanceControl): Named {
  const value = ({ augmentation }: TrainingConfig): string => {
    switch (control.kind) {
      case 'range':
        return augmentation[control.key].map((end) => fixed(end, control.digits)).join('…');
      case 'number':
        return fixed(augmentation[control.key], control.digits);
      case 'set':
        return augmentation[control.key] ?? NONE;
    }
  };
  return { path: `augmentation.${control.key}`, label: () => t(`dataView.key.${control.key}`), value };
}

/** Every field that holds no further ones, by its path. */
function leaves(value: object, path = ''): (readonly [string, unknown])[] {
  return Object.entries(value).flatMap(([key, each]: [string, unknown]) => {
    const place = path === '' ? key : `${path}.${key}`;
    const isNested = typeof each === 'object' && each !== null && !Array.isArray(each);
    return isNested ? leaves(each, place) : [[place, each] as const];
  });
}
const isWithin = (path: string, field: string): boolean => path === field || path.startsWith(`${field}.`);

/** Rows of the settings that are not the same in all. */
export function settingDifferences(configs: readonly TrainingConfig[]): SettingRow[] {
  const fields = configs.map((config) => new Map(leaves(config)));
  const paths = [...new Set(fields.flatMap((each) => [...each.keys()]))].filter((path) => {
    const values = new Set(fields.map((each) => JSON.stringify(each.get(path))));
    return values.size > 1 && !UNTOLD.some((field) => isWithin(path, field));
  });
  const told = namedSettings.filter(({ path }) => paths.some((each) => isWithin(each, path)));
  const rows = told.map(({ label, value }) => ({ label: label(), values: configs.map(value) }));
  const others = paths.filter((path) => !told.some((setting) => isWithin(path, setting.path)));
  return [
    ...rows,
    ...others.map((path) => ({
      label: path,
      values: fields.map((each) => {
        const value = each.get(path) ?? null;
        return value === null ? NONE : typeof value === 'string' ? value : JSON.stringify(value);
      }),
    })),
  ];
}
