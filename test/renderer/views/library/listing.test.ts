import { expect, test } from 'vitest';
import { asked, NO_FILTERS } from '../../../../renderer/views/library/filters';
import { linesOf } from '../../../../renderer/views/library/listing';

test('every day has its heading before its recordings, and an order that is not of time has none', () => {
  const days = [
    { day: '2026-03-15', count: 2 },
    { day: '2026-03-14', count: 1 },
  ];
  expect(linesOf({ days, total: 3 })).toEqual([
    { kind: 'day', day: '2026-03-15' },
    { kind: 'recording', index: 0 },
    { kind: 'recording', index: 1 },
    { kind: 'day', day: '2026-03-14' },
    { kind: 'recording', index: 2 },
  ]);
  expect(linesOf({ days: [], total: 2 }).map(({ kind }) => kind)).toEqual(['recording', 'recording']);
});

test('no filter asks nothing, and each asks for its own', () => {
  const now = new Date(2026, 2, 14, 12);
  expect(asked(NO_FILTERS, now)).toEqual({});
  expect(asked({ ...NO_FILTERS, query: ' two ', isDoubtful: true, tags: ['work'], length: 'to60' }, now)).toEqual({
    query: 'two',
    confidenceBelow: 0.7,
    tags: ['work'],
    durationFromMs: 10_000,
    durationBelowMs: 60_000,
  });
  expect(asked({ ...NO_FILTERS, when: 'week' }, now)).toEqual({ createdFrom: new Date(2026, 2, 8).toISOString() });
});
