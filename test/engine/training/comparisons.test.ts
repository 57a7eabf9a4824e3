// Recognisers heard side by side on one set of recordings.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { modelMethods } from '../../../app/contract/models';
import type { EventOf } from '../../../app/contract/messages';
import { UnrollError } from '../../../app/errors';
import { OpenModel } from '../../../engine/listen/openModel';
import { Comparisons } from '../../../engine/training/comparisons';
import { evaluateOpen, type EvaluatedRow } from '../../../engine/training/evaluate';
import { fakeManifest, fakeOpeners } from '../listen/fakeNetwork';

const sound = (digit: number): string => join(import.meta.dirname, `../../fixtures/audio/asterisk_digits_${digit}.wav`);
const ROWS: readonly EvaluatedRow[] = [
  { path: sound(1), transcript: 'a b' },
  { path: sound(2), transcript: 'd' },
  { path: join(import.meta.dirname, 'nothing.wav'), transcript: 'c' },
];

function room(rows = ROWS) {
  const heard: EventOf<'models.comparing'>[] = [];
  const bugs: unknown[] = [];
  const comparisons = new Comparisons({
    openModel: (id) => {
      if (id !== 'fake-live' && id !== 'fake-whole') throw new UnrollError('model.missing', { model: id });
      const manifest = fakeManifest(id === 'fake-live' ? 'forward' : 'bidirectional');
      return Promise.resolve(new OpenModel({ manifest, parameters: new Map() }, 'wasm', fakeOpeners()));
    },
    rowsOf: () => Promise.resolve(rows),
    onComparing: (event) => heard.push(event),
    onBug: (error) => bugs.push(error),
  });
  return { comparisons, heard, bugs };
}
const ASKED = { modelIds: ['fake-live', 'fake-whole'], setId: 'set', part: null };

describe('a comparison', () => {
  it('gives each model’s rates with their intervals, counts what cannot be read, and tells how far it is', async () => {
    const { comparisons, heard, bugs } = room();
    const comparisonId = await comparisons.begin(ASKED);
    const measured = await comparisons.result(comparisonId);
    modelMethods['models.compared'].reply.parse({ measured });
    expect(measured).toMatchObject([
      { modelId: 'fake-live', utterances: 2, leftOut: 1 },
      { modelId: 'fake-whole', utterances: 2, leftOut: 1 },
    ]);
    for (const { wer, werInterval, realTimeFactor } of measured) {
      expect(werInterval![0]).toBeLessThanOrEqual(wer);
      expect(werInterval![1]).toBeGreaterThanOrEqual(wer);
      expect(realTimeFactor).toBeGreaterThan(0);
    }
    expect(heard.map(({ done, of }) => [done, of])).toEqual([1, 2, 3, 4, 5, 6].map((done) => [done, 6]));
    expect(bugs).toEqual([]);
  });

  it('counts as unroll evaluate does', async () => {
    const { comparisons } = room(ROWS.slice(0, 2));
    const [measured] = await comparisons.result(await comparisons.begin({ ...ASKED, modelIds: ['fake-live'] }));
    const open = new OpenModel({ manifest: fakeManifest('forward'), parameters: new Map() }, 'wasm', fakeOpeners());
    const { wer, cer, sentencesExact } = await evaluateOpen(open, ROWS.slice(0, 2), { decoder: 'greedy' });
    expect(measured).toMatchObject({ wer, cer, sentencesExact });
  });

  it('can be given up, and is told once', async () => {
    const { comparisons, bugs } = room();
    const given = await comparisons.begin(ASKED);
    const waiting = comparisons.result(given);
    const refused = expect(waiting).rejects.toMatchObject({ code: 'comparison.closed' });
    await comparisons.cancel(given);
    await refused;
    const told = await comparisons.begin(ASKED);
    await comparisons.result(told);
    await expect(comparisons.result(told)).rejects.toMatchObject({ code: 'comparison.closed' });
    expect(bugs).toEqual([]);
  });

  it('of nothing, of nobody and of what cannot be heard is refused with a sentence', async () => {
    await expect(room([]).comparisons.begin(ASKED)).rejects.toMatchObject({ code: 'comparison.noRows' });
    await expect(room().comparisons.begin({ ...ASKED, modelIds: ['nobody'] })).rejects.toMatchObject({
      code: 'model.missing',
    });
    const unreadable = room(ROWS.slice(2)).comparisons;
    await expect(unreadable.result(await unreadable.begin(ASKED))).rejects.toMatchObject({
      code: 'dataset.unreadable',
    });
  });
});
