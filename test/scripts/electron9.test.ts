import { runInNewContext } from 'node:vm';
import { describe, expect, test } from 'vitest';
import { polyfillBanner, withoutWhere } from '../../scripts/build/electron9.mjs';

/** Evaluates an expression where all that the old engine lacks was deleted and given back by the polyfills. */
function evaluateOld(expression: string): unknown {
  const removal = `
    for (const prototype of [Array.prototype, Object.getPrototypeOf(Int8Array.prototype), String.prototype])
      for (const name of ['at', 'findLast', 'findLastIndex', 'toSorted', 'toReversed', 'toSpliced', 'with', 'replaceAll'])
        delete prototype[name];
    for (const name of ['hasOwn', 'groupBy']) delete Object[name];
    delete Map.groupBy; delete Promise.any; delete Promise.withResolvers; delete globalThis.structuredClone;
    delete globalThis.AggregateError;`;
  const json = runInNewContext(
    `${removal};(() => {${polyfillBanner()}})();(async () => JSON.stringify(await (${expression})))()`,
  ) as Promise<string>;
  return json.then((text) => JSON.parse(text) as unknown);
}

describe('the polyfills of the old test vehicle', () => {
  test.each([
    ['[1, 2, 3].at(-1)', 3],
    ["'abc'.at(-2)", 'b'],
    ['Array.from(new Float32Array([3, 1, 2]).toSorted())', [1, 2, 3]],
    ['[1, 2, 3, 4].findLast((n) => n % 2 === 1)', 3],
    ['[1, 2].findLastIndex((n) => n > 5)', -1],
    ['[1, 2, 3].toReversed()', [3, 2, 1]],
    ['[1, 2, 3].with(-1, 9)', [1, 2, 9]],
    ['[1, 2, 3].toSpliced(1, 1)', [1, 3]],
    ["'a.b.c'.replaceAll('.', '$&')", 'a$&b$&c'],
    ["Object.hasOwn({ a: 1 }, 'a')", true],
    ["Object.groupBy([1, 2, 3], (n) => (n % 2 ? 'odd' : 'even'))", { odd: [1, 3], even: [2] }],
    ['Promise.any([Promise.reject(1), Promise.resolve(2)])', 2],
    ['Promise.any([Promise.reject(1)]).catch((error) => error.errors)', [1]],
    ['(() => { const { promise, resolve } = Promise.withResolvers(); resolve(4); return promise; })()', 4],
    ['Array.from(structuredClone({ a: new Uint8Array([1, 2]) }).a)', [1, 2]],
    ['(() => { const a = []; a.push(a); const b = structuredClone(a); return b !== a && b[0] === b; })()', true],
    ['structuredClone(new Map([[1, new Set([2])]])).get(1).has(2)', true],
  ])('%s', async (expression, expected) => {
    expect(await evaluateOld(expression)).toEqual(expected);
  });
});

test('rules scoped by Svelte lose the selector that drops them in old browsers', () => {
  expect(withoutWhere('a:where(.svelte-x1) b:where(.svelte-x1):hover{c:d}')).toBe('a.svelte-x1 b.svelte-x1:hover{c:d}');
});
