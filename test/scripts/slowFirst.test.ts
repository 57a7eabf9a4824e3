import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { root } from '../../scripts/steps/place.mjs';
import { SLOWEST } from '../../scripts/steps/slowFirst.mjs';

it('every test file that begins first is there', () => {
  expect(SLOWEST.filter((name) => !existsSync(join(root, name)))).toEqual([]);
});
