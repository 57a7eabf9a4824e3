// How a command computes: by the rung that was asked for, or by the best one, which is remembered from call to call.
import { promises as fs } from 'node:fs';
import type { Rung } from '../../app/contract/rung';
import { nativeLibrary } from '../runtime/native';
import { chooseRung } from '../runtime/rung';
import { RungMemory } from '../serve/rungMemory';

export interface BackendOptions {
  /** Where the choice is remembered, or nowhere: UNROLL_CACHE. */
  readonly folder?: string | undefined;
  readonly choose?: typeof chooseRung;
}

/** @throws UnrollError backend.unavailable */
export async function chooseBackend(
  forced: Rung | undefined,
  { folder = process.env['UNROLL_CACHE'], choose = chooseRung }: BackendOptions = {},
): Promise<Rung> {
  if (forced !== undefined || !folder) return (await choose(forced ?? null)).rung;
  try {
    await fs.mkdir(folder, { recursive: true });
    return await remembered(new RungMemory(folder, null, { hasNode: true, choose }));
  } catch (error) {
    // A folder that cannot be written, as on a disk that is full or read-only: the trial is made at each call.
    if (error instanceof Error && 'syscall' in error) return (await choose(null)).rung;
    throw error;
  }
}

async function remembered(memory: RungMemory): Promise<Rung> {
  const { rung } = await memory.choose();
  // A library that ends its process does so while it loads; then nothing is confirmed, and the next call tries anew.
  if (rung !== 'wasm') nativeLibrary();
  await memory.confirm();
  return rung;
}
