// What models make of lines of text, put together for one figure.
import type { TextModel, TextReading } from '../../../app/contract/texts';
import type { Bridge } from '../../bridge/bridge';

/** A stretch of a line with one meaning. */
export interface PlacedMark {
  readonly line: number;
  /** UTF-16 units of that line, [start, end). */
  readonly start: number;
  readonly end: number;
  readonly kind: string;
  readonly text: string;
  readonly probability: number;
}
export interface Meaning {
  readonly model: TextModel;
  readonly marks: readonly PlacedMark[];
  readonly labels: TextReading['labels'];
}

/** What each line means by itself, to each of the models that read it. @param modelsFor of a line, the first one's marks stand */
export async function meaningsOfLines(
  bridge: Bridge,
  modelsFor: (line: string) => readonly TextModel[],
  lines: readonly string[],
): Promise<Meaning[][]> {
  const readers = lines.map(modelsFor);
  const models = [...new Set(readers.flat())];
  const readings = await Promise.all(
    models.map(async (model) => {
      const own = [...lines.keys()].filter((line) => readers[line]!.includes(model));
      const read = await readingsOf(
        bridge,
        model,
        own.map((line) => lines[line]!),
      );
      return new Map(own.map((line, at) => [line, read[at]!]));
    }),
  );
  return lines.map((text, line) =>
    readers[line]!.map((model) => {
      const reading = readings[models.indexOf(model)]!.get(line)!;
      const marks = marksOf(reading, text).map((mark) => ({ ...mark, line: 0 }));
      return { model, marks, labels: reading.labels };
    }),
  );
}

/** What a transcript means: slots line by line, labels and phrases of all of it. */
export async function meaningsOfWhole(
  bridge: Bridge,
  models: readonly TextModel[],
  lines: readonly string[],
): Promise<Meaning[]> {
  const whole = lines.join('\n');
  return Promise.all(
    models.map(async (model): Promise<Meaning> => {
      if (model.answers === 'tags') {
        const readings = await readingsOf(bridge, model, lines);
        const marks = readings.flatMap((reading, line) => marksOf(reading, lines[line]!).map((m) => ({ ...m, line })));
        return { model, marks, labels: [] };
      }
      const [reading] = await readingsOf(bridge, model, [whole]);
      const { labels } = reading!;
      return { model, marks: marksOf(reading!, whole).map((mark) => inLine(mark, lines)), labels };
    }),
  );
}

const readingsOf = async (bridge: Bridge, model: TextModel, texts: readonly string[]): Promise<TextReading[]> =>
  texts.length === 0 ? [] : (await bridge.request('texts.read', { modelId: model.id, texts: [...texts] })).readings;

type Unplaced = Omit<PlacedMark, 'line'>;
function marksOf({ words, marks }: TextReading, text: string): Unplaced[] {
  return marks.map(({ kind, firstWord, endWord, probability }) => {
    const [start, end] = [words[firstWord]!.start, words[endWord - 1]!.end];
    return { start, end, kind, text: text.slice(start, end), probability };
  });
}

/** @param mark of the lines joined by a line's end */
function inLine({ start, end, ...mark }: Unplaced, lines: readonly string[]): PlacedMark {
  let before = 0;
  let line = 0;
  while (line < lines.length - 1 && before + lines[line]!.length < start) before += lines[line++]!.length + 1;
  return { ...mark, line, start: start - before, end: Math.min(end - before, lines[line]!.length) };
}

/** Places of a series of colours. */
export type Tint = 1 | 2 | 3 | 4;
const TINTS = [2, 1, 4, 3] as const satisfies readonly Tint[];

/** Each kind's colour, in the order in which they are met. */
export function tintsOf(meanings: readonly Meaning[]): ReadonlyMap<string, Tint> {
  const kinds = new Set(meanings.flatMap(({ marks }) => marks.map(({ kind }) => kind)));
  return new Map([...kinds].map((kind, at) => [kind, TINTS[at % TINTS.length]!]));
}

export interface TintedPart {
  readonly text: string;
  /** Null between marks. */
  readonly mark: PlacedMark | null;
}
/** A line from its beginning to its end. @param marks of two that meet the one that is named first stands */
export function partsOf(text: string, marks: readonly PlacedMark[]): TintedPart[] {
  const standing: PlacedMark[] = [];
  for (const mark of marks) {
    const isFree = standing.every(({ start, end }) => mark.end <= start || mark.start >= end);
    if (isFree && mark.end > mark.start) standing.push(mark);
  }
  const parts: TintedPart[] = [];
  let at = 0;
  for (const mark of standing.sort((a, b) => a.start - b.start)) {
    if (mark.start > at) parts.push({ text: text.slice(at, mark.start), mark: null });
    parts.push({ text: text.slice(mark.start, mark.end), mark });
    at = mark.end;
  }
  if (at < text.length) parts.push({ text: text.slice(at), mark: null });
  return parts;
}
