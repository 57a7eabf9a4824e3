import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { downloadWheel, requireSha256 } from '../../scripts/steps/wheel.mjs';
import { sha256Of, unpack } from '../../scripts/steps/zip.mjs';

let folder = '';
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unroll-wheel-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const sha256 = (data: string): string => createHash('sha256').update(data).digest('hex');

/** A zip archive of stored entries (APPNOTE 4.3). */
function zipOf(files: Readonly<Record<string, string>>): Buffer {
  const locals: Buffer[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const [name, text] of Object.entries(files)) {
    const [nameBytes, data] = [Buffer.from(name), Buffer.from(text)];
    const shared = Buffer.alloc(26);
    shared.writeUInt16LE(20, 0);
    shared.writeUInt32LE(crc32(data), 10);
    shared.writeUInt32LE(data.length, 14);
    shared.writeUInt32LE(data.length, 18);
    shared.writeUInt16LE(nameBytes.length, 22);
    const local = Buffer.concat([Buffer.from('PK\x03\x04', 'latin1'), shared, nameBytes, data]);
    const rest = Buffer.alloc(14);
    rest.writeUInt32LE(offset, 10);
    central.push(Buffer.concat([Buffer.from('PK\x01\x02\x14\x00', 'latin1'), shared, rest, nameBytes]));
    locals.push(local);
    offset += local.length;
  }
  const directory = Buffer.concat(central);
  const end = Buffer.alloc(22);
  end.write('PK\x05\x06', 'latin1');
  end.writeUInt16LE(central.length, 8);
  end.writeUInt16LE(central.length, 10);
  end.writeUInt32LE(directory.length, 12);
  end.writeUInt32LE(offset, 16);
  return Buffer.concat([...locals, directory, end]);
}

describe('unpacking', () => {
  test('writes the named entries to their places and nothing else', async () => {
    const archive = join(folder, 'a.whl');
    writeFileSync(archive, zipOf({ 'x/lib.so': 'library', 'x/readme': 'read me', 'x/': '' }));
    const out = join(folder, 'out');
    const count = await unpack(archive, out, (name) => (name.endsWith('.so') ? 'lib/a.so' : null));
    expect(count).toBe(1);
    expect(readdirSync(out, { recursive: true })).toEqual(['lib', join('lib', 'a.so')]);
    expect(readFileSync(join(out, 'lib/a.so'), 'utf8')).toBe('library');
  });

  test('refuses an archive with a name that leads out of it', async () => {
    const archive = join(folder, 'a.whl');
    writeFileSync(archive, zipOf({ '../outside': 'x' }));
    await expect(unpack(archive, join(folder, 'out'), (name) => name)).rejects.toThrow(/relative path/);
    expect(existsSync(join(folder, 'outside'))).toBe(false);
  });

  test('refuses half an archive', async () => {
    const archive = join(folder, 'a.whl');
    const whole = zipOf({ a: 'a'.repeat(100) });
    writeFileSync(archive, whole.subarray(0, whole.length / 2));
    await expect(unpack(archive, join(folder, 'out'), (name) => name)).rejects.toThrow();
  });
});

describe('a pinned file', () => {
  test('is known by its SHA-256', async () => {
    writeFileSync(join(folder, 'a'), 'abc');
    expect(await sha256Of(join(folder, 'a'))).toBe('ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad');
  });

  test('that is another is removed', async () => {
    const path = join(folder, 'a.whl');
    writeFileSync(path, 'something else');
    await expect(requireSha256(path, sha256('the pinned one'))).rejects.toThrow(/not the file that was pinned/);
    expect(existsSync(path)).toBe(false);
  });

  test('left whole by an interrupted set-up is used without asking the network', async () => {
    writeFileSync(join(folder, 'a.whl'), 'the pinned one');
    const wheel = { requirement: 'a==1', sha256: sha256('the pinned one'), bytes: 14, pipOptions: [] };
    expect(await downloadWheel('no-such-python', wheel, folder, () => undefined)).toBe(join(folder, 'a.whl'));
  });

  test('left half by an interrupted set-up is fetched again', async () => {
    writeFileSync(join(folder, 'a.whl'), 'the pin');
    const wheel = { requirement: 'a==1', sha256: sha256('the pinned one'), bytes: 14, pipOptions: [] };
    await expect(downloadWheel('no-such-python', wheel, folder, () => undefined)).rejects.toThrow(/could not download/);
    expect(existsSync(join(folder, 'a.whl'))).toBe(false);
  });
});
