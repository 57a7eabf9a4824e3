// What every command that trains has around it: compiled programs kept from call to call, and an end in order at an interrupt.
import { promises as fs } from 'node:fs';
import type { Rung } from '../../app/contract/rung';
import { openCompileCache, type CompileCache } from '../runtime/compileCache';
import type { Wish } from '../training/train';
import { inOwnProcess, isOwnProcess, onInterrupt } from './ownProcess';

/**
 * Compiled programs are kept in the folder UNROLL_CACHE, where it is named.
 * @param command asks `control` between two steps
 * @returns the exit code
 */
export async function keepingPrograms(
  backend: Rung | undefined,
  command: (control: () => Wish) => Promise<number>,
): Promise<number> {
  const folder = process.env['UNROLL_CACHE'];
  if (folder === undefined || folder === '' || ['native', 'wasm'].includes(backend ?? ''))
    return interruptible(command);
  if (!isOwnProcess()) return inOwnProcess();
  const programs = await keptPrograms(folder);
  // Left out where the process dies: what it leaves behind may be what it died of.
  return interruptible(command).finally(() => programs?.close());
}

/** null where the folder cannot be written, as on a disk that is full or read-only. */
async function keptPrograms(folder: string): Promise<CompileCache | null> {
  try {
    await fs.mkdir(folder, { recursive: true });
    return await openCompileCache(folder);
  } catch (error) {
    if (error instanceof Error && 'syscall' in error) return null;
    throw error;
  }
}

async function interruptible(command: (control: () => Wish) => Promise<number>): Promise<number> {
  let wish: Wish = 'goOn';
  const stopWaiting = onInterrupt(() => void (wish = 'pause'));
  return command(() => wish).finally(stopWaiting);
}
