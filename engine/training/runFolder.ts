// A run's folder: what was asked (config.json), what happened (metrics.jsonl, steps.jsonl), where it stands (checkpoint/), what came out (model/).
//
// The checkpoint is written beside the old one and renamed over it, so that a run killed at any moment finds a whole one.
import { promises as fs } from 'node:fs';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { UnrollError } from '../../app/errors';
import type { NetworkSpec } from '../../app/contract/network';
import { writeFileAtomic } from '../library/atomicFile';
import { readSafetensors, writeSafetensors } from '../library/safetensors';
import { parameterShapes, type ParameterSet, type ParameterValue } from '../network/parameters';
import type { NetworkProgram } from '../network/program';
import { NO_PLATEAU, plateauSchema } from './schedule';

const stateSchema = z.strictObject({
  format: z.literal('unroll-checkpoint'),
  version: z.literal(2),
  /** Epochs that are done; the next one starts here. */
  epoch: z.number().int().nonnegative(),
  step: z.number().int().nonnegative(),
  skippedSteps: z.number().int().nonnegative(),
  /** Steps in a row up to now that were skipped. */
  skippedInRow: z.number().int().nonnegative(),
  optimizerStep: z.number().int().nonnegative(),
  plateau: plateauSchema,
  /** Of the configuration and the data that the run was started with: a checkpoint of another run is refused. */
  fingerprint: z.string(),
  /** SHA-256 of state.safetensors: a torn pair is noticed. */
  sha256: z.string(),
});
export type CheckpointState = Omit<z.infer<typeof stateSchema>, 'format' | 'version' | 'sha256' | 'optimizerStep'>;
/** Where a run begins. */
export const FIRST_STATE: Omit<CheckpointState, 'fingerprint'> = {
  epoch: 0,
  step: 0,
  skippedSteps: 0,
  skippedInRow: 0,
  plateau: NO_PLATEAU,
};

const prefixed = (kind: string, values: ParameterSet): ParameterValue[] =>
  [...values.values()].map((parameter) => ({ ...parameter, name: `${kind}/${parameter.name}` }));

const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

export class RunFolder {
  readonly path: string;

  constructor(path: string) {
    this.path = path;
  }

  async create(config: unknown): Promise<void> {
    await fs.mkdir(this.path, { recursive: true });
    await writeFileAtomic(join(this.path, 'config.json'), `${JSON.stringify(config, null, 2)}\n`);
  }

  /** Adds one line; a torn last line of an earlier run is closed first. */
  async appendMetric(metric: Readonly<Record<string, number | string | null>>): Promise<void> {
    await fs.appendFile(join(this.path, 'metrics.jsonl'), `${JSON.stringify(metric)}\n`);
  }

  /** Adds one line for each step of an epoch; a number that is not finite is written as null. */
  async appendSteps(steps: readonly Readonly<Record<string, number | boolean>>[]): Promise<void> {
    await fs.appendFile(join(this.path, 'steps.jsonl'), steps.map((step) => `${JSON.stringify(step)}\n`).join(''));
  }

  /** Parameters, what the optimiser keeps and the place in the data: all that going on needs. */
  async saveCheckpoint(program: NetworkProgram, state: CheckpointState): Promise<void> {
    const optimizer = program.optimizerState();
    const tensors = [
      ...prefixed('value', program.parameters()),
      ...[...optimizer.slots].flatMap(([slot, values]) => prefixed(slot, values)),
    ];
    const bytes = writeSafetensors(tensors, { dtype: 'F32' });
    const directory = join(this.path, 'checkpoint');
    await fs.mkdir(directory, { recursive: true });
    const file = `state-${String(state.epoch).padStart(6, '0')}.safetensors`;
    await writeFileAtomic(join(directory, file), bytes);
    await writeFileAtomic(
      join(directory, 'state.json'),
      `${JSON.stringify({ format: 'unroll-checkpoint', version: 2, ...state, optimizerStep: optimizer.step, sha256: sha256(bytes) }, null, 2)}\n`,
    );
    for (const name of await fs.readdir(directory)) {
      if (name.endsWith('.safetensors') && name !== file) await fs.rm(join(directory, name));
    }
  }

  /**
   * Puts the last checkpoint into the program; null where there is none.
   * @throws UnrollError checkpoint.invalid where it is damaged or belongs to another configuration.
   */
  async loadCheckpoint(
    program: NetworkProgram,
    spec: NetworkSpec,
    fingerprint: string,
  ): Promise<CheckpointState | null> {
    const directory = join(this.path, 'checkpoint');
    const text = await readIfPresent(join(directory, 'state.json'));
    if (text === null) return null;
    const refuse = (reason: string): never => {
      throw new UnrollError('checkpoint.invalid', { folder: this.path, reason });
    };
    const parsed = stateSchema.safeParse(parseJson(text));
    if (!parsed.success) return refuse('state.json does not fit its schema.');
    const { optimizerStep, sha256: expected, ...rest } = parsed.data;
    if (rest.fingerprint !== fingerprint) return refuse('It belongs to another configuration or other data.');
    const bytes = await fs.readFile(join(directory, `state-${String(rest.epoch).padStart(6, '0')}.safetensors`));
    if (sha256(bytes) !== expected) return refuse('Its weights are not the ones that were saved.');
    const shapes = parameterShapes(spec);
    const all = readSafetensors(
      bytes,
      ['value', ...program.slots].flatMap((kind) =>
        shapes.map((shape) => ({ ...shape, name: `${kind}/${shape.name}` })),
      ),
    );
    const part = (kind: string): ParameterSet =>
      new Map(
        shapes.map((shape) => [
          shape.name,
          { ...shape, values: (all.get(`${kind}/${shape.name}`) as ParameterValue).values },
        ]),
      );
    program.setParameters(part('value'));
    program.setOptimizerState({ step: optimizerStep, slots: new Map(program.slots.map((slot) => [slot, part(slot)])) });
    const { epoch, step, skippedSteps, skippedInRow, plateau } = rest;
    return { epoch, step, skippedSteps, skippedInRow, plateau, fingerprint };
  }
}

async function readIfPresent(path: string): Promise<string | null> {
  try {
    return await fs.readFile(path, 'utf8');
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
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
