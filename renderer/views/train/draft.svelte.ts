// A run that is about to begin, as the person puts it together.
import type { DataSet } from '../../../app/contract/dataSets';
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import type { LayerSpec } from '../../../app/contract/network';
import type { RunAdvice } from '../../../app/contract/runs';
import type { Augmentation, TrainingConfig } from '../../../app/contract/trainingConfig';
import { trainingConfigSchema } from '../../../app/contract/trainingConfig';
import { fieldReason, type FieldReason } from '../../../app/fieldReason';
import { fineTuningConfig, firstConfig, type BaseModel } from './firstConfig';

/** A network learns by steps: a small set has to be gone through more often to give it as many. */
const WANTED_STEPS = 600;
const WANTED_STEPS_OF_FINE_TUNING = 60;
const MOST_EPOCHS = 600;

/** Epochs that give about as many steps as a recogniser of a few words needs, and never fewer than `usual`. */
export function epochsFor(
  { seconds }: Pick<DataSet, 'seconds'>,
  config: TrainingConfig,
  usual: number,
  wantedSteps = WANTED_STEPS,
): number {
  const frames = (1000 * seconds) / config.frontEnd.hopMs;
  const stepsPerEpoch = Math.max(1, frames / config.training.batchFrames);
  return Math.min(MOST_EPOCHS, Math.max(usual, Math.ceil(wantedSteps / stepsPerEpoch)));
}

export class RunDraft {
  /** Empty: named after its data and its network. */
  name = $state('');
  setId = $state<string | null>(null);
  config = $state.raw<TrainingConfig>(firstConfig());
  /** What the engine last said of it. */
  advice = $state.raw<RunAdvice | null>(null);

  #from = $state.raw<BaseModel | null>(null);
  /** What was put together for a beginning by chance, kept while a model is begun with. */
  #byChance: TrainingConfig | null = null;
  /** The model that it begins with; null where it begins with chance. */
  get from(): BaseModel | null {
    return this.#from;
  }
  get fromModelId(): string | null {
    return this.#from?.id ?? null;
  }
  /** The configuration that single settings go back to. */
  readonly usual: TrainingConfig = $derived(this.#from ? fineTuningConfig(this.#from) : firstConfig());

  /** Takes over a model's front end, words and network; with null comes back what there was before. */
  begin(from: BaseModel | null): void {
    const { augmentation } = this.config;
    if (this.#from === null && from !== null) this.#byChance = this.config;
    const config = from ? fineTuningConfig(from) : (this.#byChance ?? firstConfig());
    this.#from = from;
    this.advice = null;
    this.config = { ...config, augmentation };
    if (from) this.#suitedEpochs = config.training.epochs;
    else this.#byChance = null;
  }

  /** What is wrong with the configuration; null where it can be learned. */
  readonly misfit: FieldReason | null = $derived.by(() => {
    const checked = trainingConfigSchema.safeParse(this.config);
    return checked.success ? null : fieldReason(checked.error, this.config);
  });

  /** Epochs that were set for a data set, not by the person. */
  #suitedEpochs = firstConfig().training.epochs;
  /** Learns a data set; the epochs follow its size unless the person has set them. */
  suitTo(set: DataSet): void {
    if (this.config.training.epochs !== this.#suitedEpochs) return;
    const wantedSteps = this.#from ? WANTED_STEPS_OF_FINE_TUNING : WANTED_STEPS;
    this.#suitedEpochs = epochsFor(set, this.config, this.usual.training.epochs, wantedSteps);
    if (this.config.training.epochs !== this.#suitedEpochs) this.setTraining({ epochs: this.#suitedEpochs });
  }

  setLayers(layers: LayerSpec[]): void {
    this.config = { ...this.config, network: { ...this.config.network, layers } };
  }
  /** Null: every word of the data, spelled out. */
  setVocabulary(vocabulary: string[] | null): void {
    this.config = { ...this.config, vocabulary };
  }
  setNetwork(change: Partial<TrainingConfig['network']>): void {
    this.config = { ...this.config, network: { ...this.config.network, ...change } };
  }
  setTraining(change: Partial<TrainingConfig['training']>): void {
    this.config = { ...this.config, training: { ...this.config.training, ...change } };
  }
  setAugmentation(augmentation: Augmentation): void {
    this.config = { ...this.config, augmentation };
  }
  /** All settings as they were at first; network, data and name stay. */
  resetTraining(): void {
    const { training, augmentation, network } = this.usual;
    const { dropout } = network;
    this.config = { ...this.config, training, augmentation, network: { ...this.config.network, dropout } };
  }
}

/** A misfit as the error that the engine would answer with. */
export const misfitMessage = ({ path, params }: FieldReason): ErrorMessage => ({
  code: 'config.invalid',
  message: `${path}: ${params.reason}`,
  params: { place: path, ...params },
});
