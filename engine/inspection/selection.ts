// Which units are open inside a span and closed outside it (Strobelt, Gehrmann, Pfister & Rush, "LSTMVis", 2018).
import type { ActivationSeries } from '../../app/contract/inspection';
import type { FoundUnit } from '../../app/contract/inspectionQuestions';
import type { RequestOf } from '../../app/contract/messages';
import { turnOfOthers } from './activations';
import type { Inspection } from './inspection';
import { refused } from './refused';
import type { RowSource } from './tiles';

const MOST_UNITS = 200;
const PIECE_ROWS = 256;

/** @throws UnrollError message.refused where the span holds no step, or there is no such activation */
export async function selectUnits(
  inspection: Inspection,
  question: Omit<RequestOf<'inspection.select'>, 'handle'>,
): Promise<FoundUnit[]> {
  const { steps } = inspection.description;
  const [fromStep, toStep] = [question.fromStep, Math.min(question.toStep, steps)];
  if (fromStep >= toStep) throw refused('The span holds no step of the sound.');
  const length = toStep - fromStep;
  const around = question.outside === 'around';
  const span: Span = {
    fromStep,
    toStep,
    outsideFrom: around ? Math.max(0, fromStep - length) : 0,
    outsideTo: around ? Math.min(steps, toStep + length) : steps,
  };
  const found: FoundUnit[] = [];
  for (const series of question.series.length > 0 ? question.series : everySeries(inspection)) {
    const counted = await countOpen(await inspection.series(series), span, question.threshold);
    found.push(...unitsOf(series, counted).filter((unit) => differenceOf(unit) >= question.leastDifference));
    await turnOfOthers(inspection.signal);
  }
  return found.sort((a, b) => differenceOf(b) - differenceOf(a)).slice(0, MOST_UNITS);
}

/** Every activation of every reading, but those of clocks: they know nothing of the sound. */
export const everySeries = ({ description: { layers } }: Pick<Inspection, 'description'>): ActivationSeries[] =>
  layers.flatMap(({ index, directions, activations }) =>
    directions.flatMap((direction) =>
      activations
        .filter(({ isClampable }) => isClampable)
        .map(({ name }) => ({ layer: index, direction, activation: name })),
    ),
  );

const differenceOf = ({ openInside, openOutside }: FoundUnit): number => openInside - openOutside;

interface Span {
  readonly fromStep: number;
  readonly toStep: number;
  /** Steps [outsideFrom, outsideTo) that are not inside are outside. */
  readonly outsideFrom: number;
  readonly outsideTo: number;
}
/** Of each unit inside and outside, and steps of both. */
interface Counted {
  readonly steps: readonly [number, number];
  readonly open: readonly [Float64Array, Float64Array];
  readonly sum: readonly [Float64Array, Float64Array];
}

async function countOpen({ width, read }: RowSource, span: Span, threshold: number): Promise<Counted> {
  const pair = (): [Float64Array, Float64Array] => [new Float64Array(width), new Float64Array(width)];
  const [open, sum, steps] = [pair(), pair(), [0, 0] as [number, number]];
  for (let first = span.outsideFrom; first < span.outsideTo; first += PIECE_ROWS) {
    const values = await read(first, Math.min(PIECE_ROWS, span.outsideTo - first));
    for (let row = 0; row < values.length / width; row++) {
      const side = first + row >= span.fromStep && first + row < span.toStep ? 0 : 1;
      steps[side]++;
      for (let unit = 0; unit < width; unit++) {
        const value = values[row * width + unit]!;
        sum[side][unit]! += value;
        if (value >= threshold) open[side][unit]!++;
      }
    }
  }
  return { steps, open, sum };
}

function unitsOf(series: ActivationSeries, { steps, open, sum }: Counted): FoundUnit[] {
  const share = (values: Float64Array, unit: number, side: 0 | 1): number => values[unit]! / Math.max(1, steps[side]);
  return Array.from({ length: open[0].length }, (_, unit) => ({
    ...series,
    unit,
    openInside: share(open[0], unit, 0),
    openOutside: share(open[1], unit, 1),
    meanInside: share(sum[0], unit, 0),
    meanOutside: share(sum[1], unit, 1),
  }));
}
