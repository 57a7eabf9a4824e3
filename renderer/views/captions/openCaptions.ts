// Captions in a window of their own: the host's, which stays on top; in a browser a page beside this one.
import type { Bridge } from '../../bridge/bridge';
import { captions } from '../../shell/overlays.svelte';
import { CAPTION_PAGE } from './caption';

const PLACE = 'popup,width=960,height=320';

/** Where no window can be had, the captions lie over this one. */
export async function openCaptions(bridge: Bridge): Promise<void> {
  if (bridge.host === 'electron') {
    const { isOpened } = await bridge.request('system.openCaptions', {});
    if (!isOpened) captions.open();
    return;
  }
  // Asked at once: a browser opens a page for a click, and not for what comes of it later.
  const page = window.open(`${location.pathname}#${CAPTION_PAGE}`, CAPTION_PAGE, PLACE);
  if (page === null) captions.open();
  else page.focus();
}
