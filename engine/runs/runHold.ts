// A full disk ends one run, not all that wait behind it: they are held until the person has made room and says so.
import type { ErrorMessage } from '../../app/contract/errorMessage';
import type { RunStatus } from '../../app/contract/runs';
import { UnrollError } from '../../app/errors';

/** Whether the disk has no room, whoever noticed it. */
export function isFullDisk({ code, params }: ErrorMessage): boolean {
  return code === 'training.diskFull' || code === 'file.noRoom' || params['reason'] === 'reason.system.full';
}

/** What a waiting run says while it is held. @param name of the run that the disk was too full for */
export const heldBy = (name: string): ErrorMessage => new UnrollError('run.held', { name }).toMessage();

export const isHeld = ({ state, error }: RunStatus): boolean => state === 'queued' && error?.code === 'run.held';
