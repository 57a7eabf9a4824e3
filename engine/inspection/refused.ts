// What a request to look inside asked for, and there is not.
import { UnrollError } from '../../app/errors';

export const refused = (reason: string): UnrollError =>
  new UnrollError('message.refused', { method: 'inspection', reason });
