// The laboratory as a shell runs it.
import { spawnSync } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { experiments } from '../../app/contract/lab';
import { buildEngine } from './builtEngine';

vi.setConfig({ testTimeout: 180_000, hookTimeout: 180_000 });

let built: { file: string; folder: string };
beforeAll(async () => {
  built = await buildEngine('cli');
});
afterAll(() => fs.rm(built.folder, { recursive: true, force: true }));

function lab(...parameters: string[]) {
  const env = { ...process.env, UNROLL_CACHE: '' };
  const { status, stdout, stderr } = spawnSync(process.execPath, [built.file, 'lab', ...parameters], {
    encoding: 'utf8',
    env,
  });
  return { status, lines: stdout.split('\n').slice(0, -1), stderr };
}

describe('unroll lab', () => {
  it('prints one line of JSON, with the settings that were left out', () => {
    const { status, lines } = lab('transition', '--weight', '1.01', '--steps', '1000', '--json');
    expect([status, lines.length]).toEqual([0, 1]);
    const answer = JSON.parse(lines[0] as string) as Record<string, unknown>;
    expect(answer).toMatchObject({ experiment: 'transition', settings: { weight: 1.01, unit: 'linear' } });
    expect(answer['largest']).toBeCloseTo(20_751.6, 0);
  });

  it('hands the error surface out as plain lists', () => {
    const { lines } = lab('surface', '--grid', '3', '--json');
    expect((JSON.parse(lines[0] as string) as { errors: unknown }).errors).toHaveLength(9);
  });

  it('reads words parted by commas, and says numbers to people in lines', () => {
    const { lines } = lab('words', '--words', 'cat, cats', '--known', 'cat');
    expect(lines).toContain('oneOfNSlots: 2');
    expect(lines.filter((line) => line.includes('word: cat'))).toHaveLength(4);
  });

  it('reads numbers parted by commas', () => {
    const { lines } = lab('unrolled', '--inputs', '1, 0.5, -1', '--json');
    expect(JSON.parse(lines[0] as string)).toMatchObject({ settings: { inputs: [1, 0.5, -1] }, outputStep: 3 });
  });

  it('names a setting that may not be, and what is allowed', () => {
    const { status, stderr } = lab('transition', '--weight', '9');
    expect(status).toBe(1);
    expect(stderr).toContain('unroll lab transition: weight is not valid. It must be at most 2.');
  });

  it('lists every experiment, and of each its settings', () => {
    const help = lab('--help').lines.join('\n');
    for (const name of Object.keys(experiments)) expect(help).toContain(`  ${name} `);
    expect(lab('reach', '--help').lines.join('\n')).toContain(
      '--forget-bias <value>  number from -4 to 8; 1 if left out',
    );
  });
});
