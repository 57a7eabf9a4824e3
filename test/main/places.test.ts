import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { builtPlaces, dataFolder, programFolder } from '../../main/places';

describe('the folder of recordings', () => {
  it('is where UNROLL_DATA says', () => {
    expect(dataFolder('linux', { UNROLL_DATA: '/data' }, '/people/ada')).toBe('/data');
  });

  it('lies in the program’s folder otherwise', () => {
    expect(dataFolder('linux', {}, '/people/ada')).toBe(join(programFolder('linux', {}, '/people/ada'), 'data'));
  });
});

describe('the program’s folder', () => {
  it.each<[NodeJS.Platform, NodeJS.ProcessEnv, string]>([
    ['linux', {}, '/people/ada/.config/Unroll'],
    ['linux', { XDG_CONFIG_HOME: '/config' }, '/config/Unroll'],
    ['darwin', {}, '/people/ada/Library/Application Support/Unroll'],
    ['win32', { APPDATA: '/roaming' }, '/roaming/Unroll'],
  ])('on %s is where such folders are', (platform, environment, folder) => {
    expect(programFolder(platform, environment, '/people/ada')).toBe(folder);
  });
});

describe('the build', () => {
  it('has its engine and models as real files when it is packaged', () => {
    const { engine, assets, preload } = builtPlaces('/app/resources/app.asar/dist');
    expect(engine).toBe('/app/resources/app.asar.unpacked/dist/engine/process.cjs');
    expect(assets).toBe('/app/resources/app.asar.unpacked/assets');
    expect(preload).toBe('/app/resources/app.asar/dist/preload/preload.cjs');
  });

  it('has its assets beside it in a checkout', () => {
    expect(builtPlaces('/checkout/dist').assets).toBe('/checkout/assets');
  });

  it('may lie in a folder whose name merely begins like an archive', () => {
    expect(builtPlaces('/app.asarium/dist').assets).toBe('/app.asarium/assets');
  });
});
