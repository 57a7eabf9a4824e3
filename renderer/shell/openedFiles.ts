// Files that the person opened with the program, from the system: the window says what became of them.
import type { Bridge } from '../bridge/bridge';
import { errorSentence, t } from '../i18n/messages.svelte';
import type { Notices } from './notices.svelte';

/** Hears of them until the returned function is called. */
export const followOpened = (bridge: Bridge, notices: Notices): (() => void) =>
  bridge.on('system.opened', ({ name, taken, error }) => {
    if (error !== null) notices.error(errorSentence(error));
    // A sound shows in the queue.
    else if (taken === 'model') notices.done(t('models.imported', { name }));
  });
