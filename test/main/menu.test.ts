import type { MenuItemConstructorOptions } from 'electron';
import { describe, expect, it } from 'vitest';
import { menuTemplate } from '../../main/menu';

const itemsOf = (template: MenuItemConstructorOptions[]): MenuItemConstructorOptions[] =>
  template.flatMap((menu) => [menu, ...(menu.submenu as MenuItemConstructorOptions[])]);

describe('the menu', () => {
  it.each([
    ['en-GB', 'Edit'],
    ['zh-CN', '编辑'],
    ['fr', 'Edit'],
  ])('speaks the language of %s', (locale, label) => {
    expect(menuTemplate(locale, 'linux')[0]?.label).toBe(label);
  });

  it('has a label for everything in it', () => {
    const unlabelled = itemsOf(menuTemplate('en', 'darwin')).filter(
      ({ label, type }) => !label && type !== 'separator',
    );
    expect(unlabelled).toEqual([]);
  });

  it('begins with the application on macOS', () => {
    expect(menuTemplate('en', 'darwin')[0]?.label).toBe('Unroll');
  });

  it('opens no developer tools and reloads nothing', () => {
    const roles = itemsOf(menuTemplate('en', 'darwin')).map(({ role }) => role);
    expect(roles).not.toContain('toggleDevTools');
    expect(roles).not.toContain('reload');
  });
});
