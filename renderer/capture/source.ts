// Where sound comes from: a microphone, a sample that is played, or, in tests, an array.

export interface SourceEvents {
  /** Mono samples in −1…1 at `rateHz`, in order and without gaps. The array is the listener's to keep. */
  onSamples(samples: Float32Array, rateHz: number): void;
  /** The source ended by itself: a sample played to its end, or a device was unplugged. Nothing comes after it. */
  onEnded(reason: 'finished' | 'unplugged'): void;
}

export interface SoundSource {
  /** Rate of the device behind it, or null where it is not known. */
  readonly deviceRateHz: number | null;
  /** The device's name, or an empty text. */
  readonly label: string;
  readonly deviceId: string;
  /** Delivers what is still on its way, then lets the device go: its light is out when this resolves. */
  stop(): Promise<void>;
}

/** Opens a source. Called again after a pause, it goes on where the source stands. */
export type OpenSource = (events: SourceEvents) => Promise<SoundSource>;

/** Why no sound can be had: the person or the system said no, or there is no device. */
export class MicrophoneError extends Error {
  override readonly name = 'MicrophoneError';
  readonly reason: 'denied' | 'missing' | 'busy';

  constructor(reason: 'denied' | 'missing' | 'busy', options?: ErrorOptions) {
    super(`No microphone: ${reason}`, options);
    this.reason = reason;
  }
}
