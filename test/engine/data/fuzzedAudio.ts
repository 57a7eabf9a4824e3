// Sound files that may be anything: whole and odd, cut, lying, empty, damaged. All of it follows from the seed.
import { writeWav } from '../../../app/audio/wav';

export type Random = () => number;
export interface FuzzedFile {
  readonly kind: string;
  readonly bytes: Uint8Array;
  /**
   * Good: it must be read, and lasts `seconds`. Bad: it must be refused. Either: cut and damaged files keep what can still be
   * decoded.
   */
  readonly expected: { readonly kind: 'good'; readonly seconds: number } | { readonly kind: 'bad' | 'either' };
}

const RATES_HZ = [
  8000, 11_025, 12_000, 16_000, 22_050, 24_000, 32_000, 44_100, 48_000, 88_200, 96_000, 176_400, 192_000,
];
const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const HEADER_BYTES = 44;

const integer = (random: Random, least: number, most: number): number =>
  least + Math.floor(random() * (most - least + 1));
const choice = <A>(random: Random, items: readonly A[]): A => items[integer(random, 0, items.length - 1)]!;

interface Header {
  readonly format: number;
  readonly channels: number;
  readonly rateHz: number;
  readonly bits: number;
}

/** A WAV file of noise. */
function wav({ format, channels, rateHz, bits }: Header, frames: number, random: Random): Uint8Array {
  const bytes = new Uint8Array(HEADER_BYTES + (frames * channels * bits) / 8);
  // The header of a plain file, and then what differs.
  bytes.set(writeWav(new Int16Array(0), rateHz));
  const view = new DataView(bytes.buffer);
  view.setUint32(4, bytes.length - 8, true);
  view.setUint16(20, format, true);
  view.setUint16(22, channels, true);
  view.setUint32(28, (rateHz * channels * bits) / 8, true);
  view.setUint16(32, (channels * bits) / 8, true);
  view.setUint16(34, bits, true);
  view.setUint32(40, bytes.length - HEADER_BYTES, true);
  for (let at = HEADER_BYTES; at < bytes.length; at += bits / 8) {
    if (format !== FORMAT_FLOAT) for (let byte = 0; byte < bits / 8; byte++) bytes[at + byte] = integer(random, 0, 255);
    else if (bits === 32) view.setFloat32(at, random() - 0.5, true);
    else view.setFloat64(at, random() - 0.5, true);
  }
  return bytes;
}

function header(random: Random): Header {
  const format = choice(random, [FORMAT_PCM, FORMAT_PCM, FORMAT_FLOAT]);
  const bits = choice(random, format === FORMAT_PCM ? [8, 16, 24, 32] : [32, 64]);
  return { format, bits, channels: integer(random, 1, 8), rateHz: choice(random, RATES_HZ) };
}

function wholeWav(random: Random): { head: Header; frames: number; bytes: Uint8Array } {
  const head = header(random);
  const frames = integer(random, Math.ceil(head.rateHz / 20), Math.ceil(head.rateHz / 10));
  return { head, frames, bytes: wav(head, frames, random) };
}

type Maker = (random: Random, encoded: readonly Uint8Array[]) => Omit<FuzzedFile, 'kind'>;

const MAKERS: Readonly<Record<string, Maker>> = {
  whole: (random) => {
    const { head, frames, bytes } = wholeWav(random);
    return { bytes, expected: { kind: 'good', seconds: frames / head.rateHz } };
  },
  empty: () => ({ bytes: new Uint8Array(0), expected: { kind: 'bad' } }),
  'header alone': (random) => {
    const { bytes } = wholeWav(random);
    return { bytes: bytes.slice(0, integer(random, 1, HEADER_BYTES)), expected: { kind: 'bad' } };
  },
  cut: (random) => {
    const { bytes } = wholeWav(random);
    return { bytes: bytes.slice(0, integer(random, HEADER_BYTES, bytes.length)), expected: { kind: 'either' } };
  },
  'not a number': (random) => {
    const bits = choice(random, [32, 64]);
    const head = { format: FORMAT_FLOAT, bits, channels: integer(random, 1, 8), rateHz: choice(random, RATES_HZ) };
    const frames = Math.ceil(head.rateHz / 20);
    const bytes = wav(head, frames, random);
    const at = HEADER_BYTES + (integer(random, 0, frames * head.channels - 1) * bits) / 8;
    const value = choice(random, [NaN, Infinity, -Infinity]);
    const view = new DataView(bytes.buffer);
    if (bits === 32) view.setFloat32(at, value, true);
    else view.setFloat64(at, value, true);
    return { bytes, expected: { kind: 'bad' } };
  },
  'lying header': (random) => {
    const { bytes } = wholeWav(random);
    const view = new DataView(bytes.buffer);
    // Now and then what a file might well say, else anything.
    const short = (likely: readonly number[]): number =>
      random() < 0.7 ? choice(random, likely) : integer(random, 0, 0xffff);
    const long = (likely: number): number =>
      random() < 0.7 ? integer(random, 0, likely) : integer(random, 0, 0xffffffff);
    const lies: (() => void)[] = [
      () => view.setUint32(4, long(bytes.length), true),
      () => view.setUint32(16, long(40), true),
      () => view.setUint16(20, short([1, 3, 6, 7, 0xfffe]), true),
      () => view.setUint16(22, short([0, 1, 2, 3, 8, 16]), true),
      () => view.setUint32(24, long(768_000), true),
      () => view.setUint16(32, short([0, 1, 2, 3, 4, 6, 8, 16]), true),
      () => view.setUint16(34, short([0, 1, 8, 12, 16, 24, 32, 64]), true),
      () => view.setUint32(40, long(2 * bytes.length), true),
    ];
    for (let lie = integer(random, 1, 3); lie > 0; lie--) choice(random, lies)();
    return { bytes, expected: { kind: 'either' } };
  },
  'no sound at all': (random) => {
    const bytes = Uint8Array.from({ length: integer(random, 1, 4096) }, () => integer(random, 0, 255));
    // Not by chance the first byte of what some format begins with.
    bytes[0] = 0x01;
    return { bytes, expected: { kind: 'bad' } };
  },
  'cut, encoded': (random, encoded) => {
    const whole = choice(random, encoded);
    return { bytes: whole.slice(0, integer(random, 4, whole.length)), expected: { kind: 'either' } };
  },
  'damaged, encoded': (random, encoded) => {
    const bytes = choice(random, encoded).slice();
    for (let count = integer(random, 1, 50); count > 0; count--) {
      bytes[integer(random, 0, bytes.length - 1)] = integer(random, 0, 255);
    }
    return { bytes, expected: { kind: 'either' } };
  },
};

/** @param encoded whole files of every other format that is read */
export function* fuzzedFiles(count: number, random: Random, encoded: readonly Uint8Array[]): Generator<FuzzedFile> {
  const kinds = Object.entries(MAKERS);
  for (let index = 0; index < count; index++) {
    const [kind, make] = kinds[index % kinds.length]!;
    yield { kind, ...make(random, encoded) };
  }
}
