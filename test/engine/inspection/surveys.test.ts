// Many sounds heard through one network for one question.
import { promises as fs } from 'node:fs';
import { onTestFinished, describe, expect, test } from 'vitest';
import { sideOf } from '../../../app/contract/confusions';
import type { InspectedSound, MatrixSource } from '../../../app/contract/inspection';
import { surveyMethods } from '../../../app/contract/inspectionQuestions';
import type { EventOf } from '../../../app/contract/messages';
import { UnrollError } from '../../../app/errors';
import { Surveys } from '../../../engine/inspection/surveys';
import { babble } from '../listen/fakeNetwork';
import { temporaryFolder } from '../temporary';
import { openRoom, openTiny } from './room';

const rowOf = (rowId: number): InspectedSound => ({ kind: 'row', setId: 'set', rowId });
const SET = { kind: 'set', setId: 'set' } as const;
/** A short sound, a longer one that begins otherwise, and one that cannot be read. */
const SOUNDS = [babble(1), babble(2).subarray(5000), null];

async function openSurveys() {
  const folder = await temporaryFolder();
  const events: EventOf<'inspection.survey'>[] = [];
  const model = openTiny();
  const surveys = new Surveys({
    folder,
    openModel: async () => model,
    soundOf: async (sound) => {
      const pcm = sound.kind === 'row' ? SOUNDS[sound.rowId] : null;
      if (!pcm) throw new UnrollError('file.missing', { file: 'gone.wav' });
      return pcm;
    },
    soundsOf: async () =>
      SOUNDS.map((_, rowId) => ({ sound: rowOf(rowId), name: `${rowId}.wav`, text: 'a b', said: 'a b' })),
    onSurvey: (event) => events.push(event),
    onBug: (error) => expect.fail(String(error)),
  });
  onTestFinished(() => surveys.cancelAll());
  return { surveys, events, folder, model };
}
const whole = { first: 0, columns: 1024, rowsPerColumn: 1, reduce: 'mean' } as const;
function pearson(x: readonly number[], y: readonly number[]): number {
  const meanOf = (values: readonly number[]): number => values.reduce((sum, value) => sum + value) / values.length;
  const centred = (values: readonly number[]): number[] => values.map((value) => value - meanOf(values));
  const [a, b] = [centred(x), centred(y)];
  const dot = (u: readonly number[], v: readonly number[]): number =>
    u.reduce((sum, value, k) => sum + value * v[k]!, 0);
  return dot(a, b) / Math.sqrt(dot(a, a) * dot(b, b));
}
const gate = { layer: 0, direction: 'forward', activation: 'forgetGate' } as const;

describe('a survey', () => {
  test('tells what every unit does over all sounds', async () => {
    const { surveys, events, folder, model } = await openSurveys();
    const id = await surveys.begin({ modelId: 'tiny-live', of: SET, task: { kind: 'statistics' } });
    const result = await surveys.result(id);
    expect(surveyMethods['inspection.surveyed'].reply.parse({ result })).toEqual({ result });
    if (result.kind !== 'statistics') return expect.fail(result.kind);
    const parts = await Promise.all(
      SOUNDS.slice(0, 2).map(async (pcm) => {
        const { inspections, open } = await openRoom(model, pcm!);
        const { handle } = await open();
        return (await inspections.get(handle).matrix({ source: { kind: 'activation', ...gate }, ...whole })).values;
      }),
    );
    const unit3 = parts.flatMap((values) => [...values.filter((_, k) => k % 12 === 3)]);
    const share = (is: (value: number) => boolean): number => unit3.filter(is).length / unit3.length;
    const mean = unit3.reduce((sum, value) => sum + value) / unit3.length;
    const { mean: means, open, high, low } = result.series.find(({ activation }) => activation === 'forgetGate')!;
    expect([result.sounds, result.leftOut, result.steps]).toEqual([2, 1, unit3.length]);
    expect(means[3]).toBeCloseTo(mean, 5);
    expect(open[3]).toBeCloseTo(
      share((value) => value > 0.5),
      6,
    );
    expect([high[3], low[3]]).toEqual([
      expect.closeTo(
        share((value) => value > 0.9),
        6,
      ),
      expect.closeTo(
        share((value) => value < 0.1),
        6,
      ),
    ]);
    const [reading] = result.readings;
    expect([reading!.keepGate, [...reading!.deadUnits]]).toEqual(['forgetGate', []]);
    expect(reading!.timeConstantSteps[3]).toBeCloseTo(-1 / Math.log(mean), 2);
    expect(reading!.timeConstantMs[3]! / reading!.timeConstantSteps[3]!).toBeCloseTo(10, 5);
    expect(events.map(({ state, done }) => [state, done])).toEqual([
      ['running', 0],
      ['running', 1],
      ['running', 2],
      ['done', 3],
    ]);
    expect(await fs.readdir(folder)).toEqual([]);
    await expect(surveys.result(id)).rejects.toThrow(UnrollError);
  });

  test('compares every unit with every symbol, over all sounds together', async () => {
    const { surveys, model } = await openSurveys();
    const result = await surveys.result(
      await surveys.begin({ modelId: 'tiny-live', of: SET, task: { kind: 'statistics' } }),
    );
    if (result.kind !== 'statistics') return expect.fail(result.kind);
    const columnOf = async (source: MatrixSource, column: number): Promise<number[]> => {
      const parts = await Promise.all(
        SOUNDS.slice(0, 2).map(async (pcm) => {
          const { inspections, open } = await openRoom(model, pcm!);
          const { values, width } = await inspections.get((await open()).handle).matrix({ source, ...whole });
          return [...values.filter((_, k) => k % width === column)];
        }),
      );
      return parts.flat();
    };
    const unit5 = await columnOf({ kind: 'activation', ...gate }, 5);
    const symbol1 = await columnOf({ kind: 'posteriors' }, 1);
    const { correlations } = result.series.find(({ activation }) => activation === 'forgetGate')!;
    const place = result.signals.findIndex((signal) => typeof signal === 'object' && signal.classIndex === 1);
    expect(correlations[place * 12 + 5]).toBeCloseTo(pearson(unit5, symbol1), 5);
    expect(Math.abs(pearson(unit5, symbol1))).toBeGreaterThan(0.01);
    expect(result.signals.slice(0, 3)).toEqual(['energy', 'voicing', 'silence']);
    expect(correlations.length).toBe(12 * result.signals.length);
  });

  test('tells what the network reads for what was said, and in which sound', async () => {
    const { surveys, events, folder } = await openSurveys();
    const result = await surveys.result(
      await surveys.begin({ modelId: 'tiny-live', of: SET, task: { kind: 'confusions' } }),
    );
    expect(surveyMethods['inspection.surveyed'].reply.parse({ result })).toEqual({ result });
    if (result.kind !== 'confusions') return expect.fail(result.kind);
    const { symbols, words, clips } = result;
    expect([result.sounds, result.leftOut, result.withoutText]).toEqual([2, 1, 0]);
    expect(clips.map(({ name, said, durationMs }) => [name, said, durationMs])).toEqual([
      ['0.wav', 'a b', 1000],
      ['1.wav', 'a b', 1687.5],
    ]);
    // Whatever is read: a row holds what was said, twice "a b"; and every place is a sound's.
    const side = sideOf(symbols!);
    const rowOf = (item: string): number =>
      symbols!.counts
        .subarray(symbols!.items.indexOf(item) * side, (symbols!.items.indexOf(item) + 1) * side)
        .reduce((sum, count) => sum + count, 0);
    expect([rowOf('a'), rowOf('b')]).toEqual([2, 2]);
    expect(symbols!.places.filter((_, k) => k % 4 === 1).every((clip) => clip < 2)).toBe(true);
    expect(words.isThere.reduce((sum, is) => sum + is, 0)).toBe(4);
    expect(events.at(-1)).toMatchObject({ state: 'done', done: 3 });
    expect(await fs.readdir(folder)).toEqual([]);
  });

  test('finds a pattern where it came from, and ranks the places', async () => {
    const { surveys, model } = await openSurveys();
    const { inspections, open } = await openRoom(model, SOUNDS[0]!);
    const { handle } = await open();
    const hidden = { layer: 0, direction: 'forward', activation: 'hidden' } as const;
    const { values } = await inspections.get(handle).matrix({ source: { kind: 'activation', ...hidden }, ...whole });
    const [fromStep, steps, threshold] = [40, 8, 0.3];
    const isOpen = (t: number, unit: number): boolean => values[t * 12 + unit]! >= threshold;
    const inside = Array.from({ length: steps }, (_, k) => fromStep + k);
    const units = Array.from({ length: 12 }, (_, unit) => unit)
      .filter((unit) => inside.every((t) => isOpen(t, unit)))
      .map((unit) => ({ ...hidden, unit }));
    expect(units.length).toBeGreaterThan(0);
    const task = { kind: 'matches', units, threshold, steps } as const;
    const result = await surveys.result(await surveys.begin({ modelId: 'tiny-live', of: SET, task }));
    if (result.kind !== 'matches') return expect.fail(result.kind);
    const scores = result.matches.map(({ score }) => score);
    expect(scores).toEqual([...scores].sort((a, b) => b - a));
    expect(result.matches.length).toBeGreaterThan(1);
    for (const match of result.matches) {
      expect(match.toStep - match.fromStep).toBe(steps);
      expect([match.fromMs, match.name]).toEqual([
        Math.min(match.fromStep * 10, match.name === '0.wav' ? 1000 : 1687.5),
        `${match.sound.kind === 'row' ? match.sound.rowId : -1}.wav`,
      ]);
    }
    const own = result.matches.filter(({ sound }) => sound.kind === 'row' && sound.rowId === 0);
    const shareAt = (t: number): number => units.filter(({ unit }) => isOpen(t, unit)).length / units.length;
    const shareOf = (first: number): number => inside.reduce((sum, _, k) => sum + shareAt(first + k), 0) / steps;
    expect(Math.max(...own.map((match) => shareOf(match.fromStep)))).toBeGreaterThan(0.9);
  });

  test('ends where it is cancelled, and says so', async () => {
    const { surveys, events, folder } = await openSurveys();
    const id = await surveys.begin({ modelId: 'tiny-live', of: SET, task: { kind: 'statistics' } });
    const waiting = expect(surveys.result(id)).rejects.toMatchObject({ code: 'inspection.closed' });
    await surveys.cancel(id);
    await waiting;
    expect(events.at(-1)!.state).toBe('cancelled');
    expect(await fs.readdir(folder)).toEqual([]);
  });
});
