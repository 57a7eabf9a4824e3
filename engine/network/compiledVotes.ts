// The votes of neighbouring steps in the graph of a network: see votes.ts for equation and letters.
import type { HeadSpec } from '../../app/contract/network';
import type { Graph, Value } from '../graph/graph';
import type { HeadPass } from './compiledHead';
import { frameMask } from './compiledMask';
import { isVoted } from './votes';

/** @param lengths [N], in steps */
export function buildVotes(graph: Graph, head: HeadSpec, lengths: Value, linear: HeadPass): HeadPass {
  const { voteSteps } = head;
  if (voteSteps === undefined) return linear;
  const leading = graph.slice(graph.shapeOf(linear.logits), [0], [2]);
  const mask = graph.expandDims(frameMask(graph, leading, lengths), 2);
  const voters = graph.binary('Maximum', aroundEach(graph, mask, voteSteps), graph.float(1));
  const [voted, own] = [1, 0].map((wanted) =>
    graph.constant(
      [head.classes],
      Float32Array.from(isVoted(head), (is) => (Number(is) === wanted ? 1 : 0)),
    ),
  ) as [Value, Value];
  const share = graph.multiply(graph.divide(mask, voters), voted);
  const around = aroundEach(graph, graph.multiply(linear.logits, mask), voteSteps);
  return {
    logits: graph.add(graph.multiply(around, share), graph.multiply(linear.logits, own)),
    backward: (gradient, gradients) => {
      const ofVotes = graph.multiply(aroundEach(graph, graph.multiply(gradient, share), voteSteps), mask);
      return linear.backward(graph.add(ofVotes, graph.multiply(gradient, own)), gradients);
    },
  };
}

/** Of x [T, N, C] the sum over `steps` steps around each; outside it x is 0. */
function aroundEach(graph: Graph, x: Value, steps: number): Value {
  const before = (steps - 1) / 2;
  const padded = graph.pad(x, graph.constant([3, 2], Int32Array.of(before, before, 0, 0, 0, 0)));
  const shape = graph.shapeOf(x);
  return graph.addAll(Array.from({ length: steps }, (_, offset) => graph.slice(padded, [offset, 0, 0], shape)));
}
