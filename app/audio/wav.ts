// WAV files (RIFF/WAVE, Microsoft and IBM 1991; WAVE_FORMAT_EXTENSIBLE 2001), read with suspicion and written plainly.
import { UnrollError, type ErrorParams, type ReasonCode } from '../errors';

/** Sound in full scale ±1, one array per channel, all of the same length. */
export interface Sound {
  readonly sampleRateHz: number;
  readonly channels: readonly Float32Array[];
}

/** A WAV file whose header was understood; samples are read as they are asked for. */
export interface WavFile {
  readonly sampleRateHz: number;
  readonly channelCount: number;
  /** Samples per channel. */
  readonly frames: number;
  /**
   * Samples [first, first + count) of every channel, in full scale ±1.
   * @throws UnrollError audio.unreadable where a floating-point sample is not a finite number.
   */
  read(first: number, count: number): Float32Array[];
}

const UNKNOWN_SIZE = 0xffffffff;
const FORMAT_PCM = 1;
const FORMAT_FLOAT = 3;
const FORMAT_A_LAW = 6;
const FORMAT_MU_LAW = 7;
const FORMAT_EXTENSIBLE = 0xfffe;
/** Formats that are met in practice and not read here. */
const FORMAT_NAMES: Readonly<Record<number, string>> = {
  2: 'Microsoft ADPCM',
  17: 'IMA ADPCM',
  49: 'GSM 6.10',
  85: 'MP3 inside WAV',
};

type SampleReader = (view: DataView, offset: number) => number;
/** Readers by the bytes of a sample. */
type Readers = Readonly<Record<number, SampleReader>>;
/** What is beyond 32 bits is less than what a Float32 keeps. */
const upper32 =
  (bytes: number): SampleReader =>
  (view, offset) =>
    view.getInt32(offset + bytes - 4, true) / 2147483648;
const PCM_READERS: Readers = {
  1: (view, offset) => (view.getUint8(offset) - 128) / 128,
  2: (view, offset) => view.getInt16(offset, true) / 32768,
  3: (view, offset) => ((view.getUint8(offset) << 8) | (view.getInt16(offset + 1, true) << 16)) / 2147483648,
  4: upper32(4),
  5: upper32(5),
  6: upper32(6),
  7: upper32(7),
  8: upper32(8),
};
const FLOAT_READERS: Readers = {
  4: (view, offset) => view.getFloat32(offset, true),
  8: (view, offset) => view.getFloat64(offset, true),
};
/** ITU-T G.711, as telephones have it: a sign, three bits of exponent, four of mantissa, some of them inverted on the wire. */
const A_LAW_READERS: Readers = {
  1: (view, offset) => {
    const { isNegative, exponent, mantissa } = companded(view.getUint8(offset) ^ 0xd5);
    const size = exponent === 0 ? (mantissa << 4) + 8 : ((mantissa << 4) + 0x108) << (exponent - 1);
    return (isNegative ? -size : size) / 32768;
  },
};
const MU_LAW_READERS: Readers = {
  1: (view, offset) => {
    const { isNegative, exponent, mantissa } = companded(view.getUint8(offset) ^ 0xff);
    const size = (((mantissa << 3) + 0x84) << exponent) - 0x84;
    return (isNegative ? -size : size) / 32768;
  },
};
const companded = (code: number) => ({
  isNegative: (code & 0x80) !== 0,
  exponent: (code >> 4) & 7,
  mantissa: code & 15,
});
const READERS: Readonly<Record<number, Readers>> = {
  [FORMAT_PCM]: PCM_READERS,
  [FORMAT_FLOAT]: FLOAT_READERS,
  [FORMAT_A_LAW]: A_LAW_READERS,
  [FORMAT_MU_LAW]: MU_LAW_READERS,
};

interface WavFormat {
  readonly sampleRateHz: number;
  readonly channelCount: number;
  readonly sampleBytes: number;
  readonly readSample: SampleReader;
}

/** Tells a WAV file by its first twelve bytes. */
export function isWav(bytes: Uint8Array): boolean {
  const view = viewOf(bytes);
  return bytes.length >= 12 && ['RIFF', 'RF64'].includes(idAt(view, 0)) && idAt(view, 8) === 'WAVE';
}

/**
 * Reads the header of a WAV file: PCM of 1 to 64 bits, float of 32 or 64 bits, A-law, mu-law, any number of channels, plain
 * or extensible, RF64 too.
 * A size that reaches past the end of the file, or that a streaming writer left at 0 or 0xFFFFFFFF, means "to the end".
 * @throws UnrollError audio.unreadable with the reason; audio.empty where not one whole frame is there.
 */
export function openWav(bytes: Uint8Array, name: string): WavFile {
  const refuse: Refuse = (reason, params) => {
    throw new UnrollError('audio.unreadable', { ...params, file: name, reason });
  };
  if (!isWav(bytes)) return refuse('reason.wav.beginning');
  const view = viewOf(bytes);
  const { formatAt, formatSize, dataAt, dataSize } = findChunks(view, refuse);
  const format = readFormat(view, formatAt, formatSize, refuse);
  const frameBytes = format.channelCount * format.sampleBytes;
  const frames = Math.floor(dataSize / frameBytes);
  if (frames === 0) throw new UnrollError('audio.empty', { file: name });

  const read = (first: number, count: number): Float32Array[] => {
    const end = Math.min(frames, first + count);
    return Array.from({ length: format.channelCount }, (_, channel) => {
      const samples = new Float32Array(Math.max(0, end - first));
      let offset = dataAt + first * frameBytes + channel * format.sampleBytes;
      for (let index = 0; index < samples.length; index++, offset += frameBytes) {
        const value = format.readSample(view, offset);
        if (!Number.isFinite(value)) {
          return refuse('reason.wav.notFinite', { sample: first + index + 1, channel: channel + 1 });
        }
        samples[index] = value;
      }
      return samples;
    });
  };
  return { sampleRateHz: format.sampleRateHz, channelCount: format.channelCount, frames, read };
}

/** The whole file at once; see openWav for what is read and what is refused. */
export function readWav(bytes: Uint8Array, name: string): Sound {
  const file = openWav(bytes, name);
  return { sampleRateHz: file.sampleRateHz, channels: file.read(0, file.frames) };
}

type Refuse = (reason: ReasonCode, params?: ErrorParams) => never;

const viewOf = (bytes: Uint8Array): DataView => new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const idAt = (view: DataView, offset: number): string =>
  String.fromCharCode(...[0, 1, 2, 3].map((index) => view.getUint8(offset + index)));

interface Chunks {
  readonly formatAt: number;
  readonly formatSize: number;
  readonly dataAt: number;
  /** Bytes of sound that are really there. */
  readonly dataSize: number;
}

/** Walks the chunks up to the first one with sound. */
function findChunks(view: DataView, refuse: Refuse): Chunks {
  let formatAt = -1;
  let formatSize = 0;
  let longDataSize: number | null = null;
  let offset = 12;
  while (offset + 8 <= view.byteLength) {
    const id = idAt(view, offset);
    const size = view.getUint32(offset + 4, true);
    const body = offset + 8;
    const available = view.byteLength - body;
    if (id === 'fmt ') {
      formatAt = body;
      formatSize = Math.min(size, available);
    } else if (id === 'ds64' && size >= 16 && available >= 16) {
      longDataSize = Number(view.getBigUint64(body + 8, true));
    } else if (id === 'data') {
      if (formatAt < 0) return refuse('reason.wav.noFormat');
      const stated = size === UNKNOWN_SIZE && longDataSize !== null ? longDataSize : size;
      const isOpenEnded = stated === UNKNOWN_SIZE || (stated === 0 && !isFollowedByChunk(view, body));
      return { formatAt, formatSize, dataAt: body, dataSize: isOpenEnded ? available : Math.min(stated, available) };
    }
    offset = body + size + (size % 2);
  }
  return refuse('reason.wav.noSound');
}

/** After a data chunk of size 0: whether the bytes there are further chunks up to the very end, and so no sound. */
function isFollowedByChunk(view: DataView, start: number): boolean {
  let offset = start;
  while (offset + 8 <= view.byteLength) {
    if (!/^[\x20-\x7e]{4}$/.test(idAt(view, offset))) return false;
    const size = view.getUint32(offset + 4, true);
    offset += 8 + size + (size % 2);
  }
  return offset >= view.byteLength && offset <= view.byteLength + 1;
}

function readFormat(view: DataView, at: number, size: number, refuse: Refuse): WavFormat {
  if (size < 16) return refuse('reason.wav.cutFormat');
  const channelCount = view.getUint16(at + 2, true);
  const sampleRateHz = view.getUint32(at + 4, true);
  const frameBytes = view.getUint16(at + 12, true);
  const bits = view.getUint16(at + 14, true);
  let tag = view.getUint16(at, true);
  if (tag === FORMAT_EXTENSIBLE) {
    if (size < 26) return refuse('reason.wav.cutFormat');
    tag = view.getUint16(at + 24, true); // the sub-format's GUID begins with the plain format's tag
  }
  if (channelCount === 0) return refuse('reason.wav.noChannels');
  if (sampleRateHz === 0) return refuse('reason.wav.noRate');
  const readers = READERS[tag];
  if (!readers) {
    return refuse('reason.wav.format', { format: FORMAT_NAMES[tag] ?? `WAVE_FORMAT ${tag}` });
  }
  // Fewer valid bits than the container holds lie at its upper end, so the whole container is read.
  const sampleBytes = frameBytes / channelCount;
  if (sampleBytes < Math.ceil(bits / 8)) return refuse('reason.wav.frame', { bits, bytes: frameBytes });
  const readSample = readers[sampleBytes];
  if (!readSample || bits === 0) {
    return refuse('reason.wav.width', { bits, bytes: frameBytes });
  }
  return { sampleRateHz, channelCount, sampleBytes, readSample };
}

/** Bytes before the sound in what wavHeader and writeWav make. */
export const WAV_HEADER_BYTES = 44;

/** The header of a 16-bit mono WAV file of `samples` samples. Sizes past 4 GiB are written as "unknown". */
export function wavHeader(samples: number, sampleRateHz: number): Uint8Array {
  const header = new Uint8Array(WAV_HEADER_BYTES);
  const view = viewOf(header);
  const text = (offset: number, id: string): void =>
    [...id].forEach((letter, index) => view.setUint8(offset + index, letter.charCodeAt(0)));
  const dataBytes = Math.min(samples * 2, UNKNOWN_SIZE);
  text(0, 'RIFF');
  view.setUint32(4, Math.min(dataBytes + WAV_HEADER_BYTES - 8, UNKNOWN_SIZE), true);
  text(8, 'WAVE');
  text(12, 'fmt ');
  view.setUint32(16, 16, true);
  view.setUint16(20, FORMAT_PCM, true);
  view.setUint16(22, 1, true);
  view.setUint32(24, sampleRateHz, true);
  view.setUint32(28, sampleRateHz * 2, true);
  view.setUint16(32, 2, true);
  view.setUint16(34, 16, true);
  text(36, 'data');
  view.setUint32(40, dataBytes, true);
  return header;
}

/** A whole 16-bit mono WAV file. */
export function writeWav(pcm: Int16Array, sampleRateHz: number): Uint8Array {
  const bytes = new Uint8Array(WAV_HEADER_BYTES + pcm.length * 2);
  bytes.set(wavHeader(pcm.length, sampleRateHz));
  const view = viewOf(bytes);
  for (let index = 0; index < pcm.length; index++) {
    view.setInt16(WAV_HEADER_BYTES + 2 * index, pcm[index] as number, true);
  }
  return bytes;
}
