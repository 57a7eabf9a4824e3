// Unroll, started as a person starts it, with folders of its own.
import { spawn, type ChildProcess } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { _electron, chromium, type BrowserContext, type ElectronApplication, type Page } from '@playwright/test';
import { openDisplay } from './display';
import {
  CHROMIUM_ARGUMENTS,
  browserHostProgram,
  chromiumProgram,
  electronMain,
  electronProgram,
  isVehicle,
  microphoneArguments,
  networkRefusal,
  root,
} from './environment';
import { supportOldChromium } from './oldChromium';

const STARTING_MS = 60_000;
const CLOSING_MS = 10_000;

export interface App {
  readonly page: Page;
  /** Folder of recordings. */
  readonly data: string;
  /** The process that started the engine. */
  readonly hostPid: number;
  /** Whatever the page complained about: its own errors, and what its policy refused. */
  readonly complaints: readonly string[];
  close(): Promise<void>;
}

function newFolder(): string {
  return mkdtempSync(join(tmpdir(), 'unroll-e2e-'));
}

/** Playwright runs its own helpers as text, which the policy of old Chromium reports and lets pass in an isolated world. */
const OF_THE_TEST_ITSELF = "This document requires 'TrustedScript' assignment.";

function listenForComplaints(page: Page): string[] {
  const complaints: string[] = [];
  page.on('pageerror', (error) => complaints.push(String(error)));
  page.on('console', (message) => {
    const isOurs = !(isVehicle() && message.text() === OF_THE_TEST_ITSELF);
    if (message.type() === 'error' && isOurs) complaints.push(`${message.text()} (${message.location().url})`);
  });
  return complaints;
}

const within = (ms: number, work: Promise<unknown>): Promise<unknown> =>
  Promise.race([work, new Promise((resolve) => setTimeout(resolve, ms))]);

function killWith(child: ChildProcess): void {
  if (child.exitCode === null && child.signalCode === null) child.kill('SIGKILL');
}

export interface ElectronApp extends App {
  /** Every address that the page asked for anything, from its first moment that can be watched. */
  readonly addresses: readonly string[];
  readonly electron: ElectronApplication;
}
export interface ElectronStart {
  /** WAV that the microphone plays. */
  readonly microphone?: string;
  /** A packaged program instead of Electron with the build. */
  readonly packaged?: string;
}

export async function openElectron({ microphone, packaged }: ElectronStart = {}): Promise<ElectronApp> {
  if (isVehicle()) await supportOldChromium();
  const folder = newFolder();
  const data = join(folder, 'data');
  const display = await openDisplay();
  const starting = _electron.launch({
    executablePath: packaged ?? electronProgram(),
    timeout: STARTING_MS,
    cwd: root,
    env: { ...(process.env as Record<string, string>), ...display.variables, UNROLL_DATA: data },
    args: [
      ...(packaged === undefined ? [electronMain()] : []),
      ...CHROMIUM_ARGUMENTS,
      `--user-data-dir=${join(folder, 'user')}`,
      ...(microphone === undefined ? ['--use-fake-device-for-media-stream'] : microphoneArguments(microphone)),
    ],
  });
  starting.catch(() => display.close());
  const electron = await starting;
  const child = electron.process();
  const close = async (): Promise<void> => {
    await within(CLOSING_MS, electron.close());
    killWith(child);
    display.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const page = await electron.firstWindow({ timeout: STARTING_MS });
    const addresses: string[] = [];
    page.on('request', (request) => addresses.push(request.url()));
    page.on('websocket', (socket) => addresses.push(socket.url()));
    return { electron, page, addresses, data, hostPid: child.pid ?? 0, complaints: listenForComplaints(page), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** The packaged app. A current Electron's fuses keep Playwright's usual way out: its window is reached as a browser's is. */
export async function openPackaged(program: string): Promise<App> {
  if (isVehicle()) return openElectron({ packaged: program });
  const folder = newFolder();
  const data = join(folder, 'data');
  const display = await openDisplay();
  const child = spawn(
    program,
    [...CHROMIUM_ARGUMENTS, `--user-data-dir=${join(folder, 'user')}`, '--remote-debugging-port=0'],
    {
      env: { ...process.env, ...display.variables, UNROLL_DATA: data },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const close = async (): Promise<void> => {
    child.kill('SIGTERM');
    await within(CLOSING_MS, new Promise((resolve) => child.once('exit', resolve)));
    killWith(child);
    display.close();
    rmSync(folder, { recursive: true, force: true });
  };
  try {
    const browser = await chromium.connectOverCDP(await debuggingAddress(child), { timeout: STARTING_MS });
    const [context] = browser.contexts();
    if (!context) throw new Error('Expected the packaged app to have a window');
    const page = context.pages()[0] ?? (await context.waitForEvent('page', { timeout: STARTING_MS }));
    return { page, data, hostPid: child.pid ?? 0, complaints: listenForComplaints(page), close };
  } catch (error) {
    await close();
    throw error;
  }
}

/** Chromium says it on stderr. */
function debuggingAddress(child: ChildProcess): Promise<string> {
  return new Promise((resolve, reject) => {
    let output = '';
    child.stderr?.on('data', (bytes: Buffer) => {
      output += bytes.toString();
      const address = /DevTools listening on (ws:\S+)/.exec(output)?.[1];
      if (address !== undefined) resolve(address);
    });
    child.once('exit', (code) =>
      reject(new Error(`Expected the packaged app to run, but it ended with ${code}: ${output}`)),
    );
  });
}

export interface BrowserHost {
  readonly process: ChildProcess;
  readonly redirectFile: string;
  readonly url: string;
}

/** It may be spoken to, but speaks to nobody. */
export async function startBrowserHost(data: string, watch: string | null = null): Promise<BrowserHost> {
  const child = spawn(
    process.execPath,
    [
      ...['--import', networkRefusal, browserHostProgram(), '--no-open', '--data', data],
      ...(watch === null ? [] : ['--watch', watch]),
    ],
    {
      // The engine that it starts is under the same rule.
      env: { ...process.env, NODE_OPTIONS: `--import ${networkRefusal}` },
      stdio: ['ignore', 'pipe', 'inherit'],
    },
  );
  const line = await new Promise<string>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (bytes: Buffer) => {
      output += bytes.toString();
      if (output.includes('\n')) resolve(output);
    });
    child.once('exit', (code) => reject(new Error(`Expected the browser host to run, but it ended with ${code}`)));
  });
  return { process: child, ...(JSON.parse(line) as { redirectFile: string; url: string }) };
}

export interface BrowserApp extends App {
  readonly context: BrowserContext;
  readonly host: BrowserHost;
  /** Every address that the page asked for anything. */
  readonly addresses: readonly string[];
}

export interface BrowserStart {
  /** WAV that the microphone plays. */
  readonly microphone?: string;
  /** Puts things into the data folder before the first start. */
  readonly prepare?: (data: string) => void;
  /** A folder whose sounds become recordings. */
  readonly watch?: string;
}

/** A headless Chromium, let in by the redirect file. */
export async function openBrowser({ microphone, prepare, watch }: BrowserStart = {}): Promise<BrowserApp> {
  const executablePath = chromiumProgram();
  const folder = newFolder();
  const data = join(folder, 'data');
  mkdirSync(data);
  prepare?.(data);
  const host = await startBrowserHost(data, watch);
  const browser = await chromium.launch({
    executablePath,
    timeout: STARTING_MS,
    args: [
      ...CHROMIUM_ARGUMENTS,
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
      '--use-fake-ui-for-media-stream',
      ...(microphone === undefined ? ['--use-fake-device-for-media-stream'] : microphoneArguments(microphone)),
    ],
  });
  const context = await browser.newContext({ locale: 'en-GB', viewport: { width: 1280, height: 800 } });
  const page = await context.newPage();
  const addresses: string[] = [];
  context.on('request', (request) => addresses.push(request.url()));
  page.on('websocket', (socket) => addresses.push(socket.url()));
  const close = async (): Promise<void> => {
    await within(CLOSING_MS, browser.close());
    host.process.kill('SIGTERM');
    await within(CLOSING_MS, new Promise((resolve) => host.process.once('exit', resolve)));
    killWith(host.process);
    rmSync(folder, { recursive: true, force: true });
  };
  const complaints = listenForComplaints(page);
  try {
    await page.goto(pathToFileURL(host.redirectFile).href);
    await page.waitForURL(host.url, { timeout: STARTING_MS });
  } catch (error) {
    await close();
    throw error;
  }
  return { context, page, data, host, hostPid: host.process.pid ?? 0, complaints, addresses, close };
}
