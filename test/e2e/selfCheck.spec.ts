// What the app finds out about itself, in the Electron that the tests drive, and as it is packaged.
import { spawn } from 'node:child_process';
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

const NAMES = ['engine', 'sample', 'fuses', 'archive', 'sandbox', 'protocol', 'network', 'navigation'];
const namesOf = (lines: readonly CheckLine[], state: CheckLine['state']): string[] =>
  lines.filter((line) => line.state === state).map(({ name }) => name);

test('the app finds nothing wrong with itself', async () => {
  const { lines, code } = await selfCheck(electronProgram(), [electronMain()]);
  expect(lines.map(({ name }) => name)).toEqual(NAMES);
  expect(lines.filter(({ state }) => state === 'failed')).toEqual([]);
  // Only what packaging makes is not there to be looked at.
  expect(namesOf(lines, 'notRun')).toEqual(['fuses', 'archive']);
  expect(code).toBe(0);
});

test('the packaged app finds nothing wrong with itself', async () => {
  const { lines, code } = await selfCheck(packagedProgram(), []);
  expect(lines.filter(({ state }) => state === 'failed')).toEqual([]);
  expect(namesOf(lines, 'passed')).toContain('archive');
  expect(code).toBe(0);
});
