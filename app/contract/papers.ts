// The papers that the window leads to, cited as papers are in every language. A window names one by its id; the address is never the
// window's own.
import { z } from 'zod';

/** A paper, and where it is found: always https. */
export interface Paper {
  readonly citation: string;
  readonly address: string;
}

export const PAPERS = {
  'bengio-1994': { citation: 'Bengio, Simard & Frasconi 1994', address: 'https://doi.org/10.1109/72.279181' },
  'gers-peepholes-2000': { citation: 'Gers & Schmidhuber 2000', address: 'https://doi.org/10.1109/IJCNN.2000.861302' },
  'gers-forget-2000': {
    citation: 'Gers, Schmidhuber & Cummins 2000',
    address: 'https://doi.org/10.1162/089976600300015015',
  },
  'graves-2006': {
    citation: 'Graves, Fernández, Gomez & Schmidhuber 2006',
    address: 'https://doi.org/10.1145/1143844.1143891',
  },
  'hochreiter-1997': {
    citation: 'Hochreiter & Schmidhuber 1997',
    address: 'https://doi.org/10.1162/neco.1997.9.8.1735',
  },
  'huang-2013': { citation: 'Huang et al. 2013', address: 'https://doi.org/10.1145/2505515.2505665' },
  'mesnil-2015': { citation: 'Mesnil et al. 2015', address: 'https://doi.org/10.1109/TASLP.2014.2383614' },
  'pascanu-2013': { citation: 'Pascanu, Mikolov & Bengio 2013', address: 'https://arxiv.org/abs/1211.5063' },
  'werbos-1990': { citation: 'Werbos 1990', address: 'https://doi.org/10.1109/5.58337' },
} as const satisfies Readonly<Record<string, Paper>>;

export type PaperId = keyof typeof PAPERS;
export const paperId = z.enum(Object.keys(PAPERS) as [PaperId, ...PaperId[]]);
