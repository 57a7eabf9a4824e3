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
  /** Addresses or origins of whoever has a part in the question: the frame that asks, and the page that holds it. */
  readonly askers: readonly string[];
  /** False where a frame inside the page asks; this app has none. */
  readonly isMainFrame: boolean;
  /** Kinds of media asked for. Null: a check that names none; see guardPermissions. */
  readonly media: readonly string[] | null;
}

export function isGranted({ permission, askers, isMainFrame, media }: PermissionQuestion): boolean {
  if (!isMainFrame || askers.length === 0 || !askers.every(isOwnAddress)) return false;
  const row = GRANTED.find((candidate) => candidate.permission === permission);
  if (!row) return false;
  const { media: granted } = row;
  if (granted === null || media === null) return true;
  return media.length > 0 && media.every((kind) => granted.includes(kind));
}

/** What Electron tells of whoever asks. All of it is looked at, since no version tells all. */
interface AskerDetails {
  readonly isMainFrame?: boolean;
  /** The page that asks: for media always that of the main frame, even where a frame inside it asks. */
  readonly requestingUrl?: string;
  /** The origin that asks for media, be it a frame's. */
  readonly securityOrigin?: string;
  /** The page around a frame that checks. */
  readonly embeddingOrigin?: string;
}
interface RequestDetails extends AskerDetails {
  readonly mediaTypes?: readonly string[];
}
interface CheckDetails extends AskerDetails {
  readonly mediaType?: string;
}

/** @param further what is known beside the details */
function askersOf(details: AskerDetails, further: readonly (string | undefined)[]): string[] {
  const { requestingUrl, securityOrigin, embeddingOrigin } = details;
  const named = [requestingUrl, securityOrigin, embeddingOrigin, ...further];
  return named.filter((asker) => asker !== undefined);
}

/**
 * Answers every question of the session's pages.
 *
 * A microphone is had by a request, which names the kinds of media, and a check, which current Electrons make before it as
 * well, without a kind. To refuse that one would refuse the microphone; to let it pass gives nothing, since the camera
 * fails at the request and at the check that names it.
 */
export function guardPermissions(session: Session): void {
  session.setPermissionRequestHandler((contents, permission, answer, details) => {
    const { mediaTypes = [], isMainFrame = true } = details as RequestDetails;
    answer(isGranted({ permission, askers: askersOf(details, [contents.getURL()]), isMainFrame, media: mediaTypes }));
  });
  session.setPermissionCheckHandler((contents, permission, origin, details) => {
    const { mediaType, isMainFrame = true } = details as CheckDetails;
    const media = mediaType === undefined ? null : [mediaType];
    return isGranted({ permission, askers: askersOf(details, [origin, contents?.getURL()]), isMainFrame, media });
  });
  // Electron before 22 has no such handlers, and no such devices.
  session.setDevicePermissionHandler?.(() => false);
}
