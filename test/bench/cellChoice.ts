// The options of the part `cells`: which of all cells, sizes, directions and kinds of work are measured.
import { CELL_DIRECTIONS, CELL_SIZES, CELL_WORK, type CellChoice } from './cells';
import { BENCH_CELLS } from './size';

const SIZES = Object.keys(CELL_SIZES) as (keyof typeof CELL_SIZES)[];

export const CELL_OPTIONS = {
  cell: { type: 'string', multiple: true },
  size: { type: 'string', multiple: true },
  direction: { type: 'string', multiple: true },
  work: { type: 'string', multiple: true },
  'no-tfjs': { type: 'boolean', default: false },
} as const;
export const CELL_USAGE = `
of the part cells only these, each as often as wanted:
  --cell NAME       ${BENCH_CELLS.join(', ')}
  --size TxNxDxH    ${SIZES.join(', ')} (three layers, T 200, N 16, D 80, H 128)
  --direction NAME  ${CELL_DIRECTIONS.join(', ')}
  --work NAME       ${CELL_WORK.join(', ')}
  --no-tfjs         without tfjs-layers, which takes most of the time`;

interface CellOptions {
  readonly cell?: readonly string[];
  readonly size?: readonly string[];
  readonly direction?: readonly string[];
  readonly work?: readonly string[];
  readonly 'no-tfjs': boolean;
}

/** @returns null where a name is unknown */
export function cellChoice(options: CellOptions): CellChoice | null {
  const cells = chosen(BENCH_CELLS, options.cell);
  const sizes = chosen(SIZES, options.size);
  const directions = chosen(CELL_DIRECTIONS, options.direction);
  const work = chosen(CELL_WORK, options.work);
  if (cells === null || sizes === null || directions === null || work === null) return null;
  return { cells, sizes, directions, work, hasTfjs: !options['no-tfjs'] };
}

/** All where none is named. */
function chosen<N extends string>(known: readonly N[], named: readonly string[] | undefined): readonly N[] | null {
  if (named === undefined) return known;
  return named.every((name) => (known as readonly string[]).includes(name))
    ? known.filter((name) => named.includes(name))
    : null;
}
