// What the parts of a network are called in the present language.
import type { ActivationSeries, InspectedLayer } from '../../../app/contract/inspection';
import { t } from '../../i18n/messages.svelte';

/** As the cells name them. */
const ACTIVATIONS = [
  'inputGate',
  'forgetGate',
  'outputGate',
  'updateGate',
  'resetGate',
  'candidate',
  'cell',
  'hidden',
  'context',
  'output',
  'due',
] as const;
type KnownActivation = (typeof ACTIVATIONS)[number];
const isKnown = (name: string): name is KnownActivation => (ACTIVATIONS as readonly string[]).includes(name);

/** A new cell's own word stands until there is a better one. */
export const activationName = (name: string): string => (isKnown(name) ? t(`inspect.activation.${name}`) : name);

/** What a figure of it shows, in one sentence. */
export const activationSentence = (name: string): string =>
  isKnown(name) ? t(`inspect.activation.${name}.text`) : t('inspect.about.activation', { name });

/** layer 1, within a sentence; where it reads both ways, which of them: layer 1, forward */
export function readingName({ layer, direction }: Reading, layers: readonly InspectedLayer[]): string {
  const name = t('inspect.layerWithin', { layer: layer + 1 });
  const isBothWays = (layers[layer]?.directions.length ?? 1) > 1;
  return isBothWays ? t('inspect.reading', { layer: name, direction: t(`inspect.direction.${direction}`) }) : name;
}
type Reading = Pick<ActivationSeries, 'layer' | 'direction'>;

/** Forget gate, layer 1 */
export const seriesName = (series: ActivationSeries, layers: readonly InspectedLayer[]): string =>
  t('inspect.series', { activation: activationName(series.activation), layer: readingName(series, layers) });

/** LSTM, 128 units, left to right */
export function layerText({ spec, units }: InspectedLayer, direction: ActivationSeries['direction']): string {
  const cell = t(`train.cell.${spec.cell}`);
  return t('inspect.layerText', { cell, units, direction: t(`inspect.reads.${direction}`) });
}
