// Dropout: which layers have it, and which random numbers belong to whom.
//
// Between layers (Srivastava et al. 2014) every value of every step is dropped or kept by itself. On the recurrence (Gal &
// Ghahramani, "A Theoretically Grounded Application of Dropout in Recurrent Neural Networks", 2016, section 4) the memory
// h[t-1] is multiplied by a mask [N, H] on its way into the recurrent products; each sequence and each direction of a layer
// has one mask, the same at every step. Both are inverted: what is kept grows by 1 / (1 − rate).
import type { Direction, LayerSpec, NetworkSpec } from '../../app/contract/network';

/** Share of the memory that a layer's recurrent products do not hear in training, in [0, 1). */
export const recurrentDropoutOf = (layer: LayerSpec): number =>
  layer.cell === 'feedForward' ? 0 : (layer.recurrentDropout ?? 0);

/** Whether a network drops anything in training. */
export const hasDropout = ({ dropout, layers }: Pick<NetworkSpec, 'dropout' | 'layers'>): boolean =>
  dropout > 0 || layers.some((layer) => recurrentDropoutOf(layer) > 0);

/** Tells the random numbers of all masks of a network apart: that after a layer, and those of its two directions. */
export const maskNumber = (layer: number, place: 'output' | Direction): number =>
  place === 'output' ? layer : -1 - 2 * layer - (place === 'forward' ? 0 : 1);
