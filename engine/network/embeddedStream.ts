// A stream of text: slots come in, their vectors go on to the stream of the layers.
import type { NetworkSpec } from '../../app/contract/network';
import { batchWidth, embed, EMBEDDING_WEIGHTS, layerInputSize, type Embedding } from './embedding';
import type { ParameterSet } from './parameters';
import type { NetworkStream } from './program';

class EmbeddedStream implements NetworkStream {
  constructor(
    private readonly embedding: Embedding,
    private readonly layers: NetworkStream,
  ) {}

  push(frames: Float32Array): Float32Array {
    return this.layers.push(embed(frames, this.embedding));
  }
  reset(): void {
    this.layers.reset();
  }
  dispose(): void {
    this.layers.dispose();
  }
}

/** The network without its embedding: it reads the sums of vectors. */
function withoutEmbedding(spec: NetworkSpec): NetworkSpec {
  const { text: _text, embedding: _embedding, ...rest } = spec;
  return { ...rest, inputSize: layerInputSize(spec) };
}

/** @param openLayers opens a stream of the network without its embedding */
export async function openEmbeddedStream(
  spec: NetworkSpec,
  parameters: ParameterSet,
  openLayers: (spec: NetworkSpec) => Promise<NetworkStream>,
): Promise<NetworkStream> {
  const weights = parameters.get(EMBEDDING_WEIGHTS)?.values;
  if (weights === undefined) throw new Error(`Expected a parameter called ${EMBEDDING_WEIGHTS}`);
  const embedding = { weights: weights.slice(), size: layerInputSize(spec), slots: batchWidth(spec) };
  return new EmbeddedStream(embedding, await openLayers(withoutEmbedding(spec)));
}
