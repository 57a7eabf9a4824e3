import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readWav, wavHeader, writeWav } from '../../../app/audio/wav';
import { toFloat, toInt16 } from '../../../app/audio/samples';

interface Parts {
  tag?: number;
  channels?: number;
  rate?: number;
  bits?: number;
  blockAlign?: number;
  sound?: Uint8Array;
  dataSize?: number;
  before?: Uint8Array;
  after?: Uint8Array;
  formatTail?: Uint8Array;
}

const chunk = (id: string, body: Uint8Array, size = body.length): Uint8Array => {
  const bytes = new Uint8Array(8 + body.length + (body.length % 2));
  bytes.set(new TextEncoder().encode(id));
  new DataView(bytes.buffer).setUint32(4, size, true);
  bytes.set(body, 8);
  return bytes;
};
const join = (...parts: Uint8Array[]): Uint8Array => new Uint8Array(parts.flatMap((part) => [...part]));

function wav(parts: Parts): Uint8Array {
  const { tag = 1, channels = 1, rate = 16_000, bits = 16, sound = new Uint8Array([0, 0]) } = parts;
  const blockAlign = parts.blockAlign ?? (channels * bits) / 8;
  const format = new Uint8Array(16);
  const view = new DataView(format.buffer);
  view.setUint16(0, tag, true);
  view.setUint16(2, channels, true);
  view.setUint32(4, rate, true);
  view.setUint16(12, blockAlign, true);
  view.setUint16(14, bits, true);
  const empty = new Uint8Array(0);
  const body = join(
    new TextEncoder().encode('WAVE'),
    parts.before ?? empty,
    chunk('fmt ', join(format, parts.formatTail ?? empty)),
    chunk('data', sound, parts.dataSize),
    parts.after ?? empty,
  );
  return chunk('RIFF', body);
}
const bytesOf = (array: Float32Array | Float64Array | Int16Array | Int32Array): Uint8Array =>
  new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
const firstChannel = (bytes: Uint8Array): number[] => Array.from(readWav(bytes, 'clip.wav').channels[0] ?? []);

describe('reading WAV', () => {
  it('reads 8-bit samples as unsigned', () => {
    expect(firstChannel(wav({ bits: 8, sound: new Uint8Array([0, 128, 192, 255]) }))).toEqual([-1, 0, 0.5, 127 / 128]);
  });

  it('reads 16-bit samples', () => {
    expect(firstChannel(wav({ sound: bytesOf(new Int16Array([-32768, 0, 16384])) }))).toEqual([-1, 0, 0.5]);
  });

  it('reads 24-bit samples', () => {
    const sound = new Uint8Array([0, 0, 0x80, 1, 0, 0, 0xff, 0xff, 0xff, 0, 0, 0x40]);
    expect(firstChannel(wav({ bits: 24, sound }))).toEqual([-1, 2 ** -23, -(2 ** -23), 0.5]);
  });

  it('reads 32-bit samples', () => {
    expect(firstChannel(wav({ bits: 32, sound: bytesOf(new Int32Array([-(2 ** 31), 2 ** 30])) }))).toEqual([-1, 0.5]);
  });

  it.each([5, 6, 7, 8])('reads samples of %i bytes to what a float keeps', (bytes) => {
    const sample = (top: number): number[] => [...new Array<number>(bytes - 1).fill(0), top];
    const sound = new Uint8Array([...sample(0x80), ...sample(0x40), ...sample(0xff)]);
    expect(firstChannel(wav({ bits: 8 * bytes, sound }))).toEqual([-1, 0.5, -1 / 128]);
  });

  // What Python's audioop makes of the same bytes.
  it('reads A-law', () => {
    const sound = new Uint8Array([0xd5, 0x55, 0xaa, 0x2a, 0xe5]);
    expect(firstChannel(wav({ tag: 6, bits: 8, sound })).map((v) => v * 32768)).toEqual([8, -8, 32256, -32256, 1056]);
  });

  it('reads mu-law', () => {
    const sound = new Uint8Array([0xff, 0x7f, 0x80, 0x00, 0xef]);
    expect(firstChannel(wav({ tag: 7, bits: 8, sound })).map((v) => v * 32768)).toEqual([0, -0, 32124, -32124, 132]);
  });

  it('reads as many channels as a frame can hold', () => {
    const channels = 32_767;
    const read = readWav(wav({ channels, sound: bytesOf(new Int16Array(channels).fill(16384)) }), 'clip.wav').channels;
    expect([read.length, read[0]?.[0], read.at(-1)?.[0]]).toEqual([channels, 0.5, 0.5]);
  });

  it('reads 32-bit and 64-bit float samples', () => {
    expect(firstChannel(wav({ tag: 3, bits: 32, sound: bytesOf(new Float32Array([0.25, -1.5])) }))).toEqual([
      0.25, -1.5,
    ]);
    expect(firstChannel(wav({ tag: 3, bits: 64, sound: bytesOf(new Float64Array([0.25, -1.5])) }))).toEqual([
      0.25, -1.5,
    ]);
  });

  it('reads the extensible format, with fewer valid bits than the container', () => {
    const tail = new Uint8Array(24);
    new DataView(tail.buffer).setUint16(2, 20, true);
    tail[8] = 1;
    const sound = new Uint8Array([0, 0, 0x40]);
    expect(firstChannel(wav({ tag: 0xfffe, bits: 24, sound, formatTail: tail }))).toEqual([0.5]);
  });

  it('keeps channels apart', () => {
    const { channels, sampleRateHz } = readWav(
      wav({ channels: 2, rate: 44_100, sound: bytesOf(new Int16Array([16384, -16384, 8192, -8192])) }),
      'clip.wav',
    );
    expect(sampleRateHz).toBe(44_100);
    expect(channels.map((channel) => [...channel])).toEqual([
      [0.5, 0.25],
      [-0.5, -0.25],
    ]);
  });

  it('steps over chunks it does not know, padded to even length', () => {
    const before = chunk('LIST', new Uint8Array([1, 2, 3]));
    expect(firstChannel(wav({ before, sound: bytesOf(new Int16Array([16384])) }))).toEqual([0.5]);
  });

  it.each([
    ['0', 0],
    ['0xFFFFFFFF', 0xffffffff],
    ['more than there is', 1000],
  ])('takes the sound to the end where its stated size is %s', (_name, dataSize) => {
    expect(firstChannel(wav({ sound: bytesOf(new Int16Array([16384, -16384])), dataSize }))).toEqual([0.5, -0.5]);
  });

  it('takes the whole frames of a file that was cut off', () => {
    const bytes = wav({ channels: 2, sound: bytesOf(new Int16Array([16384, 0, 8192, 0])) });
    expect(firstChannel(bytes.subarray(0, bytes.length - 1))).toEqual([0.5]);
  });

  it('reads the long size of RF64', () => {
    const sizes = new Uint8Array(28);
    new DataView(sizes.buffer).setBigUint64(8, 2n, true);
    const bytes = wav({
      before: chunk('ds64', sizes),
      sound: bytesOf(new Int16Array([16384, 8192])),
      dataSize: 0xffffffff,
    });
    bytes.set(new TextEncoder().encode('RF64'));
    expect(firstChannel(bytes)).toEqual([0.5]);
  });
});

describe('refusing WAV', () => {
  it.each<[string, Uint8Array, string]>([
    ['nothing', new Uint8Array(0), 'does not begin like a WAV file'],
    ['something else', new TextEncoder().encode('not a WAV file at all'), 'does not begin like a WAV file'],
    ['no sound chunk', wav({}).subarray(0, 36), 'no chunk of sound'],
    [
      'a cut format',
      chunk(
        'RIFF',
        join(new TextEncoder().encode('WAVE'), chunk('fmt ', new Uint8Array(4)), chunk('data', new Uint8Array(4))),
      ),
      'cut short',
    ],
    [
      'sound before format',
      chunk('RIFF', join(new TextEncoder().encode('WAVE'), chunk('data', new Uint8Array(4)))),
      'before its sound',
    ],
    ['0 channels', wav({ channels: 0, blockAlign: 2 }), '0 channels'],
    ['0 Hz', wav({ rate: 0 }), '0 Hz'],
    ['0 bits', wav({ bits: 0, blockAlign: 2 }), '0 bits'],
    ['12 bits in 9 bytes', wav({ bits: 12, blockAlign: 9 }), '12 bits'],
    ['more channels than a frame has bytes', wav({ channels: 65_535, blockAlign: 2 }), '2 bytes a frame'],
    ['float of 16 bits', wav({ tag: 3, bits: 16 }), '16 bits'],
    ['a block smaller than its samples', wav({ bits: 16, blockAlign: 1 }), '1 bytes a frame'],
    ['ADPCM', wav({ tag: 17, bits: 4, blockAlign: 1 }), 'IMA ADPCM'],
    ['A-law of 16 bits', wav({ tag: 6, bits: 16 }), '16 bits'],
    ['NaN', wav({ tag: 3, bits: 32, sound: bytesOf(new Float32Array([0, NaN])) }), 'Sample 2 of channel 1'],
    ['infinity', wav({ tag: 3, bits: 64, sound: bytesOf(new Float64Array([Infinity])) }), 'Sample 1 of channel 1'],
  ])('names %s', (_what, bytes, words) => {
    expect(() => readWav(bytes, 'clip.wav')).toThrow(
      expect.objectContaining({ name: 'UnrollError', code: 'audio.unreadable' }),
    );
    expect(() => readWav(bytes, 'clip.wav')).toThrow(words);
    expect(() => readWav(bytes, 'clip.wav')).toThrow('clip.wav');
  });

  it.each<[string, Uint8Array]>([
    ['no sound', wav({ sound: new Uint8Array(0) })],
    ['no sound and further chunks', wav({ sound: new Uint8Array(0), after: chunk('LIST', new Uint8Array(6)) })],
    ['less than one frame', wav({ channels: 2, sound: new Uint8Array(3), dataSize: 4 }).subarray(0, 47)],
  ])('calls a file with %s empty', (_what, bytes) => {
    expect(() => readWav(bytes, 'clip.wav')).toThrow(expect.objectContaining({ code: 'audio.empty' }));
  });

  it('reads or refuses any bytes, and never fails otherwise', () => {
    const noise = fc.tuple(fc.uint8Array({ maxLength: 60 }), fc.uint8Array({ maxLength: 40 }));
    fc.assert(
      fc.property(noise, fc.boolean(), ([format, rest], isWhole) => {
        const start = join(new TextEncoder().encode('RIFF....WAVE'), isWhole ? chunk('fmt ', format) : format);
        try {
          readWav(join(start, new TextEncoder().encode('data'), rest), 'noise.wav');
        } catch (error) {
          expect(error).toMatchObject({ name: 'UnrollError' });
        }
      }),
    );
  });
});

describe('writing WAV', () => {
  it('writes what it reads, bit by bit', () => {
    fc.assert(
      fc.property(fc.int16Array({ minLength: 1 }), fc.integer({ min: 4_000, max: 384_000 }), (pcm, rate) => {
        const { sampleRateHz, channels } = readWav(writeWav(pcm, rate), 'clip.wav');
        expect(sampleRateHz).toBe(rate);
        expect(toInt16(channels[0] ?? new Float32Array(0))).toEqual(pcm);
      }),
    );
  });

  it('writes a header that states the sizes', () => {
    const view = new DataView(wavHeader(1_000, 16_000).buffer);
    expect([
      view.getUint32(4, true),
      view.getUint32(24, true),
      view.getUint32(28, true),
      view.getUint32(40, true),
    ]).toEqual([2_036, 16_000, 32_000, 2_000]);
  });

  it('writes unknown sizes past 4 GiB', () => {
    const view = new DataView(wavHeader(2 ** 31, 16_000).buffer);
    expect([view.getUint32(4, true), view.getUint32(40, true)]).toEqual([0xffffffff, 0xffffffff]);
  });
});

describe('16-bit samples', () => {
  it('are rounded to the nearest and clamped', () => {
    const samples = new Float32Array([0, 1, -1, 2, -2, 1.4 / 32768, 1.6 / 32768]);
    expect([...toInt16(samples)]).toEqual([0, 32767, -32768, 32767, -32768, 1, 2]);
  });

  it('survive the way to floating point and back', () => {
    fc.assert(
      fc.property(fc.int16Array(), (pcm) => {
        expect(toInt16(toFloat(pcm))).toEqual(pcm);
      }),
    );
  });
});
