// unroll describe SPEC
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { isRecogniser, modelManifestSchema, type ModelManifest } from '../../app/contract/model';
import { networkSchema, type NetworkSpec } from '../../app/contract/network';
import { readNamedJson } from '../data/namedJson';
import { MANIFEST_FILE } from '../library/modelFiles';
import { encodingText } from '../training/cardText';
import { describeNetwork, type LayerDescription, type NetworkDescription } from '../network/describe';
import { checkFile } from '../data/checkFile';
import { answer, answerJson } from './output';

/** As large as a model.json may be. */
const MAX_SPEC_BYTES = 16 << 20;

/**
 * Prints the layers of a network, their shapes, parameters and multiply-adds.
 * @param spec a model's folder, its model.json, or a file with a network alone.
 */
export async function describeCommand(spec: string, { json: isJson }: { readonly json?: boolean }): Promise<void> {
  const { network, manifest } = await readSpec(spec);
  const description = describeNetwork(network);
  const text = network.text === undefined ? null : encodingText(network.text);
  const labels = manifest === null || isRecogniser(manifest) ? null : manifest.labels;
  if (isJson) return answerJson({ ...description, text, labels });
  for (const line of tableOf(description)) answer(line);
  if (text !== null) answer(`\nText: ${text}.`);
  if (labels !== null) answer(`\nLabels (${labels.length}): ${labels.join(', ')}`);
}

/** @throws UnrollError file.missing, config.invalid naming the file, the field and what is allowed. */
async function readSpec(spec: string): Promise<{ network: NetworkSpec; manifest: ModelManifest | null }> {
  const isFolder = await fs.stat(spec).then(
    (found) => found.isDirectory(),
    () => false, // reading it says why
  );
  const file = isFolder ? join(spec, MANIFEST_FILE) : spec;
  const value = await readNamedJson(file, MAX_SPEC_BYTES);
  const isModel = typeof value === 'object' && value !== null && 'format' in value;
  if (!isModel) return { network: checkFile(networkSchema, value, file), manifest: null };
  const manifest = checkFile(modelManifestSchema, value, file);
  return { network: manifest.network, manifest };
}

const number = (value: number): string => Math.round(value).toLocaleString('en');
const HEADINGS = ['layer', 'kind', 'direction', 'options', 'in', 'out', 'parameters', 'multiply-adds a step'];
/** Columns from here on hold numbers and are aligned to the right. */
const FIRST_NUMBER = 4;

function tableOf({ layers, parameters, multiplyAddsPerStep, framesPerStep, dropout }: NetworkDescription): string[] {
  const rows = layers.map((layer) => [
    layer.name,
    layer.kind,
    layer.direction ?? '',
    layer.options.join(', '),
    ...[layer.inputs, layer.outputs, layer.parameters, layer.multiplyAddsPerStep].map(number),
  ]);
  const total = ['total', '', '', '', '', '', number(parameters), number(multiplyAddsPerStep)];
  const table = [HEADINGS, ...rows, total];
  const widths = HEADINGS.map((_, column) => Math.max(...table.map((row) => row[column]!.length)));
  const lineOf = (row: readonly string[]): string =>
    row
      .map((cell, column) => (column < FIRST_NUMBER ? cell.padEnd(widths[column]!) : cell.padStart(widths[column]!)))
      .join('  ')
      .trimEnd();
  const notes = [
    ...(framesPerStep > 1 ? [`A step is ${framesPerStep} frames of the input.`] : []),
    ...(dropout > 0 ? [`Dropout after each layer: ${dropout}.`] : []),
  ];
  return [...table.map(lineOf), ...notes, '', ...layers.flatMap(shapeLines)];
}

const shapeLines = ({ name, shapes }: LayerDescription): string[] =>
  Object.entries(shapes).map(([parameter, shape]) => `${name}.${parameter} [${shape.join(', ')}]`);
