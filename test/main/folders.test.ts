import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { expect, it, vi } from 'vitest';
import { openFolder } from '../../main/folders';
import { temporaryFolder } from '../engine/temporary';
import { codeOf, gate, openWindow } from './gatewayWindows';

it('leads to a model by its id, to those of the person first, and to the whole where none is named', async () => {
  const root = await temporaryFolder();
  const [data, assets] = [join(root, 'data'), join(root, 'assets')];
  await fs.mkdir(join(data, 'models', 'mine'), { recursive: true });
  await fs.mkdir(join(assets, 'models', 'digits'), { recursive: true });
  const show = vi.fn(() => Promise.resolve(true));
  const places = { data, assets };
  for (const [id, place] of [
    ['mine', join(data, 'models', 'mine')],
    ['digits', join(assets, 'models', 'digits')],
    ['elsewhere', join(data, 'models')],
    [null, data],
  ] as const)
    expect(await openFolder(places, id, show)).toEqual({ isOpened: true, place });
  expect(show).toHaveBeenCalledTimes(4);
  await expect(openFolder(places, '../..', show)).rejects.toThrow();
});

it('says where it lies when the system opens nothing', async () => {
  const places = { data: 'its/data', assets: 'its/assets' };
  expect(await openFolder(places, null, () => Promise.resolve(false))).toEqual({ isOpened: false, place: 'its/data' });
});

it('is asked for through the gateway by an id, which takes no path', async () => {
  const { gateway, asked } = gate();
  const window = openWindow(gateway);
  expect(await window.ask('system.openFolder', { modelId: 'digits' })).toMatchObject({ body: { place: 'digits' } });
  for (const body of [{ modelId: '../..' }, { modelId: '/etc' }, { modelId: 'digits', place: '/etc' }, {}])
    expect(codeOf(await window.ask('system.openFolder', body))).toBe('message.refused');
  expect(asked).toEqual([]);
});
