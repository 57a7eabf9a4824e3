// The sound of an inspection: its pieces for playing, and its peaks for the figure.
import type { Inspection } from '../../../app/contract/inspection';
import type { Bridge } from '../../bridge/bridge';
import { SpanPlayer, type PlayedSpan } from '../../capture/spanPlayer';
import { PEAK_SAMPLES, Peaks } from '../../charts/peaks';

const PEAKS_OF_A_PIECE = 4_096;

export class UtteranceSound {
  readonly peaks = new Peaks();
  /** Grows whenever there are more peaks. */
  version = $state(0);
  isPlaying = $state(false);
  readonly #bridge: Bridge;
  readonly #inspection: Inspection;
  readonly #player: SpanPlayer;
  #isClosed = false;

  constructor(bridge: Bridge, inspection: Inspection) {
    this.#bridge = bridge;
    this.#inspection = inspection;
    const samplesPerMs = inspection.soundRateHz / 1000;
    const sampleAt = (ms: number): number => Math.max(0, Math.round(ms * samplesPerMs));
    this.#player = new SpanPlayer(
      async (fromMs, untilMs) => {
        const firstSample = sampleAt(fromMs);
        const body = { handle: inspection.handle, firstSample, samples: sampleAt(untilMs) - firstSample };
        return (await bridge.request('inspection.audio', body)).pcm;
      },
      () => (this.isPlaying = false),
    );
  }

  /** Reads the peaks of all of the sound, piece by piece, until it is closed. */
  async load(): Promise<void> {
    const { handle, durationMs, soundRateHz } = this.#inspection;
    const total = Math.floor((durationMs * soundRateHz) / 1000);
    for (let firstSample = 0; firstSample < total;) {
      const columns = Math.min(PEAKS_OF_A_PIECE, Math.ceil((total - firstSample) / PEAK_SAMPLES));
      const samples = columns * PEAK_SAMPLES;
      const body = { handle, firstSample, samples, columns };
      const { smallest, largest } = await this.#bridge.request('inspection.peaks', body);
      if (this.#isClosed) return;
      this.peaks.appendRanges(smallest, largest);
      this.version += 1;
      firstSample += samples;
    }
  }

  /** Plays a span; `onMove` hears where it is until it ends. */
  async play(span: PlayedSpan, onMove: (ms: number) => void): Promise<void> {
    const started = this.#player.play(span);
    this.isPlaying = true;
    const follow = (): void => {
      const { positionMs } = this.#player;
      if (positionMs === null) return;
      onMove(positionMs);
      requestAnimationFrame(follow);
    };
    requestAnimationFrame(follow);
    await started;
  }

  stop(): void {
    this.#player.stop();
  }

  close(): void {
    this.#isClosed = true;
    this.stop();
  }
}
