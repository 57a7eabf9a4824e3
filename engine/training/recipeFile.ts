// A recipe: how a bundled model is made, from what, and how it is measured.
import { z } from 'zod';
import { bilingual } from '../../app/contract/schema';
import { trainingConfigSchema } from '../../app/contract/trainingConfig';

export const recipeSchema = z.strictObject({
  /** The corpora, as the manifests' corpus column names them, and where people get them. */
  data: z
    .array(
      z.strictObject({
        corpus: z.string(),
        name: bilingual(100),
        licence: bilingual(200),
        from: z.string().max(200),
        hours: z.number().nonnegative(),
      }),
    )
    .min(1),
  /** Each speaker of this corpus is left out of training once and then measured. */
  leaveOneSpeakerOut: z.strictObject({ corpus: z.string() }),
  config: trainingConfigSchema,
});
export type Recipe = z.infer<typeof recipeSchema>;
