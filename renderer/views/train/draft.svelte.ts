// A run that is about to begin, as the person puts it together.
import type { DataSet } from '../../../app/contract/dataSets';
import type { ErrorMessage } from '../../../app/contract/errorMessage';
import type { LayerSpec } from '../../../app/contract/network';
import type { RunAdvice } from '../../../app/contract/runs';
import type { Augmentation, TrainingConfig } from '../../../app/contract/trainingConfig';
import { trainingConfigSchema } from '../../../app/contract/trainingConfig';
import { fieldReason, type FieldReason } from '../../../app/fieldReason';
import { epochsFor, suitable, suitedTraining, type SuitedTraining } from '../../../app/suitedTraining';
import { fineTuningConfig, firstConfig, type BaseModel } from './firstConfig';

const WANTED_STEPS_OF_FINE_TUNING = 60;

export class RunDraft {
  /** Empty: named after its data and its network. */
  name = $state('');
  setId = $state<string | null>(null);
  config = $state.raw<TrainingConfig>(firstConfig());
  /** What the engine last said of it. */
  advice = $state.raw<RunAdvice | null>(null);

  #from = $state.raw<BaseModel | null>(null);
  /** What was put together for a beginning by chance, kept while a model is begun with. */
  #byChance: { readonly config: TrainingConfig; readonly suited: SuitedTraining } | null = null;
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
    if (this.#from === null && from !== null) this.#byChance = { config: this.config, suited: this.#suited };
    const config = from ? fineTuningConfig(from) : (this.#byChance?.config ?? firstConfig());
    this.#from = from;
    this.advice = null;
    this.config = { ...config, augmentation };
    this.#suited = (from ? null : this.#byChance?.suited) ?? suitable(config);
    if (!from) this.#byChance = null;
  }

  /** What is wrong with the configuration; null where it can be learned. */
  readonly misfit: FieldReason | null = $derived.by(() => {
    const checked = trainingConfigSchema.safeParse(this.config);
    return checked.success ? null : fieldReason(checked.error, this.config);
  });

  /** What was set for a data set, not by the person. */
  #suited: SuitedTraining = suitable(firstConfig());
  /** Learns a data set; what follows its size does so unless the person has set it. */
  suitTo(set: DataSet): void {
    const { usual } = this;
    const suited = this.#from
      ? { ...suitable(usual), epochs: epochsFor(set, usual, WANTED_STEPS_OF_FINE_TUNING) }
      : suitedTraining(set, usual);
    const present = suitable(this.config);
    const change = (Object.keys(suited) as (keyof SuitedTraining)[]).filter(
      (key) => isAlike(present[key], this.#suited[key]) && !isAlike(present[key], suited[key]),
    );
    this.#suited = suited;
    if (change.length === 0) return;
    const { dropout, ...training } = { ...present, ...Object.fromEntries(change.map((key) => [key, suited[key]])) };
    this.setTraining(training);
    this.setNetwork({ dropout });
  }

  setLayers(layers: LayerSpec[]): void {
    this.config = { ...this.config, network: { ...this.config.network, layers } };
    // A layer that is no more cannot be frozen.
    this.setFrozenLayers(Math.min(layers.length, this.config.training.frozenLayers ?? 0));
  }
  /** @param frozenLayers from the first on; 0: all learn */
  setFrozenLayers(frozenLayers: number): void {
    const { frozenLayers: _, ...training } = this.config.training;
    this.config = { ...this.config, training: { ...training, ...(frozenLayers > 0 && { frozenLayers }) } };
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

const isAlike = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** A misfit as the error that the engine would answer with. */
export const misfitMessage = ({ path, params }: FieldReason): ErrorMessage => ({
  code: 'config.invalid',
  message: `${path}: ${params.reason}`,
  params: { place: path, ...params },
});
