import { expect, test } from 'vitest';
import { anyConfigSchema } from '../../app/contract/labelConfig';
import { isTagged, textTaskSchema } from '../../app/contract/textTask';
import { textRecipe } from '../../app/textRecipes';

test.each(textTaskSchema.options)('the recommended configuration of %s is one that can be trained', (task) => {
  const config = anyConfigSchema.parse(textRecipe(task));
  expect(config.task).toBe(isTagged(task) ? 'tagText' : 'classifyText');
  expect(config.training).toMatchObject({ validationFraction: 0.1 });
});
