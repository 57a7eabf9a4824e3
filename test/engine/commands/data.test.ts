// The built command as a shell sees it.
import { spawn } from 'node:child_process';
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { checkReportSchema, importReportSchema } from '../../../app/contract/dataset';
import { importData } from '../../../engine/data/importing';
import { readManifest } from '../../../engine/data/manifest';
import { folderOf, tone } from '../data/importers/tree';
import { buildEngine } from '../builtEngine';
import { temporaryFolder } from '../temporary';

vi.setConfig({ testTimeout: 120_000, hookTimeout: 120_000 });

let built: { file: string; folder: string };
beforeAll(async () => {
  built = await buildEngine('cli');
});
afterAll(() => fs.rm(built.folder, { recursive: true, force: true }));

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}
/** @param stopWhenIn the command is interrupted, as by Ctrl-C, as soon as anything changes in this folder */
function unroll(parameters: readonly string[], stopWhenIn?: string): Promise<Outcome> {
  return new Promise((done, fail) => {
    const child = spawn(process.execPath, [built.file, ...parameters], { stdio: ['ignore', 'pipe', 'pipe'] });
    let [stdout, stderr] = ['', ''];
    child.stdout.setEncoding('utf8').on('data', (text: string) => (stdout += text));
    child.stderr.setEncoding('utf8').on('data', (text: string) => (stderr += text));
    child.once('error', fail);
    const stopped = new AbortController();
    child.once('close', (code) => {
      stopped.abort();
      done({ code, stdout, stderr });
    });
    if (stopWhenIn !== undefined) void stopOnChange(stopWhenIn, stopped.signal, () => child.kill('SIGINT'));
  });
}

async function stopOnChange(folder: string, signal: AbortSignal, stop: () => void): Promise<void> {
  try {
    for await (const change of fs.watch(folder, { signal })) {
      if (change.filename !== null) return stop();
    }
  } catch (error) {
    if (!signal.aborted) throw error;
  }
}

const spoken = { '7_anna_0.wav': tone(0.4), '8_ben_0.wav': tone(0.4, 600) };

describe('unroll data', () => {
  it.each(['data', 'data import', 'data check'])('explains itself: unroll %s', async (name) => {
    const { code, stdout, stderr } = await unroll([...name.split(' '), '--help']);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain(`Usage: unroll ${name}`);
  });

  it.each([
    ['no verb', ['data']],
    ['no folder', ['data', 'import', '.']],
    ['an unknown form', ['data', 'import', '.', '--out', 'x', '--format', 'zip']],
    ['a seed that is no number', ['data', 'import', '.', '--out', 'x', '--seed', 'one']],
    ['nothing to check', ['data', 'check']],
  ])('refuses bad usage with code 2: %s', async (_name, parameters) => {
    const { code, stdout, stderr } = await unroll(parameters);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});

describe('unroll data import', () => {
  it('leaves out what a known set has, and says in which row', async () => {
    const sets = await temporaryFolder();
    const usual = { format: null, isCopying: false, isReplacing: false, seed: 1 };
    await importData(await folderOf(spoken), join(sets, 'first'), usual);
    const more = await folderOf({ '9_cleo_0.wav': tone(0.4, 600), '1_cleo_0.wav': tone(0.4, 700) });
    const parameters = ['data', 'import', more, '--out', join(sets, 'second'), '--known', sets];
    const { code, stdout } = await unroll(parameters);
    expect(code).toBe(1);
    expect(stdout).toMatch(/^recordings +1$/m);
    expect(stdout).toContain('is in the data set “first” already: row 2, 8_ben_0.wav.');
  });

  it('prints what was taken, and ends with 0 where all was', async () => {
    const out = join(await temporaryFolder(), 'set');
    const { code, stdout, stderr } = await unroll(['data', 'import', await folderOf(spoken), '--out', out]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^read as +fsdd\. The names tell word and speaker, such as 7_anna_0\.wav\.$/m);
    expect(stdout).toMatch(/^recordings +2$/m);
    expect(await readManifest(join(out, 'manifest.tsv'))).toHaveLength(2);
  });

  it('prints one line of JSON, and ends with 1 where something was left out', async () => {
    const out = join(await temporaryFolder(), 'set');
    const source = await folderOf({ ...spoken, '9_anna_0.wav': 'no sound' });
    const { code, stdout, stderr } = await unroll(['data', 'import', source, '--out', out, '--json']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout.trimEnd()).not.toContain('\n');
    expect(importReportSchema.parse(JSON.parse(stdout))).toMatchObject({
      taken: { recordings: 2 },
      leftOut: [{ reason: 'unreadable-audio', count: 1 }],
    });
  });

  it('names what it left out', async () => {
    const out = join(await temporaryFolder(), 'set');
    const source = await folderOf({ ...spoken, '9_anna_0.wav': '' });
    const { stdout } = await unroll(['data', 'import', source, '--out', out]);
    expect(stdout).toContain(`left out  1\n  ${join(source, '9_anna_0.wav')} holds no sound.\n`);
  });

  it('says in one sentence that nothing could be taken, after the reasons', async () => {
    const out = join(await temporaryFolder(), 'set');
    const source = await folderOf({ '9_anna_0.wav': '' });
    const { code, stdout, stderr } = await unroll(['data', 'import', source, '--out', out]);
    expect({ code, stderr }).toEqual({ code: 1, stderr: `Not one recording of ${source} could be taken.\n` });
    expect(stdout).toContain('holds no sound.');
  });

  it('never runs a command that a data set names', async () => {
    const parent = await temporaryFolder();
    const trap = join(parent, 'trap');
    const source = await folderOf({
      'wav.scp': `r1 touch ${trap} |\nr2 a.wav\n`,
      text: 'r1 one\nr2 two\n',
      'a.wav': tone(1),
    });
    const { code, stdout } = await unroll(['data', 'import', source, '--out', join(parent, 'set')]);
    expect(code).toBe(1);
    expect(stdout).toContain('wav.scp, line 1: The sound of r1 would come out of a command.');
    expect(await fs.readdir(parent)).toEqual(['set']);
  });

  it('leaves nothing behind where it is interrupted, and ends with 130', async () => {
    const parent = await temporaryFolder();
    const many = Object.fromEntries(
      Array.from({ length: 2000 }, (_, index) => [`7_anna_${index}.wav`, tone(0.5, 200 + index)]),
    );
    const source = await folderOf(many);
    const command = ['data', 'import', source, '--out', join(parent, 'set'), '--copy'];
    const { code, stdout, stderr } = await unroll(command, parent);
    expect({ code, stdout, stderr }).toEqual({ code: 130, stdout: '', stderr: 'Stopped. Nothing was written.\n' });
    expect(await fs.readdir(parent)).toEqual([]);
  });
});

describe('unroll data check', () => {
  it('prints what is in a set, with advice, and ends with 0 where all of it can be trained on', async () => {
    const folder = await folderOf({ 'manifest.tsv': 'a.wav\tone\tanna\n', 'a.wav': tone(1) });
    const { code, stdout, stderr } = await unroll(['data', 'check', folder]);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toMatch(/^recordings +1$/m);
    expect(stdout).toMatch(/^Advice:$/m);
    expect(stdout).toContain("  Speakers known: 1. For other people's voices to be understood, record at least 10.");
  });

  it('prints one line of JSON, and ends with 1 where something cannot be trained on', async () => {
    const folder = await folderOf({ 'manifest.tsv': 'a.wav\tone\nb.wav\ttwo\n', 'a.wav': tone(1) });
    const { code, stdout, stderr } = await unroll(['data', 'check', folder, '--json']);
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout.trimEnd()).not.toContain('\n');
    expect(checkReportSchema.parse(JSON.parse(stdout))).toMatchObject({
      usable: { recordings: 1 },
      leftOut: [{ reason: 'missing-file', count: 1, examples: [{ line: 2 }] }],
    });
  });

  it('names a folder without a manifest', async () => {
    const folder = await temporaryFolder();
    const { code, stdout, stderr } = await unroll(['data', 'check', folder]);
    expect({ code, stdout, stderr }).toEqual({
      code: 1,
      stdout: '',
      stderr: `${join(folder, 'manifest.tsv')} was not found.\n`,
    });
  });
});

describe('unroll data export', () => {
  it('saves a set as one file, which import opens, and refuses what is no set', async () => {
    const root = await temporaryFolder();
    const source = await folderOf({ 'one_anna_0.wav': tone(0.5, 400), 'two_ben_0.wav': tone(0.5, 500) });
    const [folder, file, again] = ['set', 'set.unroll-set.zip', 'again'].map((name) => join(root, name)) as [
      string,
      string,
      string,
    ];
    await unroll(['data', 'import', source, '--out', folder, '--copy', '--format', 'fsdd']);
    const saved = await unroll(['data', 'export', folder, '--out', file]);
    expect([saved.code, saved.stdout]).toEqual([0, expect.stringContaining(`saved as ${file}`)]);
    const opened = await unroll(['data', 'import', file, '--out', again]);
    expect([opened.code, opened.stdout]).toEqual([0, expect.stringContaining('with 2 recordings')]);
    expect(await readManifest(join(again, 'manifest.tsv'))).toHaveLength(2);
    await fs.writeFile(file, 'PK\u0003\u0004');
    const refused = await unroll(['data', 'import', file, '--out', join(root, 'none')]);
    expect([refused.code, refused.stderr]).toEqual([1, expect.stringContaining('damaged or no zip archive')]);
  });
});
