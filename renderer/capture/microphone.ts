// The microphone as a source, at 16 kHz where the system gives it. Raw sound, unless the person wants it cleaned up or levelled.
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { MicrophoneError, type OpenSource, type SoundSource, type SourceEvents } from './source';
import workletUrl from './capture.worklet.ts?worker&url';

const LONGEST_FLUSH_MS = 1_000;

/** What the system may do to the sound before it comes here. */
export interface SoundProcessing {
  readonly echoCancellation: boolean;
  readonly noiseSuppression: boolean;
  readonly autoGainControl: boolean;
}
export interface MicrophoneChoice {
  /** The device to hear, or null for the system's choice. */
  readonly deviceId: string | null;
  readonly processing: SoundProcessing;
}

export const openMicrophone =
  (choice: MicrophoneChoice): OpenSource =>
  async (events) => {
    const stream = await requestStream(choice);
    try {
      return await captureStream(stream, events);
    } catch (error) {
      for (const track of stream.getTracks()) track.stop();
      throw error;
    }
  };

async function requestStream({ deviceId, processing }: MicrophoneChoice): Promise<MediaStream> {
  // Absent on a page that is not a secure context.
  const devices = navigator.mediaDevices as MediaDevices | undefined;
  if (!devices) throw new MicrophoneError('missing');
  try {
    return await devices.getUserMedia({
      audio: {
        ...(deviceId === null ? {} : { deviceId: { exact: deviceId } }),
        channelCount: 1,
        ...processing,
      },
      video: false,
    });
  } catch (error) {
    const isGone = error instanceof DOMException && error.name === 'OverconstrainedError' && deviceId !== null;
    // The chosen device is not there any more: the system's choice is better than none.
    if (isGone) return requestStream({ deviceId: null, processing });
    throw microphoneError(error);
  }
}

function microphoneError(error: unknown): unknown {
  if (!(error instanceof DOMException)) return error;
  switch (error.name) {
    case 'NotAllowedError':
    case 'SecurityError':
      return new MicrophoneError('denied', { cause: error });
    case 'NotFoundError':
    case 'OverconstrainedError':
      return new MicrophoneError('missing', { cause: error });
    case 'NotReadableError':
    case 'AbortError':
      return new MicrophoneError('busy', { cause: error });
    default:
      return error;
  }
}

async function captureStream(stream: MediaStream, events: SourceEvents): Promise<SoundSource> {
  const track = stream.getAudioTracks()[0];
  if (!track) throw new MicrophoneError('missing');
  const context = new AudioContext({ sampleRate: RECORDING_SAMPLE_RATE_HZ, latencyHint: 'interactive' });
  await context.audioWorklet.addModule(workletUrl);
  const node = new AudioWorkletNode(context, 'capture', { numberOfInputs: 1, numberOfOutputs: 0, channelCount: 1 });
  let finishFlush: (() => void) | null = null;
  node.port.onmessage = (event: MessageEvent<Float32Array | null>) => {
    if (event.data === null) finishFlush?.();
    else if (event.data.length > 0) events.onSamples(event.data, context.sampleRate);
  };
  const input = context.createMediaStreamSource(stream);
  input.connect(node);
  track.onended = () => events.onEnded('unplugged');
  await context.resume();
  const settings = track.getSettings();
  return {
    deviceRateHz: settings.sampleRate ?? null,
    label: track.label,
    deviceId: settings.deviceId ?? '',
    stop: async () => {
      track.onended = null;
      const flushed = new Promise<void>((resolve) => {
        finishFlush = resolve;
        // A device that broke may have taken the audio thread with it.
        setTimeout(resolve, LONGEST_FLUSH_MS);
      });
      node.port.postMessage('flush');
      await flushed;
      track.stop();
      input.disconnect();
      await context.close();
    },
  };
}
