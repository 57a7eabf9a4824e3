import { expect, test, vi } from 'vitest';
import { page } from 'vitest/browser';
import { UnrollError } from '../../../../app/errors';
import type { MockBridge } from '../../../../renderer/bridge/mockBridge';
import { pickedInDialogue } from '../../../../renderer/views/data/pickedFiles';
import { dataRow, dataShelf, importReport } from '../../support/dataShelf';
import { openWindow } from '../../support/openWindow';

const digits = { id: 'digits', title: 'My digits', rows: [dataRow(0, 'four')] };
const imported = { id: 'set-new', title: 'speech', rows: [dataRow(0, 'hello there')] };

function drop(...files: File[]): void {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
}
const sound = (name: string, length = 100): File => new File([new Uint8Array(length)], name);
const at = (path: string): File => {
  const file = sound(path.replace(/^.*\//, ''));
  Object.defineProperty(file, 'webkitRelativePath', { value: path });
  return file;
};

/** An engine that makes the set `imported` of whatever is sent. */
function importing(fields: Parameters<typeof importReport>[0] = {}, hasSet = true): MockBridge {
  const bridge = dataShelf([digits, imported]);
  bridge.answer('data.import', async () => {
    const { sets } = await bridge.request('data.list', {});
    return { set: hasSet ? sets.find(({ id }) => id === 'set-new')! : null, report: importReport(fields) };
  });
  return bridge;
}
async function dropAndImport(bridge: MockBridge): Promise<void> {
  await openWindow(bridge, 'data/digits');
  drop(sound('one.wav'), sound('text', 10));
  await page.getByRole('button', { name: 'Import', exact: true }).click();
}

test('the folder that was chosen gives the name, and is no part of a place', () => {
  const picked = pickedInDialogue([at('speech/s1/a.wav'), at('speech/text'), at('speech/.DS_Store')]);
  expect(picked.name).toBe('speech');
  expect(picked.files.map(({ place }) => place.join('/'))).toEqual(['s1/a.wav', 'text']);
});

test('a place that no data set can hold is told apart', () => {
  const deep = `speech/${'d/'.repeat(17)}a.wav`;
  const picked = pickedInDialogue([at(deep), at('speech/a.wav')]);
  expect(picked.files).toHaveLength(1);
  expect(picked.unusable).toHaveLength(1);
});

test('what is dropped on the view is sent in pieces with its place, read, and opened', async () => {
  const bridge = importing();
  await openWindow(bridge, 'data/digits');
  drop(sound('one.wav', (1 << 20) + 5), sound('empty.txt', 0));
  await expect.element(page.getByText('2 files, 1 MB')).toBeVisible();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect.element(page.getByText('40 recordings were taken, 2 min.')).toBeVisible();
  expect(location.hash).toBe('#data/set-new');
  expect(bridge.bodiesOf('data.upload')).toEqual([{ title: 'one', files: 2, byteLength: (1 << 20) + 5 }]);
  const pieces = bridge.bodiesOf('data.piece').map(({ place, offset, bytes }) => [place[0], offset, bytes.length]);
  expect(pieces).toContainEqual(['one.wav', 0, 1 << 20]);
  expect(pieces).toContainEqual(['one.wav', 1 << 20, 5]);
  expect(pieces).toContainEqual(['empty.txt', 0, 0]);
});

test('the report says in words what was left out and why, and as what the files were read', async () => {
  const example = { file: 'wav.scp', line: 3, params: { recording: 'u3' } };
  await dropAndImport(
    importing({
      leftOut: [
        { reason: 'piped-command', count: 12, examples: [example] },
        { reason: 'empty-transcript', count: 1, examples: [{ file: 'text', line: 8, params: {} }] },
      ],
    }),
  );
  await expect.element(page.getByText('13 were left out')).toBeVisible();
  await page.getByText('Sound out of a command').click();
  await expect
    .element(page.getByText('wav.scp, line 3: The sound of u3 would come out of a command. Commands are never run'))
    .toBeVisible();
  await expect.element(page.getByText('and 11 more')).toBeVisible();
  await expect.element(page.getByText('wav.scp and text lie side by side.')).toBeVisible();
});

test('the format can be told beforehand, or the files read once more as another', async () => {
  const bridge = importing();
  await openWindow(bridge, 'data/digits');
  drop(sound('one.wav'));
  await page.getByLabelText('Read as', { exact: true }).selectOptions('ljspeech');
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await page.getByLabelText('Read it as another form').selectOptions('paired-text');
  await vi.waitFor(() =>
    expect(bridge.bodiesOf('data.import').map(({ format }) => format)).toEqual(['ljspeech', 'paired-text']),
  );
  await vi.waitFor(() => expect(bridge.bodiesOf('data.delete')).toEqual([{ setId: 'set-new' }]));
});

test('what is in a set already is named with set and row, and is taken once that is asked for', async () => {
  const params = { set: 'My digits', row: 12, name: '000012-four.wav' };
  const leftOut = [
    { reason: 'already-there', count: 1, examples: [{ file: 'four.wav', line: null, params }] },
  ] as const;
  const bridge = importing({ leftOut: leftOut.map((group) => ({ ...group, examples: [...group.examples] })) });
  await dropAndImport(bridge);
  await expect
    .element(
      page.getByText('four.wav: This recording is in the data set “My digits” already: row 12, 000012-four.wav.'),
    )
    .toBeVisible();
  await page.getByRole('button', { name: 'Take them all the same' }).click();
  await vi.waitFor(() =>
    expect(bridge.bodiesOf('data.import').map(({ alreadyThere, replaces }) => [alreadyThere, replaces])).toEqual([
      ['leave-out', null],
      ['take', 'set-new'],
    ]),
  );
  await vi.waitFor(() => expect(bridge.bodiesOf('data.delete')).toEqual([{ setId: 'set-new' }]));
});

test('before an import it can be told that recordings of other sets are taken too', async () => {
  const bridge = importing();
  await openWindow(bridge, 'data/digits');
  drop(sound('one.wav'));
  await page.getByRole('switch', { name: 'Take recordings that are in a data set already' }).click();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await vi.waitFor(() => expect(bridge.bodiesOf('data.import')).toMatchObject([{ alreadyThere: 'take' }]));
});

test('an import of nothing says so and makes no set', async () => {
  await dropAndImport(importing({ taken: { recordings: 0, seconds: 0, speakers: 0, words: 0 } }, false));
  await expect.element(page.getByText('Not one recording could be taken.')).toBeVisible();
  expect(location.hash).toBe('#data/digits');
});

test('files of which nothing could be taken are read as another format without being sent again', async () => {
  const bridge = importing({}, false);
  await dropAndImport(bridge);
  await expect.element(page.getByText('Not one recording could be taken.')).toBeVisible();
  const sent = bridge.bodiesOf('data.piece').length;
  await page.getByLabelText('Read it as another form').selectOptions('paired-text');
  await vi.waitFor(() => expect(bridge.bodiesOf('data.import')).toHaveLength(2));
  expect(bridge.bodiesOf('data.piece')).toHaveLength(sent);
  await page.getByRole('button', { name: 'Choose another' }).click();
  expect(bridge.bodiesOf('data.cancelUpload')).toEqual([{ uploadId: 'upload-1' }]);
});

test('while it reads it says how far it is, and stopping keeps nothing', async () => {
  const bridge = importing();
  bridge.answer('data.import', () => new Promise(() => undefined));
  await dropAndImport(bridge);
  await vi.waitFor(() => expect(bridge.bodiesOf('data.import')).toHaveLength(1));
  bridge.emit('data.importing', { uploadId: 'upload-1', done: 12, of: 40 });
  await expect.element(page.getByText('Reading recordings, 12 of 40')).toBeVisible();
  await expect.element(page.getByRole('progressbar')).toHaveAttribute('aria-valuenow', '30');
  await page.getByRole('button', { name: 'Stop, keep nothing' }).click();
  expect(bridge.bodiesOf('data.cancelUpload')).toEqual([{ uploadId: 'upload-1' }]);
  await expect.element(page.getByRole('button', { name: 'Import', exact: true })).toBeVisible();
});

test('an import that fails says why, lets go of what was sent, and can be tried again', async () => {
  const bridge = importing();
  bridge.answer('data.piece', () => {
    throw new UnrollError('engine.restarting');
  });
  await dropAndImport(bridge);
  await expect.element(page.getByRole('complementary').getByText('The engine is starting again.')).toBeVisible();
  await vi.waitFor(() => expect(bridge.bodiesOf('data.cancelUpload')).toHaveLength(1));
  bridge.answer('data.piece', ({ offset, bytes }) => ({ received: offset + bytes.length }));
  await page.getByRole('complementary').getByRole('button', { name: 'Try again' }).click();
  await expect.element(page.getByText('40 recordings were taken, 2 min.')).toBeVisible();
});

test('in another view a drop is sound to be read, not a data set', async () => {
  const bridge = importing();
  await openWindow(bridge, 'library');
  drop(sound('one.wav'));
  await vi.waitFor(() => expect(bridge.bodiesOf('files.add')).toHaveLength(1));
  expect(bridge.bodiesOf('data.upload')).toEqual([]);
});

test('a set that was saved as one file is opened as it was, under its own name', async () => {
  const bridge = importing();
  bridge.answer('data.import', async () => {
    const { sets } = await bridge.request('data.list', {});
    return { set: sets.find(({ id }) => id === 'set-new')!, report: null };
  });
  await openWindow(bridge, 'data/digits');
  drop(sound('My words.unroll-set.zip'));
  await expect.element(page.getByText('A data set that was saved as one file')).toBeVisible();
  await expect.element(page.getByLabelText('Read as', { exact: true })).not.toBeInTheDocument();
  await page.getByRole('button', { name: 'Import', exact: true }).click();
  await expect.element(page.getByText('The set is open as it was saved: 1 recording')).toBeVisible();
  expect(bridge.bodiesOf('data.upload')[0]?.title).toBe('My words');
  expect(location.hash).toBe('#data/set-new');
});
