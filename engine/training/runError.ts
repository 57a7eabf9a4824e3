// What the disk may do to a run, as sentences.
import { UnrollError } from '../../app/errors';

const FULL = new Set(['ENOSPC', 'EDQUOT']);

/** Runs `work`; where the disk is to blame for its end, in a sentence that says what is kept. @param folder the run's */
export async function onDisk<A>(folder: string, work: () => Promise<A>): Promise<A> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof Error && 'syscall' in error) || error instanceof UnrollError) throw error;
    const { code = '', path = folder } = error as NodeJS.ErrnoException;
    if (FULL.has(code)) throw new UnrollError('training.diskFull', { folder }, { cause: error });
    throw new UnrollError('training.disk', { folder, file: path, reason: code }, { cause: error });
  }
}
