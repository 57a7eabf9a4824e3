// Ways in which a file comes to be something else than it was.
import { mutated } from '../gateway/mutations';
import { choice, integer, isChance, type Random } from '../random';

const EDGES = [0, 1, 0x7f, 0x80, 0xff, 0x7fff, 0xffff, 0x7fff_ffff, 0x8000_0000, 0xffff_ffff];
const PIECES = [
  '\0',
  '\ufeff',
  '\r\n',
  '\t',
  '"',
  '-1',
  '1e309',
  '99999999999999999999',
  '../../etc/passwd',
  '{',
  ']',
  'NaN',
  '\ud800',
];
const MOST_PIECE_BYTES = 64;

/** One to four changes of a whole file, as bytes or, where it is a text, as text. */
export function damaged(bytes: Uint8Array, kind: 'binary' | 'text' | 'json', random: Random): Uint8Array {
  if (kind === 'json' && isChance(random, 0.6)) {
    const changed = mutated(JSON.parse(Buffer.from(bytes).toString('utf8')), random);
    const text = safeJson(changed);
    if (text !== null) return new TextEncoder().encode(text);
  }
  let result = bytes;
  for (let change = integer(random, 1, 4); change > 0; change--)
    result = kind !== 'binary' && isChance(random, 0.5) ? changedText(result, random) : changedBytes(result, random);
  return result;
}

/** Null where the value cannot stand in a file: it holds itself, or a bigint. */
function safeJson(value: unknown): string | null {
  try {
    return JSON.stringify(value) ?? null;
  } catch {
    return null;
  }
}

function changedBytes(bytes: Uint8Array, random: Random): Uint8Array {
  const copy = Uint8Array.from(bytes);
  const at = integer(random, 0, Math.max(0, copy.length - 1));
  const length = integer(random, 1, MOST_PIECE_BYTES);
  switch (choice(random, ['flip', 'edge', 'cut', 'drop', 'double', 'noise'] as const)) {
    case 'flip':
      if (copy.length > 0) copy[at] = (copy[at] ?? 0) ^ (1 << integer(random, 0, 7));
      return copy;
    case 'edge':
      if (copy.length >= 4)
        new DataView(copy.buffer).setUint32(
          Math.min(at, copy.length - 4),
          choice(random, EDGES),
          isChance(random, 0.5),
        );
      return copy;
    case 'cut':
      return copy.slice(0, at);
    case 'drop':
      return joined(copy.slice(0, at), copy.slice(at + length));
    case 'double':
      return joined(copy.slice(0, at + length), copy.slice(at));
    case 'noise':
      return joined(
        copy.slice(0, at),
        Uint8Array.from({ length }, () => integer(random, 0, 255)),
        copy.slice(at),
      );
  }
}

function changedText(bytes: Uint8Array, random: Random): Uint8Array {
  const lines = Buffer.from(bytes).toString('latin1').split('\n');
  const at = integer(random, 0, lines.length - 1);
  const line = lines[at] ?? '';
  switch (choice(random, ['number', 'piece', 'drop', 'double', 'swap'] as const)) {
    case 'number':
      lines[at] = line.replace(/-?\d+(\.\d+)?/, choice(random, ['0', '-1', '1e999', '4294967296', 'NaN', '']));
      break;
    case 'piece': {
      const place = integer(random, 0, line.length);
      lines[at] = line.slice(0, place) + choice(random, PIECES) + line.slice(place);
      break;
    }
    case 'drop':
      lines.splice(at, 1);
      break;
    case 'double':
      lines.splice(at, 0, line);
      break;
    case 'swap':
      lines.splice(at, 1);
      lines.splice(integer(random, 0, lines.length), 0, line);
      break;
  }
  return Buffer.from(lines.join('\n'), 'latin1');
}

const joined = (...parts: readonly Uint8Array[]): Uint8Array => new Uint8Array(Buffer.concat(parts));
