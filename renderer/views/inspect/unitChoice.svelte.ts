// Which units of which activation are meant: of an experiment, or of a question.
import type { ActivationSeries } from '../../../app/contract/inspection';
import { sameSeries, seriesOf, type Inspected, type Series } from './inspected.svelte';

export class UnitChoice {
  readonly all: readonly Series[];
  series = $state.raw<Series>();
  /** Ascending; none: all units of the series. */
  units = $state.raw<readonly number[]>([]);

  constructor(inspected: Inspected) {
    this.all = inspected.inspection.layers.flatMap(seriesOf);
    this.series = this.all.find(({ of }) => of.range === 'gate' && /forget|update/.test(of.name)) ?? this.all[0];
  }

  choose(series: Series): void {
    this.series = series;
    this.units = this.units.filter((unit) => unit < series.of.units);
  }

  /** One unit of one series, and no other. */
  want(of: ActivationSeries, unit: number): void {
    const series = this.all.find((each) => sameSeries(each, of));
    if (!series) return;
    this.choose(series);
    this.units = [unit];
  }

  /** Takes a unit in, or out again. */
  press(unit: number): void {
    const others = this.units.filter((each) => each !== unit);
    this.units = others.length < this.units.length ? others : [...others, unit].sort((a, b) => a - b);
  }
}

/** Numbers and ranges such as "3, 7-9"; null where it is none. @param count of the units there are */
export function unitsIn(text: string, count: number): number[] | null {
  const units: number[] = [];
  for (const part of text.split(/[\s,，、]+/).filter((each) => each !== '')) {
    const match = /^(\d{1,5})(?:[-–](\d{1,5}))?$/.exec(part);
    if (!match) return null;
    const [first, last] = [Number(match[1]), Number(match[2] ?? match[1])];
    if (last < first || last >= count) return null;
    for (let unit = first; unit <= last; unit++) units.push(unit);
  }
  return units.sort((a, b) => a - b).filter((unit, at, all) => unit !== all[at - 1]);
}

/** As unitsIn reads them: 3, 7–9. */
export function unitsText(units: readonly number[]): string {
  const parts: string[] = [];
  for (let at = 0; at < units.length;) {
    let end = at;
    while (units[end + 1] === units[end]! + 1) end += 1;
    parts.push(end > at ? `${units[at]}–${units[end]}` : String(units[at]));
    at = end + 1;
  }
  return parts.join(', ');
}
