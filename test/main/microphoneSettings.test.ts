import { expect, it, vi } from 'vitest';
import { openMicrophoneSettings } from '../../main/microphoneSettings';
import { codeOf, gate, openWindow } from './gatewayWindows';

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
  const { gateway, asked } = gate();
  const window = openWindow(gateway);
  const method = 'system.openMicrophoneSettings';
  expect(await window.ask(method, {})).toMatchObject({ isOk: true, body: { isOpened: true } });
  expect(codeOf(await window.ask(method, { address: 'https://evil.example/' }))).toBe('message.refused');
  expect(asked).toEqual([]);
});
