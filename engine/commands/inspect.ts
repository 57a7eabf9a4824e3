// unroll inspect FILE --out DIR
import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { InspectedLayer, InspectedText, Inspection as Description } from '../../app/contract/inspection';
import { transcriptText } from '../../app/contract/recognition';
import { UnrollError } from '../../app/errors';
import { seriesName } from '../inspection/activations';
import { Inspection } from '../inspection/inspection';
import { NpzWriter } from '../inspection/npz';
import type { RowSource } from '../inspection/tiles';
import { writeFileAtomic } from '../library/atomicFile';
import { chooseBackend } from './backend';
import { readChosenRecogniser, type ModelOptions } from './model';
import { answer, answerJson, clearBar, drawBar, EXIT } from './output';
import { readSound } from './readSound';

export interface InspectOptions extends ModelOptions {
  readonly out: string;
  /** Numbers of layers, from 0; all if left out. */
  readonly layers?: readonly number[];
  readonly json?: boolean;
}

export const ARRAYS_FILE = 'activations.npz';
export const TEXT_FILE = 'text.json';
/** Rows that are read and written at a time. */
const PIECE_ROWS = 1024;

/** @returns the exit code */
export async function inspectCommand(file: string, options: InspectOptions): Promise<number> {
  const { manifest, parameters } = await readChosenRecogniser(options.model, 'default');
  const layers = chosenLayers(options.layers, manifest.network.layers.length);
  const pcm = await readSound(file);
  const rung = await chooseBackend(options.backend);
  const folder = await fs.mkdtemp(join(tmpdir(), 'unroll-inspect-'));
  try {
    const inspection = await Inspection.open({
      handle: 'inspected',
      pcm,
      model: { manifest, parameters, rung },
      path: join(folder, 'matrices'),
      onProgress: (fraction) => drawBar(fraction, file),
    });
    try {
      await inspection.whole;
      clearBar();
      await fs.mkdir(options.out, { recursive: true });
      const arrays = await writeArrays(inspection, layers, options.out);
      const text = await inspection.text();
      await writeText(file, inspection.description, text, options.out);
      if (options.json) answerJson({ file, out: options.out, text: transcriptText(text.utterances), arrays });
      else for (const { name, shape } of arrays) answer(`${name}  [${shape.join(', ')}]`);
    } finally {
      await inspection.close();
    }
  } finally {
    await fs.rm(folder, { recursive: true, force: true });
  }
  return EXIT.ok;
}

/** @throws UnrollError usage */
function chosenLayers(chosen: readonly number[] | undefined, count: number): ReadonlySet<number> {
  const all = Array.from({ length: count }, (_, layer) => layer);
  const missing = chosen?.find((layer) => layer >= count);
  if (missing !== undefined) {
    const reason = `--layers: the model has no layer ${missing}. Its layers are ${all.join(', ')}.`;
    throw new UnrollError('usage', { reason });
  }
  return new Set(chosen ?? all);
}

interface WrittenArray {
  readonly name: string;
  readonly shape: readonly [rows: number, width: number];
}

/** Every activation [steps, units], then posteriors, features and log mel bands. */
async function writeArrays(inspection: Inspection, layers: ReadonlySet<number>, out: string): Promise<WrittenArray[]> {
  const path = join(out, ARRAYS_FILE);
  const part = `${path}.part`;
  const writer = await NpzWriter.open(part);
  const written: WrittenArray[] = [];
  const put = async (name: string, source: RowSource): Promise<void> => {
    const shape = [source.rows, source.width] as const;
    await writer.add(name, shape, rowsOf(source));
    written.push({ name, shape });
  };
  try {
    for (const layer of inspection.description.layers.filter(({ index }) => layers.has(index)))
      for (const series of seriesOf(layer))
        await put(seriesName(series.layer, series.direction, series.activation), await inspection.series(series));
    for (const kind of ['posteriors', 'features', 'logMel'] as const) await put(kind, await inspection.rows({ kind }));
    await writer.finish();
    await writer.close();
    await fs.rename(part, path);
  } catch (error) {
    await writer.close();
    await fs.rm(part, { force: true });
    throw error;
  }
  return written;
}

const seriesOf = ({ index, directions, activations }: InspectedLayer) =>
  directions.flatMap((direction) => activations.map(({ name }) => ({ layer: index, direction, activation: name })));

async function* rowsOf({ rows, read }: RowSource): AsyncGenerator<Float32Array> {
  for (let first = 0; first < rows; first += PIECE_ROWS) yield read(first, PIECE_ROWS);
}

/** What there is to see, and what was read, in the times of the arrays' rows. */
function writeText(file: string, { handle: _, ...description }: Description, text: InspectedText, out: string) {
  const { utterances, emissions } = text;
  const whole = { file, ...description, text: transcriptText(utterances), utterances, emissions };
  return writeFileAtomic(join(out, TEXT_FILE), `${JSON.stringify(whole, null, 2)}\n`);
}
