// Values that a schema accepts, made from the schema itself: what a window in order might say.
import { z } from 'zod';
import { choice, integer, isChance, type Random } from '../random';

/** Identifiers and other words that the engine has told, so that messages reach what is there. */
export type Known = readonly string[];

/** An inner schema, whatever it is of. */
type Inner = z.core.$ZodType;
type Definition = z.core.$ZodTypes['_zod']['def'];

const SOME_NUMBERS = [0, 1, 2, 3, 5, 10, 16, 25, 26, 40, 100, 500, 1_000, 16_000, 0.001, 0.01, 0.1, 0.5, 0.9, -0.5];
const SOME_WORDS = ['', 'a', 'one', 'zero two', 'naïve', '二', 'clip.wav', 'list.tsv', 'manifest', 'en', '0'];
const MOST_ITEMS = 3;
const MOST_SAMPLES = 800;
/** A schema that refuses so many attempts refuses what is made here by its nature. */
const ATTEMPTS = 12;

/** @returns a value that the schema most likely accepts; where it does not, the message is one more that is refused */
export function valueOf(schema: Inner, random: Random, known: Known): unknown {
  let value: unknown;
  for (let attempt = 0; attempt < ATTEMPTS; attempt++) {
    value = made(schema, random, known);
    if (z.safeParse(schema, value).success) return value;
  }
  return value;
}

function made(schema: Inner, random: Random, known: Known): unknown {
  const def = (schema as z.core.$ZodTypes)._zod.def;
  const inner = (each: Inner): unknown => valueOf(each, random, known);
  switch (def.type) {
    case 'object':
      return objectOf(def, random, known);
    case 'array':
      return Array.from({ length: integer(random, 0, MOST_ITEMS) }, () => inner(def.element));
    case 'tuple':
      return def.items.map(inner);
    case 'record':
      return Object.fromEntries(
        Array.from({ length: integer(random, 0, 2) }, () => [inner(def.keyType), inner(def.valueType)]),
      );
    case 'union':
      return inner(choice(random, def.options));
    case 'optional':
    case 'default':
      return isChance(random, 0.5) ? undefined : inner(def.innerType);
    case 'nullable':
      return isChance(random, 0.3) ? null : inner(def.innerType);
    case 'readonly':
    case 'nonoptional':
      return inner(def.innerType);
    case 'pipe':
      return inner(def.in);
    default:
      return leafOf(def, random, known);
  }
}

function objectOf(def: Extract<Definition, { type: 'object' }>, random: Random, known: Known): Record<string, unknown> {
  const made: Record<string, unknown> = {};
  for (const [key, field] of Object.entries(def.shape)) {
    const value = valueOf(field, random, known);
    if (value !== undefined) made[key] = value;
  }
  return made;
}

function leafOf(def: Definition, random: Random, known: Known): unknown {
  switch (def.type) {
    case 'string':
      return isChance(random, 0.75) && known.length > 0 ? choice(random, known) : choice(random, SOME_WORDS);
    case 'number':
      return isChance(random, 0.7) ? choice(random, SOME_NUMBERS) : integer(random, 0, 5_000);
    case 'boolean':
      return isChance(random, 0.5);
    case 'enum':
      return choice(random, Object.values(def.entries));
    case 'literal':
      return choice(random, def.values);
    case 'null':
      return null;
    case 'custom':
      return typedArray(random);
    default:
      return choice<unknown>(random, [{}, [], 'text', 1, null]);
  }
}

/** Some typed array; the schema's tag decides which attempt is the right one. */
function typedArray(random: Random): unknown {
  const length = integer(random, 0, MOST_SAMPLES);
  const type = choice(random, [Float32Array, Int16Array, Int32Array, Uint8Array]);
  return new type(length).map(() => Math.round((random() - 0.5) * 200));
}
