// A run that is about to begin, as the person puts it together.
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
