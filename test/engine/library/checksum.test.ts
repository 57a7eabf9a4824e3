import { crc32 as nodeCrc32 } from 'node:zlib';
import { expect, it } from 'vitest';
import { crc32, crc32c } from '../../../engine/library/checksum';

it('CRC-32C is the one of RFC 3720', () => {
  expect(crc32c(new Uint8Array(32))).toBe(0x8a9136aa);
  expect(crc32c(new Uint8Array(32).fill(0xff))).toBe(0x62a8ab43);
  expect(crc32c(Uint8Array.from({ length: 32 }, (_, k) => k))).toBe(0x46dd794e);
  expect(crc32c(Buffer.from('123456789'))).toBe(0xe3069283);
});

it('CRC-32 is the one of zip archives, in one piece and in several', () => {
  const bytes = Uint8Array.from({ length: 1000 }, (_, k) => (k * k) % 251);
  expect(crc32(Buffer.from('123456789'))).toBe(0xcbf43926);
  expect(crc32(bytes)).toBe(nodeCrc32(bytes));
  expect(crc32(bytes.subarray(300), crc32(bytes.subarray(0, 300)))).toBe(nodeCrc32(bytes));
  expect(crc32(new Uint8Array())).toBe(0);
});
