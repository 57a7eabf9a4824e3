// Many sounds whose text is known, read by one network: which symbols and words it takes for others.
import { MAX_CONFUSED_CLIPS, type ConfusedClip, type Confusions } from '../../app/contract/confusions';
import { MAX_INSPECTED_MS } from '../../app/contract/inspection';
import { RECORDING_SAMPLE_RATE_HZ } from '../../app/contract/messages';
import { transcriptText } from '../../app/contract/recognition';
import { UnrollError } from '../../app/errors';
import { utterancesFromLogits } from '../ctc/transcribe';
import { logitsOf, soundOf } from '../listen/hearing';
import type { OpenModel } from '../listen/openModel';
import { ConfusionTally } from './confusionTally';
import type { ListedSound } from './listedSound';

interface ConfusionSurveyOptions {
  readonly model: OpenModel;
  /** All that will be heard. */
  readonly sounds: readonly ListedSound[];
  readonly signal: AbortSignal;
}

export class ConfusionSurvey {
  readonly takes = 'sounds';
  readonly #model: OpenModel;
  readonly #signal: AbortSignal;
  readonly #tally: ConfusionTally;
  readonly #clips: ConfusedClip[] = [];
  #withoutText = 0;

  constructor({ model, sounds, signal }: ConfusionSurveyOptions) {
    this.#model = model;
    this.#signal = signal;
    this.#tally = new ConfusionTally(
      model.manifest,
      sounds.flatMap(({ said }) => said ?? []),
    );
  }

  /** @throws UnrollError inspection.tooLong */
  async hear(pcm: Int16Array, { sound, name, said }: ListedSound): Promise<void> {
    if (said === null || this.#clips.length === MAX_CONFUSED_CLIPS) {
      this.#withoutText++;
      return;
    }
    const durationMs = (pcm.length * 1000) / RECORDING_SAMPLE_RATE_HZ;
    if (durationMs > MAX_INSPECTED_MS)
      throw new UnrollError('inspection.tooLong', { minutes: MAX_INSPECTED_MS / 60_000 });
    const { manifest } = this.#model;
    const logits = await logitsOf(this.#model, soundOf(pcm), { signal: this.#signal });
    const utterances = utterancesFromLogits(logits, logits.length / manifest.network.head.classes, manifest);
    this.#tally.add({ said, utterances, logits, durationMs });
    this.#clips.push({ sound, name, said, read: transcriptText(utterances), durationMs });
  }

  result(leftOut: number): Confusions {
    const { length: sounds } = this.#clips;
    const tables = this.#tally.tables();
    return { kind: 'confusions', sounds, leftOut, withoutText: this.#withoutText, clips: this.#clips, ...tables };
  }
}
