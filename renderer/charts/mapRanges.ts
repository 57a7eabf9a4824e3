// At which values the colours of a view's maps begin and end, as a person wants it.
import { z } from 'zod';
import '../../app/contract/schema';

const share = z.number().min(0).max(1);
const ends = z.object({ low: share, high: share }).refine(({ low, high }) => high > low);

export const mapRangesSchema = z.object({
  gate: ends.default({ low: 0, high: 1 }),
  /** Of symbols. */
  probability: ends.default({ low: 0, high: 1 }),
  /** Signed values of ± so much have the strongest colours; null: as the values of each figure lie. */
  reach: z.number().positive().nullable().default(null),
  /** What lies so far below the loudest band has the first colour, in dB. */
  soundDepthDb: z.number().min(1).max(120).default(48),
  /** The network's input of ± so many deviations has the strongest colours. */
  deviations: z.number().positive().max(100).default(2.5),
});
export type MapRanges = z.infer<typeof mapRangesSchema>;
export const USUAL_RANGES: MapRanges = mapRangesSchema.parse({});
