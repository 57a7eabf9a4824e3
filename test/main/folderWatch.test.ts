import { appendFileSync, mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { WatchedFolder } from '../../app/contract/watching';
import { FolderWatch } from '../../main/folderWatch';

let root: string;
let folder: string;
let heard: string[];
let offered: string[];
let hasWindow: boolean;
let told: (WatchedFolder | null)[];
let opened: FolderWatch[];
beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'unroll-watch-'));
  folder = join(root, 'sounds');
  mkdirSync(folder);
  [heard, offered, told, opened, hasWindow] = [[], [], [], [], true];
});
afterEach(() => {
  opened.forEach((each) => each.close());
  rmSync(root, { recursive: true, force: true });
});

function open(): FolderWatch {
  const watching = new FolderWatch({
    stateFile: join(root, 'data', 'watch.json'),
    hear: async (path) => {
      if (basename(path).startsWith('bad')) throw new Error('audio.unreadable');
      heard.push(basename(path));
    },
    offer: async (path) => {
      if (hasWindow) offered.push(basename(path));
      return hasWindow;
    },
    onChanged: (watched) => told.push(watched),
    log: () => undefined,
    steadyMs: 40,
    rescanMs: 60,
  });
  opened.push(watching);
  return watching;
}
const put = (name: string, content = name): void => writeFileSync(join(folder, name), content);
const untilHeard = (names: readonly string[]): Promise<void> => vi.waitFor(() => expect(heard).toEqual(names));
const quiet = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, 250));

it('takes the sounds that are there and those that come, nothing else, and goes on after one that cannot be read', async () => {
  put('a.wav');
  put('notes.txt');
  const watching = open();
  await watching.choose(folder);
  await untilHeard(['a.wav']);
  put('bad.wav');
  put('c.FLAC');
  await untilHeard(['a.wav', 'c.FLAC']);
  expect(watching.watched).toEqual({ name: 'sounds', state: 'watching', heard: 2, failed: ['bad.wav'] });
});

it('waits until a file has stopped growing', async () => {
  const watching = open();
  await watching.choose(folder);
  put('long.wav', 'x');
  for (let piece = 0; piece < 8; piece++) {
    await new Promise((resolve) => setTimeout(resolve, 20));
    appendFileSync(join(folder, 'long.wav'), 'x');
    expect(heard).toEqual([]);
  }
  await untilHeard(['long.wav']);
});

it('takes no bytes twice: not under another name, not after a restart', async () => {
  put('a.wav', 'same');
  const first = open();
  await first.choose(folder);
  await untilHeard(['a.wav']);
  put('copy.wav', 'same');
  await quiet();
  first.close();
  const second = open();
  await second.resume();
  put('new.wav');
  await untilHeard(['a.wav', 'new.wav']);
});

it('rests and goes on, also over a restart, and stops', async () => {
  const first = open();
  await first.choose(folder);
  await first.rest(true);
  put('a.wav');
  await quiet();
  first.close();
  const watching = open();
  await watching.resume();
  expect(watching.watched?.state).toBe('paused');
  await quiet();
  expect(heard).toEqual([]);
  await watching.rest(false);
  await untilHeard(['a.wav']);
  await watching.stop();
  put('b.wav');
  await quiet();
  expect(heard).toEqual(['a.wav']);
  expect(told.at(-1)).toBeNull();
});

it('says that the folder is gone, and goes on when it is back', async () => {
  const watching = open();
  await watching.choose(folder);
  await quiet();
  renameSync(folder, `${folder}-away`);
  await vi.waitFor(() => expect(watching.watched?.state).toBe('missing'));
  renameSync(`${folder}-away`, folder);
  put('a.wav');
  await untilHeard(['a.wav']);
  expect(watching.watched?.state).toBe('watching');
});

it('takes a note that is out of reach for none: the program starts', async () => {
  writeFileSync(join(root, 'data'), 'a file in the place of the folder');
  const watching = open();
  await watching.resume();
  expect(watching.watched).toBeNull();
});

it('takes a damaged note of the last time for none', async () => {
  mkdirSync(join(root, 'data'));
  for (const text of ['', '{', '{"version":2}']) {
    writeFileSync(join(root, 'data', 'watch.json'), text);
    const watching = open();
    await watching.resume();
    expect(watching.watched).toBeNull();
  }
});

it('looks into the folders inside it, and follows no link', async () => {
  mkdirSync(join(folder, 'monday', 'early'), { recursive: true });
  mkdirSync(join(folder, '.cache'));
  mkdirSync(join(root, 'elsewhere'));
  writeFileSync(join(root, 'elsewhere', 'private.wav'), 'private');
  symlinkSync(join(root, 'elsewhere'), join(folder, 'linked'));
  put('.cache/hidden.wav');
  put('monday/early/b.wav');
  put('a.wav');
  await open().choose(folder);
  await untilHeard(['a.wav', 'b.wav']);
  put('monday/c.wav');
  await untilHeard(['a.wav', 'b.wav', 'c.wav']);
});

it('offers what the engine cannot decode to a window, again and again until there is one', async () => {
  hasWindow = false;
  put('memo.m4a');
  put('a.wav');
  const watching = open();
  await watching.choose(folder);
  await untilHeard(['a.wav']);
  await quiet();
  expect(watching.watched).toMatchObject({ heard: 1, failed: [] });
  hasWindow = true;
  await vi.waitFor(() => expect(offered).toEqual(['memo.m4a']));
  await vi.waitFor(() => expect(watching.watched).toMatchObject({ heard: 2 }));
  await quiet();
  expect(offered).toEqual(['memo.m4a']);
});
