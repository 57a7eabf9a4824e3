// A run between two steps: all that going on needs, in one file.
//
// checkpoints/step-000001234.safetensors holds value/<parameter>, <slot>/<parameter> and best/<parameter>; its metadata hold the
// state as JSON and the SHA-256 of the tensors, so that a damaged file is noticed and the one before is taken.
import { createHash } from 'node:crypto';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { UnrollError } from '../../app/errors';
import { count } from '../../app/contract/schema';
import { readMetadata, readSafetensors, writeSafetensors } from '../library/safetensors';
import type { ParameterSet, ParameterShape, ParameterValue } from '../network/parameters';
import type { OptimizerState } from '../network/program';
import type { RunWriter } from './journal';
import { plateauSchema } from './schedule';
import { bestSchema, sumsSchema } from './progress';
import type { Slot } from './trainingRule';

const FOLDER = 'checkpoints';
const stateSchema = z.strictObject({
  format: z.literal('unroll-checkpoint'),
  version: z.literal(3),
  /** Epochs that are done. */
  epoch: count,
  /** Batches of the epoch under way that are done. */
  batches: count,
  /** Steps of the run that are done. */
  step: count,
  skippedSteps: count,
  /** Steps in a row up to now that were skipped. */
  skippedInRow: count,
  optimizerStep: count,
  plateau: plateauSchema,
  sums: sumsSchema,
  best: bestSchema.nullable(),
  /** Smallest loss that an epoch ended with, as early stopping sees it. */
  lowestLoss: z.number().nullable(),
  epochsSinceBetter: count,
  /** Lengths of the run's journals in bytes. */
  journals: z.record(z.string(), count),
  /** Of the configuration and the data that the run was started with: a checkpoint of another run is refused. */
  fingerprint: z.string(),
});
type Stored = z.infer<typeof stateSchema>;
export type CheckpointState = Omit<Stored, 'format' | 'version' | 'optimizerStep' | 'journals' | 'fingerprint'>;

/** What the network has learned at a checkpoint. */
export interface CheckpointWeights {
  readonly values: ParameterSet;
  readonly optimizer: OptimizerState;
  /** Recognition parameters of the best epoch; null before the first epoch is done. */
  readonly best: ParameterSet | null;
}
export interface Checkpoint {
  readonly state: CheckpointState;
  readonly weights: CheckpointWeights;
  readonly journals: Stored['journals'];
}
export interface CheckpointContext {
  readonly shapes: readonly ParameterShape[];
  readonly slots: readonly Slot[];
  readonly fingerprint: string;
}

const fileOf = (step: number): string => `step-${String(step).padStart(9, '0')}.safetensors`;
const isCheckpoint = (name: string): boolean => /^step-\d{9,}\.safetensors$/.test(name);
const prefixed = (kind: string, values: ParameterSet): ParameterValue[] =>
  [...values.values()].map((parameter) => ({ ...parameter, name: `${kind}/${parameter.name}` }));

function digestOf(tensors: Iterable<ParameterValue>): string {
  const hash = createHash('sha256');
  for (const { name, values } of tensors)
    hash.update(name).update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  return hash.digest('hex');
}

export class Checkpoints {
  readonly #folder: string;

  /** @param run the run's folder */
  constructor(
    private readonly run: string,
    private readonly writer: RunWriter,
  ) {
    this.#folder = join(run, FOLDER);
  }

  /** Writes one more and takes away all but the last `keep`. */
  async save({ state, weights, journals }: Checkpoint, fingerprint: string, keep: number): Promise<void> {
    const { values, optimizer, best } = weights;
    const tensors = [
      ...prefixed('value', values),
      ...[...optimizer.slots].flatMap(([slot, kept]) => prefixed(slot, kept)),
      ...(best === null ? [] : prefixed('best', best)),
    ];
    const stored: Stored = {
      format: 'unroll-checkpoint',
      version: 3,
      ...state,
      optimizerStep: optimizer.step,
      journals,
      fingerprint,
    };
    const metadata = { state: JSON.stringify(stored), sha256: digestOf(tensors) };
    await fs.mkdir(this.#folder, { recursive: true });
    const bytes = writeSafetensors(tensors, { dtype: 'F32', metadata });
    await this.writer.replace(join(this.#folder, fileOf(state.step)), bytes);
    const names = await this.#names();
    for (const name of names.slice(0, -keep)) await fs.rm(join(this.#folder, name));
  }

  /**
   * The newest checkpoint that is whole; null where there is none at all.
   * @throws UnrollError checkpoint.invalid where all are damaged, or the newest whole one belongs to another run.
   */
  async load(context: CheckpointContext): Promise<Checkpoint | null> {
    await this.#clearUp();
    const names = await this.#names();
    for (const name of names.toReversed()) {
      const checkpoint = decode(await fs.readFile(join(this.#folder, name)), context);
      if (checkpoint === 'stranger') throw this.#invalid('It belongs to another configuration or other data.');
      if (checkpoint !== null) return checkpoint;
    }
    if (names.length > 0) throw this.#invalid('Its weights are not the ones that were saved.');
    return null;
  }

  #invalid(reason: string): UnrollError {
    return new UnrollError('checkpoint.invalid', { folder: this.run, reason });
  }

  /** From the oldest to the newest. */
  async #names(): Promise<string[]> {
    return (await entriesOf(this.#folder)).filter(isCheckpoint).sort();
  }

  /** What a run that was killed in the midst of writing has left. */
  async #clearUp(): Promise<void> {
    for (const name of await entriesOf(this.#folder))
      if (name.startsWith('.') && name.endsWith('.tmp')) await fs.rm(join(this.#folder, name));
  }
}

async function entriesOf(folder: string): Promise<string[]> {
  try {
    return await fs.readdir(folder);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}

/** Null where it is damaged. */
function decode(bytes: Uint8Array, { shapes, slots, fingerprint }: CheckpointContext): Checkpoint | 'stranger' | null {
  try {
    const { state: text = '', sha256 } = readMetadata(bytes);
    const parsed = stateSchema.safeParse(parseJson(text));
    if (!parsed.success) return null;
    const { format: _format, version: _version, optimizerStep, journals, fingerprint: own, ...state } = parsed.data;
    if (own !== fingerprint) return 'stranger';
    const kinds = ['value', ...slots, ...(state.best === null ? [] : ['best'])];
    const expected = kinds.flatMap((kind) => shapes.map((shape) => ({ ...shape, name: `${kind}/${shape.name}` })));
    const all = readSafetensors(bytes, expected);
    if (digestOf(all.values()) !== sha256) return null;
    const part = (kind: string): ParameterSet =>
      new Map(shapes.map(({ name, shape }) => [name, { name, shape, values: all.get(`${kind}/${name}`)!.values }]));
    const optimizer = { step: optimizerStep, slots: new Map(slots.map((slot) => [slot, part(slot)])) };
    return { state, journals, weights: { values: part('value'), optimizer, best: state.best && part('best') } };
  } catch (error) {
    if (error instanceof UnrollError) return null;
    throw error;
  }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
