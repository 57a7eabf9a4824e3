// The models' cards and what is done with them.
import { expect, test } from 'vitest';
import { page, userEvent } from 'vitest/browser';
import type { MeasuredModel } from '../../../../app/contract/models';
import { UnrollError } from '../../../../app/errors';
import type { MockBridge } from '../../../../renderer/bridge/mockBridge';
import { dataRow, dataShelf } from '../../support/dataShelf';
import { keepModels, keptModel } from '../../support/modelShelf';
import { keptPreferences, openWindow } from '../../support/openWindow';
import { savedFile } from '../../support/savedFile';
import { MODEL } from '../../support/scriptedEngine';
import { FILE_MODEL, shelf } from '../../support/shelf';

const MINE = keptModel(
  { ...MODEL, id: 'mine', name: { en: 'Mine', zh: '我的' } },
  { isBundled: false, run: { id: 'run-1', name: 'Evening' }, hasLanguage: true },
);

async function open(bridge = shelf([])): Promise<MockBridge> {
  bridge.answer('models.list', () => ({ models: [MODEL, FILE_MODEL] }));
  keepModels(bridge, [keptModel(MODEL), keptModel(FILE_MODEL), MINE]);
  await openWindow(bridge, 'settings/models');
  return bridge;
}
const RECORDED = {
  id: 'set-1',
  title: 'Mine',
  rows: Array.from({ length: 20 }, (_, k) => dataRow(k, 'one two')),
};
const measured = (modelId: string, wer: number): MeasuredModel => ({
  ...{ modelId, wer, cer: wer / 2, werInterval: [wer / 2, wer * 2], cerInterval: null },
  ...{ sentencesExact: 0.8, realTimeFactor: 0.03, utterances: 20, leftOut: 0 },
});
const card = (name: string) => page.getByRole('article', { name, exact: true });
const choose = async (name: string, item: string): Promise<void> => {
  await page.getByRole('button', { name: `More for ${name}` }).click();
  await page.getByRole('menuitem', { name: item, exact: true }).click();
};
function give(testId: string, files: readonly File[]): void {
  const transfer = new DataTransfer();
  for (const file of files) transfer.items.add(file);
  const input = page.getByTestId(testId).element() as HTMLInputElement;
  input.files = transfer.files;
  input.dispatchEvent(new Event('change', { bubbles: true }));
}

test('a card tells the size on disk, the layers, what it writes and the run that made it', async () => {
  await open();
  for (const text of ['840 kB', 'LSTM, 128 units', '15 symbols', 'A language model lies beside it', 'Evening', 'Yours'])
    await expect.element(card('Mine')).toHaveTextContent(text);
  await expect.element(card('Digits, streaming')).toHaveTextContent('Came with Unroll');
});

test('a bundled model can be copied and is neither renamed nor deleted', async () => {
  await open();
  await page.getByRole('button', { name: 'More for Digits, streaming' }).click();
  await expect.element(page.getByRole('menuitem', { name: 'Make a copy' })).toBeVisible();
  expect(page.getByRole('menuitem', { name: 'Rename' }).elements()).toEqual([]);
  expect(page.getByRole('menuitem', { name: 'Delete' }).elements()).toEqual([]);
  await page.getByRole('menuitem', { name: 'Make a copy' }).click();
  await expect.element(card('Digits, streaming (copy)')).toHaveTextContent('Yours');
});

test('a model gets another name, and the notice gives the first one back', async () => {
  await open();
  await choose('Mine', 'Rename');
  await userEvent.keyboard('Kitchen{Enter}');
  await expect.element(card('Kitchen')).toBeVisible();
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.element(card('Mine')).toBeVisible();
});

test('a model is signed by who made it, and the notice takes that back', async () => {
  await open();
  await choose('Mine', 'Say who made it');
  await userEvent.keyboard('Ana{Enter}');
  await expect.element(card('Mine')).toHaveTextContent(/Author\s*Ana/);
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.element(card('Mine')).not.toHaveTextContent('Author');
});

test('a model that is deleted comes back by the notice or from the trash, and goes for good only when asked twice', async () => {
  const bridge = await open();
  await choose('Mine', 'Delete');
  await expect.element(page.getByTestId('deleted-model')).toHaveTextContent('Mine');
  await page.getByRole('button', { name: 'Undo' }).click();
  await expect.element(card('Mine')).toBeVisible();
  await choose('Mine', 'Delete');
  await page.getByTestId('deleted-model').getByRole('button', { name: 'Delete for good' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Keep it' }).click();
  expect(bridge.bodiesOf('models.erase')).toEqual([]);
  await page.getByTestId('deleted-model').getByRole('button', { name: 'Delete for good' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
  await expect.poll(() => bridge.bodiesOf('models.erase')).toEqual([{ modelId: 'mine' }]);
  await expect.element(page.getByRole('heading', { name: 'Deleted models' })).not.toBeInTheDocument();
});

test('the model that reads files is chosen and kept', async () => {
  await open();
  await expect.element(card('Digits, bidirectional')).toHaveTextContent('Reads files');
  await choose('Digits, streaming', 'Use for files');
  await expect.element(card('Digits, streaming')).toHaveTextContent('Reads files');
  expect(keptPreferences()).toMatchObject({ fileModelId: 'digits' });
});

test('a model is saved as ONNX from the pieces that the engine gives', async () => {
  const bridge = await open();
  const content = Uint8Array.from({ length: 10 }, (_, k) => k);
  bridge.answer('models.onnx', ({ offset }) => ({ byteLength: 10, bytes: content.slice(offset, offset + 4) }));
  const saved = savedFile();
  await choose('Mine', 'Save as ONNX');
  expect(new Uint8Array(await (await saved).arrayBuffer())).toEqual(content);
  await expect.element(page.getByText('Mine.onnx is saved.')).toBeVisible();
});

test('where no file manager opens, the window says where the folder lies', async () => {
  const bridge = await open();
  bridge.answer('system.openFolder', () => ({ isOpened: false, place: 'its/models/mine' }));
  await choose('Mine', 'Open its folder');
  await expect.element(page.getByText('It lies in its/models/mine')).toBeVisible();
  expect(bridge.bodiesOf('system.openFolder')).toEqual([{ modelId: 'mine' }]);
});

test('a folder that is picked is sent and becomes a model; what is wrong with it is said, and the upload given up', async () => {
  const bridge = await open();
  bridge.answer('data.upload', () => ({ uploadId: 'upload-1' }));
  bridge.answer('data.piece', ({ offset, bytes }) => ({ received: offset + bytes.length }));
  bridge.answer('data.cancelUpload', () => ({}));
  bridge.answer('models.import', () => ({ modelId: 'brought' }));
  give('model-folder', [new File(['{}'], 'model.json'), new File(['abc'], 'weights.safetensors')]);
  await expect.element(page.getByText('“model” is imported.')).toBeVisible();
  const pieces = bridge.bodiesOf('data.piece').map(({ place, bytes }) => [place, bytes.length]);
  expect(pieces.sort()).toEqual([
    [['model.json'], 2],
    [['weights.safetensors'], 3],
  ]);
  bridge.answer('models.import', () => {
    throw new UnrollError('model.missing', { model: 'model' });
  });
  give('model-folder', [new File(['{}'], 'other.json')]);
  await expect.element(page.getByText('No model is called model.')).toBeVisible();
  await expect.poll(() => bridge.bodiesOf('data.cancelUpload')).toEqual([{ uploadId: 'upload-1' }]);
});

test('a stack of PyTorch’s is imported with what the file does not tell', async () => {
  const bridge = await open();
  bridge.answer('data.upload', () => ({ uploadId: 'upload-1' }));
  bridge.answer('data.piece', ({ offset, bytes }) => ({ received: offset + bytes.length }));
  bridge.answer('models.importTorch', () => ({ modelId: 'torch' }));
  await page.getByRole('button', { name: 'Import from PyTorch' }).click();
  const sheet = page.getByRole('dialog', { name: 'Import from PyTorch' });
  await expect.element(sheet.getByRole('button', { name: 'Import' })).toBeDisabled();
  give('torch-file', [new File(['abc'], 'stack.safetensors')]);
  await sheet.getByRole('combobox', { name: 'Cell' }).selectOptions('nn.RNN');
  await sheet.getByRole('combobox', { name: 'Nonlinearity' }).selectOptions('relu');
  await sheet.getByRole('textbox', { name: 'Linear layer' }).fill('fc');
  await sheet.getByRole('combobox', { name: 'Hears and writes as' }).selectOptions('Mine');
  await sheet.getByRole('button', { name: 'Import' }).click();
  await expect
    .poll(() => bridge.bodiesOf('models.importTorch'))
    .toEqual([{ uploadId: 'upload-1', name: 'stack', cell: 'rnn', nonlinearity: 'relu', head: 'fc', likeId: 'mine' }]);
  await expect.element(sheet).not.toBeInTheDocument();
});

test('models are compared on a part of a set, side by side with their intervals', async () => {
  const bridge = await open(dataShelf([RECORDED]));
  let tell: (() => void) | null = null;
  bridge.answer('models.compare', () => ({ comparisonId: 'comparison-1' }));
  bridge.answer(
    'models.compared',
    () =>
      new Promise(
        (resolve) =>
          (tell = () => resolve({ measured: [measured('digits', 0.1), measured('digits-both-ways', 0.05)] })),
      ),
  );
  await page.getByRole('button', { name: 'Compare on recordings' }).click();
  const sheet = page.getByRole('dialog', { name: 'Compare on recordings' });
  await sheet.getByRole('checkbox', { name: 'Digits, streaming' }).click();
  await sheet.getByRole('checkbox', { name: 'Digits, bidirectional' }).click();
  await sheet.getByRole('button', { name: 'Compare' }).click();
  await expect
    .poll(() => bridge.bodiesOf('models.compare'))
    .toMatchObject([{ modelIds: ['digits', 'digits-both-ways'], setId: 'set-1', part: 'validation' }]);
  await expect.poll(() => tell).not.toBeNull();
  bridge.emit('models.comparing', { comparisonId: 'comparison-1', done: 3, of: 40 });
  await expect.element(sheet).toHaveTextContent('3 of 40 hearings');
  tell!();
  const table = page.getByTestId('comparison');
  await expect
    .element(table)
    .toHaveTextContent(/Digits, streaming.*10\s%.*95\s% interval.*Digits, bidirectional.*5\s%/);
  await expect.element(table).toHaveTextContent('20 recordings');
});

test('a comparison that is left is given up', async () => {
  const bridge = await open(dataShelf([RECORDED]));
  bridge.answer('models.compare', () => ({ comparisonId: 'comparison-1' }));
  bridge.answer('models.compared', () => new Promise(() => undefined));
  bridge.answer('models.cancelComparison', () => ({}));
  await page.getByRole('button', { name: 'Compare on recordings' }).click();
  const sheet = page.getByRole('dialog', { name: 'Compare on recordings' });
  await sheet.getByRole('checkbox', { name: 'Digits, streaming' }).click();
  await sheet.getByRole('button', { name: 'Compare' }).click();
  await expect.poll(() => bridge.bodiesOf('models.compared')).toHaveLength(1);
  await userEvent.keyboard('{Escape}');
  await expect.poll(() => bridge.bodiesOf('models.cancelComparison')).toEqual([{ comparisonId: 'comparison-1' }]);
});

test('a model is saved as one file, which is picked or dropped anywhere to have it again', async () => {
  const bridge = await open();
  bridge.answer('models.archive', () => ({ byteLength: 6, bytes: new Uint8Array([1, 2, 3, 4, 5, 6]) }));
  const saved = savedFile();
  await choose('Mine', 'Save as a file');
  expect((await saved).size).toBe(6);
  await expect.element(page.getByText('Mine.unroll-model is saved.', { exact: false })).toBeVisible();
  bridge.answer('data.upload', () => ({ uploadId: 'upload-1' }));
  bridge.answer('data.piece', ({ offset, bytes }) => ({ received: offset + bytes.length }));
  bridge.answer('models.import', () => ({ modelId: 'brought' }));
  give('model-file', [new File(['packed'], 'Mine.unroll-model')]);
  await expect.element(page.getByText('“Mine” is imported.')).toBeVisible();
  location.hash = 'library';
  await expect.element(page.getByRole('heading', { level: 1, name: 'Library' })).toBeVisible();
  const transfer = new DataTransfer();
  transfer.items.add(new File(['packed'], 'Theirs.unroll-model'));
  window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  await expect.element(page.getByText('“Theirs” is imported.')).toBeVisible();
  await expect.element(card('Mine')).toBeVisible();
  expect(bridge.bodiesOf('data.piece').map(({ place }) => place)).toEqual([
    ['Mine.unroll-model'],
    ['Theirs.unroll-model'],
  ]);
  expect(bridge.bodiesOf('files.add')).toEqual([]);
});

test('where models are, a dropped folder or archive is one, and no sound to be read', async () => {
  const bridge = await open();
  bridge.answer('data.upload', () => ({ uploadId: 'upload-1' }));
  bridge.answer('data.piece', ({ offset, bytes }) => ({ received: offset + bytes.length }));
  bridge.answer('models.import', () => ({ modelId: 'brought' }));
  const transfer = new DataTransfer();
  transfer.items.add(new File(['packed'], 'packed.zip'));
  window.dispatchEvent(new DragEvent('drop', { dataTransfer: transfer, bubbles: true, cancelable: true }));
  await expect.element(page.getByText('“packed” is imported.')).toBeVisible();
  expect(bridge.bodiesOf('files.add')).toEqual([]);
});

test('a model that the system opened with the program is told, and so is what was wrong with it', async () => {
  const bridge = await open();
  bridge.emit('system.opened', { name: 'a.unroll-model', taken: 'model', error: null });
  await expect.element(page.getByText('“a.unroll-model” is imported.')).toBeVisible();
  const error = new UnrollError('model.archive', { file: 'b.unroll-model', reason: 'reason.archive.noModel' });
  bridge.emit('system.opened', { name: 'b.unroll-model', taken: 'model', error: error.toMessage() });
  await expect
    .element(
      page.getByText('b.unroll-model cannot be opened as a model: There is no model.json in it', { exact: false }),
    )
    .toBeVisible();
});
