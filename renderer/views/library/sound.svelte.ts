// A recording's sound in the window: its peaks for the figures. The samples themselves are not kept.
import { RECORDING_SAMPLE_RATE_HZ } from '../../../app/contract/messages';
import type { Bridge } from '../../bridge/bridge';
import { Peaks } from '../../charts/peaks';

const PIECE_SAMPLES = RECORDING_SAMPLE_RATE_HZ * 30;

export class RecordingSound {
  readonly peaks = new Peaks();
  /** How much of the peaks is there, 0 to 1; changes whenever there are more. */
  fraction = $state(0);
  readonly #bridge: Bridge;
  readonly #recordingId: string;
  #isClosed = false;

  constructor(bridge: Bridge, recordingId: string) {
    this.#bridge = bridge;
    this.#recordingId = recordingId;
  }

  /** Reads all of the sound once, piece by piece; stops when closed. */
  async load(): Promise<void> {
    this.peaks.clear();
    let firstSample = 0;
    let total = Infinity;
    while (firstSample < total) {
      const body = { recordingId: this.#recordingId, firstSample, samples: PIECE_SAMPLES };
      const { pcm, totalSamples } = await this.#bridge.request('recordings.audio', body);
      if (this.#isClosed || pcm.length === 0) return;
      this.peaks.append(pcm);
      firstSample += pcm.length;
      total = totalSamples;
      this.fraction = firstSample / total;
    }
  }

  close(): void {
    this.#isClosed = true;
  }
}
