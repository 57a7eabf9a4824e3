import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { LogFile } from '../../main/logFile';
import { reportText, withoutPlaces } from '../../main/report';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'unroll-log-'));
});
afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
  vi.restoreAllMocks();
});

describe('the log', () => {
  it('keeps lines with their time, in their order', () => {
    const log = new LogFile(join(folder, 'logs'));
    log.write('The engine is ready.', new Date(0));
    log.write('The engine died (1).', new Date(1_000));
    expect(log.read(10_000)).toBe(
      '1970-01-01T00:00:00.000Z The engine is ready.\n1970-01-01T00:00:01.000Z The engine died (1).\n',
    );
  });

  it('stays bounded however much is written', () => {
    const log = new LogFile(folder, 1_000);
    for (let line = 0; line < 500; line++) log.write(`line ${line}`);
    const bytes = readdirSync(folder).reduce((sum, name) => sum + statSync(join(folder, name)).size, 0);
    expect(bytes).toBeLessThan(2_200);
    expect(log.read(10_000)).toContain('line 499\n');
    expect(log.read(100).split('\n')[0]).toMatch(/^\d{4}-.* line \d+$/);
  });

  it('of a folder that cannot be written to, keeps nothing from going on', () => {
    const told = vi.spyOn(console, 'error').mockImplementation(() => undefined);
    const file = join(folder, 'file');
    writeFileSync(file, '');
    const log = new LogFile(join(file, 'logs'));
    log.write('one');
    log.write('two');
    expect(told).toHaveBeenCalledTimes(1);
    expect(log.read(100)).toBe('');
  });
});

describe('a report', () => {
  const places = { data: '/people/ada/.config/Unroll/data', program: '/programs/Unroll', home: '/people/ada' };

  it.each([
    ["open '/people/ada/Music/a talk.wav'", "open '[path]'"],
    ['cannot read /people/ada/Music/a talk.wav: no such file', 'cannot read [path]: no such file'],
    ['at run (/programs/Unroll/dist/engine/process.cjs:12:3)', 'at run ([program]/dist/engine/process.cjs:12:3)'],
    ['/people/ada/.config/Unroll/data/recordings/r1/audio.wav is damaged', '[data]/recordings/r1/audio.wav is damaged'],
    ["open 'C:\\Users\\Ada\\talk.wav'", "open '[path]'"],
    ['mount /media/disk/talks', 'mount [path]'],
    ['The engine died (1). It ended with code 70.', 'The engine died (1). It ended with code 70.'],
  ])('of %s tells %s', (line, told) => {
    expect(withoutPlaces(line, places)).toBe(told);
  });

  it('says what ran where, and what happened', () => {
    const log = new LogFile(folder);
    log.write('The engine died (1). /people/ada/x');
    const text = reportText('browser', log, places);
    expect(text).toMatch(/^Unroll \d+\.\d+\.\d+, browser\nNode /);
    expect(text).toContain(`${process.platform} `);
    expect(text).toContain('The engine died (1). [path]');
    expect(text).not.toContain('ada');
  });
});
