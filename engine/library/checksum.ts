// Check sums of file formats. Node has one of its own (zlib.crc32) only since 20.15: older ones have none.

/** @param previous the sum of what came before these bytes, so that a stream is summed piece by piece */
export type Checksum = (bytes: Uint8Array, previous?: number) => number;

/**
 * The 32-bit cyclic redundancy check of a polynomial whose bits are reversed, a byte at a time by a table (Sarwate 1988), begun and
 * ended by turning all bits.
 */
function checksumOf(polynomial: number): Checksum {
  const table = Uint32Array.from({ length: 256 }, (_, byte) => {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ polynomial : crc >>> 1;
    return crc >>> 0;
  });
  return (bytes, previous = 0) => {
    let crc = ~previous;
    for (let at = 0; at < bytes.length; at++)
      crc = (table[(crc ^ (bytes[at] as number)) & 0xff] as number) ^ (crc >>> 8);
    return ~crc >>> 0;
  };
}

/** Of zip archives (ISO 3309). */
export const crc32 = checksumOf(0xedb88320);
/** Castagnoli's (RFC 3720, appendix B.4). */
export const crc32c = checksumOf(0x82f63b78);
