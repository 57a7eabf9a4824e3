// A batch of nothing: what a program is compiled for is the shape and not the values.
import { framesPerStep, type NetworkSpec } from '../../app/contract/network';
import { unreachable } from '../../app/errors';
import { batchWidth } from '../network/embedding';
import type { CompiledShape, LabelledBatch } from '../network/program';

/** Rows as long as the shape allows, of silence or unknown words, that weigh nothing. */
export function blankBatch(spec: NetworkSpec, { T: steps, N }: CompiledShape): LabelledBatch {
  const T = steps * framesPerStep(spec);
  const D = batchWidth(spec);
  const nothing = spec.embedding === undefined ? 0 : -1;
  return {
    ...{ T, N, D },
    features: new Float32Array(T * N * D).fill(nothing),
    lengths: new Int32Array(N).fill(T),
    labels: Array.from({ length: N }, () => new Int32Array(labelCount(spec, steps))),
    rowWeights: new Float32Array(N),
  };
}

function labelCount({ head: { kind } }: NetworkSpec, steps: number): number {
  switch (kind) {
    case 'ctc':
      return 0;
    case 'framewise':
      return steps;
    case 'lastStep':
    case 'meanPool':
    case 'maxPool':
      return 1;
    default:
      return unreachable(kind);
  }
}
