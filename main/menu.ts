// The application's menu: what the system expects of any window. The window's own commands are in the window.
import type { MenuItemConstructorOptions } from 'electron';
import english from '../assets/messages/en/menu.json';
import chinese from '../assets/messages/zh/menu.json';

type Label = keyof typeof english;
type Role = Extract<MenuItemConstructorOptions['role'], Label>;
type Entry = Role | 'separator';

const SUBMENUS: readonly { readonly label: Label; readonly entries: readonly Entry[] }[] = [
  { label: 'edit', entries: ['undo', 'redo', 'separator', 'cut', 'copy', 'paste', 'selectAll'] },
  { label: 'view', entries: ['resetZoom', 'zoomIn', 'zoomOut', 'separator', 'togglefullscreen'] },
  { label: 'window', entries: ['minimize', 'close'] },
];
/** macOS puts the application's own menu first; elsewhere closing the window is quitting. */
const APPLICATION: readonly Entry[] = ['about', 'separator', 'hide', 'separator', 'quit'];

/** @param locale the system's language, for instance `zh-CN` */
export function menuTemplate(locale: string, platform = process.platform): MenuItemConstructorOptions[] {
  const messages: Readonly<Record<Label, string>> = locale.toLowerCase().startsWith('zh') ? chinese : english;
  const itemOf = (entry: Entry): MenuItemConstructorOptions =>
    entry === 'separator' ? { type: 'separator' } : { role: entry, label: messages[entry] };
  const menus = SUBMENUS.map(({ label, entries }) => ({ label: messages[label], submenu: entries.map(itemOf) }));
  return platform === 'darwin' ? [{ label: 'Unroll', submenu: APPLICATION.map(itemOf) }, ...menus] : menus;
}
