import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it, vi } from 'vitest';
import { menuTemplate } from '../../main/menu';

const itemsOf = (template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  template.flatMap((menu) => [menu, ...(menu.submenu as MenuItemConstructorOptions[])]);

const onHelp = vi.fn();
const template = (locale: string, platform: NodeJS.Platform): MenuItemConstructorOptions[] =>
  menuTemplate({ locale, platform, onHelp });

describe('the menu', () => {
  it.each([
    ['en-GB', 'Edit'],
    ['zh-CN', '编辑'],
    ['fr', 'Edit'],
  ])('speaks the language of %s', (locale, label) => {
    expect(template(locale, 'linux')[1]?.label).toBe(label);
  });

  it('has a label for everything in it', () => {
    const unlabelled = itemsOf(template('en', 'darwin')).filter(({ label, type }) => !label && type !== 'separator');
    expect(unlabelled).toEqual([]);
  });

  it('begins with the application on macOS', () => {
    expect(template('en', 'darwin')[0]?.label).toBe('Unroll');
  });

  it('ends with the help, and leads to it', () => {
    const help = template('en', 'linux').at(-1);
    expect(help).toMatchObject({ role: 'help', label: 'Help' });
    const [item] = help?.submenu as { click: () => void }[];
    item?.click();
    expect(onHelp).toHaveBeenCalledOnce();
  });

  it('ends the program from its first menu', () => {
    for (const platform of ['linux', 'win32', 'darwin'] as const)
      expect(template('en', platform)[0]?.submenu).toContainEqual({ role: 'quit', label: 'Quit Unroll' });
  });

  it('opens no developer tools and reloads nothing', () => {
    const roles = itemsOf(template('en', 'darwin')).map(({ role }) => role);
    expect(roles).not.toContain('toggleDevTools');
    expect(roles).not.toContain('reload');
  });
});
