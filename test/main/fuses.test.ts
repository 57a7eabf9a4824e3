import { createRequire } from 'node:module';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { afterAll, expect, it } from 'vitest';
import { readFuses, WANTED_FUSES, wrongFuses, type FuseName } from '../../main/fuses';

const ROOT = resolve(import.meta.dirname, '../..');
const folder = mkdtempSync(join(tmpdir(), 'unroll-fuses-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface FuseTool {
  readonly FuseVersion: { readonly V1: string };
  readonly FuseV1Options: Readonly<Record<string, number>>;
  flipFuses(program: string, config: Readonly<Record<string, unknown>>): Promise<number>;
}
/** The tool that electron-builder sets fuses with. */
const requireFromBuilder = createRequire(createRequire(import.meta.url).resolve('app-builder-lib/package.json'));
const tool = requireFromBuilder('@electron/fuses') as FuseTool;

/** A program with a wire as Electron's, so far into it that the first piece does not hold it whole. */
function program(name: string, lead: number): string {
  const path = join(folder, name);
  const sentinel = Buffer.from(['dL7pKGdnNz796Pbb', 'jQWNKmHXBZaB9tsX'].join(''));
  writeFileSync(
    path,
    Buffer.concat([Buffer.alloc(lead), sentinel, Buffer.from([1, 8]), Buffer.from('10110101'), Buffer.alloc(999)]),
  );
  return path;
}
const optionOf = (name: FuseName): number => tool.FuseV1Options[name[0]?.toUpperCase() + name.slice(1)] ?? -1;

it.each([0, (4 << 20) - 20])('what the packager sets is read back, %i bytes into the program', async (lead) => {
  const path = program('electron', lead);
  const wanted = Object.entries(WANTED_FUSES).map(([name, state]) => [optionOf(name as FuseName), state] as const);
  await tool.flipFuses(path, { version: tool.FuseVersion.V1, ...Object.fromEntries(wanted) });
  const fuses = await readFuses(path);
  expect(fuses).toMatchObject(WANTED_FUSES);
  expect(wrongFuses(fuses ?? {})).toEqual([]);
});

it('a fuse that is not as it must be is named', async () => {
  const fuses = await readFuses(program('plain', 10));
  expect(wrongFuses(fuses ?? {})).toEqual([
    'runAsNode',
    'enableCookieEncryption',
    'enableNodeOptionsEnvironmentVariable',
    'enableNodeCliInspectArguments',
    'enableEmbeddedAsarIntegrityValidation',
    'grantFileProtocolExtraPrivileges',
  ]);
});

it('a program without fuses says so', async () => {
  const path = join(folder, 'old');
  writeFileSync(path, Buffer.alloc(1_000));
  expect(await readFuses(path)).toBeNull();
});

it('the configuration of the packager asks for the same fuses', () => {
  const lines = readFileSync(join(ROOT, 'electron-builder.yml'), 'utf8').split('\n');
  const from = lines.indexOf('electronFuses:') + 1;
  const set = lines.slice(
    from,
    lines.findIndex((line, at) => at >= from && !line.startsWith('  ')),
  );
  expect(Object.fromEntries(set.map((line) => line.trim().split(': ')))).toEqual(
    Object.fromEntries(Object.entries(WANTED_FUSES).map(([name, state]) => [name, String(state)])),
  );
});
