import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { TranscriptDocument } from '../../../../app/transcripts/document';
import { FORMATS, formatNameSchema, writeTranscript } from '../../../../app/transcripts/formats';
import { openWindow } from '../../support/openWindow';
import { shelf, spoken } from '../../support/shelf';

const door = { id: 'door', title: 'At the door', words: spoken('one three five') };
const transcript = page.getByTestId('transcript');
const LINES = ['eins "zwei"', '三 drei'];
const DOCUMENT: TranscriptDocument = {
  title: 'other',
  durationMs: 900,
  segments: LINES.map((text, at) => {
    const [startMs, endMs] = [100 + 400 * at, 400 + 400 * at];
    const words = text
      .split(' ')
      .map((word, w) => ({ text: word, startMs: startMs + 150 * w, endMs: startMs + 150 * (w + 1), confidence: 0.5 }));
    return { startMs, endMs, text, words };
  }),
};
const upload = (name: string, text: string): Promise<void> =>
  userEvent.upload(page.getByTestId('transcript-input'), new File([text], name));

test('the text of every format takes the place of what was read, and is taken back', async () => {
  await openWindow(shelf([door]), 'library/door');
  await expect.element(transcript).toHaveTextContent('one three five');
  for (const name of formatNameSchema.options) {
    await upload(`other.${FORMATS[name].extension}`, writeTranscript(DOCUMENT, name));
    for (const line of LINES.flatMap((text) => text.split(' ')))
      await expect.element(transcript).toHaveTextContent(line);
    await expect.element(transcript).not.toHaveTextContent('five');
    await userEvent.keyboard('{Control>}z{/Control}');
    await expect.element(transcript).toHaveTextContent('one three five');
  }
});

test('a file that cannot be read, or is of a longer recording, changes nothing and says why', async () => {
  const bridge = shelf([door]);
  await openWindow(bridge, 'library/door');
  await expect.element(transcript).toHaveTextContent('one three five');
  await upload('broken.srt', 'no subtitles');
  await expect.element(page.getByText(/broken\.srt/)).toBeVisible();
  await upload('long.srt', '1\n00:00:01,000 --> 01:00:00,000\nlong\n');
  await expect.element(page.getByText(/goes past the end of this recording/)).toBeVisible();
  expect(bridge.bodiesOf('recordings.edit')).toEqual([]);
});
