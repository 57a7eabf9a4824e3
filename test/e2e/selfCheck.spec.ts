// What the app finds out about itself, in the Electron that the tests drive, and as it is packaged.
import { spawn } from 'node:child_process';
import { linkSync, mkdirSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, relative } from 'node:path';
import { expect, test } from '@playwright/test';
import { openDisplay } from './support/display';
import { CHROMIUM_ARGUMENTS, electronMain, electronProgram, packagedProgram, root } from './support/environment';

interface CheckLine {
  readonly name: string;
  readonly state: 'passed' | 'failed' | 'notRun';
  readonly detail: string;
}

async function selfCheck(
  program: string,
  start: readonly string[],
): Promise<{ lines: CheckLine[]; code: number | null }> {
  const display = await openDisplay();
  const child = spawn(program, [...start, '--self-check', '--json', ...CHROMIUM_ARGUMENTS], {
    cwd: root,
    env: { ...process.env, ...display.variables },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let output = '';
  child.stdout.on('data', (bytes: Buffer) => (output += bytes.toString()));
  try {
    const code = await new Promise<number | null>((resolve) => child.once('close', resolve));
    return { lines: JSON.parse(output) as CheckLine[], code };
  } finally {
    child.kill('SIGKILL');
    display.close();
  }
}

const ENGINE = 'dist/engine/process.cjs';
const NAMES = ['engine', 'sample', 'fuses', 'archive', 'files', 'sandbox', 'protocol', 'network', 'navigation'];
const namesOf = (lines: readonly CheckLine[], state: CheckLine['state']): string[] =>
  lines.filter((line) => line.state === state).map(({ name }) => name);

test('the app finds nothing wrong with itself', async () => {
  const { lines, code } = await selfCheck(electronProgram(), [electronMain()]);
  expect(lines.map(({ name }) => name)).toEqual(NAMES);
  expect(lines.filter(({ state }) => state === 'failed')).toEqual([]);
  // Only what packaging makes is not there to be looked at.
  expect(namesOf(lines, 'notRun')).toEqual(['fuses', 'archive', 'files']);
  expect(code).toBe(0);
});

test('the packaged app finds nothing wrong with itself', async () => {
  const { lines, code } = await selfCheck(packagedProgram(), []);
  expect(lines.filter(({ state }) => state === 'failed')).toEqual([]);
  expect(namesOf(lines, 'passed')).toEqual(expect.arrayContaining(['archive', 'files']));
  expect(code).toBe(0);
});

test('a packaged app whose engine was changed does not start it, and names the file', async () => {
  const copy = linkedCopy(dirname(packagedProgram()));
  try {
    const engine = readdirSync(copy, { recursive: true, encoding: 'utf8' }).find((path) => path.endsWith(ENGINE));
    appendAnew(join(copy, engine ?? ''));
    const { lines, code } = await selfCheck(join(copy, basename(packagedProgram())), []);
    expect(namesOf(lines, 'failed')).toEqual(['engine', 'sample', 'files']);
    expect(lines[0]?.detail).toContain(`Its file ${ENGINE} is not the one that this version came with.`);
    expect(code).toBe(1);
  } finally {
    rmSync(copy, { recursive: true, force: true });
  }
});

/** A folder beside the first, with the same files in it: hundreds of megabytes take no time. */
function linkedCopy(folder: string): string {
  const copy = mkdtempSync(`${folder}-`);
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    const from = join(entry.parentPath, entry.name);
    const to = join(copy, relative(folder, from));
    mkdirSync(dirname(to), { recursive: true });
    if (entry.isDirectory()) mkdirSync(to, { recursive: true });
    else linkSync(from, to);
  }
  return copy;
}

/** Leaves the file that it was linked with as it is. */
function appendAnew(file: string): void {
  const content = readFileSync(file);
  rmSync(file);
  writeFileSync(file, Buffer.concat([content, Buffer.from('\n// changed')]));
}
