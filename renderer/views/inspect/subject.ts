// What is looked into, as it stands in the address: recording:ID, sample:ID or row:SET:ROW.
import type { InspectedSound } from '../../../app/contract/inspection';

/** In the place of a sound: the take under way. */
export const LIVE = 'live';

export function addressOf(sound: InspectedSound): string {
  switch (sound.kind) {
    case 'recording':
      return `recording:${sound.recordingId}`;
    case 'sample':
      return `sample:${sound.sampleId}`;
    case 'row':
      return `row:${sound.setId}:${sound.rowId}`;
  }
}

const IDENTIFIER = /^[a-z0-9][a-z0-9-]{0,63}$/;

/** Null where the address names no sound. */
export function soundAt(address: string | null): InspectedSound | null {
  const [kind = '', id = '', row = ''] = (address ?? '').split(':');
  if (!IDENTIFIER.test(id)) return null;
  if (kind === 'recording') return { kind, recordingId: id };
  if (kind === 'sample') return { kind, sampleId: id };
  return kind === 'row' && /^\d{1,12}$/.test(row) ? { kind, setId: id, rowId: Number(row) } : null;
}
