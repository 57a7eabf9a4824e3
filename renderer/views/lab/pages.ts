// The pages of the laboratory in the order that they are read. They are numbered from 0, as time is: why memory at all comes before
// the first step.
import type { ExperimentName } from '../../../app/contract/lab';

export const PAGES = [
  'memory',
  'transition',
  'surface',
  'jumps',
  'cell',
  'reach',
  'parameters',
  'unrolled',
  'trellis',
  'words',
  'race',
] as const satisfies readonly ExperimentName[];
export type PageName = (typeof PAGES)[number];

export const pageAt = (item: string | null): PageName | null => PAGES.find((name) => name === item) ?? null;

/** The paper behind an experiment, cited as papers are in every language, and where it is found. */
export const PAPERS: Readonly<Partial<Record<PageName, { readonly citation: string; readonly address: string }>>> = {
  memory: {
    citation: 'Mesnil et al. 2015',
    address: 'https://doi.org/10.1109/TASLP.2014.2383614',
  },
  transition: {
    citation: 'Bengio, Simard & Frasconi 1994',
    address: 'https://doi.org/10.1109/72.279181',
  },
  surface: {
    citation: 'Pascanu, Mikolov & Bengio 2013',
    address: 'https://arxiv.org/abs/1211.5063',
  },
  jumps: {
    citation: 'Pascanu, Mikolov & Bengio 2013',
    address: 'https://arxiv.org/abs/1211.5063',
  },
  cell: {
    citation: 'Hochreiter & Schmidhuber 1997',
    address: 'https://doi.org/10.1162/neco.1997.9.8.1735',
  },
  reach: {
    citation: 'Gers, Schmidhuber & Cummins 2000',
    address: 'https://doi.org/10.1162/089976600300015015',
  },
  parameters: {
    citation: 'Gers & Schmidhuber 2000',
    address: 'https://doi.org/10.1109/IJCNN.2000.861302',
  },
  unrolled: {
    citation: 'Werbos 1990',
    address: 'https://doi.org/10.1109/5.58337',
  },
  trellis: {
    citation: 'Graves, Fernández, Gomez & Schmidhuber 2006',
    address: 'https://doi.org/10.1145/1143844.1143891',
  },
  words: {
    citation: 'Huang et al. 2013',
    address: 'https://doi.org/10.1145/2505515.2505665',
  },
  race: {
    citation: 'Hochreiter & Schmidhuber 1997',
    address: 'https://doi.org/10.1162/neco.1997.9.8.1735',
  },
};
