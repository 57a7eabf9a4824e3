// What can be done from everywhere.
import Activity from '@lucide/svelte/icons/activity';
import CaptionsIcon from '@lucide/svelte/icons/captions';
import CircleHelp from '@lucide/svelte/icons/circle-question-mark';
import Database from '@lucide/svelte/icons/database';
import FlaskConical from '@lucide/svelte/icons/flask-conical';
import Keyboard from '@lucide/svelte/icons/keyboard';
import LibraryIcon from '@lucide/svelte/icons/library';
import Mic from '@lucide/svelte/icons/mic';
import ScanLine from '@lucide/svelte/icons/scan-line';
import Search from '@lucide/svelte/icons/search';
import Settings from '@lucide/svelte/icons/settings';
import Undo from '@lucide/svelte/icons/undo-2';
import type { Bridge } from '../bridge/bridge';
import { errorSentence } from '../i18n/messages.svelte';
import { openCaptions } from '../views/captions/openCaptions';
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

export function windowCommands(notices: Notices, bridge: Bridge): readonly Command[] {
  return [
    ...VIEWS.map((view) => ({
      id: `view.${view}`,
      icon: viewIcons[view],
      run: () => navigation.go(view),
    })),
    {
      id: 'palette',
      icon: Search,
      isInPalette: false,
      run: () => palette.open(),
    },
    {
      id: 'captions',
      icon: CaptionsIcon,
      run: () => void openCaptions(bridge).catch((error: unknown) => notices.error(errorSentence(error))),
    },
    { id: 'keys', icon: Keyboard, run: () => keySheet.open() },
    { id: 'help', icon: CircleHelp, run: () => navigation.go('settings', 'help') },
    {
      id: 'undo',
      icon: Undo,
      isEnabled: () => notices.all.some((notice) => notice.undo !== null),
      run: () => notices.undoLast(),
    },
    {
      id: 'back',
      isInPalette: false,
      run: () => history.back(),
    },
  ];
}
