// How the curve of a cell is drawn: its colour, and from the fourth on a dash as well.
import type { CURVE_CELLS } from '../../../app/contract/labExperiments';

export const CELL_STYLES: Readonly<
  Record<(typeof CURVE_CELLS)[number], { readonly colour: string; readonly dash?: string }>
> = {
  elman: { colour: 'var(--s1)' },
  lstm: { colour: 'var(--s2)' },
  gru: { colour: 'var(--s3)' },
  clockwork: { colour: 'var(--s4)', dash: '7 3' },
  scrn: { colour: 'var(--s5)', dash: '2 3' },
};
