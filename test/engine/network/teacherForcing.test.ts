import { describe, expect, it } from 'vitest';
import type { HeadSpec, NetworkSpec } from '../../../app/contract/network';
import type { Rung } from '../../../app/contract/rung';
import { initialParameters } from '../../../engine/network/initialise';
import { openProgram } from '../../../engine/network/open';
import type { LabelledBatch } from '../../../engine/network/program';
import { makeRandom } from '../../../engine/runtime/random';
import { USUAL_TRAINING } from '../../../engine/training/trainingRule';
import { makeBatch } from './fixtures';

const RUNGS: readonly Rung[] = ['compiled', 'wasm'];
const OPTIONS = { learningRate: 0, seed: 1 };

function jordan(teacherForcing: boolean, head: HeadSpec = { kind: 'framewise', classes: 3 }): NetworkSpec {
  return {
    inputSize: 2,
    layers: [{ cell: 'jordan', units: 4, outputs: 3, direction: 'forward', initialState: 'learned', teacherForcing }],
    dropout: 0,
    head,
  };
}
async function lossOf(spec: NetworkSpec, rung: Rung, batch: LabelledBatch): Promise<number> {
  const program = await openProgram(spec, initialParameters(spec, 3), rung);
  const { loss } = await program.gradients(batch);
  program.dispose();
  return loss;
}
/** Frames [from, from + lengths) of every row. */
function partOf({ features, N, D, labels, rowWeights }: LabelledBatch, from: number, lengths: number[]): LabelledBatch {
  const T = Math.max(...lengths);
  return {
    features: features.slice(from * N * D, (from + T) * N * D),
    T,
    N,
    D,
    lengths: Int32Array.from(lengths),
    labels: labels.map((row) => row.slice(from)),
    rowWeights,
  };
}

/** Every frame is the class of the frame before plus this frame's, modulo 3: one-hot [T, N, 3]. */
function runningSums(T: number, N: number, random: () => number): LabelledBatch {
  const features = new Float32Array(T * N * 3);
  const labels = Array.from({ length: N }, (_, n) => {
    let sum = 0;
    return Int32Array.from({ length: T }, (__, t) => {
      const addend = Math.floor(3 * random());
      features[(t * N + n) * 3 + addend] = 1;
      return (sum = (sum + addend) % 3);
    });
  });
  const lengths = new Int32Array(N).fill(T);
  return { features, T, N, D: 3, lengths, labels, rowWeights: new Float32Array(N).fill(1 / N) };
}

describe('a network learned by teacher forcing', () => {
  it('answers rightly when it hears itself', async () => {
    const spec: NetworkSpec = {
      inputSize: 3,
      layers: [{ cell: 'jordan', units: 16, outputs: 3, direction: 'forward', teacherForcing: true }],
      dropout: 0,
      head: { kind: 'framewise', classes: 3 },
    };
    const program = await openProgram(spec, initialParameters(spec, 1), 'compiled');
    const random = makeRandom(1);
    for (let seed = 1; seed <= 400; seed++)
      await program.trainStep(runningSums(20, 16, random), { learningRate: 1e-2, seed });
    const batch = runningSums(20, 16, random);
    const logits = await program.logits(batch);
    program.dispose();
    const heard = Array.from({ length: batch.T * batch.N }, (_, frame) => {
      const own = logits.subarray(3 * frame, 3 * frame + 3);
      return own.indexOf(Math.max(...own));
    });
    expect(heard).toEqual(heard.map((_, frame) => batch.labels[frame % batch.N]![Math.floor(frame / batch.N)]));
  });
  it('starts with a head that takes each output of the layer for its class, on both sides of two directions', () => {
    const spec: NetworkSpec = {
      inputSize: 3,
      layers: [{ cell: 'jordan', units: 4, outputs: 3, direction: 'bidirectional', teacherForcing: true }],
      dropout: 0,
      head: { kind: 'framewise', classes: 3 },
    };
    const { values, shape } = initialParameters(spec, 1).get('head.weights')!;
    expect(shape).toEqual([6, 3]);
    for (let row = 0; row < 6; row++) {
      const weights = values.subarray(3 * row, 3 * row + 3);
      expect(weights.indexOf(Math.max(...weights))).toBe(row % 3);
    }
  });
});

describe.each(RUNGS)('teacher forcing on the %s rung', (rung) => {
  it('changes what training computes, and not what is recognised', async () => {
    const [taught, free] = [jordan(true), jordan(false)];
    const batch = makeBatch(taught, [6, 4], 7);
    expect(Math.abs((await lossOf(taught, rung, batch)) - (await lossOf(free, rung, batch)))).toBeGreaterThan(1e-5);
    const logits = await Promise.all(
      [taught, free].map(async (spec) => {
        const program = await openProgram(spec, initialParameters(spec, 3), rung);
        const values = await program.logits(batch);
        program.dispose();
        return values;
      }),
    );
    expect(logits[0]).toEqual(logits[1]);
  });

  it('leaves a layer to itself where the head has no target of its size for every frame', async () => {
    for (const head of [
      { kind: 'framewise', classes: 4 },
      { kind: 'ctc', classes: 3 },
    ] as const) {
      const batch = makeBatch(jordan(true, head), [6, 4], 7);
      expect(await lossOf(jordan(true, head), rung, batch)).toBe(await lossOf(jordan(false, head), rung, batch));
    }
  });

  it('is told across the parts of a sequence', async () => {
    const spec = jordan(true);
    const whole = makeBatch(spec, [8, 8], 8);
    const rule = { ...USUAL_TRAINING, isInParts: true };
    const program = await openProgram(spec, initialParameters(spec, 3), rung, rule);
    const { loss } = await program.trainPart(whole, OPTIONS, null);
    const first = await program.trainPart(partOf(whole, 0, [5, 5]), OPTIONS, null);
    const second = await program.trainPart(partOf(whole, 5, [3, 3]), OPTIONS, first.after);
    program.dispose();
    const oneHot = whole.labels.flatMap((row) => [0, 1, 2].map((k) => (k === row[4] ? 1 : 0)));
    expect([...first.after.get('layer0.forward/output')!]).toEqual(oneHot);
    expect(first.loss + second.loss).toBeCloseTo(loss, 4);
  });
});
