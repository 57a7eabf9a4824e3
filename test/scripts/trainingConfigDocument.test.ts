import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { expect, test } from 'vitest';
import { DOCUMENT, documentText } from '../../scripts/docs/trainingConfig';

const ROOT = resolve(import.meta.dirname, '../..');

test('the list of training settings is what the schema says (else: node scripts/make-docs.mjs)', async () => {
  expect(readFileSync(join(ROOT, DOCUMENT), 'utf8')).toBe(await documentText(ROOT));
});
