// A run that learns of texts, as the person puts it together: a few choices that make a configuration.
import { textRunConfigSchema } from '../../../app/contract/textRuns';
import type { TextLabelConfig } from '../../../app/contract/labelConfig';
import type { TextTask } from '../../../app/contract/textTask';
import { layersOf, type CellChoice, type NetworkChoice } from '../../../app/networkChoice';
import { textRecipe } from '../../../app/textRecipes';

/** 1-of-N with one slot for every other word; letter 3-grams; or these and known words besides. */
export const TEXT_ENCODINGS = ['oneOfN', 'letterNGrams', 'lettersAndWords'] as const;
export type TextEncodingChoice = (typeof TEXT_ENCODINGS)[number];
/** Values of a learned vector; 0 where the slots themselves are read. */
export const EMBEDDING_SIZES = [0, 16, 32, 64, 128] as const;
/** Multiples of what a Clockwork's modules and an SCRN's context need. */
export const TEXT_UNITS = [16, 32, 64, 128, 256] as const;

export interface TextChoice {
  readonly cell: CellChoice;
  readonly layers: number;
  readonly units: number;
  readonly direction: NetworkChoice['direction'];
  readonly encoding: TextEncodingChoice;
  readonly embedding: number;
  readonly epochs: number;
}

/** What fits a few hundred short sentences; the recipes for whole corpora are larger. */
export const firstTextChoice: TextChoice = {
  ...{ cell: 'lstm', layers: 1, units: 32, direction: 'bidirectional' },
  ...{ encoding: 'lettersAndWords', embedding: 32, epochs: 8 },
};

export function textConfigOf(task: TextTask, choice: TextChoice, name: string): TextLabelConfig {
  const recipe = textRecipe(task);
  const { cell, layers, units, direction, encoding, embedding, epochs } = choice;
  const text =
    encoding === 'oneOfN'
      ? { kind: encoding }
      : { kind: 'letterNGrams', n: 3, hasWords: encoding === 'lettersAndWords' };
  return textRunConfigSchema.parse({
    ...recipe,
    name: { en: name.slice(0, 100), zh: name.slice(0, 100) },
    text,
    network: {
      ...recipe.network,
      layers: layersOf({ cell, layers, units, direction }),
      embedding: embedding === 0 ? undefined : { size: embedding },
      dropout: 0.2,
    },
    training: { ...recipe.training, epochs, learningRate: 0.01, averageDecay: 0.95 },
  });
}
