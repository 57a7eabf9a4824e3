// An error as it crosses the border of the process, and as it is stored.
import type { ErrorMessage } from '../../app/contract/errorMessage';
import { UnrollError, type ReasonCode } from '../../app/errors';

/** Failures of the file system that a person can mend. */
const SYSTEM_REASONS: ReadonlyMap<unknown, ReasonCode> = new Map([
  ['EACCES', 'reason.system.forbidden'],
  ['EPERM', 'reason.system.forbidden'],
  ['EROFS', 'reason.system.readOnly'],
  ['ENOSPC', 'reason.system.full'],
  ['EDQUOT', 'reason.system.full'],
  ['EIO', 'reason.system.broken'],
  ['EMFILE', 'reason.system.tooManyOpen'],
  ['ENFILE', 'reason.system.tooManyOpen'],
  ['ENOTDIR', 'reason.system.notAFolder'],
]);

/** A folder that is to be made with all above it is refused so where a file has its name. */
const isFileInTheWay = (error: { readonly code?: unknown; readonly syscall?: unknown }): boolean =>
  error.code === 'EEXIST' && error.syscall === 'mkdir';

/** The error as it crosses the border, or null where it is a bug. */
export function errorMessageOf(error: unknown): ErrorMessage | null {
  if (error instanceof UnrollError) return error.toMessage();
  if (!(error instanceof Error && 'code' in error)) return null;
  const reason = SYSTEM_REASONS.get(isFileInTheWay(error) ? 'ENOTDIR' : error.code);
  if (reason === undefined) return null;
  const place = 'path' in error ? String(error.path) : '';
  return new UnrollError('data.unusable', { reason, place }, { cause: error }).toMessage();
}
