// The whole window over a given engine, at a given place.
import { page } from 'vitest/browser';
import { render } from 'vitest-browser-svelte';
import App from '../../../renderer/App.svelte';
import type { MockBridge } from '../../../renderer/bridge/mockBridge';
import { Preferences } from '../../../renderer/views/settings/preferences.svelte';
import '../../../renderer/styles/tokens.css';
import '../../../renderer/styles/base.css';
import '../../../renderer/styles/parts.css';

const KEY = 'unroll.preferences';

/** Opens the window as a fresh start would; what the last test kept is forgotten. */
export async function openWindow(bridge: MockBridge, place: string, kept: object = { language: 'en' }): Promise<void> {
  await page.viewport(1280, 800);
  localStorage.clear();
  localStorage.setItem(KEY, JSON.stringify({ version: 1, ...kept }));
  location.hash = place;
  await render(App, { bridge, preferences: Preferences.load(localStorage) });
}

export const keptPreferences = (): unknown => JSON.parse(localStorage.getItem(KEY) ?? 'null');
