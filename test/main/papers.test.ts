import { expect, it, vi } from 'vitest';
import { PAPERS, type PaperId } from '../../app/contract/papers';
import { openPaper } from '../../main/papers';
import { codeOf, gate, openWindow } from './gatewayWindows';

const ids = Object.keys(PAPERS) as PaperId[];

it.each(ids)('opens %s at its own address, which is https', async (id) => {
  const open = vi.fn(async () => undefined);
  expect(await openPaper(id, open)).toBe(true);
  expect(open.mock.calls).toEqual([[PAPERS[id].address]]);
  expect(new URL(PAPERS[id].address).protocol).toBe('https:');
});

it('says so where the system opens nothing', async () => {
  expect(await openPaper('werbos-1990', () => Promise.reject(new Error('no browser')))).toBe(false);
});

it('is asked for by its id through the gateway, which takes no address and asks no engine', async () => {
  const { gateway, asked, papers } = gate();
  const window = openWindow(gateway);
  expect(await window.ask('system.openPaper', { paper: 'werbos-1990' })).toMatchObject({ body: { isOpened: true } });
  const refused = [
    { paper: 'https://evil.example/' },
    { paper: '__proto__' },
    { paper: 'werbos-1990', address: 'https://evil.example/' },
    {},
  ];
  for (const body of refused) expect(codeOf(await window.ask('system.openPaper', body))).toBe('message.refused');
  expect(papers).toEqual(['werbos-1990']);
  expect(asked).toEqual([]);
});
