// What is looked into, as it stands in the address: recording:ID, sample:ID or row:SET:ROW, and where: @FROM-UNTIL in milliseconds.
import type { InspectedSound } from '../../../app/contract/inspection';
import type { RequestOf } from '../../../app/contract/messages';

/** In the place of a sound: the take under way, two beside each other, units over many sounds, or texts. */
export const MODES = ['live', 'compare', 'statistics', 'text'] as const;

/** Many sounds that a question can be asked about. */
export type Shelf = RequestOf<'inspection.survey'>['of'];

/** A stretch of a sound. */
export interface Stretch {
  readonly fromMs: number;
  readonly untilMs: number;
}

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
export const addressAt = (sound: InspectedSound, { fromMs, untilMs }: Stretch): string =>
  `${addressOf(sound)}@${Math.round(fromMs)}-${Math.round(untilMs)}`;

export const sameSound = (one: InspectedSound, other: InspectedSound): boolean => addressOf(one) === addressOf(other);

const IDENTIFIER = /^[a-z0-9][a-z0-9-]{0,63}$/;
const STRETCH = /@(\d{1,9})-(\d{1,9})$/;

export const withoutStretch = (address: string): string => address.replace(STRETCH, '');

/** Null where the address names none. */
export function stretchAt(address: string | null): Stretch | null {
  const [, from, until] = STRETCH.exec(address ?? '') ?? [];
  if (from === undefined || until === undefined || Number(until) <= Number(from)) return null;
  return { fromMs: Number(from), untilMs: Number(until) };
}

/** Null where the address names no sound. */
export function soundAt(address: string | null): InspectedSound | null {
  const [kind = '', id = '', row = ''] = withoutStretch(address ?? '').split(':');
  if (!IDENTIFIER.test(id)) return null;
  if (kind === 'recording') return { kind, recordingId: id };
  if (kind === 'sample') return { kind, sampleId: id };
  return kind === 'row' && /^\d{1,12}$/.test(row) ? { kind, setId: id, rowId: Number(row) } : null;
}
