// How sound becomes text, as a person chooses it in the window: words to listen for, phrases alone, and a model that reads each line
// again. A real Chromium, a recording for a microphone, the real engine.
import { cpSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from '@playwright/test';
import { openBrowser, type BrowserApp } from './support/apps';
import { dropFile } from './support/dropFile';
import { fixture, root } from './support/environment';
import { RecordView } from './support/recordView';
import { speak } from './support/speech';

test.describe.configure({ mode: 'serial' });

const sounds = mkdtempSync(join(tmpdir(), 'unroll-decoding-'));
/** A pause in the middle ends a line. */
const speech = speak(join(sounds, 'spoken.wav'), [3, 4, 8], { gapMs: 400, tailMs: 2_500 });
const strings = speak(join(sounds, 'strings.wav'), [9, 3]);

/** The bundled live model with its digits changed over: what it reads of them is wrong, whatever it has learned. */
function makeConfused(data: string): void {
  const folder = join(data, 'models', 'confused');
  cpSync(join(root, 'assets/models/live'), folder, { recursive: true });
  const file = join(folder, 'model.json');
  const model = JSON.parse(readFileSync(file, 'utf8')) as { alphabet: { symbols: string[] } } & Record<string, unknown>;
  const pairs = ['zero nine', 'one two', 'three seven', 'four five', 'six eight'].map((pair) => pair.split(' '));
  const swapped = new Map(
    pairs.flatMap(([one = '', other = '']) => [
      [one, other],
      [other, one],
    ]),
  );
  const symbols = model.alphabet.symbols.map((symbol) => swapped.get(symbol) ?? symbol);
  const confused = { ...model, id: 'confused', name: { en: 'Confused', zh: '混淆' } };
  writeFileSync(file, JSON.stringify({ ...confused, alphabet: { ...model.alphabet, symbols } }));
  forgetManifest(join(folder, 'weights.safetensors'));
}

/** Takes out of the weights which model.json they belong to; the header keeps its length. */
function forgetManifest(file: string): void {
  const bytes = readFileSync(file);
  const end = 8 + Number(bytes.readBigUInt64LE(0));
  const header = JSON.parse(bytes.toString('utf8', 8, end)) as Record<string, unknown>;
  delete header['__metadata__'];
  bytes.write(JSON.stringify(header).padEnd(end - 8), 8, 'utf8');
  writeFileSync(file, bytes);
}

let app: BrowserApp;
let view: RecordView;
test.beforeAll(async () => {
  test.setTimeout(180_000);
  app = await openBrowser({ microphone: speech.file, prepare: makeConfused });
  view = new RecordView(app);
  await view.isReady();
});
test.afterAll(() => app?.close());

async function fill(name: string, text: string): Promise<void> {
  await app.page.goto(new URL('#settings/recognition', app.page.url()).href);
  const field = app.page.getByRole('textbox', { name });
  await field.fill(text);
  await field.blur();
}

/** As if the person had chosen these models before; the page is read anew. */
async function choose(models: { readonly modelId: string; readonly fileModelId: string }): Promise<void> {
  const { page } = app;
  await page.evaluate((chosen) => {
    const kept = JSON.parse(localStorage.getItem('unroll.preferences') ?? '{"version":1}') as object;
    localStorage.setItem('unroll.preferences', JSON.stringify({ ...kept, ...chosen }));
  }, models);
  await page.goto(new URL('#settings/recognition', page.url()).href);
  await page.reload();
}

/** Drops a sound and opens what was read of it. @returns each word, "?" where speech was none of those that are known */
async function read(name: string, file: string): Promise<string[]> {
  const { page } = app;
  await dropFile(page, name, readFileSync(file));
  const row = page.getByTestId('file-row').filter({ hasText: name });
  const show = page.getByRole('button', { name: 'Show the files' });
  await expect(row.or(show).first()).toBeVisible();
  if (await show.isVisible()) await show.click();
  await expect(row).toHaveAttribute('data-state', 'done', { timeout: 60_000 });
  const link = row.getByRole('link', { name: `Open: ${name}` });
  await page.goto(new URL((await link.getAttribute('href')) ?? '', page.url()).href);
  await expect(page.getByRole('heading', { name: name.replace('.wav', '') })).toBeVisible();
  const words = page.getByTestId('transcript').locator('.utterance p').first().getByRole('button');
  await expect(words.first()).toBeVisible();
  return Promise.all(
    (await words.all()).map(async (word) =>
      (await word.locator('[data-known]').count()) === 0 ? '?' : word.innerText(),
    ),
  );
}

/** Pictures for who wants to look. */
async function look(name: string): Promise<void> {
  const folder = process.env['UNROLL_LOOK'];
  if (folder !== undefined) await app.page.screenshot({ path: join(folder, `${name}.png`) });
}

test('a word to listen for is read where the sound leaves a choice', async () => {
  // This one spells, and can write what stands in no list of its own.
  await choose({ modelId: 'digits', fileModelId: 'digits' });
  const five = fixture('asterisk_digits_5.wav');
  expect(await read('before.wav', five)).not.toContain('fine');
  await fill('Words to listen for', 'fine');
  expect(await read('fine.wav', five)).toEqual(['fine']);
  // It is no wish: what the sound says stays.
  expect(await read('nine.wav', fixture('asterisk_digits_9.wav'))).toEqual(['nine']);
  await fill('Words to listen for', '');
});

test('where phrases alone may be said, they are read, and all else is marked as unsure', async () => {
  await fill('Only these phrases', 'nine three\nstop');
  expect(await read('phrase.wav', strings.file)).toEqual(['nine', 'three']);
  expect(await read('outside.wav', fixture('asterisk_digits_7.wav'))).toEqual(['?']);
  await fill('Only these phrases', '');
});

test('a line is read again when it has ended: the correction is seen, and undone by one press', async () => {
  test.setTimeout(120_000);
  const { page } = app;
  await choose({ modelId: 'confused', fileModelId: 'accurate' });
  await expect(
    page.getByText('“Letters and numbers”, the model for files, reads it once more', { exact: false }),
  ).toBeVisible();
  await page.goto(new URL('#record', page.url()).href);
  await view.isReady();
  await view.start();
  await expect(
    page
      .getByRole('log')
      .getByRole('img', { name: /^Before: / })
      .first(),
  ).toBeAttached({ timeout: 60_000 });
  const undo = page.getByRole('button', { name: /^Undo: back to/ }).first();
  await expect(undo).toBeVisible();
  await look('live');
  await view.stop();
  const corrected = await view.settledWords();
  const settled = /“(.*)”/.exec((await undo.getAttribute('title')) ?? '')?.[1] ?? '';
  expect(settled).not.toBe('');
  expect(corrected.join(' ')).not.toContain(settled);
  await look('kept');
  const undos = await page.getByRole('button', { name: /^Undo: back to/ }).count();
  await undo.click();
  await expect(page.getByRole('button', { name: /^Undo: back to/ })).toHaveCount(undos - 1);
  expect((await view.settledWords()).join(' ')).toContain(settled);
  await view.rows.first().click();
  await expect(page.getByTestId('transcript')).toContainText(settled);
  await look('library');
});

test('the page broke no rule of its own policy', () => {
  expect(app.complaints).toEqual([]);
});
