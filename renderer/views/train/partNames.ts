// What the parts of a network are called: convolutions if it has any, its layers, its head.
import { directionsOf, type LayerSpec } from '../../../app/contract/network';
import { t } from '../../i18n/messages.svelte';
import type { RunParts } from './run.svelte';

const isHead = (parts: RunParts, index: number): boolean => index === parts.length - 1;

/** A part by its place, inside a sentence: layer 2. */
export function partPlace(parts: RunParts, index: number): string {
  if (isHead(parts, index)) return t('runs.part.head');
  if (parts[index]?.layer === null) return t('runs.part.front');
  const before = parts.slice(0, index + 1).filter(({ layer }) => layer !== null).length;
  return t('runs.part.layer', { layer: before });
}

/** A part by what it is: LSTM, 128 units. @param isText where it reads text and gives labels */
export function partName(parts: RunParts, index: number, isText = false): string {
  const layer = parts[index]?.layer ?? null;
  if (layer !== null) return layerName(layer);
  if (isText) return t(isHead(parts, index) ? 'newText.labels' : 'newText.embedding');
  return isHead(parts, index) ? t('train.symbols') : t('runs.convolutions');
}

export function layerName(layer: LayerSpec): string {
  const isBothWays = directionsOf(layer).length > 1;
  return t(isBothWays ? 'train.layerBothWays' : 'train.layer', { cell: cellName(layer), units: layer.units });
}

/** The cell by the name under which a person chooses it. */
export function cellName(layer: LayerSpec): string {
  if (layer.cell === 'lstm' && layer.peepholes === true) return t('train.cell.lstmPeepholes');
  return t(`train.cell.${layer.cell}`);
}
