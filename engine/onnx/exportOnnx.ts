// A trained network as an ONNX file, for any program that runs those. One sequence a call: "features" [T, D], or "slots" [T, K] of
// an embedded text, becomes "logits" [T′, C], or [1, C] where the head answers once. What is needed around the network (front end,
// alphabet or labels, card) stands in the file's metadata, as JSON.
import { answersEveryFrame, type HeadSpec } from '../../app/contract/network';
import type { ModelManifest } from '../../app/contract/model';
import { unreachable } from '../../app/errors';
import { batchWidth } from '../network/embedding';
import { addsReadings, isConcatenated, runningLayers, type ParameterSet } from '../network/parameters';
import { isVoted } from '../network/votes';
import { exportEmbedding, exportFront, exportStack } from './below';
import { OnnxGraph, valueOf, type Value } from './graph';
import { exportLayers, NetworkParameters } from './layers';
import { encodeModel } from './proto';

/** @returns the bytes of the .onnx file */
export function exportOnnx(manifest: ModelManifest, values: ParameterSet): Uint8Array {
  const spec = manifest.network;
  const graph = OnnxGraph.create();
  const parameters = new NetworkParameters(graph, values);
  const isEmbedded = spec.embedding !== undefined;
  const input = isEmbedded ? 'slots' : 'features';
  const below = isEmbedded ? exportEmbedding(graph, input, parameters) : exportFront(graph, spec, input, parameters);
  const layers = runningLayers(spec);
  const top = exportLayers(graph, layers, exportStack(graph, spec, below), parameters);
  const last = layers[layers.length - 1];
  const pooled = exportPooling(graph, spec.head.kind, top, last !== undefined && isConcatenated(last));
  const answered = addsReadings(spec) ? added(graph, pooled) : pooled;
  const product = graph.add('MatMul', [answered, parameters.constant('head.weights')]);
  const scores = graph.add('Add', [product, parameters.constant('head.bias')]);
  const logits = graph.named('logits', exportVotes(graph, spec.head, scores));
  const steps = answersEveryFrame(spec.head) ? 'steps' : 1;
  const message = graph.message(
    'network',
    [valueOf(input, ['frames', batchWidth(spec)], isEmbedded ? 'int64' : 'float')],
    [valueOf(logits, [steps, spec.head.classes])],
  );
  return encodeModel(message, metadataOf(manifest));
}

/** By the fields of model.json, and once more, as plain text, what other programs look for. */
function metadataOf(manifest: ModelManifest): Record<string, string> {
  const { id, name, network, card } = manifest;
  const frontEnd = 'frontEnd' in manifest ? manifest.frontEnd : undefined;
  const alphabet = 'alphabet' in manifest ? manifest.alphabet : undefined;
  const labels = 'labels' in manifest ? manifest.labels : undefined;
  const fields = { id, name, frontEnd, alphabet, labels, network, card };
  const plain = { author: card.author, licence: card.licence.en, sampleRateHz: frontEnd?.sampleRateHz };
  const told = (values: object, text: (value: unknown) => string): [string, string][] =>
    Object.entries(values).flatMap(([key, value]) => (value === undefined ? [] : [[key, text(value)]]));
  return Object.fromEntries([...told(fields, JSON.stringify), ...told(plain, String)]);
}

/** x [T, I] itself, or [1, I] where the head answers once. */
function exportPooling(graph: OnnxGraph, kind: HeadSpec['kind'], x: Value, hasTwoReadings: boolean): Value {
  switch (kind) {
    case 'ctc':
    case 'framewise':
      return x;
    case 'lastStep': {
      if (!hasTwoReadings) return stepAt(graph, x, -1);
      // The reading in reverse ends at the first step.
      const [forward = x, reverse = x] = graph.addMany('Split', [x], 2, { axis: 1, num_outputs: 2 });
      return graph.add('Concat', [stepAt(graph, forward, -1), stepAt(graph, reverse, 0)], { axis: 1 });
    }
    case 'meanPool':
      return graph.add('ReduceMean', [x, graph.integers([0])], { keepdims: 1 });
    case 'maxPool':
      return graph.add('ReduceMax', [x, graph.integers([0])], { keepdims: 1 });
    default:
      return unreachable(kind);
  }
}

const stepAt = (graph: OnnxGraph, x: Value, step: number): Value =>
  graph.add('Gather', [x, graph.integers([step])], { axis: 0 });

function added(graph: OnnxGraph, x: Value): Value {
  return graph.add('Add', graph.addMany('Split', [x], 2, { axis: 1, num_outputs: 2 }));
}

/** The mean of the steps around each, of the classes that vote: see engine/network/votes.ts. */
function exportVotes(graph: OnnxGraph, head: HeadSpec, logits: Value): Value {
  const { voteSteps, classes } = head;
  if (voteSteps === undefined) return logits;
  const voted = Float32Array.from(isVoted(head), Number);
  const around = (voteSteps - 1) / 2;
  // [T, C] → [1, C, T]
  const rows = graph.add('Unsqueeze', [graph.add('Transpose', [logits], { perm: [1, 0] }), graph.integers([0])]);
  const means = graph.add('AveragePool', [rows], {
    kernel_shape: [voteSteps],
    pads: [around, around],
    count_include_pad: 0,
  });
  const back = graph.add('Transpose', [graph.add('Squeeze', [means, graph.integers([0])])], { perm: [1, 0] });
  const mask = graph.constant('voted', [classes], voted);
  const rest = graph.constant(
    'unvoted',
    [classes],
    voted.map((value) => 1 - value),
  );
  return graph.add('Add', [graph.add('Mul', [back, mask]), graph.add('Mul', [logits, rest])]);
}
