import { expect, test, vi } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import { shelf } from '../../support/shelf';
import { keptPreferences, openWindow } from '../../support/openWindow';

test('the card of a model states what it understands, its size, and its errors with how they were measured', async () => {
  await openWindow(shelf([]), 'settings/models');
  const card = page.getByRole('article', { name: 'Digits, bidirectional' });
  await expect.element(card).toHaveTextContent('English digits, one by one or in strings');
  for (const text of [
    'Knows 15 words',
    '420,000',
    'CC BY-SA 4.0',
    'Free Spoken Digit Dataset',
    'npm run recipe -- digits',
  ])
    await expect.element(card).toHaveTextContent(text);
  await expect.element(card).toHaveTextContent(/3\.1\s%\s*of digits wrong/);
  await expect.element(card).toHaveTextContent('digits, one speaker left out, 3,000 utterances');
});

test('the card of a model speaks Chinese in a Chinese window', async () => {
  await openWindow(shelf([]), 'settings/models', { language: 'zh' });
  const card = page.getByRole('article', { name: '数字，双向' });
  await expect.element(card).toHaveTextContent('数字，留出一名说话人，3,000 条语句');
  await expect.element(card).toHaveTextContent('自由口语数字数据集');
  await expect.element(card).not.toHaveTextContent('speaker');
});

test('a model without measurements says so', async () => {
  await openWindow(shelf([]), 'settings/models');
  await expect.element(page.getByRole('article', { name: 'Digits, streaming' })).toHaveTextContent('Not yet measured.');
});

test('the engine below the top rung says which it is and why', async () => {
  await openWindow(shelf([]), 'settings');
  await expect.element(page.getByTestId('rung')).toHaveTextContent('Portable engine, slower');
  await expect
    .element(page.getByTestId('rung'))
    .toHaveTextContent('Native TensorFlow is installed, but it does not start');
});

test.each(['Echo cancellation', 'Noise suppression', 'Automatic gain'])(
  '%s is off, and kept once it is on',
  async (name) => {
    await openWindow(shelf([]), 'settings');
    const toggle = page.getByRole('switch', { name });
    await expect.element(toggle).toHaveAttribute('aria-checked', 'false');
    await toggle.click();
    await expect.element(toggle).toHaveAttribute('aria-checked', 'true');
    const kept = keptPreferences() as Record<string, unknown>;
    const on = ['echoCancellation', 'noiseSuppression', 'autoGainControl'].filter((key) => kept[key] === true);
    expect(on).toHaveLength(1);
  },
);

test('the sample rate of the microphone is shown while it is chosen', async () => {
  await openWindow(shelf([]), 'settings');
  (page.getByRole('combobox', { name: 'Microphone' }).element() as HTMLElement).focus();
  await expect.element(page.getByText(/kHz from the device, 16 kHz to the network/)).toBeVisible();
});

test('confidence marks are switched and kept', async () => {
  await openWindow(shelf([]), 'settings');
  const toggle = page.getByRole('switch', { name: 'Confidence marks' });
  await expect.element(toggle).toHaveAttribute('aria-checked', 'true');
  await toggle.click();
  await expect.element(toggle).toHaveAttribute('aria-checked', 'false');
  expect(keptPreferences()).toMatchObject({ hasConfidenceMarks: false });
});

test('a key that is changed works at once, is kept, and comes back as it was', async () => {
  await openWindow(shelf([]), 'settings/keys');
  const change = page.getByRole('button', { name: 'Change the key of: All commands' });
  await change.click();
  await userEvent.keyboard('{Control>}j{/Control}');
  expect(keptPreferences()).toMatchObject({ keys: { palette: ['Ctrl+J'] } });
  await userEvent.keyboard('{Control>}k{/Control}');
  expect(page.getByRole('dialog').elements()).toEqual([]);
  await userEvent.keyboard('{Control>}j{/Control}');
  await expect.element(page.getByRole('dialog', { name: 'All commands' })).toBeVisible();
  await userEvent.keyboard('{Escape}');
  await page.getByRole('button', { name: 'The first key again for: All commands' }).click();
  expect(keptPreferences()).toMatchObject({ keys: {} });
});

test('a key that something else answers to is said', async () => {
  await openWindow(shelf([]), 'settings/keys');
  await page.getByRole('button', { name: 'Change the key of: Pause' }).first().click();
  await userEvent.keyboard('m');
  await expect.element(page.getByText('The same key: Mark this moment')).toBeVisible();
});

test('Escape leaves a key as it was', async () => {
  await openWindow(shelf([]), 'settings/keys');
  await page.getByRole('button', { name: 'Change the key of: Help' }).click();
  await userEvent.keyboard('{Escape}');
  expect(keptPreferences()).not.toHaveProperty('keys.help');
});

test('F1 opens the help, in the language of the window', async () => {
  await openWindow(shelf([]), 'record', { language: 'zh' });
  await userEvent.keyboard('{F1}');
  await expect.element(page.getByRole('heading', { name: '最初五分钟' })).toBeVisible();
});

test('what happened is copied for a report by one click', async () => {
  const bridge = shelf([]);
  bridge.answer('system.report', () => ({ text: 'Unroll 0.1.0, browser' }));
  const write = vi.spyOn(navigator.clipboard, 'writeText').mockResolvedValue();
  await openWindow(bridge, 'settings/help');
  await page.getByRole('button', { name: 'Copy what happened' }).click();
  await expect.element(page.getByText('Copied. Paste it into your report.')).toBeVisible();
  expect(write).toHaveBeenCalledWith('Unroll 0.1.0, browser');
});

test('phrases and the ends of lines are set in plain words, kept, and put back as at first', async () => {
  await openWindow(shelf([]), 'settings/recognition');
  const phrases = page.getByRole('textbox', { name: 'Only these phrases' });
  await phrases.fill('lights on\nlights off');
  const pause = page.getByRole('slider', { name: 'Quiet after words' });
  await expect.element(page.getByText('1.2 s')).toBeVisible();
  (pause.element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowRight}');
  await expect.element(page.getByText('1.3 s')).toBeVisible();
  expect(keptPreferences()).toMatchObject({
    phrases: 'lights on\nlights off',
    endpoints: { silenceAfterWordsMs: 1_300, silenceAfterNothingMs: 2_400, maxUtteranceMs: 20_000 },
  });
  await page.getByRole('button', { name: 'As at first' }).click();
  expect(keptPreferences()).toMatchObject({ endpoints: { silenceAfterWordsMs: 1_200 } });
});

test('the strength of words and the weights of the search are set, kept, sent, and given back to the model', async () => {
  const bridge = shelf([]);
  await openWindow(bridge, 'settings/recognition');
  const strength = page.getByRole('slider', { name: 'How strongly' });
  (strength.element() as HTMLElement).focus();
  await userEvent.keyboard('{End}');
  await expect.element(page.getByText('So strong that these words may stand', { exact: false })).toBeVisible();
  const own = page.getByRole('switch', { name: 'Weights of my own for the search' });
  await own.click();
  (page.getByRole('slider', { name: 'Weight of the language' }).element() as HTMLElement).focus();
  await userEvent.keyboard('{ArrowRight}');
  (page.getByRole('slider', { name: 'Readings at a time' }).element() as HTMLElement).focus();
  await userEvent.keyboard('{End}');
  const fusion = { alpha: 0.6, beta: 0.5, beamWidth: 500 };
  expect(keptPreferences()).toMatchObject({ hotWordBoost: 10, fusion });
  const transfer = new DataTransfer();
  transfer.items.add(new File([new Uint8Array(100)], 'one.wav'));
  window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  await vi.waitFor(() => expect(bridge.bodiesOf('files.add')[0]?.decoding).toMatchObject({ hotWordBoost: 10, fusion }));
  await own.click();
  await expect.element(page.getByRole('slider', { name: 'Weight of the language' })).not.toBeInTheDocument();
  expect(keptPreferences()).toMatchObject({ fusion: null });
});

test('the room on disk is told by what it holds; kept features go when asked, and the folder is shown or named', async () => {
  const bridge = shelf([]);
  let features = 2_000_000;
  bridge.answer('storage.use', () => ({
    use: [
      { kind: 'recordings', byteLength: 3_000_000 },
      { kind: 'features', byteLength: features },
    ],
    place: 'its/data',
  }));
  bridge.answer('storage.emptyFeatures', () => {
    const byteLength = features;
    features = 0;
    return { byteLength };
  });
  bridge.answer('system.openFolder', () => ({ isOpened: false, place: 'another/place' }));
  await openWindow(bridge, 'settings/storage');
  const table = page.getByTestId('storage');
  await expect.element(table).toHaveTextContent(/Recordings\s*3\s?.?MB/);
  await expect.element(table).toHaveTextContent(/In all\s*5\s?.?MB/);
  await expect.element(page.getByText('It lies in its/data')).toBeVisible();
  await page.getByRole('button', { name: 'Delete the kept features' }).click();
  await expect.element(table).toHaveTextContent(/In all\s*3\s?.?MB/);
  await expect.element(page.getByRole('button', { name: 'Delete the kept features' })).toBeDisabled();
  await page.getByRole('button', { name: 'Open the folder' }).click();
  await expect.element(page.getByText('It lies in another/place')).toBeVisible();
});
