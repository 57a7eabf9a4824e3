// All sentences of the window by language and topic. English is the source of the keys; Chinese has the same.
import captionsEn from '../../assets/messages/en/captions.json';
import commonEn from '../../assets/messages/en/common.json';
import dataEn from '../../assets/messages/en/data.json';
import dataViewEn from '../../assets/messages/en/dataView.json';
import errorsEn from '../../assets/messages/en/errors.json';
import filesEn from '../../assets/messages/en/files.json';
import helpEn from '../../assets/messages/en/help.json';
import inspectEn from '../../assets/messages/en/inspect.json';
import labEn from '../../assets/messages/en/lab.json';
import libraryEn from '../../assets/messages/en/library.json';
import modelsEn from '../../assets/messages/en/models.json';
import newRunEn from '../../assets/messages/en/newRun.json';
import newTextEn from '../../assets/messages/en/newText.json';
import recordEn from '../../assets/messages/en/record.json';
import runsEn from '../../assets/messages/en/runs.json';
import settingsEn from '../../assets/messages/en/settings.json';
import textsEn from '../../assets/messages/en/texts.json';
import trainEn from '../../assets/messages/en/train.json';
import captionsZh from '../../assets/messages/zh/captions.json';
import commonZh from '../../assets/messages/zh/common.json';
import dataZh from '../../assets/messages/zh/data.json';
import dataViewZh from '../../assets/messages/zh/dataView.json';
import errorsZh from '../../assets/messages/zh/errors.json';
import filesZh from '../../assets/messages/zh/files.json';
import helpZh from '../../assets/messages/zh/help.json';
import inspectZh from '../../assets/messages/zh/inspect.json';
import labZh from '../../assets/messages/zh/lab.json';
import libraryZh from '../../assets/messages/zh/library.json';
import modelsZh from '../../assets/messages/zh/models.json';
import newRunZh from '../../assets/messages/zh/newRun.json';
import newTextZh from '../../assets/messages/zh/newText.json';
import recordZh from '../../assets/messages/zh/record.json';
import runsZh from '../../assets/messages/zh/runs.json';
import settingsZh from '../../assets/messages/zh/settings.json';
import textsZh from '../../assets/messages/zh/texts.json';
import trainZh from '../../assets/messages/zh/train.json';

const english = {
  captions: captionsEn,
  common: commonEn,
  data: dataEn,
  dataView: dataViewEn,
  errors: errorsEn,
  files: filesEn,
  help: helpEn,
  inspect: inspectEn,
  lab: labEn,
  library: libraryEn,
  models: modelsEn,
  newRun: newRunEn,
  newText: newTextEn,
  record: recordEn,
  runs: runsEn,
  settings: settingsEn,
  texts: textsEn,
  train: trainEn,
} as const;

type Catalogue = Readonly<Record<Topic, Readonly<Record<string, string>>>>;
export type Topic = keyof typeof english;
export type Language = 'en' | 'zh';
export const LANGUAGES: readonly Language[] = ['en', 'zh'];

/** `topic.key`, for instance `record.start`. */
export type MessageKey = { [T in Topic]: `${T}.${keyof (typeof english)[T] & string}` }[Topic];

/** A message that comes in a form for one and a form for many: `library.recordings` for `library.recordings.one`. */
export type CountedKey = MessageKey extends infer K ? (K extends `${infer Base}.other` ? Base : never) : never;

export const catalogues: Readonly<Record<Language, Catalogue>> = {
  en: english,
  zh: {
    captions: captionsZh,
    common: commonZh,
    data: dataZh,
    dataView: dataViewZh,
    errors: errorsZh,
    files: filesZh,
    help: helpZh,
    inspect: inspectZh,
    lab: labZh,
    library: libraryZh,
    models: modelsZh,
    newRun: newRunZh,
    newText: newTextZh,
    record: recordZh,
    runs: runsZh,
    settings: settingsZh,
    texts: textsZh,
    train: trainZh,
  },
};
