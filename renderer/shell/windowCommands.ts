// What can be done from everywhere.
import Activity from '@lucide/svelte/icons/activity';
import Database from '@lucide/svelte/icons/database';
import FlaskConical from '@lucide/svelte/icons/flask-conical';
import Keyboard from '@lucide/svelte/icons/keyboard';
import LibraryIcon from '@lucide/svelte/icons/library';
import Mic from '@lucide/svelte/icons/mic';
import ScanLine from '@lucide/svelte/icons/scan-line';
import Search from '@lucide/svelte/icons/search';
import Settings from '@lucide/svelte/icons/settings';
import Undo from '@lucide/svelte/icons/undo-2';
import { t } from '../i18n/messages.svelte';
import type { Command } from './commands.svelte';
import { navigation, VIEWS } from './navigation.svelte';
import type { Notices } from './notices.svelte';
import { keySheet, palette } from './overlays.svelte';

const viewIcons = {
  record: Mic,
  library: LibraryIcon,
  data: Database,
  train: Activity,
  inspect: ScanLine,
  lab: FlaskConical,
  settings: Settings,
} as const;

export function windowCommands(notices: Notices): readonly Command[] {
  return [
    ...VIEWS.map((view, index) => ({
      id: `view.${view}`,
      label: () => t(`common.view.${view}`),
      icon: viewIcons[view],
      keys: [`Ctrl+${index + 1}`],
      run: () => navigation.go(view),
    })),
    {
      id: 'palette',
      label: () => t('common.commands'),
      icon: Search,
      keys: ['Ctrl+K'],
      isInPalette: false,
      run: () => palette.open(),
    },
    { id: 'keys', label: () => t('common.keys'), icon: Keyboard, keys: ['?'], run: () => keySheet.open() },
    {
      id: 'undo',
      label: () => t('common.undo'),
      icon: Undo,
      keys: ['Ctrl+Z'],
      isEnabled: () => notices.all.some((notice) => notice.undo !== null),
      run: () => notices.undoLast(),
    },
    {
      id: 'back',
      label: () => t('common.back'),
      keys: ['Alt+ArrowLeft'],
      isInPalette: false,
      run: () => history.back(),
    },
  ];
}
