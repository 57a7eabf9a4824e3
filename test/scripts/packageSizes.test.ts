import { expect, it } from 'vitest';
import { keepBudget, PARTS, sizesOf, sizeTable } from '../../scripts/steps/packageSizes.mjs';

const UNPACKED = 'resources/app.asar.unpacked';
const files = [
  { path: `${UNPACKED}/node_modules/@tensorflow/tfjs-node/deps/lib/libtensorflow_cc.so.2`, bytes: 500e6 },
  { path: `${UNPACKED}/node_modules/@tensorflow/tfjs-core/dist/index.js`, bytes: 2e6 },
  { path: `${UNPACKED}/node_modules/zod/index.js`, bytes: 1e6 },
  { path: `${UNPACKED}/assets/models/digits/weights.safetensors`, bytes: 3e6 },
  { path: `${UNPACKED}/dist/engine/process.cjs`, bytes: 4e6 },
  { path: 'resources/app.asar', bytes: 5e6 },
  { path: 'unroll', bytes: 180e6 },
];

it('every file is counted once, with the part that it belongs to', () => {
  expect(sizesOf(files).map(({ megabytes }) => megabytes)).toEqual([500, 2, 1, 3, 4, 5, 180]);
  expect(sizeTable(sizesOf(files))).toMatch(/all +695\.0 MB of \d+$/);
});

it('a part that is larger than its budget is named', () => {
  expect(() => keepBudget(sizesOf(files))).not.toThrow();
  const engine = PARTS.find(({ name }) => name === 'engine');
  const grown = [...files, { path: `${UNPACKED}/dist/engine/cli.cjs`, bytes: (engine?.budget ?? 0) * 1e6 }];
  expect(() => keepBudget(sizesOf(grown))).toThrow(/larger than it may be: engine \(/);
});
