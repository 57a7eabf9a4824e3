// A microphone for tests that hears what it is told to hear.
import { MicrophoneError, type OpenSource, type SourceEvents } from '../../../renderer/capture/source';

export interface FakeSource {
  readonly open: OpenSource;
  /** Whether the device is held: its light is on. */
  isHeld(): boolean;
  /** Hears the next samples of the sound, a tenth of a second at a time. */
  hear(samples: Float32Array): void;
  unplug(): void;
  refuse(reason: MicrophoneError['reason'] | null): void;
}

export function fakeSource(rateHz = 16_000): FakeSource {
  let events: SourceEvents | null = null;
  let refusal: MicrophoneError['reason'] | null = null;
  return {
    open: async (listener) => {
      if (refusal) throw new MicrophoneError(refusal);
      events = listener;
      return {
        label: 'Test microphone',
        deviceId: 'test',
        deviceRateHz: rateHz,
        stop: async () => void (events = null),
      };
    },
    isHeld: () => events !== null,
    hear: (samples) => {
      if (!events) throw new Error('Expected the microphone to be open');
      for (let at = 0; at < samples.length; at += 1_600) events.onSamples(samples.slice(at, at + 1_600), rateHz);
    },
    unplug: () => events?.onEnded('unplugged'),
    refuse: (reason) => void (refusal = reason),
  };
}
