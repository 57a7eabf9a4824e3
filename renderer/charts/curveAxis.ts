// The vertical axis of a figure of curves: where values stand, and what is written beside them.
import { linearMarks, roundUp } from './axisSteps';
import { decadeMarks, decadesOf, placeOf, powerOfTen } from './logScale';

export interface CurveAxis {
  /** 0 at the lower end, 1 at the upper one; null is too large for a number. */
  place(value: number | null): number;
  readonly marks: readonly { readonly place: number; readonly text: string; readonly isMain: boolean }[];
}
type Series = readonly (readonly (number | null)[])[];

/** Sizes on a logarithmic axis; 1 is its main line. @param count most marks @param stride decades by which its ends grow */
export function logAxis(series: Series, count = 8, stride?: number): CurveAxis {
  const decades = decadesOf(series, stride);
  return {
    place: (value) => placeOf(value, decades),
    marks: decadeMarks(decades, count).map((exponent) => ({
      place: (exponent - decades.low) / (decades.high - decades.low),
      text: powerOfTen(exponent),
      isMain: exponent === 0,
    })),
  };
}

/** From 0 to `most`, or to a round number that holds all values. What is beyond stands at the upper end. */
export function linearAxis(
  series: Series,
  {
    most,
    count = 4,
    format,
  }: { readonly most?: number; readonly count?: number; readonly format: (value: number) => string },
): CurveAxis {
  const largest = series.flat().reduce<number>((all, value) => Math.max(all, value ?? 0), 1e-9);
  const high = most ?? roundUp(largest);
  return {
    place: (value) => (value === null ? 1 : Math.max(0, Math.min(1, value / high))),
    marks: linearMarks(0, high, count).map((value) => ({
      place: value / high,
      text: format(value),
      isMain: value === 0,
    })),
  };
}
