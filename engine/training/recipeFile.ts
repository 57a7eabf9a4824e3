// A recipe: how a bundled model is made, from what, and how it is measured.
import { z } from 'zod';
import { hearsSchema } from '../../app/contract/model';
import { bilingual, identifier } from '../../app/contract/schema';
import { trainingConfigSchema } from '../../app/contract/trainingConfig';

/** RFC 7396; what comes of it is checked as a configuration. */
const change = z.record(z.string(), z.unknown());

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
  /** Each speaker of this corpus is left out of training once and then measured. Left out: nobody is. */
  leaveOneSpeakerOut: z
    .strictObject({
      corpus: z.string(),
      /** What these runs learn differently, as a merge patch of the configuration; nothing if left out. */
      change: change.optional(),
    })
    .optional(),
  /** The same weights ship once more, for another way of hearing, with weights of the language model and a card of its own. */
  partner: z.strictObject({ id: identifier, name: bilingual(100), hears: hearsSchema }).optional(),
  /**
   * What a run of everybody is validated with: a share of the speakers that it is given (share), or the manifests whose names
   * begin with "valid" (manifest).
   */
  validateWith: z.enum(['share', 'manifest']).default('share'),
  config: trainingConfigSchema,
  /**
   * Sentences that are cut into words before anything else: runs learn the pieces, as the corpus `<corpus>-pieces`, besides all
   * recordings.
   */
  cut: z
    .strictObject({
      corpus: z.string(),
      /** What the first model, which cuts, learns differently, as a merge patch of the configuration. */
      first: change,
      /** Whether the run of everybody begins with that model. Folds never do: it heard the speakers that they leave out. */
      isBeginning: z.boolean().default(false),
    })
    .optional(),
  /**
   * A language model of this corpus's transcripts ships with the model, letters and numbers as classes, with weights and a
   * calibration fitted to the manifests whose names begin with "valid"; the card then tells more of them.
   */
  language: z.strictObject({ corpus: z.string() }).optional(),
  /** Short runs from which the configuration was chosen: npm run recipe -- NAME --ladder. */
  ladder: z
    .strictObject({
      /** What all of them learn differently, as a merge patch of the configuration. */
      short: change,
      steps: z
        .array(z.strictObject({ name: z.string().min(1).max(80), change }))
        .min(1)
        .max(40),
    })
    .optional(),
});
export type Recipe = z.infer<typeof recipeSchema>;
