// The sound that is looked into, a recording or a sample: its pieces for playing, and its peaks for the figure.
import { RECORDING_SAMPLE_RATE_HZ } from '../../../app/contract/messages';
import type { Bridge } from '../../bridge/bridge';
import { SpanPlayer, type ReadSound } from '../../capture/spanPlayer';
import { Peaks } from '../../charts/peaks';

/** What is looked into. */
export type Subject = { readonly kind: 'recording' | 'sample'; readonly id: string };

const SAMPLES_PER_MS = RECORDING_SAMPLE_RATE_HZ / 1000;
const PIECE_MS = 30_000;

export class UtteranceSound {
  readonly peaks = new Peaks();
  /** Grows whenever there are more peaks. */
  version = $state(0);
  isPlaying = $state(false);
  readonly player: SpanPlayer;
  readonly #read: ReadSound;
  #isClosed = false;

  constructor(bridge: Bridge, subject: Subject) {
    this.#read = readerOf(bridge, subject);
    this.player = new SpanPlayer(this.#read, () => (this.isPlaying = false));
  }

  /** Reads all of the sound once, piece by piece, until it is closed. */
  async load(): Promise<void> {
    for (let fromMs = 0; ;) {
      const pcm = await this.#read(fromMs, fromMs + PIECE_MS);
      if (this.#isClosed || pcm.length === 0) return;
      this.peaks.append(pcm);
      this.version += 1;
      fromMs += pcm.length / SAMPLES_PER_MS;
    }
  }

  /** Plays a span; `onMove` hears where it is until it ends. */
  async play(span: Parameters<SpanPlayer['play']>[0], onMove: (ms: number) => void): Promise<void> {
    const started = this.player.play(span);
    this.isPlaying = true;
    const follow = (): void => {
      const { positionMs } = this.player;
      if (positionMs === null) return;
      onMove(positionMs);
      requestAnimationFrame(follow);
    };
    requestAnimationFrame(follow);
    await started;
  }

  close(): void {
    this.#isClosed = true;
    this.player.stop();
  }
}

function readerOf(bridge: Bridge, { kind, id }: Subject): ReadSound {
  const sampleAt = (ms: number): number => Math.max(0, Math.round(ms * SAMPLES_PER_MS));
  switch (kind) {
    case 'recording':
      return async (fromMs, untilMs) => {
        const firstSample = sampleAt(fromMs);
        const body = { recordingId: id, firstSample, samples: sampleAt(untilMs) - firstSample };
        return (await bridge.request('recordings.audio', body)).pcm;
      };
    case 'sample': {
      let whole: Promise<Int16Array> | null = null;
      return async (fromMs, untilMs) => {
        whole ??= bridge.request('samples.audio', { sampleId: id }).then(({ pcm }) => pcm);
        return (await whole).slice(sampleAt(fromMs), sampleAt(untilMs));
      };
    }
  }
}
