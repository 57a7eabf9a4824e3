import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { page, userEvent } from 'vitest/browser';
import '../../../../renderer/styles/tokens.css';
import '../../../../renderer/styles/base.css';
import '../../../../renderer/styles/parts.css';
import { mockBridge } from '../../../../renderer/bridge/mockBridge';
import { IDLE } from '../../../../renderer/capture/recorderState';
import { captions } from '../../../../renderer/shell/overlays.svelte';
import { theme } from '../../../../renderer/styles/theme.svelte';
import CaptionPage from '../../../../renderer/views/captions/CaptionPage.svelte';
import { CaptionSender, captionOf, type CaptionWish } from '../../../../renderer/views/captions/caption';
import { openCaptions } from '../../../../renderer/views/captions/openCaptions';
import { Preferences } from '../../../../renderer/views/settings/preferences.svelte';
import { scripted } from '../../support/scriptedEngine';

const four = scripted('four', 0, 300);
const nine = scripted('nine', 400, 600);
const six = scripted('six', 700, 900);
const unknown = { ...nine, text: '', isKnown: false };

const TAKE = { recorder: IDLE, elapsedMs: 0 } as const;
let wishes: CaptionWish[];
let sender: CaptionSender;
beforeEach(() => {
  localStorage.clear();
  localStorage.setItem('unroll.preferences', JSON.stringify({ version: 1, language: 'en', theme: 'light' }));
  wishes = [];
  sender = new CaptionSender((wish) => wishes.push(wish));
});
afterEach(() => {
  sender.close();
  captions.close();
  vi.restoreAllMocks();
});

const shown = page.getByTestId('captions');
async function openPage(): Promise<Preferences> {
  theme.follow();
  const preferences = Preferences.load(localStorage);
  await render(CaptionPage, { preferences });
  return preferences;
}
const style = (): CSSStyleDeclaration => getComputedStyle(shown.element());
const fontSize = (): string => getComputedStyle(page.getByRole('log').element()).fontSize;

describe('a caption', () => {
  test('is the newest lines and what may still change; speech without a word is a gap', () => {
    const line = (text: string, at: number) => ({ startMs: at, words: [{ ...four, text }] });
    const lines = Array.from({ length: 20 }, (_, at) => line(`line ${at}`, at));
    const caption = captionOf({ lines, tail: [six, unknown], settledMs: 0 }, 'en', true, TAKE);
    expect(caption.lines).toHaveLength(12);
    expect(caption.lines.at(-1)).toBe('line 19');
    expect(caption).toMatchObject({ tail: 'six …', language: 'en', isLive: true });
  });
});

describe('the caption window', () => {
  test('shows what the recording window says, also what it said before', async () => {
    sender.send(captionOf({ lines: [{ startMs: 0, words: [four] }], tail: [nine], settledMs: 300 }, 'en', true, TAKE));
    await openPage();
    await expect.element(page.getByRole('log')).toHaveTextContent('four nine');
    await expect.element(page.getByTestId('caption-tail')).toHaveTextContent('nine');
    sender.send(
      captionOf({ lines: [{ startMs: 0, words: [four, nine] }], tail: [], settledMs: 600 }, 'zh', true, TAKE),
    );
    await expect.element(page.getByTestId('caption-tail')).not.toBeInTheDocument();
    await expect.element(page.getByRole('log')).toHaveTextContent('four nine');
    await expect.element(page.getByRole('log')).toHaveAttribute('lang', 'zh');
  });

  test('says what to do while there is no text', async () => {
    await openPage();
    await expect.element(page.getByText('Record, and what is said appears here.')).toBeVisible();
    sender.send(captionOf({ lines: [], tail: [], settledMs: 0 }, 'en', true, TAKE));
    await expect.element(page.getByText('Listening')).toBeVisible();
  });

  test('grows and shrinks, and keeps its size', async () => {
    sender.send(captionOf({ lines: [{ startMs: 0, words: [four] }], tail: [], settledMs: 300 }, 'en', true, TAKE));
    await openPage();
    await expect.poll(fontSize).toBe('56px');
    await userEvent.keyboard('+');
    await expect.poll(fontSize).toBe('64px');
    await page.getByRole('button', { name: 'Smaller text' }).click();
    await page.getByRole('button', { name: 'Smaller text' }).click();
    await expect.poll(fontSize).toBe('48px');
    expect(Preferences.load(localStorage).values.captionSize).toBe(48);
  });

  test('has a high contrast in both themes', async () => {
    const preferences = await openPage();
    await userEvent.keyboard('c');
    await expect.poll(() => [style().backgroundColor, style().color]).toEqual(['rgb(255, 255, 255)', 'rgb(0, 0, 0)']);
    preferences.set({ theme: 'dark' });
    await expect.poll(() => [style().backgroundColor, style().color]).toEqual(['rgb(0, 0, 0)', 'rgb(255, 255, 255)']);
    await page.getByRole('button', { name: 'High contrast' }).click();
    await expect.poll(() => style().backgroundColor).not.toBe('rgb(0, 0, 0)');
  });

  test('wears what is chosen in the other window', async () => {
    await openPage();
    const newValue = JSON.stringify({ version: 1, language: 'zh' });
    const storage = { key: 'unroll.preferences', newValue, storageArea: localStorage };
    window.dispatchEvent(new StorageEvent('storage', storage));
    await expect.element(page.getByRole('button', { name: '高对比度' })).toBeVisible();
  });

  test('is a player of the recording: its clock, and its buttons as the recording takes them', async () => {
    const nothing = { lines: [], tail: [], settledMs: 0 };
    const tell = (kind: 'idle' | 'recording' | 'finishing', elapsedMs: number): void =>
      sender.send(captionOf(nothing, 'en', kind !== 'idle', { recorder: { kind }, elapsedMs }));
    await openPage();
    tell('idle', 0);
    await page.getByRole('button', { name: 'Record', exact: true }).click();
    tell('recording', 83_400);
    await expect.element(page.getByTestId('caption-clock')).toHaveTextContent('1:23.4');
    await page.getByRole('button', { name: 'Pause', exact: true }).click();
    await page.getByRole('button', { name: 'Mark this moment', exact: true }).click();
    await page.getByRole('button', { name: 'Stop and keep', exact: true }).click();
    await expect.poll(() => wishes).toEqual(['toggle', 'pause', 'mark', 'toggle']);
    tell('finishing', 83_400);
    await expect.element(page.getByRole('button', { name: 'Record', exact: true })).toBeDisabled();
  });

  test('is closed by Escape', async () => {
    const close = vi.spyOn(window, 'close').mockImplementation(() => undefined);
    await openPage();
    await userEvent.keyboard('{Escape}');
    expect(close).toHaveBeenCalledOnce();
  });
});

describe('captions are opened', () => {
  test('by the host where it has windows', async () => {
    const bridge = { ...mockBridge({ 'system.openCaptions': () => ({ isOpened: true }) }), host: 'electron' as const };
    await openCaptions(bridge);
    expect(bridge.bodiesOf('system.openCaptions')).toHaveLength(1);
    expect(captions.isOpen).toBe(false);
  });

  test('in a page beside this one in a browser, and over this one where that is refused', async () => {
    const open = vi.spyOn(window, 'open').mockReturnValueOnce({ focus: () => undefined } as Window);
    await openCaptions(mockBridge());
    expect(open.mock.calls[0]?.[0]).toContain('#captions');
    expect(captions.isOpen).toBe(false);
    open.mockReturnValueOnce(null);
    await openCaptions(mockBridge());
    expect(captions.isOpen).toBe(true);
  });
});
