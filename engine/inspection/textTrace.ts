// Every gate of a network at every word of a text.
import { promises as fs } from 'node:fs';
import { dirname } from 'node:path';
import { MAX_TRACED_WORDS, type TextTrace } from '../../app/contract/texts';
import type { Rung } from '../../app/contract/rung';
import { UnrollError } from '../../app/errors';
import { textOf, wordsOfText } from '../labelling/readTexts';
import { TextReader } from '../labelling/textExamples';
import type { ShelvedText } from '../labelling/textShelf';
import { embed, EMBEDDING_WEIGHTS, layerInputSize } from '../network/embedding';
import { slotsPerStep } from '../../app/contract/textInput';
import { createSeries, recordActivations, seriesName } from './activations';
import { describeLayers } from './describeLayers';
import { MatrixStore } from './matrixStore';
import { openRowProducts } from './rowProducts';

/**
 * @param path a file that is not there yet; it is taken away again
 * @throws UnrollError text.empty, text.tooLong
 */
export async function traceText(
  { labeller, parameters }: ShelvedText,
  text: string,
  { path, rung }: { readonly path: string; readonly rung: Rung },
): Promise<TextTrace> {
  const words = wordsOfText(labeller, text);
  const T = words.length;
  if (T === 0) throw new UnrollError('text.empty');
  if (T > MAX_TRACED_WORDS) throw new UnrollError('text.tooLong', { words: T, most: MAX_TRACED_WORDS });
  const { network: spec } = labeller.manifest;
  const read = textOf(words);
  const [answers = []] = await labeller.label([read]);
  const rows = inputsOf(labeller, parameters, read);
  const width = layerInputSize(spec);
  await fs.mkdir(dirname(path), { recursive: true });
  const store = await MatrixStore.open(path);
  const products = openRowProducts(rung);
  try {
    createSeries(store, spec, T);
    const below = async (first: number, count: number) => rows.slice(first * width, (first + count) * width);
    await recordActivations({ spec, parameters, products, store, steps: T, below });
    const layers = describeLayers(spec);
    const places = layers.flatMap(({ index: layer, directions, activations }) =>
      directions.flatMap((direction) =>
        activations.map(({ name: activation, units }) => ({ layer, direction, activation, units })),
      ),
    );
    const series: TextTrace['series'] = [];
    for (const place of places) {
      const name = seriesName(place.layer, place.direction, place.activation);
      series.push({ ...place, values: await store.read(name, 0, T) });
    }
    const told = answers.map(({ label, probability }) => ({ label, probability: Math.min(1, probability) }));
    return { words: words.map((word) => word.text), answers: told, layers, series };
  } finally {
    products.dispose();
    await store.dispose();
  }
}

/** What the first layer reads, [T, D]. */
function inputsOf(
  { manifest }: ShelvedText['labeller'],
  parameters: ShelvedText['parameters'],
  text: string,
): Float32Array {
  const { network } = manifest;
  const features = new TextReader(network).features(text);
  const weights = parameters.get(EMBEDDING_WEIGHTS)?.values;
  if (network.embedding === undefined || weights === undefined) return features;
  return embed(features, { weights, size: network.embedding.size, slots: slotsPerStep(network.text) });
}
