// The app looks at itself: what no test outside the program that people get can prove. `unroll self-check` starts it.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import type { BrowserWindow } from 'electron';
import { methods, type EngineMethodName, type ReplyOf } from '../app/contract/messages';
import { isPageAddress, PAGE_ADDRESS } from './address';
import type { Answer } from './engineSupervisor';
import { readFuses, wrongFuses } from './fuses';
import { checkProgramFiles, readProgramFileList } from './programFiles';

export type CheckState = 'passed' | 'failed' | 'notRun';
export interface CheckLine {
  readonly name: string;
  readonly state: CheckState;
  /** What was found, or why it was not run. */
  readonly detail: string;
}

export interface SelfCheckPlaces {
  /** Electron's executable. */
  readonly program: string;
  /** Where the main process's own file lies. */
  readonly main: string;
  readonly samples: string;
  /** See BuiltPlaces. */
  readonly programFiles: string;
  readonly root: string;
}

export interface SelfCheckOptions {
  readonly window: BrowserWindow;
  readonly ask: (method: EngineMethodName, body: unknown) => Promise<Answer>;
  readonly places: SelfCheckPlaces;
  readonly isPackaged: boolean;
  /** Windows that are open now. */
  readonly countWindows: () => number;
}

type Found = Omit<CheckLine, 'name'>;
const SAMPLE = { file: 'four-digits.wav', words: ['seven', 'three', 'zero', 'nine'] } as const;
const WAITING_MS = 500;
const ENGINE_MS = 180_000;

const passed = (detail: string): Found => ({ state: 'passed', detail });
const failed = (detail: string): Found => ({ state: 'failed', detail });
const notRun = (detail: string): Found => ({ state: 'notRun', detail });
const ifSo = (isSo: boolean, detail: string): Found => (isSo ? passed(detail) : failed(detail));

/** Every line, in the order in which they are run. One that throws has failed, and keeps none of the others from being run. */
export async function selfCheck(options: SelfCheckOptions): Promise<readonly CheckLine[]> {
  const checks: readonly (readonly [string, () => Promise<Found>])[] = [
    ['engine', () => engine(options)],
    ['sample', () => sample(options)],
    ['fuses', () => fuses(options)],
    ['archive', () => archive(options)],
    ['files', () => files(options)],
    ['sandbox', () => sandbox(options)],
    ['protocol', () => protocol(options)],
    ['network', () => network(options)],
    ['navigation', () => navigation(options)],
  ];
  const lines: CheckLine[] = [];
  for (const [name, check] of checks) {
    const found = await check().catch((error: unknown) =>
      failed(error instanceof Error ? error.message : String(error)),
    );
    lines.push({ name, ...found });
  }
  return lines;
}

async function askFor<M extends EngineMethodName>(
  { ask }: SelfCheckOptions,
  method: M,
  body: unknown,
): Promise<ReplyOf<M>> {
  const answer = await ask(method, body);
  if (!answer.isOk) throw new Error(answer.error.message);
  return methods[method].reply.parse(answer.body) as ReplyOf<M>;
}

async function engine(options: SelfCheckOptions): Promise<Found> {
  const { backend, rung, version } = await askFor(options, 'system.info', {});
  return passed(`Unroll ${version}, ${backend}, ${rung}`);
}

/** A sample goes the way of a file that a person drops on the window. */
async function sample(options: SelfCheckOptions): Promise<Found> {
  const bytes = new Uint8Array(await fs.readFile(join(options.places.samples, SAMPLE.file)));
  const { models } = await askFor(options, 'models.list', {});
  const model = models.find(({ isLiveDefault }) => isLiveDefault) ?? models[0];
  if (!model) return failed('There is no model.');
  const file = { name: SAMPLE.file, byteLength: bytes.length, modelId: model.id };
  const { fileId } = await askFor(options, 'files.add', file);
  await askFor(options, 'files.piece', { fileId, offset: 0, bytes });
  const read = await textOfNewest(options);
  const words = read.split(/\s+/).filter((word) => /^\w+$/.test(word));
  return ifSo(words.join(' ') === SAMPLE.words.join(' '), `read “${read}”`);
}

async function textOfNewest(options: SelfCheckOptions): Promise<string> {
  for (let waitedMs = 0; waitedMs < ENGINE_MS; waitedMs += WAITING_MS) {
    const { recordings } = await askFor(options, 'recordings.list', {});
    const [newest] = recordings;
    if (newest && newest.text !== '') return newest.text;
    await new Promise((resolve) => setTimeout(resolve, WAITING_MS));
  }
  throw new Error(`No text came within ${ENGINE_MS / 1_000} s.`);
}

async function fuses({ isPackaged, places }: SelfCheckOptions): Promise<Found> {
  const found = await readFuses(places.program);
  if (found === null) return notRun('This Electron has no fuses.');
  if (!isPackaged) return notRun('Fuses are set where the app is packaged; this is Electron as it came.');
  const wrong = wrongFuses(found);
  return ifSo(
    wrong.length === 0,
    wrong.length === 0 ? 'all as they must be' : `not as they must be: ${wrong.join(', ')}`,
  );
}

async function archive({ isPackaged, places }: SelfCheckOptions): Promise<Found> {
  if (!isPackaged) return notRun('There is an archive where the app is packaged.');
  return ifSo(/app\.asar[\\/]/.test(places.main), 'the program is read from its archive');
}

async function files({ isPackaged, places }: SelfCheckOptions): Promise<Found> {
  if (!isPackaged) return notRun('Packaging lists the files beside the archive.');
  const list = await readProgramFileList(places.programFiles);
  await checkProgramFiles(list, places.root);
  return passed(`${Object.keys(list).length} files beside the archive are as they were packaged`);
}

/** What the page itself can say, run as the page's own code. */
const inPage = (window: BrowserWindow, code: string): Promise<unknown> =>
  window.webContents.executeJavaScript(code) as Promise<unknown>;

async function sandbox({ window }: SelfCheckOptions): Promise<Found> {
  const contents = window.webContents as unknown as { getLastWebPreferences(): Readonly<Record<string, unknown>> };
  const { contextIsolation, sandbox: isSandboxed, nodeIntegration, webSecurity } = contents.getLastWebPreferences();
  const types = await inPage(window, '[typeof require, typeof process, typeof Buffer, typeof module].join()');
  const isClosed =
    contextIsolation === true && isSandboxed === true && nodeIntegration === false && webSecurity === true;
  const isBare = types === 'undefined,undefined,undefined,undefined';
  return ifSo(
    isClosed && isBare,
    isClosed && isBare ? 'sandboxed, isolated, no Node in the page' : `page sees ${String(types)}`,
  );
}

async function protocol({ window }: SelfCheckOptions): Promise<Found> {
  const code = `Promise.all(['/', '/%2e%2e/%2e%2e/package.json', '/main/main.cjs'].map((path) =>
    fetch(${JSON.stringify(PAGE_ADDRESS)}.slice(0, -1) + path).then((answer) =>
      [answer.status, (answer.headers.get('content-security-policy') || '').includes("default-src 'none'")].join(' '))))
    .then((all) => all.join(', '))`;
  const found = String(await inPage(window, code));
  return ifSo(found === '200 true, 404 true, 404 true', found);
}

async function network({ window }: SelfCheckOptions): Promise<Found> {
  const code = `Promise.all(['http://127.0.0.1:9/', 'https://example.invalid/', 'file:///etc/hosts'].map((address) =>
    fetch(address).then(() => 'reached ' + address, () => 'refused'))).then((all) => all.join(', '))`;
  const found = String(await inPage(window, code));
  return ifSo(found === 'refused, refused, refused', found);
}

async function navigation({ window, countWindows }: SelfCheckOptions): Promise<Found> {
  for (const address of ['https://example.invalid/', 'file:///etc/hosts', 'app://other/']) {
    await inPage(window, `void (location.href = ${JSON.stringify(address)})`);
    await new Promise((resolve) => setTimeout(resolve, WAITING_MS));
  }
  await inPage(window, `void window.open('https://example.invalid/')`);
  await new Promise((resolve) => setTimeout(resolve, WAITING_MS));
  const address = window.webContents.getURL();
  const windows = countWindows();
  return ifSo(isPageAddress(address) && windows === 1, `the page stays at ${address}; windows: ${windows}`);
}

const MARKS: Readonly<Record<CheckState, string>> = { passed: '✓', failed: '✗', notRun: '–' };

/** The lines as people read them. */
export const checkText = (lines: readonly CheckLine[]): string =>
  lines
    .map(({ name, state, detail }) => `${MARKS[state]} ${name}: ${state === 'notRun' ? 'not run here. ' : ''}${detail}`)
    .join('\n');
