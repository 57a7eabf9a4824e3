// A line of live text that the model for files reads otherwise once it has ended.
import { expect, test } from 'vitest';
import { page } from 'vitest/browser';
import { MANIFEST_VERSION, type RecordingManifest } from '../../../../app/contract/recording';
import { openWindow } from '../../support/openWindow';
import { button, untilState } from '../../support/recordButton';
import { MODEL, scripted, scriptedEngine, UNLABELLED } from '../../support/scriptedEngine';
import { FILE_MODEL } from '../../support/shelf';

const four = scripted('four', 100, 400);
const nine = scripted('nine', 600, 900);
const five = scripted('five', 610, 900);
const six = scripted('six', 2_600, 2_900);
const ANEW = { streamId: 'stream-1', lineStartMs: 100, words: [four, five] };

const settled = page.getByTestId('settled-text');
const plain = (): string => settled.element().textContent ?? '';
const undo = page.getByRole('button', { name: 'Undo: back to “four nine”, as it was read while you spoke' });

async function record(others = [FILE_MODEL], chosen: Record<string, unknown> = {}) {
  const { bridge } = scriptedEngine({ words: [four, nine, six], others });
  await openWindow(bridge, 'record', { language: 'en', ...chosen });
  await untilState('ready');
  await button.click();
  await untilState('live');
  return bridge;
}
const heard = (): Promise<void> => expect.poll(plain).toContain('four nine');

test('shows what was read, what it took the place of, and one way back, while the recording goes on', async () => {
  const bridge = await record();
  await heard();
  expect(bridge.bodiesOf('listen.start')).toMatchObject([{ settleModelId: FILE_MODEL.id }]);
  bridge.emit('listen.settledAnew', ANEW);
  await expect.poll(plain).toContain('four five');
  await expect.element(settled.getByRole('img', { name: 'Before: nine.' })).toBeInTheDocument();
  await undo.click();
  await expect.poll(plain).toContain('four nine');
  await expect.element(undo).not.toBeInTheDocument();
  await expect.poll(() => bridge.bodiesOf('listen.giveBack')).toEqual([{ streamId: 'stream-1', lines: [100] }]);
  // As an engine does that came back, and has not heard of it yet.
  bridge.emit('listen.settledAnew', ANEW);
  await expect.poll(plain).toContain('six');
  expect(plain()).toBe('four nine\nsix');
  await button.click();
  await untilState('ready');
});

test('what is given back once the recording is kept changes there', async () => {
  const bridge = await record();
  await expect.poll(plain).toContain('six');
  bridge.emit('listen.settledAnew', ANEW);
  await button.click();
  await untilState('ready');
  await expect.element(page.getByText('Struck out: what was read while you spoke.', { exact: false })).toBeVisible();
  const line = { startMs: 100, endMs: 900, words: [four, five], live: [four, nine] };
  const recording: RecordingManifest = {
    ...{ format: 'unroll-recording', version: MANIFEST_VERSION, id: 'recording-1', title: '' },
    ...{ createdAt: new Date().toISOString(), durationMs: 3_000, sampleRateHz: 16_000, source: 'microphone' },
    ...{ fileName: null, isRecovered: false, deletedAt: null, marks: [], tags: [], isFavourite: false },
    transcripts: [{ modelId: MODEL.id, utterances: [line] }],
  };
  const summary = { ...recording, text: '', modelId: MODEL.id, ...UNLABELLED };
  bridge.answer('recordings.get', () => ({ recording, summary }));
  bridge.answer('recordings.edit', () => ({ recording: summary }));
  await undo.click();
  await expect.poll(plain).toBe('four nine\nsix');
  await expect
    .poll(() => bridge.bodiesOf('recordings.edit'))
    .toEqual([
      {
        ...{ recordingId: 'recording-1', modelId: MODEL.id, first: 0, count: 1 },
        utterances: [{ startMs: 100, endMs: 900, words: [four, nine] }],
      },
    ]);
});

const few = { ...FILE_MODEL, card: { ...FILE_MODEL.card, words: ['yes', 'no'] } };
test.each([
  ['the person does not want it', [FILE_MODEL], { readsLinesAgain: false }],
  ['the model for files lacks words of the one that listens', [few], {}],
  ['there is no other model', [], {}],
])('nobody reads a line again where %s', async (_case, others, chosen) => {
  const bridge = await record(others, chosen);
  await heard();
  expect(bridge.bodiesOf('listen.start')[0]).not.toHaveProperty('settleModelId');
  await button.click();
  await untilState('ready');
});
