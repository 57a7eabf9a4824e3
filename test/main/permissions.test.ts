import type { Session } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { GRANTED, guardPermissions, isGranted } from '../../main/permissions';

const OWN = 'app://unroll/';
const FOREIGN = 'https://frame.example/';
const OWN_PAGE = { askers: [OWN], isMainFrame: true };

describe('permissions', () => {
  it('grant the microphone to our own page', () => {
    expect(isGranted({ ...OWN_PAGE, permission: 'media', media: ['audio'] })).toBe(true);
  });

  it.each([
    ['the camera', ['video']],
    ['the camera together with the microphone', ['audio', 'video']],
    ['media of no kind', []],
    ['media of an unknown kind', ['unknown']],
  ])('refuse %s', (_what, media) => {
    expect(isGranted({ ...OWN_PAGE, permission: 'media', media })).toBe(false);
  });

  it.each(['https://example.org/', 'app://elsewhere/', 'app://unroll.example/', 'file:///', 'null', ''])(
    'refuse the microphone to %s',
    (address) => {
      expect(isGranted({ permission: 'media', askers: [address], isMainFrame: true, media: ['audio'] })).toBe(false);
    },
  );

  it.each([
    'geolocation',
    'notifications',
    'midi',
    'midiSysex',
    'pointerLock',
    'fullscreen',
    'openExternal',
    'clipboard-read',
    'display-capture',
    'hid',
    'serial',
    'usb',
    'constructor',
  ])('refuse %s', (permission) => {
    expect(isGranted({ ...OWN_PAGE, permission, media: [] })).toBe(false);
  });

  it.each(['media', 'clipboard-sanitized-write'])('refuse %s to a frame, and to whom nobody names', (permission) => {
    const question = { permission, media: ['audio'] };
    expect(isGranted({ ...question, ...OWN_PAGE })).toBe(true);
    expect(isGranted({ ...question, askers: [OWN], isMainFrame: false })).toBe(false);
    expect(isGranted({ ...question, askers: [], isMainFrame: true })).toBe(false);
    expect(isGranted({ ...question, askers: [OWN, FOREIGN], isMainFrame: true })).toBe(false);
  });

  it('say why, for each that is granted', () => {
    expect(GRANTED.filter(({ reason }) => reason === '')).toEqual([]);
  });
});

describe('the session', () => {
  type Request = (contents: unknown, permission: string, answer: (isGranted: boolean) => void, details: object) => void;
  type Check = (contents: unknown, permission: string, origin: string, details: object) => boolean;

  function guarded() {
    let request: Request = () => undefined;
    let check: Check = () => true;
    const devices = vi.fn();
    guardPermissions({
      setPermissionRequestHandler: (handler: Request) => (request = handler),
      setPermissionCheckHandler: (handler: Check) => (check = handler),
      setDevicePermissionHandler: devices,
    } as unknown as Session);
    const page = { getURL: () => OWN };
    const ask = (details: object, contents: unknown = page): boolean => {
      const answer = vi.fn<(isGranted: boolean) => void>();
      request(contents, 'media', answer, details);
      return answer.mock.calls[0]?.[0] ?? false;
    };
    const checked = (origin: string, details: object, contents: unknown = page): boolean =>
      check(contents, 'media', origin, details);
    return { ask, check: checked, devices };
  }

  it('answers requests', () => {
    const { ask } = guarded();
    expect(ask({ mediaTypes: ['audio'], requestingUrl: OWN, securityOrigin: OWN, isMainFrame: true })).toBe(true);
    expect(ask({ mediaTypes: ['audio'] })).toBe(true);
    expect(ask({ mediaTypes: ['audio', 'video'], requestingUrl: OWN })).toBe(false);
    expect(ask({ requestingUrl: OWN })).toBe(false);
  });

  it('answers checks', () => {
    const { check } = guarded();
    expect(check(OWN, { mediaType: 'audio', requestingUrl: OWN, securityOrigin: OWN, isMainFrame: true })).toBe(true);
    expect(check(OWN, { mediaType: 'audio' })).toBe(true);
    expect(check(OWN, { mediaType: 'video' })).toBe(false);
    expect(check(OWN, { mediaType: 'unknown' })).toBe(false);
  });

  it.each([
    ['by its address', { requestingUrl: FOREIGN }],
    ['where Electron gives the main frame’s address for it', { requestingUrl: OWN, securityOrigin: FOREIGN }],
    ['that holds our page in a frame', { requestingUrl: OWN, embeddingOrigin: FOREIGN }],
    ['that is not the main frame', { requestingUrl: OWN, isMainFrame: false }],
  ])('refuses another page %s', (_what, details) => {
    const { ask, check } = guarded();
    expect(ask({ mediaTypes: ['audio'], ...details })).toBe(false);
    expect(check(OWN, { mediaType: 'audio', ...details })).toBe(false);
    expect(check(OWN, details)).toBe(false);
  });

  it('refuses a window that shows another page', () => {
    const { ask, check } = guarded();
    const elsewhere = { getURL: () => FOREIGN };
    expect(ask({ mediaTypes: ['audio'], requestingUrl: OWN }, elsewhere)).toBe(false);
    expect(check(OWN, { mediaType: 'audio', requestingUrl: OWN }, elsewhere)).toBe(false);
    expect(check(FOREIGN, { mediaType: 'audio' })).toBe(false);
  });

  it('answers a check that comes from no window by its origin', () => {
    const { check } = guarded();
    expect(check(OWN, { mediaType: 'audio' }, null)).toBe(true);
    expect(check(FOREIGN, { mediaType: 'audio' }, null)).toBe(false);
  });

  it('lets a check pass that names no kind: the request beside it does', () => {
    const { ask, check } = guarded();
    expect(check(OWN, { isMainFrame: true })).toBe(true);
    expect(check('https://evil.example', {})).toBe(false);
    expect(ask({ requestingUrl: OWN })).toBe(false);
  });

  it('grants no device', () => {
    const [handler] = guarded().devices.mock.calls[0] as [() => boolean];
    expect(handler()).toBe(false);
  });
});
