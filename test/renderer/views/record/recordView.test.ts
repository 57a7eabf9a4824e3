import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { render } from 'vitest-browser-svelte';
import { page, userEvent } from 'vitest/browser';
import '../../../../renderer/styles/tokens.css';
import '../../../../renderer/styles/base.css';
import '../../../../renderer/styles/parts.css';
import App from '../../../../renderer/App.svelte';
import { Preferences } from '../../../../renderer/views/settings/preferences.svelte';
import { button, untilState } from '../../support/recordButton';
import {
  MODEL,
  scripted,
  scriptedEngine,
  UNLABELLED,
  type Script,
  type ScriptedEngine,
} from '../../support/scriptedEngine';
import { testSound } from '../../support/sound';

const WORDS = [scripted('four', 100, 400), scripted('nine', 600, 900, [0.78]), scripted('six', 2_600, 2_900)];
const settled = page.getByTestId('settled-text');
const plain = (): string => settled.element().textContent ?? '';

async function openView(script: Partial<Script> = {}): Promise<ScriptedEngine> {
  const engine = scriptedEngine({ words: WORDS, ...script });
  await render(App, { props: { bridge: engine.bridge, preferences: Preferences.load(localStorage) } });
  await expect.element(page.getByTestId('model-name')).toHaveTextContent('Digits, streaming');
  return engine;
}

beforeEach(async () => {
  localStorage.clear();
  location.hash = '';
  await page.viewport(1280, 800);
});
afterEach(() => vi.restoreAllMocks());

describe('the empty Record view', () => {
  test('says what the model understands, and its words', async () => {
    await openView();
    await expect.element(page.getByTestId('model-understands')).toHaveTextContent(MODEL.card.understands.en);
    await expect.element(page.getByTestId('model-words')).toHaveTextContent('zero one two three');
  });

  test('speaks Chinese', async () => {
    localStorage.setItem('unroll.preferences', JSON.stringify({ version: 1, language: 'zh' }));
    const engine = scriptedEngine({ words: WORDS });
    await render(App, { props: { bridge: engine.bridge, preferences: Preferences.load(localStorage) } });
    await expect.element(page.getByTestId('model-understands')).toHaveTextContent(MODEL.card.understands.zh);
    await expect.element(button).toHaveAccessibleName('录音');
  });

  test('lists recordings, and leads to them', async () => {
    const recording = {
      id: 'kitchen',
      title: 'kitchen',
      createdAt: new Date().toISOString(),
      durationMs: 9_200,
      source: 'microphone' as const,
      isRecovered: false,
      text: 'four zero two',
      modelId: 'digits',
      ...UNLABELLED,
    };
    await openView({ recordings: [recording] });
    const row = page.getByTestId('recording-row').first();
    await expect.element(row).toHaveTextContent('four zero two');
    await expect.element(row).toHaveTextContent('0:09.2');
    await row.click();
    expect(location.hash).toBe('#library/kitchen');
  });
});

describe('recording from a microphone', () => {
  test('shows the words while they are heard, and keeps them when it stops', async () => {
    const engine = await openView();
    await button.click();
    await untilState('live');
    await expect.element(page.getByTestId('tail-text')).toBeInTheDocument();
    await expect.poll(plain).toContain('four nine');
    await expect.poll(plain).toContain('six');
    await button.click();
    await untilState('ready');
    expect(plain()).toBe('four nine\nsix');
    await expect.element(page.getByTestId('real-time-factor')).toHaveTextContent('0.03 × real time');
    await expect.element(page.getByTestId('recording-row').first()).toHaveTextContent('four nine six');
    expect(engine.pcm().some((sample) => Math.abs(sample) > 1_000)).toBe(true);
  });

  test('is marked by M where something matters, and the mark is kept at once', async () => {
    const { bridge } = await openView();
    await button.click();
    await untilState('live');
    await expect.poll(() => page.getByTestId('elapsed').element().textContent).not.toBe('0:00.0');
    await userEvent.keyboard('m');
    await expect.element(page.getByText(/^Marked at 0:0/)).toBeInTheDocument();
    await expect.poll(() => bridge.bodiesOf('listen.mark').length).toBe(1);
    const [kept] = bridge.bodiesOf('listen.mark');
    expect(kept).toMatchObject({ streamId: 'stream-1' });
    expect(kept?.marks[0]).toBeGreaterThan(0);
    expect(bridge.bodiesOf('listen.finish')).toHaveLength(0);
    await button.click();
    await untilState('ready');
  });

  test('shuts off every track of the microphone when it stops', async () => {
    const ask = vi.spyOn(navigator.mediaDevices, 'getUserMedia');
    await openView();
    await button.click();
    await untilState('live');
    const stream = await (ask.mock.results[0]?.value as Promise<MediaStream>);
    await expect.poll(() => page.getByTestId('elapsed').element().textContent).not.toBe('0:00.0');
    await button.click();
    await untilState('ready');
    expect(stream.getTracks().map((track) => track.readyState)).toEqual(['ended']);
  });

  test('asks for raw sound', async () => {
    const ask = vi.spyOn(navigator.mediaDevices, 'getUserMedia');
    await openView();
    await button.click();
    await untilState('live');
    expect(ask.mock.calls[0]?.[0]).toMatchObject({
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      video: false,
    });
    await button.click();
    await untilState('ready');
  });

  test('asks for what the person has switched on, and for nothing else', async () => {
    localStorage.setItem('unroll.preferences', JSON.stringify({ version: 1, language: 'en', noiseSuppression: true }));
    const ask = vi.spyOn(navigator.mediaDevices, 'getUserMedia');
    await openView();
    await button.click();
    await untilState('live');
    expect(ask.mock.calls[0]?.[0]).toMatchObject({
      audio: { echoCancellation: false, noiseSuppression: true, autoGainControl: false },
    });
    await button.click();
    await untilState('ready');
  });

  test('leads to the system’s settings where access is refused, in a window of its own', async () => {
    vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockRejectedValueOnce(new DOMException('', 'NotAllowedError'));
    const { bridge } = scriptedEngine({ words: WORDS });
    bridge.answer('system.openMicrophoneSettings', () => ({ isOpened: false }));
    const preferences = Preferences.load(localStorage);
    await render(App, { props: { bridge: { ...bridge, host: 'electron' }, preferences } });
    await button.click();
    await page.getByRole('button', { name: 'Open the system’s settings' }).click();
    expect(bridge.bodiesOf('system.openMicrophoneSettings')).toEqual([{}]);
    await expect.element(page.getByText('This system has no such page to open')).toBeVisible();
  });

  test('says where to allow it where access is refused in a browser', async () => {
    vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockRejectedValueOnce(new DOMException('', 'NotAllowedError'));
    await openView();
    await button.click();
    await expect.element(page.getByText('Allow it beside the address of this page')).toBeVisible();
    expect(page.getByRole('button', { name: 'Open the system’s settings' }).elements()).toEqual([]);
  });

  test.each([
    ['NotAllowedError', 'The microphone is not allowed'],
    ['NotFoundError', 'No microphone found'],
  ])('says what is wrong on %s, and tries again', async (name, label) => {
    const ask = vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockRejectedValueOnce(new DOMException('', name));
    await openView();
    await button.click();
    await untilState('off');
    await expect.element(button).toHaveAccessibleName(label);
    await page.getByRole('button', { name: 'Try again' }).click();
    await untilState('live');
    expect(ask).toHaveBeenCalledTimes(2);
    await button.click();
    await untilState('ready');
  });
});

describe('a sample', () => {
  test('is played in real time, and heard exactly as it is stored', async () => {
    const pcm = testSound(1);
    const samples = [
      { id: 'one', title: { en: 'A second', zh: '一秒' }, durationMs: 1_000, peaks: Float32Array.of(1) },
    ];
    const engine = await openView({ samples, samplePcm: pcm });
    const startedAt = performance.now();
    await page.getByRole('button', { name: 'Play A second' }).click();
    await expect.poll(() => engine.bridge.bodiesOf('listen.finish').length).toBe(1);
    expect(performance.now() - startedAt).toBeGreaterThan(1_000);
    expect(engine.pcm()).toEqual(pcm);
    expect(engine.bridge.bodiesOf('listen.start')).toMatchObject([{ modelId: 'digits', source: 'sample' }]);
    await untilState('ready');
  });
});

describe('a silent microphone', () => {
  test('is named after four seconds, with a way to another', async () => {
    const context = new AudioContext();
    const { stream } = context.createMediaStreamDestination();
    vi.spyOn(navigator.mediaDevices, 'getUserMedia').mockResolvedValue(stream);
    await openView();
    await userEvent.keyboard(' ');
    await expect.element(page.getByText('This microphone is silent.')).toBeVisible();
    await page.getByRole('button', { name: 'Choose another' }).click();
    await untilState('hold');
    await expect.element(page.getByRole('combobox', { name: 'Microphone' })).toHaveFocus();
    await context.close();
  });
});

describe('choosing a microphone', () => {
  const allow = (state: PermissionState): void => {
    vi.spyOn(navigator.permissions, 'query').mockResolvedValue({ state } as PermissionStatus);
  };
  const picker = page.getByRole('combobox', { name: 'Microphone' });
  const levelOf = (): number => Number(page.getByRole('meter').element().getAttribute('aria-valuenow'));

  test('shows how loud it is, and lets it go when the choice is made', async () => {
    allow('granted');
    const ask = vi.spyOn(navigator.mediaDevices, 'getUserMedia');
    await openView();
    (picker.element() as HTMLSelectElement).focus();
    await expect.poll(levelOf).toBeGreaterThan(-60);
    (picker.element() as HTMLSelectElement).blur();
    const stream = await (ask.mock.results[0]?.value as Promise<MediaStream>);
    await expect.poll(() => stream.getTracks().map((track) => track.readyState)).toEqual(['ended']);
    await expect.poll(levelOf).toBe(-60);
  });

  test('never asks for permission by itself', async () => {
    allow('prompt');
    const ask = vi.spyOn(navigator.mediaDevices, 'getUserMedia');
    await openView();
    (picker.element() as HTMLSelectElement).focus();
    await new Promise((resolve) => setTimeout(resolve, 300));
    expect(ask).not.toHaveBeenCalled();
  });
});

describe('keys', () => {
  test('Space records, and stops and keeps', async () => {
    const engine = await openView();
    await userEvent.keyboard(' ');
    await untilState('live');
    await expect.poll(() => engine.pcm().length).toBeGreaterThan(0);
    await userEvent.keyboard(' ');
    await untilState('ready');
    expect(engine.bridge.bodiesOf('listen.finish')).toHaveLength(1);
  });

  test('P rests and goes on', async () => {
    await openView();
    await userEvent.keyboard(' ');
    await untilState('live');
    await userEvent.keyboard('p');
    await untilState('hold');
    await userEvent.keyboard('p');
    await untilState('live');
    await userEvent.keyboard(' ');
    await untilState('ready');
  });

  test('U shows and hides the marks of doubt', async () => {
    await openView();
    await userEvent.keyboard(' ');
    await expect.poll(plain).toContain('nine');
    const mark = settled.element().querySelector('.d1')!;
    expect(mark.textContent).toBe('n');
    const shown = getComputedStyle(mark).borderBottomColor;
    await userEvent.keyboard('u');
    await expect.poll(() => getComputedStyle(mark).borderBottomColor).not.toBe(shown);
    await userEvent.keyboard(' ');
    await untilState('ready');
  });
});

describe('text that settles', () => {
  test('does not move: a settled letter stands where its tail stood', async () => {
    await openView({ words: [scripted('five', 100, 400), scripted('seven', 600, 1_000)] });
    await userEvent.keyboard(' ');
    // The tail may settle between two looks: what was seen last is kept.
    const seen: DOMRect[] = [];
    const look = (): number => {
      const tail = document.querySelector('[data-testid=tail-text]');
      if (tail?.textContent === 'five') seen.push(tail.getBoundingClientRect());
      return seen.length;
    };
    await expect.poll(look, { interval: 10 }).toBeGreaterThan(0);
    const before = seen.at(-1)!;
    await expect.poll(plain).toContain('five');
    const after = settled.element().querySelector('.word')!.getBoundingClientRect();
    expect([after.left, after.top]).toEqual([before.left, before.top]);
    expect(after.width).toBeCloseTo(before.width, 1);
    await userEvent.keyboard(' ');
    await untilState('ready');
  });

  test('is announced politely, the tail not at all', async () => {
    await openView();
    await userEvent.keyboard(' ');
    await expect.element(page.getByTestId('tail-text')).toHaveAttribute('aria-hidden', 'true');
    await expect.element(settled).toHaveAttribute('aria-live', 'polite');
    await userEvent.keyboard(' ');
    await untilState('ready');
  });

  test('is never confident about speech that the model has no word for', async () => {
    const strange = { ...scripted('onne', 600, 900), isKnown: false };
    await openView({ words: [scripted('four', 100, 400), scripted('', 500, 580), strange] });
    await userEvent.keyboard(' ');
    await expect.element(page.getByRole('button', { name: 'Teach it my words' })).toBeVisible();
    await expect.poll(plain).toContain('onne');
    const [known, unnamed, unsure] = [...settled.element().querySelectorAll<HTMLElement>('[data-place] > *')];
    expect(unnamed?.textContent).toBe('');
    expect(getComputedStyle(unsure!).color).not.toBe(getComputedStyle(known!).color);
    await userEvent.keyboard(' ');
    await untilState('ready');
  });
});

describe('a recording that was just made', () => {
  async function makeOne(script: Partial<Script> = {}): Promise<ScriptedEngine> {
    const engine = await openView(script);
    await userEvent.keyboard(' ');
    await expect.poll(plain).toContain('four');
    await userEvent.keyboard(' ');
    await untilState('ready');
    return engine;
  }
  const strange = { ...scripted('onne', 300, 350), isKnown: false };

  test('is copied with a gap where its speech is no known word', async () => {
    const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
    await makeOne({ words: [scripted('four', 100, 250), strange] });
    await page.getByRole('button', { name: 'Copy' }).click();
    expect(write).toHaveBeenCalledWith('four …');
    await expect.element(page.getByText('Copied.')).toBeVisible();
  });

  test('is saved as a text file of its name', async () => {
    const click = vi.spyOn(HTMLAnchorElement.prototype, 'click').mockImplementation(() => undefined);
    await makeOne();
    await page.getByRole('button', { name: 'Save as .txt' }).click();
    expect((click.mock.contexts[0] as HTMLAnchorElement).download).toMatch(/\.txt$/);
  });

  test('is deleted at once, and comes back by Undo', async () => {
    const engine = await makeOne();
    await page.getByRole('button', { name: 'Delete' }).click();
    await expect.element(page.getByTestId('model-words')).toBeVisible();
    await page.getByRole('button', { name: 'Undo' }).click();
    await expect.poll(() => engine.bridge.bodiesOf('recordings.restore')).toHaveLength(1);
    await expect.element(page.getByTestId('recording-row').first()).toBeVisible();
  });

  test('is renamed by typing over its name', async () => {
    const engine = await makeOne();
    await page.getByRole('button', { name: 'Rename' }).click();
    await expect.element(page.getByRole('textbox', { name: 'Name' })).toHaveFocus();
    await userEvent.keyboard('Kitchen{Enter}');
    await expect.poll(() => engine.bridge.bodiesOf('recordings.rename').map(({ title }) => title)).toEqual(['Kitchen']);
    await expect.element(page.getByRole('button', { name: 'Rename' })).toHaveFocus();
  });
});

describe('a recording that is played', () => {
  test('is followed by the figures and lit in the text', async () => {
    await openView();
    await userEvent.keyboard(' ');
    await expect.poll(plain).toContain('six');
    await userEvent.keyboard(' ');
    await untilState('ready');
    const ruler = document.querySelector<HTMLCanvasElement>('.spine .ruler canvas')!;
    const resting = ruler.toDataURL();
    await userEvent.keyboard('k');
    await expect.poll(() => settled.element().querySelector('.played')?.textContent).toBe('four');
    await expect.poll(() => ruler.toDataURL()).not.toBe(resting);
    await userEvent.keyboard('k');
  });
});

describe('a restarting engine', () => {
  test('is told of, while recording goes on, and its words follow', async () => {
    const engine = await openView();
    await userEvent.keyboard(' ');
    await expect.poll(() => engine.pcm().length).toBeGreaterThan(0);
    engine.die();
    await expect.element(page.getByText('Recording goes on; the text follows', { exact: false })).toBeVisible();
    await untilState('live');
    engine.comeBack();
    await expect.poll(plain).toContain('four nine');
    await userEvent.keyboard(' ');
    await untilState('ready');
  });
});
