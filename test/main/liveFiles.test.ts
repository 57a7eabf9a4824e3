import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { LiveFiles } from '../../main/liveFiles';
import { codeOf, gate, openWindow } from './gatewayWindows';

let folder: string;
beforeEach(() => void (folder = mkdtempSync(join(tmpdir(), 'unroll-live-'))));
afterEach(() => rmSync(folder, { recursive: true, force: true }));
const ASKED = { name: 'talk.srt', format: 'srt' } as const;

it('is written where the person says, in the order of the texts, and each is on disk when it is answered', async () => {
  const path = join(folder, 'chosen.srt');
  writeFileSync(path, 'what was there before');
  const choose = vi.fn(async () => path);
  const files = new LiveFiles(choose);
  const { file } = await files.open(ASKED);
  expect(choose).toHaveBeenCalledWith('talk.srt', 'srt');
  expect(file?.name).toBe('chosen.srt');
  expect(readFileSync(path, 'utf8')).toBe('');
  const liveFileId = file?.liveFileId ?? '';
  await files.append({ liveFileId, text: '你好 ' });
  expect(readFileSync(path, 'utf8')).toBe('你好 ');
  await Promise.all(['a', 'b', 'c'].map((text) => files.append({ liveFileId, text })));
  expect(readFileSync(path, 'utf8')).toBe('你好 abc');
  await files.close({ liveFileId });
  await expect(files.append({ liveFileId, text: 'late' })).rejects.toMatchObject({ code: 'liveFile.unknown' });
  expect(readFileSync(path, 'utf8')).toBe('你好 abc');
});

it('is none where the person chooses none', async () => {
  expect(await new LiveFiles(async () => null).open(ASKED)).toEqual({ file: null });
});

it('says which file cannot be written', async () => {
  const files = new LiveFiles(async () => join(folder, 'gone', 'talk.srt'));
  await expect(files.open(ASKED)).rejects.toMatchObject({
    code: 'liveFile.failed',
    params: { file: 'talk.srt', reason: 'ENOENT' },
  });
});

it('what the host cannot do is an answer with a sentence, and no path is in any message', async () => {
  const window = openWindow(gate().gateway);
  expect(codeOf(await window.ask('liveFile.append', { liveFileId: 'file-1', text: 'x' }))).toBe('liveFile.unknown');
  for (const name of ['../talk.txt', '/etc/passwd', 'a\\b.txt'])
    expect(codeOf(await window.ask('liveFile.open', { name, format: 'txt' }))).toBe('message.refused');
});
