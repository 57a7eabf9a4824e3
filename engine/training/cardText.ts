// MODEL_CARD.md: what people read who open a model's or a run's folder.
import {
  hearsSound,
  isRecogniser,
  type LabellerManifest,
  type ModelCard,
  type ModelManifest,
} from '../../app/contract/model';
import { directionsOf, type LayerSpec, type NetworkSpec } from '../../app/contract/network';
import { unitOf, type TextEncoding } from '../../app/contract/textInput';
import { unreachable } from '../../app/errors';
import type { FrontEndSettings } from '../../app/features/settings';

/** The card for people who open the folder. */
export function cardText(manifest: ModelManifest): string {
  const { name, card, network } = manifest;
  const lines = [
    `# ${name.en}`,
    '',
    card.understands.en,
    '',
    `- ${outputText(manifest)}`,
    `- Network: ${networkText(network)}; ${card.parameters.toLocaleString('en')} parameters`,
    `- ${inputText(manifest)}`,
    `- Licence: ${card.licence.en || 'not stated'}`,
    `- Trained on ${card.trainedOn}${card.recipe ? ` by \`${card.recipe}\`` : ''}`,
  ];
  if (card.data.length > 0) {
    lines.push('', '| Data | Licence | Utterances | Hours |', '| --- | --- | --- | --- |');
    for (const data of card.data)
      lines.push(`| ${data.name.en} | ${data.licence.en} | ${data.utterances} | ${data.hours} |`);
  }
  if (card.errors.length > 0) {
    lines.push('', '| Measured on | Measure | Value | Utterances | Date |', '| --- | --- | --- | --- | --- |');
    for (const e of card.errors) {
      lines.push(
        `| ${e.set.en} | ${e.measure} | ${(100 * e.value).toFixed(1)} %${intervalText(e)} | ${e.utterances} | ${e.date} |`,
      );
    }
  }
  return `${lines.join('\n')}\n`;
}

const intervalText = ({ interval }: ModelCard['errors'][number]): string =>
  interval === undefined ? '' : ` (${interval.map((end) => (100 * end).toFixed(1)).join(' to ')} %)`;

function outputText(manifest: ModelManifest): string {
  if (!isRecogniser(manifest)) return `Answers: ${answerText(manifest)}`;
  const { words } = manifest.card;
  return `Words: ${words.length > 0 ? words.join(', ') : 'any, spelled out'}`;
}
/** What a model of labels answers. */
export const answerText = ({ labels, network: { head } }: LabellerManifest): string =>
  `${head.kind === 'framewise' ? 'a tag for every step' : 'one label for the whole'}, one of ${labels.length}: ${labels.join(', ')}`;

function inputText(manifest: ModelManifest): string {
  if (isRecogniser(manifest) || hearsSound(manifest)) return `Features: ${featureText(manifest.frontEnd)}`;
  return `Text: ${encodingText(manifest.network.text)}`;
}
const featureText = ({ kind, coefficients, melBands, sampleRateHz, windowMs, hopMs, deltas }: FrontEndSettings) =>
  `${kind === 'mfcc' ? `${coefficients} MFCC of ` : 'logarithm of '}${melBands} bands at ${sampleRateHz} Hz, ${windowMs} ms every ${hopMs} ms, ${deltas} orders of slopes`;

const UNIT_TEXTS = { word: 'words', character: 'characters', spaced: 'tokens parted by white space' } as const;
/** "letter 3-grams of words, 1,234 known and one slot for all others" */
export function encodingText(encoding: TextEncoding): string {
  const known = `${encoding.known.length.toLocaleString('en')} known and one slot for all others`;
  const unit = UNIT_TEXTS[unitOf(encoding)];
  switch (encoding.kind) {
    case 'oneOfN':
      return `1-of-N ${unit}, ${known}`;
    case 'letterNGrams':
      return `letter ${encoding.n}-grams of ${unit}, ${known}${wordsText(encoding)}`;
    default:
      return unreachable(encoding);
  }
}

const wordsText = ({ words }: { readonly words?: readonly string[] | undefined }): string =>
  words === undefined ? '' : `, and one more for each of ${words.length.toLocaleString('en')} known words`;

function networkText({ front, embedding, stack, layers }: NetworkSpec): string {
  const convolutions = (front?.convolutions ?? []).map(
    ({ filters, frames, bands }) => `convolution of ${filters} filters over ${frames} frames and ${bands} bands`,
  );
  return [
    ...convolutions,
    ...(embedding === undefined ? [] : [`embedding of ${embedding.size} values`]),
    ...(stack === undefined ? [] : [`${stack.frames} frames side by side every ${stack.step}`]),
    ...layers.map(layerText),
  ].join(', ');
}
const layerText = (layer: LayerSpec): string =>
  `${directionsOf(layer).length > 1 ? 'bidirectional' : 'forward'} ${layer.cell} of ${layer.units} units`;
