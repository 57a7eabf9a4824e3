// What a run needs that learns labels or tags of texts.
import type { TextLabelConfig } from '../../app/contract/labelConfig';
import type { TagOrder, TextLabellerManifest } from '../../app/contract/model';
import type { TextEncoding } from '../../app/contract/textInput';
import { UnrollError } from '../../app/errors';
import { logSoftmax } from '../ctc/posteriors';
import type { TextRow } from '../data/textTable';
import { PHRASE, phrasesOf, phraseText, type Phrase } from '../keywords/phraseTags';
import { classesOf, classWeightsOf, labelListOf } from '../labelling/labelList';
import { encodingFrom, TextReader, TextStore } from '../labelling/textExamples';
import { learnedOrder, TagPath, tagOrderOf } from '../labelling/tagOrder';
import { labelledText, type LabelledText } from '../labelling/textLabels';
import { slotCount } from '../../app/contract/textInput';
import { slotsOf } from '../metrics/slots';
import { tokensOf } from '../text/tokens';
import { digestOf, loopConfig, type LabelRun } from './labelRun';
import type { TrainInput } from './train';
import { splitForValidation } from './validationSplit';

/**
 * The encoding knows what is learned alone, never what is held back.
 * @throws UnrollError manifest.invalid naming a row that cannot be learned; dataset.empty, training.labels, training.noLabel,
 * training.teacherTags, text.nothingKnown
 */
export function textRun(config: TextLabelConfig, rows: readonly TextRow[]): LabelRun {
  const column = config.task === 'tagText' ? 'tags' : 'label';
  const { validationFraction, seed, classWeights } = config.training;
  const split = splitForValidation(rows, validationFraction, seed);
  const read = (row: TextRow) => labelledText(row, column, (text) => tokensOf(config.text.unit, text));
  const [training, validation] = [split.training.map(read), split.validation.map(read)];
  if (training.length === 0) throw new UnrollError('dataset.empty', { rows: rows.length });
  const sequences = training.map((text) => text.labels);
  const labels = labelListOf([...sequences, ...validation.map((text) => text.labels)]);
  const texts = training.map(({ row }) => row.text);
  const network = textNetwork(config, encodingFrom(config.text, texts), labels.length);
  const reader = new TextReader(network);
  const held = new TextStore(validation, reader, classesOf(labels));
  const tagOrder = orderOf(config, sequences.map(classesOf(labels)));
  const path = tagOrder === null ? null : new TagPath(labels, tagOrder);
  const isTogether = config.task === 'tagText' && config.tagLoss === 'text' && tagOrder !== null;
  return {
    input: {
      config: loopConfig(config),
      spec: network,
      labels,
      classWeights: classWeightsOf(classWeights, labels, sequences),
      circumstances: [config, labels, digestOf(rows.map(({ text, labels: of, part }) => [text, of, part]))],
      training: new TextStore(training, reader, classesOf(labels), config.text.wordDropout),
      validation: validation.map((_, index) => held.exampleOf(index)),
      ...(path !== null && { bestPath: (logits: Float32Array) => path.best(logits) }),
      ...(isOfPhrases(labels) && { phrases: phrasesIn(validation, labels) }),
      ...(isTogether && { order: learnedOrder(labels, tagOrder) }),
    },
    model: { labels, network, ...(tagOrder !== null && { tagOrder }) },
  };
}

const isOfPhrases = (labels: readonly string[]): boolean => {
  const kinds = slotsOf(labels).map(({ kind }) => kind);
  return kinds.length > 0 && kinds.every((kind) => kind === PHRASE);
};
/** What is written of a text, beside the phrases that its own tags write. */
function phrasesIn(texts: readonly LabelledText[], labels: readonly string[]): NonNullable<TrainInput['phrases']> {
  const C = labels.length;
  const outside = labels.indexOf(OUTSIDE);
  return (index, tags, logits) => {
    const { tokens, labels: own } = texts[index]!;
    const probabilities = logSoftmax(logits, tokens.length, C).map(Math.exp);
    const inside = tokens.map((_, t) => (outside < 0 ? 1 : 1 - probabilities[t * C + outside]!));
    const { written, ranked } = phrasesOf(tokens, tags, inside);
    const textsOf = (phrases: readonly Phrase[]): string[] => phrases.map(({ text }) => text);
    const reference = slotsOf(own).map(({ start, end }) => phraseText(tokens.slice(start, end)));
    return { reference: [...new Set(reference)], written: textsOf(written), ranked: textsOf(ranked) };
  };
}
const OUTSIDE = 'O';

/** Null where every token is tagged for itself. */
function orderOf(config: TextLabelConfig, learned: readonly Int32Array[]): TagOrder | null {
  if (config.task !== 'tagText' || config.tagOrder === undefined) return null;
  return tagOrderOf(learned, config.tagOrder);
}

/** Its inputs are the encoding's slots, its classes the labels. */
function textNetwork(config: TextLabelConfig, text: TextEncoding, classes: number): TextLabellerManifest['network'] {
  const { embedding, layers, dropout } = config.network;
  const common = { inputSize: slotCount(text), text, ...(embedding && { embedding }) };
  if (config.task === 'tagText') {
    checkTaught(config.network, classes);
    return { ...common, layers, dropout, head: { kind: 'framewise', classes } };
  }
  const { stack, head } = config.network;
  return { ...common, ...(stack && { stack }), layers, dropout, head: { kind: head, classes } };
}

/** A layer that is told the tags has an output for each. */
function checkTaught({ layers }: TextLabelConfig['network'], classes: number): void {
  for (const layer of layers)
    if (layer.cell === 'jordan' && layer.teacherForcing === true && layer.outputs !== classes)
      throw new UnrollError('training.teacherTags', { outputs: layer.outputs, classes });
}
