// A run that is about to begin, as the person puts it together.
import type { DataSet } from '../../../app/contract/dataSets';
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import type { LayerSpec } from '../../../app/contract/network';
import type { Augmentation, TrainingConfig } from '../../../app/contract/trainingConfig';
import { trainingConfigSchema } from '../../../app/contract/trainingConfig';
import { fieldReason, type FieldReason } from '../../../app/fieldReason';
import { starterConfig } from '../../../app/starterConfig';

/** A configuration to begin with: every word of the data is learned, spelled out. */
export function firstConfig(): TrainingConfig {
  return trainingConfigSchema.parse({ ...starterConfig([]), vocabulary: null });
}

/** A network learns by steps: a small set has to be gone through more often to give it as many. */
const WANTED_STEPS = 600;
const MOST_EPOCHS = 600;

/** Epochs that give about as many steps as a recogniser of a few words needs, and never fewer than `usual`. */
export function epochsFor({ seconds }: Pick<DataSet, 'seconds'>, config: TrainingConfig, usual: number): number {
  const frames = (1000 * seconds) / config.frontEnd.hopMs;
  const stepsPerEpoch = Math.max(1, frames / config.training.batchFrames);
  return Math.min(MOST_EPOCHS, Math.max(usual, Math.ceil(WANTED_STEPS / stepsPerEpoch)));
}

export class RunDraft {
  /** Empty: named after its data and its network. */
  name = $state('');
  setId = $state<string | null>(null);
  fromModelId = $state<string | null>(null);
  config = $state.raw<TrainingConfig>(firstConfig());

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
    this.#suitedEpochs = epochsFor(set, this.config, firstConfig().training.epochs);
    if (this.config.training.epochs !== this.#suitedEpochs) this.setTraining({ epochs: this.#suitedEpochs });
  }

  setLayers(layers: LayerSpec[]): void {
    this.config = { ...this.config, network: { ...this.config.network, layers } };
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
    const { training, augmentation } = firstConfig();
    const { dropout } = firstConfig().network;
    this.config = { ...this.config, training, augmentation, network: { ...this.config.network, dropout } };
  }
}

/** A misfit as the error that the engine would answer with. */
export const misfitMessage = ({ path, params }: FieldReason): ErrorMessage => ({
  code: 'config.invalid',
  message: `${path}: ${params.reason}`,
  params: { place: path, ...params },
});
