// Any sound file to what recordings and features are made of: 16 kHz, mono, 16 bits.
//
// WAV is read by the product itself. FLAC, MP3, Ogg Vorbis and Opus by WebAssembly builds of libFLAC, mpg123, libvorbis and
// libopus, each loaded when first needed. AAC has no decoder under a licence that this product could carry; the window
// decodes it through the browser.
import { setImmediate as nextTurn } from 'node:timers/promises';
import { MAX_RATE_HZ, MIN_RATE_HZ, Resampler } from '../../app/audio/resample';
import { toInt16, toMono } from '../../app/audio/samples';
import { isWav, openWav, type Sound } from '../../app/audio/wav';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { UnrollError, unreachable, type ErrorParams, type ReasonCode } from '../../app/errors';

/** What one file may unpack to: memory has an end, and a small compressed file can hold a very long silence. */
const MAX_HOURS = 10;
const MAX_SAMPLES = MAX_HOURS * 3600 * RECORDING_SAMPLE_RATE_HZ;
/** Read and decoded at a time, between looks at the signal. */
const PIECE_BYTES = 1 << 16;
/** Of all channels together. */
const PIECE_SAMPLES = 1 << 17;

type CodecName = 'flac' | 'mp3' | 'vorbis' | 'opus';
interface Decoded {
  readonly channelData: Float32Array[];
  readonly sampleRate: number;
  readonly bitDepth?: number;
}
interface Codec {
  decode(data: Uint8Array): Decoded;
  flush?(): Decoded;
  free(): void;
}

/**
 * Decodes a file by its content; its name is only for sentences. Several channels are averaged. Of a file that was cut off
 * or damaged, what can be decoded is taken.
 * @throws UnrollError audio.unreadable or audio.empty, naming the file; the signal's reason where it was aborted.
 */
export async function decodeAudio(bytes: Uint8Array, name: string, signal?: AbortSignal): Promise<Int16Array> {
  const recording = new RecordingBuilder(name);
  for await (const piece of soundPieces(bytes, name)) {
    recording.add(piece);
    await nextTurn();
    signal?.throwIfAborted();
  }
  return recording.finish();
}

async function* soundPieces(bytes: Uint8Array, name: string): AsyncGenerator<Sound> {
  if (bytes.length === 0) throw new UnrollError('audio.empty', { file: name });
  if (isWav(bytes)) {
    const file = openWav(bytes, name);
    const frames = Math.max(1, Math.floor(PIECE_SAMPLES / file.channelCount));
    for (let first = 0; first < file.frames; first += frames) {
      yield { sampleRateHz: file.sampleRateHz, channels: file.read(first, frames) };
    }
    return;
  }
  const codecName = codecOf(bytes, name);
  const codec = await openCodec(codecName);
  const soundIn = codecName === 'flac' ? rescaled : asDecoded;
  try {
    for (let at = 0; at < bytes.length; at += PIECE_BYTES) {
      yield* soundIn(codec.decode(bytes.subarray(at, at + PIECE_BYTES)));
    }
    if (codec.flush) yield* soundIn(codec.flush());
  } catch (error) {
    if (error instanceof UnrollError) throw error;
    throw unreadable(name, 'reason.audio.damaged', {}, error);
  } finally {
    codec.free();
  }
}

function* asDecoded({ channelData, sampleRate }: Decoded): Generator<Sound> {
  if ((channelData[0]?.length ?? 0) > 0) yield { sampleRateHz: sampleRate, channels: channelData };
}

/** The FLAC decoder divides by 2ᵇ⁻¹ − 1; with 2ᵇ⁻¹, as for WAV, lossless files come out as they went in. */
function* rescaled(decoded: Decoded): Generator<Sound> {
  const fullScale = 2 ** ((decoded.bitDepth ?? 16) - 1);
  for (const channel of decoded.channelData) {
    for (let n = 0; n < channel.length; n++) channel[n] = ((channel[n] as number) * (fullScale - 1)) / fullScale;
  }
  yield* asDecoded(decoded);
}

async function openCodec(codec: CodecName): Promise<Codec> {
  switch (codec) {
    case 'flac':
      return (await import('@audio/decode-flac')).decoder();
    case 'mp3':
      return (await import('@audio/decode-mp3')).decoder();
    case 'vorbis':
      return (await import('@audio/decode-vorbis')).decoder();
    case 'opus':
      return (await import('@audio/decode-opus')).decoder();
    default:
      return unreachable(codec);
  }
}

/** Tells a format by how the file begins. */
function codecOf(bytes: Uint8Array, name: string): CodecName {
  const head = Buffer.from(bytes.buffer, bytes.byteOffset, Math.min(bytes.length, 512)).toString('latin1');
  if (head.startsWith('fLaC')) return 'flac';
  if (head.startsWith('OggS')) {
    if (head.includes('OpusHead')) return 'opus';
    if (head.includes('\x01vorbis')) return 'vorbis';
    if (head.includes('\x7fFLAC')) return 'flac';
    throw unreadable(name, 'reason.audio.ogg');
  }
  if (head.startsWith('ID3') || isMpegFrame(bytes)) return 'mp3';
  if (head.slice(4, 8) === 'ftyp' || isAdtsFrame(bytes)) {
    throw unreadable(name, 'reason.audio.aac');
  }
  throw unreadable(name, 'reason.audio.unknown');
}

/** Eleven set bits; then a layer that is not the reserved one, which ADTS uses. */
const isMpegFrame = (bytes: Uint8Array): boolean =>
  bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xe0) === 0xe0 && ((bytes[1] ?? 0) & 0x06) !== 0;
const isAdtsFrame = (bytes: Uint8Array): boolean => bytes[0] === 0xff && ((bytes[1] ?? 0) & 0xf6) === 0xf0;

const unreadable = (file: string, reason: ReasonCode, params: ErrorParams = {}, cause?: unknown): UnrollError =>
  new UnrollError('audio.unreadable', { ...params, file, reason }, { cause });

/** Puts pieces of sound together as one 16 kHz mono recording. */
class RecordingBuilder {
  readonly #name: string;
  readonly #parts: Int16Array[] = [];
  #length = 0;
  #resampler: Resampler | null = null;
  #rateHz = 0;

  constructor(name: string) {
    this.#name = name;
  }

  add({ sampleRateHz, channels }: Sound): void {
    this.#resampler ??= this.#openResampler(sampleRateHz);
    if (sampleRateHz !== this.#rateHz) throw unreadable(this.#name, 'reason.audio.rateChanges');
    this.#append(this.#resampler.push(toMono(channels)));
  }

  finish(): Int16Array {
    if (!this.#resampler) throw unreadable(this.#name, 'reason.audio.nothing');
    this.#append(this.#resampler.finish());
    const pcm = new Int16Array(this.#length);
    let at = 0;
    for (const part of this.#parts) {
      pcm.set(part, at);
      at += part.length;
    }
    return pcm;
  }

  #openResampler(rateHz: number): Resampler {
    if (!Number.isInteger(rateHz) || rateHz < MIN_RATE_HZ || rateHz > MAX_RATE_HZ) {
      throw unreadable(this.#name, 'reason.audio.rate', { rate: rateHz, least: MIN_RATE_HZ, most: MAX_RATE_HZ });
    }
    this.#rateHz = rateHz;
    return new Resampler(rateHz, RECORDING_SAMPLE_RATE_HZ);
  }

  #append(samples: Float32Array): void {
    this.#length += samples.length;
    if (this.#length > MAX_SAMPLES) throw unreadable(this.#name, 'reason.audio.tooLong', { hours: MAX_HOURS });
    this.#parts.push(toInt16(samples));
  }
}
