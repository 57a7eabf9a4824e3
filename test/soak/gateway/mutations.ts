// What a broken or hostile window might make of a message.
import { choice, integer, isChance, type Random } from '../random';

const LONG_TEXT = 1 << 16;
const MANY = 70_000;

/** Values that have broken programs before. Each is made anew: some are changed on the way. */
const HOSTILE: readonly (() => unknown)[] = [
  () => null,
  () => undefined,
  () => Number.NaN,
  () => Number.POSITIVE_INFINITY,
  () => -1,
  () => -0,
  () => 2 ** 53,
  () => Number.MAX_VALUE,
  () => 1.5,
  () => 10n,
  () => '',
  () => '\0',
  () => '../../../../etc/passwd',
  () => '..\\..\\windows\\win.ini',
  () => '/etc/passwd',
  () => 'file:///etc/passwd',
  () => '%2e%2e%2f%2e%2e%2f',
  () => '__proto__',
  () => 'constructor',
  () => 'prototype',
  () => 'toString',
  () => '<img src=x onerror=alert(1)>',
  () => '\u202e\ufeff\ud800',
  () => 'x'.repeat(LONG_TEXT),
  () => Array.from({ length: MANY }, () => 0),
  () => Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`k${index}`, index])),
  () => new Float32Array(0),
  () => new Float32Array([Number.NaN, Number.POSITIVE_INFINITY, -0]),
  () => new Float64Array(4),
  () => new Int16Array(200_000),
  () => new Uint8Array((1 << 20) + 1),
  () => new DataView(new ArrayBuffer(8)),
  () => new Map([['a', 1]]),
  () => new Date(Number.NaN),
  () => /x/,
  () => [],
  () => ({}),
  () => true,
  () => JSON.parse('{"__proto__":{"isAdmin":true}}') as unknown,
  () => JSON.parse('{"constructor":{"prototype":{"isAdmin":true}}}') as unknown,
  () => ({ length: 1e9 }),
  () => ({
    get secret() {
      return 1;
    },
  }),
  () => nested(200),
  () => circular(),
];

function nested(depth: number): unknown {
  let value: unknown = 'deep';
  for (let level = 0; level < depth; level++) value = level % 2 === 0 ? [value] : { value };
  return value;
}

function circular(): unknown {
  const self: { me?: unknown } = {};
  self.me = self;
  return self;
}

export const hostileValue = (random: Random): unknown => choice(random, HOSTILE)();

/** A copy of plain data with one place changed: another value, one key less, or one more. */
export function mutated(value: unknown, random: Random): unknown {
  if (Array.isArray(value) && value.length > 0 && isChance(random, 0.8)) {
    const at = integer(random, 0, value.length - 1);
    return value.map((item: unknown, index) => (index === at ? mutated(item, random) : item));
  }
  if (!isPlain(value) || isChance(random, 0.15)) return hostileValue(random);
  const keys = Object.keys(value);
  const copy: Record<string, unknown> = { ...value };
  const key = keys.length === 0 ? null : choice(random, keys);
  const way = random();
  if (key === null || way < 0.2)
    define(copy, choice(random, ['__proto__', 'constructor', 'extra', 'path', '']), hostileValue(random));
  else if (way < 0.35) delete copy[key];
  else copy[key] = mutated(copy[key], random);
  return copy;
}

/** As a property of its own, whatever its name. */
const define = (target: object, key: string, value: unknown): void => {
  Object.defineProperty(target, key, { value, enumerable: true, configurable: true, writable: true });
};

const isPlain = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && Object.getPrototypeOf(value) === Object.prototype;

const STRANGE_METHODS = [
  '',
  '__proto__',
  'constructor',
  'toString',
  'hasOwnProperty',
  'system.exit',
  '../listen.start',
  'x'.repeat(65),
];

/** An envelope around a body: mostly in order, sometimes not. */
export function envelope(id: number, method: string, body: unknown, random: Random): unknown {
  const good = { kind: 'request', id, method, body };
  const way = random();
  if (way < 0.9) return good;
  if (way < 0.94) return { ...good, method: choice(random, STRANGE_METHODS) };
  if (way < 0.96) return hostileValue(random);
  return mutated(good, random);
}
