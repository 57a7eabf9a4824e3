import { expect, test } from 'vitest';
import { tagConfigSchema } from '../../../app/contract/labelConfig';
import { textRecipe } from '../../../app/textRecipes';
import type { TextRow } from '../../../engine/data/textTable';
import { textRun } from '../../../engine/training/textRun';

const row = (text: string, labels: string, part: TextRow['part'], line: number): TextRow => ({
  ...{ text, labels, part, speaker: null, file: 'made.tsv', line },
});
const rowsOf = (kind: string): TextRow[] => [
  row('neural networks learn neural networks', `B-${kind} I-${kind} O B-${kind} I-${kind}`, 'train', 1),
  row('they learn networks', `O O B-${kind}`, 'validation', 2),
];
const LABELS = ['B-phrase', 'I-phrase', 'O'];

test('where tags stand for key phrases, those of validation are ranked by how sure the network is', () => {
  const { input } = textRun(tagConfigSchema.parse(textRecipe('keywords')), rowsOf('phrase'));
  expect(input.labels).toEqual(LABELS);
  const logits = Float32Array.of(0, 0, 1, 2, 0, 0, 5, 0, 0);
  const tags = ['O', 'O', 'B-phrase'];
  expect(input.phrases?.(0, tags, logits)).toEqual({
    reference: ['networks'],
    written: ['networks'],
    ranked: ['networks', 'learn networks', 'they learn networks'],
  });
});

test('slots of other kinds have no key phrases', () => {
  const { input } = textRun(tagConfigSchema.parse(textRecipe('keywords')), rowsOf('town'));
  expect(input.phrases).toBeUndefined();
});

test('the recipe for slots learns a text’s tags together, by the order that they are chosen by', () => {
  const { input, model } = textRun(tagConfigSchema.parse(textRecipe('slots')), rowsOf('town'));
  expect(model).toMatchObject({ tagOrder: { weight: 0.4 } });
  const C = input.labels.length;
  expect(input.order).toHaveLength((C + 1) * C);
  const [begin, inside, outside] = ['B-town', 'I-town', 'O'].map((label) => input.labels.indexOf(label)) as [number, number, number]; // prettier-ignore
  expect(input.order![begin * C + inside]).toBeGreaterThan(input.order![outside * C + inside]!);
});
