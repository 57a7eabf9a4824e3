import { describe, expect, it } from 'vitest';
import { GRANTED, isGranted } from '../../main/permissions';

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
