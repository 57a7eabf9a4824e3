// What the window may use. Electron grants everything by default; here everything is refused but two rows.
import type { Session } from 'electron';
import { isOwnAddress } from './address';

export interface PermissionRow {
  readonly permission: string;
  /** Kinds of media, where the permission is about media. */
  readonly media: readonly string[] | null;
  readonly reason: string;
}

export const GRANTED: readonly PermissionRow[] = [
  { permission: 'media', media: ['audio'], reason: 'Recording speech is what the app is for.' },
  { permission: 'clipboard-sanitized-write', media: null, reason: 'A click on Copy puts text on the clipboard.' },
];

export interface PermissionQuestion {
  readonly permission: string;
  /** Address of the page that asks, or its origin. */
  readonly address: string;
  /** Kinds of media asked for. Null: a check that names none. Electron makes one before the request, which does name them. */
  readonly media: readonly string[] | null;
}

export function isGranted({ permission, address, media }: PermissionQuestion): boolean {
  if (!isOwnAddress(address)) return false;
  const row = GRANTED.find((candidate) => candidate.permission === permission);
  if (!row) return false;
  const { media: granted } = row;
  if (granted === null || media === null) return true;
  return media.length > 0 && media.every((kind) => granted.includes(kind));
}

/** What a request for media tells beyond its name. */
interface RequestDetails {
  readonly mediaTypes?: readonly string[];
  readonly requestingUrl?: string;
}
interface CheckDetails {
  readonly mediaType?: string;
}

export function guardPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const { mediaTypes = [], requestingUrl } = details as RequestDetails;
    answer(isGranted({ permission, address: requestingUrl ?? contents.getURL(), media: mediaTypes }));
  });
  session.setPermissionCheckHandler((_contents, permission, origin, details) => {
    const { mediaType } = details as CheckDetails;
    return isGranted({ permission, address: origin, media: mediaType === undefined ? null : [mediaType] });
  });
  // Electron before 22 has no such handlers, and no such devices.
  session.setDevicePermissionHandler?.(() => false);
}
