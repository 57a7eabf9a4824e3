import { expect, it, vi } from 'vitest';
import { Gateway } from '../../main/gateway';
import { openMicrophoneSettings } from '../../main/microphoneSettings';

it.each([
  ['darwin', 'x-apple.systempreferences:com.apple.preference.security?Privacy_Microphone'],
  ['win32', 'ms-settings:privacy-microphone'],
] as const)('opens the panel of %s', async (platform, address) => {
  const open = vi.fn(async () => undefined);
  expect(await openMicrophoneSettings(platform, open)).toBe(true);
  expect(open.mock.calls).toEqual([[address]]);
});

it('opens nothing where no address leads to such a panel', async () => {
  const open = vi.fn(async () => undefined);
  expect(await openMicrophoneSettings('linux', open)).toBe(false);
  expect(open).not.toHaveBeenCalled();
});

it('says so where the system does not open it', async () => {
  expect(await openMicrophoneSettings('win32', () => Promise.reject(new Error('no handler')))).toBe(false);
});

it('is asked for through the gateway, which takes no address and asks no engine', async () => {
  const ask = vi.fn();
  const gateway = new Gateway({
    host: 'electron',
    ask,
    openMicrophoneSettings: async () => true,
    log: () => undefined,
  });
  const clientId = gateway.connect(() => undefined);
  const message = { kind: 'request', id: 1, method: 'system.openMicrophoneSettings' };
  expect(await gateway.handle(clientId, { ...message, body: {} })).toMatchObject({
    isOk: true,
    body: { isOpened: true },
  });
  const body = { address: 'https://evil.example/' };
  expect(await gateway.handle(clientId, { ...message, body })).toMatchObject({ error: { code: 'message.refused' } });
  expect(ask).not.toHaveBeenCalled();
});
