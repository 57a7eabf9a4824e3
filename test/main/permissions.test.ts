import type { Session } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { GRANTED, guardPermissions, isGranted } from '../../main/permissions';

const OWN = 'app://unroll/';

describe('permissions', () => {
  it('grant the microphone to our own page', () => {
    expect(isGranted({ permission: 'media', address: OWN, media: ['audio'] })).toBe(true);
  });

  it.each([
    ['the camera', ['video']],
    ['the camera together with the microphone', ['audio', 'video']],
    ['media of no kind', []],
    ['media of an unknown kind', ['unknown']],
  ])('refuse %s', (_what, media) => {
    expect(isGranted({ permission: 'media', address: OWN, media })).toBe(false);
  });

  it.each(['https://example.org/', 'app://elsewhere/', 'app://unroll.example/', 'file:///', 'null', ''])(
    'refuse the microphone to %s',
    (address) => {
      expect(isGranted({ permission: 'media', address, media: ['audio'] })).toBe(false);
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
    expect(isGranted({ permission, address: OWN, media: [] })).toBe(false);
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
    return { ask, check: (origin: string, details: object) => check(page, 'media', origin, details), devices };
  }

  it('answers requests by who asks, not by who shows it', () => {
    const { ask } = guarded();
    expect(ask({ mediaTypes: ['audio'], requestingUrl: OWN })).toBe(true);
    expect(ask({ mediaTypes: ['audio'], requestingUrl: 'https://frame.example/' })).toBe(false);
  });

  it('answers requests that name nobody by the page', () => {
    const { ask } = guarded();
    expect(ask({ mediaTypes: ['audio'] })).toBe(true);
    expect(ask({ mediaTypes: ['audio'] }, { getURL: () => 'https://evil.example/' })).toBe(false);
  });

  it('answers checks', () => {
    const { check } = guarded();
    expect(check(OWN, { mediaType: 'audio' })).toBe(true);
    expect(check(OWN, { mediaType: 'video' })).toBe(false);
    expect(check(OWN, { mediaType: 'unknown' })).toBe(false);
    expect(check('https://evil.example', { mediaType: 'audio' })).toBe(false);
  });

  it('lets a check pass that names no kind: what follows it is a request that does', () => {
    const { ask, check } = guarded();
    expect(check(OWN, {})).toBe(true);
    expect(check('https://evil.example', {})).toBe(false);
    expect(ask({ requestingUrl: OWN })).toBe(false);
  });

  it('grants no device', () => {
    const [handler] = guarded().devices.mock.calls[0] as [() => boolean];
    expect(handler()).toBe(false);
  });
});
