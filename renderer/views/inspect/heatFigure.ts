// A heat map as a figure that can be taken out of the page: drawn anew, of all that it shows.
import type { MatrixSource } from '../../../app/contract/inspection';
import { colourTable, type ValueRange } from '../../charts/colourTable';
import { readStops } from '../../charts/featureMap';
import type { Figure } from '../../charts/figurePicture';
import { drawWholeHeatMap } from '../../charts/heatMap';
import type { Inspected } from './inspected.svelte';

export interface HeatFigure {
  readonly source: MatrixSource;
  readonly map: string;
  readonly isSmooth: boolean;
  /** What the engine has to be asked for first. */
  readonly read: () => Promise<{ readonly range: ValueRange; readonly order: Int32Array | null }>;
}

export function heatPainter(inspected: Inspected, { source, map, isSmooth, read }: HeatFigure): Figure['paint'] {
  return async (surface, span) => {
    const { range, order } = await read();
    const matrix = inspected.matrix(source);
    const rows = Math.min(order?.length ?? matrix.units, Math.round(surface.height * surface.density));
    const style = { colours: colourTable(readStops(map)), range, order, rows: Math.max(1, rows) };
    await drawWholeHeatMap(surface, inspected.tiles, matrix, span, { style, isSmooth });
  };
}
