// What must hold of every network, whatever its cells.
import fc from 'fast-check';
import { join } from 'node:path';
import { afterAll, describe, expect, test } from 'vitest';
import type { RecogniserManifest } from '../../../app/contract/model';
import type { NetworkSpec } from '../../../app/contract/network';
import type { Rung } from '../../../app/contract/rung';
import { readModel, writeModel } from '../../../engine/library/modelFiles';
import { initialParameters } from '../../../engine/network/initialise';
import { openProgram } from '../../../engine/network/open';
import type { ParameterSet } from '../../../engine/network/parameters';
import type { NetworkProgram, SequenceBatch } from '../../../engine/network/program';
import { makeRandom } from '../../../engine/runtime/random';
import { sampleManifest } from '../library/sample';
import { temporaryFolder } from '../temporary';
import { isWayOfCompiling, SHAPES, stackOf, VARIANTS } from './cellStacks';
import { expectClose, rowOf } from './fixtures';

const SHAPE = SHAPES['two bidirectional layers, added up, first states learned']!;
const N = 4;
/** Fewer than one compiled length holds: one program serves all. */
const MOST_FRAMES = 12;
const RUNS = { numRuns: 8, seed: 1 };

/** A batch of one sequence per length; a sequence's frames follow from its seed alone. */
function batchOf({ inputSize: D }: NetworkSpec, rows: readonly Row[], T: number): SequenceBatch {
  const features = new Float32Array(T * N * D).fill(-3.25);
  rows.forEach(({ length, seed }, n) => {
    const random = makeRandom(seed);
    for (let t = 0; t < length; t++) for (let d = 0; d < D; d++) features[(t * N + n) * D + d] = 2 * random() - 1;
  });
  return { features, T, N, D, lengths: Int32Array.from(rows, ({ length }) => length) };
}
interface Row {
  readonly length: number;
  readonly seed: number;
}
const rows = fc.array(
  fc.record({ length: fc.integer({ min: 1, max: MOST_FRAMES - 4 }), seed: fc.integer({ min: 1, max: 1_000_000 }) }),
  { minLength: N, maxLength: N },
);
const longest = (list: readonly Row[]): number => Math.max(...list.map(({ length }) => length));

/** Logits of each row, without its padding. */
async function logitsOf(program: NetworkProgram, spec: NetworkSpec, batch: SequenceBatch): Promise<number[][]> {
  const logits = await program.logits(batch);
  return Array.from(batch.lengths, (length, n) => rowOf(logits, N, spec.head.classes, n, length));
}

const savedBatch = (spec: NetworkSpec): SequenceBatch =>
  batchOf(
    spec,
    [3, 9, 1, 12].map((length, seed) => ({ length, seed })),
    12,
  );

describe.each(Object.entries(VARIANTS))('a network of %s', (name, variant) => {
  const spec: NetworkSpec = { ...stackOf(variant, SHAPE), inputSize: 2, head: { kind: 'ctc', classes: 4 } };
  const parameters = initialParameters(spec, 9);

  // Compiling takes most of the time, and every variant is held to its equations there, padded rows among its own, in
  // cells.test.ts: what else is true of them is looked at once for each way of compiling.
  const rungs: readonly Rung[] = isWayOfCompiling(name) ? ['compiled', 'native', 'wasm'] : ['native', 'wasm'];
  describe.each(rungs)('on the %s rung', (rung) => {
    const opened = openProgram(spec, parameters, rung);
    afterAll(async () => (await opened).dispose());

    // Both rungs that cut a batch in their own way; the third runs the native rung's code.
    if (rung !== 'wasm') {
      test('gives every row the same, whatever the order of the batch', async () => {
        const program = await opened;
        const order = fc.shuffledSubarray([0, 1, 2, 3], { minLength: N });
        await fc.assert(
          fc.asyncProperty(rows, order, async (list, permutation) => {
            const T = longest(list);
            const plain = await logitsOf(program, spec, batchOf(spec, list, T));
            const shuffled = permutation.map((n) => list[n]!);
            const others = await logitsOf(program, spec, batchOf(spec, shuffled, T));
            permutation.forEach((n, at) => expectClose(others[at]!, plain[n]!, 1e-6));
          }),
          RUNS,
        );
      });

      test('gives the same however far the batch is padded', async () => {
        const program = await opened;
        await fc.assert(
          fc.asyncProperty(rows, fc.integer({ min: 1, max: 4 }), async (list, more) => {
            const exact = await logitsOf(program, spec, batchOf(spec, list, longest(list)));
            const padded = await logitsOf(program, spec, batchOf(spec, list, longest(list) + more));
            exact.forEach((row, n) => expectClose(padded[n]!, row, 1e-6));
          }),
          RUNS,
        );
      });
    }

    test('gives bit-equal outputs after it was saved and loaded', async () => {
      const folder = join(await temporaryFolder(), 'model');
      const manifest: RecogniserManifest = { ...sampleManifest, network: spec };
      await writeModel(folder, manifest, parameters, { dtype: 'F32' });
      const loaded = await readModel(folder);
      expect(loaded.manifest.network).toEqual(spec);
      const program = await opened;
      const outputs = async (values: ParameterSet) => {
        program.setParameters(values);
        return program.logits(savedBatch(spec));
      };
      const first = await outputs(parameters);
      expect(await outputs(initialParameters(spec, 10))).not.toEqual(first);
      expect(await outputs(loaded.parameters)).toEqual(first);
    });
  });
});
