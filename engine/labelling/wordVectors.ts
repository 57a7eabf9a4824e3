// Words as points in a model's learned embedding: the sum of their slots' vectors (Bengio et al. 2003), and which known words lie near.
//
// Letters: V slots, E values of a vector.
import type { ReplyOf } from '../../app/contract/messages';
import { UnrollError } from '../../app/errors';
import { EMBEDDING_WEIGHTS } from '../network/embedding';
import { TextEncoder } from '../text/textEncoder';
import type { ShelvedText } from './textShelf';

const NEAREST = 5;

/** @throws UnrollError text.noEmbedding where the model reads the slots themselves */
export function wordVectors({ labeller, parameters }: ShelvedText, words: readonly string[]): ReplyOf<'texts.vectors'> {
  const { manifest } = labeller;
  const { text, embedding } = manifest.network;
  const weights = parameters.get(EMBEDDING_WEIGHTS)?.values;
  if (embedding === undefined || weights === undefined)
    throw new UnrollError('text.noEmbedding', { model: manifest.name.en });
  const encoder = new TextEncoder(text);
  const E = embedding.size;
  const vectorOf = (slots: readonly number[]): Float32Array => {
    const sum = new Float32Array(E);
    for (const slot of slots) for (let e = 0; e < E; e++) sum[e]! += weights[slot * E + e]!;
    return sum;
  };
  const known = text.kind === 'oneOfN' ? text.known : (text.words ?? []);
  const places = known.map((word) => ({ word, vector: vectorOf(encoder.slotsOf(word)) }));
  return {
    size: E,
    vectors: words.map((typed) => {
      const [word = typed] = labeller.tokens(typed);
      const slots = encoder.slotsOf(word);
      const values = vectorOf(slots);
      const nearest = places
        .filter((place) => place.word !== word)
        .map((place) => ({ word: place.word, cosine: cosine(values, place.vector) }))
        .sort((a, b) => b.cosine - a.cosine)
        .slice(0, NEAREST);
      return { word, isKnown: !slots.includes(encoder.other), slots, values, nearest };
    }),
  };
}

function cosine(a: Float32Array, b: Float32Array): number {
  let [dot, aa, bb] = [0, 0, 0];
  a.forEach((value, e) => {
    dot += value * b[e]!;
    aa += value * value;
    bb += b[e]! * b[e]!;
  });
  return dot === 0 ? 0 : dot / Math.sqrt(aa * bb);
}
