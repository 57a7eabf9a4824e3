// What the engine cannot decode the browser often can: any sound it plays becomes 16 kHz WAV.
import { RECORDING_SAMPLE_RATE_HZ } from '../../../app/contract/messages';
import { UnrollError } from '../../../app/errors';
import { toInt16, toMono } from '../../../app/audio/samples';
import { writeWav } from '../../../app/audio/wav';

/** Decoded sound takes room: a compressed file beyond this would fill the memory. */
const MAX_COMPRESSED_BYTES = 200_000_000;
const tooLarge = (file: string): UnrollError =>
  new UnrollError('audio.unreadable', { file, reason: 'reason.audio.tooLarge', limit: '200 MB' });

/** @throws UnrollError audio.unreadable where the browser cannot decode it either. */
export async function convertToWav(file: Blob, name: string): Promise<Blob> {
  if (file.size > MAX_COMPRESSED_BYTES) throw tooLarge(name);
  // Decoding in a context of the wanted rate resamples as well.
  const context = new OfflineAudioContext(1, 1, RECORDING_SAMPLE_RATE_HZ);
  const decoded = await decode(context, await file.arrayBuffer(), name);
  const wav = writeWav(toInt16(toMono(channelsOf(decoded))), RECORDING_SAMPLE_RATE_HZ);
  return new Blob([new Uint8Array(wav)], { type: 'audio/wav' });
}

async function decode(context: BaseAudioContext, data: ArrayBuffer, name: string): Promise<AudioBuffer> {
  try {
    return await context.decodeAudioData(data);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
    throw new UnrollError('audio.unreadable', { file: name, reason: 'reason.audio.nothing' }, { cause: error });
  }
}

const channelsOf = (buffer: AudioBuffer): Float32Array[] =>
  Array.from({ length: buffer.numberOfChannels }, (_, channel) => buffer.getChannelData(channel));
