// Pages of the laboratory that explain what a panel shows.
import { pageAt } from '../lab/pages';

/** As they stand in the address. */
export type LabAddress =
  'cell' | 'reach' | 'parameters' | 'trellis' | 'transition' | 'memory' | 'unrolled' | 'jumps' | 'race';

/** Null where the laboratory has no such page. */
export const labHref = (name: LabAddress | undefined): string | null =>
  name !== undefined && pageAt(name) !== null ? `#lab/${name}` : null;
