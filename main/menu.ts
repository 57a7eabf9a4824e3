// The application's menu: what the system expects of any window. The window's own commands are in the window.
import type { MenuItemConstructorOptions } from 'electron';
import english from '../assets/messages/en/menu.json';
import chinese from '../assets/messages/zh/menu.json';

type Label = keyof typeof english;
type Role = Exclude<Extract<MenuItemConstructorOptions['role'], Label>, 'help'>;
type Entry = Role | 'separator';

const SUBMENUS: readonly { readonly label: Label; readonly entries: readonly Entry[] }[] = [
  { label: 'edit', entries: ['undo', 'redo', 'separator', 'cut', 'copy', 'paste', 'selectAll'] },
  { label: 'view', entries: ['resetZoom', 'zoomIn', 'zoomOut', 'separator', 'togglefullscreen'] },
  { label: 'window', entries: ['minimize', 'close'] },
];
/** macOS puts the application's own menu first; elsewhere its end stands under File. */
const OPEN_HELP: Label = 'openHelp';
const FILE: readonly Entry[] = ['quit'];
const APPLICATION: readonly Entry[] = ['about', 'separator', 'hide', 'separator', 'quit'];

export interface MenuOptions {
  /** The system's language, for instance `zh-CN`. */
  readonly locale: string;
  /** Shows the help in the window. */
  readonly onHelp: () => void;
  readonly platform?: NodeJS.Platform;
}

export function menuTemplate({
  locale,
  onHelp,
  platform = process.platform,
}: MenuOptions): MenuItemConstructorOptions[] {
  const messages: Readonly<Record<Label, string>> = locale.toLowerCase().startsWith('zh') ? chinese : english;
  const itemOf = (entry: Entry): MenuItemConstructorOptions =>
    entry === 'separator' ? { type: 'separator' } : { role: entry, label: messages[entry] };
  const menus = SUBMENUS.map(({ label, entries }) => ({ label: messages[label], submenu: entries.map(itemOf) }));
  const first: MenuItemConstructorOptions =
    platform === 'darwin'
      ? { label: 'Unroll', submenu: APPLICATION.map(itemOf) }
      : { label: messages.file, submenu: FILE.map(itemOf) };
  const help: MenuItemConstructorOptions = {
    role: 'help',
    label: messages.help,
    submenu: [{ label: messages[OPEN_HELP], click: onHelp }],
  };
  return [first, ...menus, help];
}
