import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, expect, it, vi } from 'vitest';
import { MAX_OFFERED_PIECE_BYTES } from '../../app/contract/watching';
import { OfferedFiles } from '../../main/offeredFiles';

const folder = mkdtempSync(join(tmpdir(), 'unroll-offered-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));
const path = join(folder, 'memo.m4a');
const content = Uint8Array.from({ length: MAX_OFFERED_PIECE_BYTES + 5 }, (_, index) => index % 251);
writeFileSync(path, content);

it('a file that is offered is read by the first window that takes it, whole', async () => {
  const ids: string[] = [];
  const files = new OfferedFiles({ publish: (offerId) => ids.push(offerId) });
  const offering = files.offer(path);
  await vi.waitFor(() => expect(ids).toHaveLength(1));
  const [offerId = ''] = ids;
  await expect(files.read({ offerId, offset: 0 })).rejects.toMatchObject({ code: 'message.refused' });
  expect(files.take({ offerId })).toEqual({ file: { name: 'memo.m4a', byteLength: content.length } });
  expect(files.take({ offerId })).toEqual({ file: null });
  const pieces: Uint8Array[] = [];
  for (let offset = 0; ;) {
    const { bytes } = await files.read({ offerId, offset });
    if (bytes.length === 0) break;
    pieces.push(bytes);
    offset += bytes.length;
  }
  expect(pieces.map(({ length }) => length)).toEqual([MAX_OFFERED_PIECE_BYTES, 5]);
  expect(Buffer.concat(pieces).equals(Buffer.from(content))).toBe(true);
  await expect(offering).resolves.toBe(true);
  expect(files.take({ offerId })).toEqual({ file: null });
});

it('an offer that no window takes, or that one leaves half read, is over and was in vain', async () => {
  const ids: string[] = [];
  const files = new OfferedFiles({ publish: (offerId) => ids.push(offerId), answerMs: 200 });
  await expect(files.offer(path)).resolves.toBe(false);
  const offering = files.offer(path);
  await vi.waitFor(() => expect(ids).toHaveLength(2), { interval: 10 });
  files.take({ offerId: ids[1] ?? '' });
  await files.read({ offerId: ids[1] ?? '', offset: 0 });
  await expect(offering).resolves.toBe(false);
});
