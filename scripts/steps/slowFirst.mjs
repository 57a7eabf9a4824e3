// The order of the test files: what takes longest begins first, so that at the end no worker is alone with it.
import { BaseSequencer } from 'vitest/node';

/** Under test/, from slow to quick. */
export const SLOWEST = [
  'engine/network/cells',
  'engine/network/leaks',
  'engine/network/recurrentDropout',
  'engine/process',
  'engine/runs/trainingProcess',
  'engine/network/stack',
  'engine/training/truncated',
  'engine/trainCli',
  'engine/network/cellProperties',
  'engine/network/compiled',
  'engine/cli',
  'engine/dataProcess',
  'engine/training/resume',
  'engine/network/heads',
  'engine/training/train',
  'engine/network/headReferences',
  'engine/offline',
].map((name) => `test/${name}.test.ts`);

/** @param {string} path */
function rankOf(path) {
  const rank = SLOWEST.findIndex((name) => path.endsWith(`/${name}`));
  return rank === -1 ? SLOWEST.length : rank;
}

/** Those that are not named follow by size, as ever. */
export class SlowFirst extends BaseSequencer {
  /** @override @param {import('vitest/node').TestSpecification[]} files */
  async sort(files) {
    const sorted = await super.sort(files);
    return sorted.sort((a, b) => rankOf(a.moduleId) - rankOf(b.moduleId));
  }
}
