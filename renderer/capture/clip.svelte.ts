// Plays one short piece of sound at a time, from memory.
import { toFloat } from '../../app/audio/samples';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';

export class ClipPlayer {
  /** What sounds now, by the name that it was given; null while nothing does. */
  playing = $state<string | null>(null);
  #context: AudioContext | null = null;

  /** Plays 16 kHz mono; what sounded before stops. */
  async play(name: string, pcm: Int16Array): Promise<void> {
    this.stop();
    if (pcm.length === 0) return;
    const context = new AudioContext();
    this.#context = context;
    this.playing = name;
    await context.resume();
    const buffer = context.createBuffer(1, pcm.length, RECORDING_SAMPLE_RATE_HZ);
    buffer.copyToChannel(toFloat(pcm) as Float32Array<ArrayBuffer>, 0);
    const node = context.createBufferSource();
    node.buffer = buffer;
    node.connect(context.destination);
    node.onended = () => {
      if (this.#context === context) this.stop();
    };
    node.start();
  }

  stop(): void {
    const context = this.#context;
    this.#context = null;
    this.playing = null;
    if (context) void context.close();
  }
}
