// The models on this computer as a person keeps them: a real Chromium, the real engine, real files that come and go.
import { cpSync, mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test, type Download } from '@playwright/test';
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { openBrowser, type BrowserApp } from './support/apps';
import { dropFile } from './support/dropFile';
import { root } from './support/environment';

test.describe.configure({ mode: 'serial' });

const READY_MS = 90_000;
/** Features of a frame, classes and steps of the bundled model that the others are made like. */
const [LIKE, INPUTS, CLASSES, STEPS] = ['digits', 39, 20, 12] as const;
const UNITS = 4;
const folder = mkdtempSync(join(tmpdir(), 'unroll-models-'));
const bundled = join(root, 'assets', 'models');

let app: BrowserApp;
test.beforeAll(async () => {
  app = await openBrowser();
  await app.page.evaluate(() => {
    location.hash = 'settings/models';
  });
  await expect(card('Digits')).toBeVisible({ timeout: READY_MS });
});
test.afterAll(() => app?.close());

const card = (name: string) => app.page.getByRole('article', { name, exact: true });
const notice = (text: string | RegExp) => app.page.getByText(text);
async function choose(name: string, item: string): Promise<void> {
  await app.page.getByRole('button', { name: `More for ${name}`, exact: true }).click();
  await app.page.getByRole('menuitem', { name: item, exact: true }).click();
}
async function saved(name: string, item: string): Promise<{ file: Download; bytes: Buffer }> {
  const download = app.page.waitForEvent('download');
  await choose(name, item);
  const file = await download;
  return { file, bytes: readFileSync(await file.path()) };
}
interface TensorOfFile {
  readonly name: string;
  readonly shape: readonly number[];
  readonly values: Float32Array;
}
const tensor = (name: string, ...shape: number[]): TensorOfFile => ({
  ...{ name, shape },
  values: Float32Array.from({ length: shape.reduce((a, b) => a * b, 1) }, (_, k) => Math.sin(k) / 2),
});
/** As safetensors.torch.save_file writes it: the header's length, the header, the values. */
function safetensors(tensors: readonly TensorOfFile[]): Buffer {
  let end = 0;
  const entries = tensors.map(({ name, shape, values }) => {
    const begin = end;
    end += values.byteLength;
    return [name, { dtype: 'F32', shape, data_offsets: [begin, end] }] as const;
  });
  const header = Buffer.from(JSON.stringify(Object.fromEntries(entries)));
  const length = Buffer.alloc(8);
  length.writeBigUInt64LE(BigInt(header.length));
  return Buffer.concat([length, header, ...tensors.map(({ values }) => Buffer.from(values.buffer))]);
}
/** Folders of the person's models, without the trash. */
const onDisk = (): string[] => readdirSync(join(app.data, 'models')).filter((name) => !name.startsWith('.'));
const weightsOf = (id: string): Buffer => readFileSync(join(app.data, 'models', id, 'weights.safetensors'));

test('a model is copied and renamed, deleted and brought back; its folder is told', async () => {
  const { page } = app;
  await choose('Digits', 'Make a copy');
  await expect(card('Digits (copy)')).toContainText('Yours');
  await choose('Digits (copy)', 'Rename');
  await page.getByRole('textbox', { name: 'Name of the model' }).fill('Kitchen');
  await page.keyboard.press('Enter');
  await expect(card('Kitchen')).toBeVisible();
  const [id = ''] = onDisk();
  expect(weightsOf(id)).toEqual(readFileSync(join(bundled, 'digits', 'weights.safetensors')));
  await choose('Kitchen', 'Open its folder');
  await expect(notice(`It lies in ${join(app.data, 'models', id)}`)).toBeVisible();
  await choose('Kitchen', 'Delete');
  await expect(card('Kitchen')).toHaveCount(0);
  expect(onDisk()).toEqual([]);
  await expect(page.getByTestId('deleted-model')).toContainText('Kitchen');
  await page.keyboard.press('Control+z');
  await expect(card('Kitchen')).toBeVisible();
  expect(onDisk()).toEqual([id]);
});

test('a folder is imported; one that is no model is refused with what is wrong', async () => {
  const { page } = app;
  const chosen = join(folder, 'brought');
  cpSync(join(bundled, 'digits'), chosen, { recursive: true });
  const manifest = JSON.parse(readFileSync(join(chosen, 'model.json'), 'utf8')) as object;
  const name = { en: 'Brought along', zh: '带来的' };
  writeFileSync(join(chosen, 'model.json'), JSON.stringify({ ...manifest, id: 'brought', name }));
  await page.getByTestId('model-folder').setInputFiles(chosen);
  await expect(card('Brought along')).toBeVisible();
  expect(onDisk()).toContain('brought');
  writeFileSync(join(chosen, 'weights.safetensors'), 'nothing');
  await page.getByTestId('model-folder').setInputFiles(chosen);
  await expect(notice(/weights\.safetensors/)).toBeVisible();
});

test('a model leaves as one file, which is the same model again where it is picked or dropped', async () => {
  const { page } = app;
  const { file, bytes } = await saved('Brought along', 'Save as a file');
  expect(file.suggestedFilename()).toBe('Brought along.unroll-model');
  await choose('Brought along', 'Delete');
  await page.getByTestId('deleted-model').getByRole('button', { name: 'Delete for good' }).click();
  await page.getByRole('dialog').getByRole('button', { name: 'Delete for good' }).click();
  await expect(card('Brought along')).toHaveCount(0);
  const packed = join(folder, 'carried.unroll-model');
  writeFileSync(packed, bytes);
  await page.getByTestId('model-file').setInputFiles(packed);
  await expect(notice('“carried” is imported.')).toBeVisible();
  await expect(card('Brought along')).toBeVisible();
  expect(weightsOf('brought')).toEqual(readFileSync(join(bundled, 'digits', 'weights.safetensors')));
  await page.keyboard.press('Control+2');
  await dropFile(page, 'dropped.unroll-model', bytes);
  await expect(notice('“dropped” is imported.')).toBeVisible();
  await expect(card('Brought along')).toHaveCount(2);
  await dropFile(page, 'broken.unroll-model', bytes.subarray(0, bytes.length / 2));
  await expect(notice(/broken\.unroll-model cannot be opened as a model: It is damaged/)).toBeVisible();
});

test('a stack of PyTorch’s becomes a model whose ONNX file computes', async () => {
  const { page } = app;
  const stack = join(folder, 'stack.safetensors');
  const tensors = [
    tensor('weight_ih_l0', 3 * UNITS, INPUTS),
    tensor('weight_hh_l0', 3 * UNITS, UNITS),
    tensor('bias_ih_l0', 3 * UNITS),
    tensor('bias_hh_l0', 3 * UNITS),
    tensor('fc.weight', CLASSES, UNITS),
    tensor('fc.bias', CLASSES),
  ];
  writeFileSync(stack, safetensors(tensors));
  await page.getByRole('button', { name: 'Import from PyTorch' }).click();
  const sheet = page.getByRole('dialog', { name: 'Import from PyTorch' });
  await page.getByTestId('torch-file').setInputFiles(stack);
  await sheet.getByRole('combobox', { name: 'Cell' }).selectOption('nn.GRU');
  await sheet.getByRole('textbox', { name: 'Linear layer' }).fill('fc');
  await sheet.getByRole('combobox', { name: 'Hears and writes as' }).selectOption({ value: LIKE });
  await sheet.getByRole('button', { name: 'Import', exact: true }).click();
  await expect(card('stack')).toContainText('GRU, 4 units');
  const { file, bytes } = await saved('stack', 'Save as ONNX');
  expect(file.suggestedFilename()).toBe('stack.onnx');
  const session = await InferenceSession.create(bytes);
  const features = new Tensor('float32', new Float32Array(STEPS * INPUTS).fill(0.1), [STEPS, INPUTS]);
  const { logits } = await session.run({ features });
  expect(logits?.dims[1]).toBe(CLASSES);
  expect([...((logits?.data ?? []) as Float32Array)].every(Number.isFinite)).toBe(true);
  await session.release();
});

test('two models hear the same recordings, side by side with their intervals', async () => {
  test.setTimeout(4 * READY_MS);
  const { page } = app;
  await page.keyboard.press('Control+3');
  await page
    .getByRole('button', { name: /sample/i })
    .first()
    .click();
  await expect(page.getByTestId('data-row').first()).toBeVisible({ timeout: READY_MS });
  await page.evaluate(() => {
    location.hash = 'settings/models';
  });
  await page.getByRole('button', { name: 'Compare on recordings' }).click();
  const sheet = page.getByRole('dialog', { name: 'Compare on recordings' });
  await sheet.getByRole('checkbox', { name: 'Digits', exact: true }).check();
  await sheet.getByRole('checkbox', { name: 'Kitchen', exact: true }).check();
  await sheet.getByRole('button', { name: 'Compare', exact: true }).click();
  const table = page.getByTestId('comparison');
  await expect(table).toBeVisible({ timeout: 2 * READY_MS });
  const [first, second] = await table.locator('tbody tr').allTextContents();
  // One is a copy of the other: what they get wrong is the same.
  const wrong = (row = ''): string => /[\d.]+\s%.*?interval[^%]*%[^%]*%/.exec(row)?.[0] ?? row;
  expect(wrong(first)).toBe(wrong(second));
  expect(first).toMatch(/95\s% interval/);
});
