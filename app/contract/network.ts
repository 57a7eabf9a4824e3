// The network's specification: what is stacked on what. Shapes and parameter names follow from it alone.
import { z } from 'zod';
import './schema'; // tells zod, before its first use, that the window allows no code from strings

export const layerSchema = z.strictObject({
  cell: z.literal('lstm'),
  units: z.number().int().min(1).max(2048),
  /** A bidirectional layer concatenates the outputs of both directions: 2 × units values per step. */
  direction: z.enum(['forward', 'bidirectional']),
});
export type LayerSpec = z.infer<typeof layerSchema>;

export const networkSchema = z.strictObject({
  /** D, values per input frame. */
  inputSize: z.number().int().min(1).max(4096),
  layers: z.array(layerSchema).min(1).max(12),
  /** Dropout after each recurrent layer, in training only. */
  dropout: z.number().min(0).max(0.9),
  head: z.strictObject({
    kind: z.enum(['ctc', 'framewise']),
    /** C, symbols of the alphabet, for CTC with the blank as the last class. */
    classes: z.number().int().min(2).max(20_000),
  }),
});
export type NetworkSpec = z.infer<typeof networkSchema>;
export type Direction = 'forward' | 'reverse';
