// How uPlot draws curves over steps: its scales, axes and lines, all colours from the tokens.
import type uPlot from 'uplot';
import { number } from '../i18n/format';
import type { Colour, Palette } from './canvas';

export interface Curve {
  readonly colour: Colour;
  readonly width: number;
  readonly alpha?: number;
  /** Lengths of dash and gap in pixels. */
  readonly dash?: readonly number[];
  readonly hasDots?: boolean;
  /** Drawn by `paint` alone, or not at all: the edge of a band. */
  readonly isHidden?: boolean;
}
/** A tinted area between two curves of the table, by their places from 1. */
export interface CurveBand {
  readonly high: number;
  readonly low: number;
  readonly colour: Colour;
}
export interface VerticalAxis {
  readonly isLog: boolean;
  readonly low: number;
  readonly high: number;
  readonly marks: readonly number[];
}

export interface ChartWish {
  readonly size: { readonly width: number; readonly height: number };
  readonly curves: readonly Curve[];
  readonly bands: readonly CurveBand[];
  readonly isLog: boolean;
  readonly axisWidth: number;
  readonly fontPx: number;
  /** Read whenever it is drawn. */
  readonly palette: () => Palette;
  readonly axis: () => VerticalAxis;
  readonly paint: (chart: uPlot) => void;
}

/** Room above the highest and below the lowest mark, so that neither its number nor the line's width is cut. */
const PADDING = 6;
/** Room right of the newest step. */
export const PLOT_RIGHT_PX = 2;
const BAND_ALPHA = '26';

export function chartOptions(wish: ChartWish): uPlot.Options {
  const { palette } = wish;
  return {
    ...wish.size,
    // Lines rounded to whole pixels look like stairs.
    pxAlign: false,
    padding: [PADDING, PLOT_RIGHT_PX, PADDING, 0],
    legend: { show: false },
    cursor: { show: false },
    scales: {
      x: { time: false, auto: false },
      y: wish.isLog ? { distr: 3, log: 10, auto: false } : { auto: false },
    },
    axes: [{ show: false }, verticalAxis(wish)],
    series: [{}, ...wish.curves.map((curve) => line(curve, palette))],
    bands: wish.bands.map(({ high, low, colour }) => ({
      series: [high, low] as [number, number],
      fill: () => `${palette()[colour]}${BAND_ALPHA}`,
    })),
    hooks: { draw: [wish.paint] },
  };
}

function verticalAxis({ palette, axis, axisWidth, fontPx }: ChartWish): uPlot.Axis {
  return {
    side: 3,
    size: axisWidth,
    gap: 7,
    font: `${fontPx}px ${palette()['font-mono']}`,
    stroke: () => palette()['ink-3'],
    grid: { stroke: () => palette().line, width: 1 },
    ticks: { show: false },
    splits: () => [...axis().marks],
    values: (_chart, marks) => marks.map((mark) => number(mark, 6)),
    // Every mark was chosen to be shown: uPlot would leave out those of a logarithmic axis that are no powers of ten.
    filter: (_chart, marks) => marks,
  };
}

function line(curve: Curve, palette: () => Palette): uPlot.Series {
  const stroke = (): string => palette()[curve.colour];
  return {
    stroke,
    width: curve.width,
    alpha: curve.alpha ?? 1,
    spanGaps: true,
    ...(curve.dash ? { dash: [...curve.dash] } : {}),
    ...(curve.isHidden ? { paths: () => null, points: { show: false } } : { points: dots(curve, stroke) }),
  };
}

const dots = ({ hasDots = false }: Curve, stroke: () => string): uPlot.Series.Points =>
  hasDots ? { show: true, size: 5, width: 0, fill: stroke, stroke } : { show: false };
