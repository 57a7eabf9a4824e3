// TensorBoard's event files: scalars and histograms by tag and step, so that a run's folder opens there as it is.
//
// A file is a row of records (TensorFlow's TFRecord): u64 length, little-endian · its masked CRC-32C · the data · their masked
// CRC-32C. Data are Event messages (tensorflow/core/util/event.proto, framework/summary.proto); the first names the version.
import protobuf from 'protobufjs/light.js';
import { crc32c } from '../library/checksum';
import type { WeightStatistics } from '../network/weightStatistics';

const root = protobuf.Root.fromJSON({
  nested: {
    Histogram: {
      fields: {
        min: { type: 'double', id: 1 },
        max: { type: 'double', id: 2 },
        num: { type: 'double', id: 3 },
        sum: { type: 'double', id: 4 },
        sumSquares: { type: 'double', id: 5 },
        bucketLimit: { rule: 'repeated', type: 'double', id: 6, options: { packed: true } },
        bucket: { rule: 'repeated', type: 'double', id: 7, options: { packed: true } },
      },
    },
    Value: {
      fields: {
        tag: { type: 'string', id: 1 },
        simpleValue: { type: 'float', id: 2 },
        histo: { type: 'Histogram', id: 5 },
      },
    },
    Summary: { fields: { value: { rule: 'repeated', type: 'Value', id: 1 } } },
    Event: {
      fields: {
        wallTime: { type: 'double', id: 1 },
        step: { type: 'int64', id: 2 },
        fileVersion: { type: 'string', id: 3 },
        summary: { type: 'Summary', id: 5 },
      },
    },
  },
});
const Event = root.lookupType('Event');

/** Turned and shifted, so that a checksum of bytes that hold checksums is none of theirs. */
const masked = (crc: number): number => (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;

function record(data: Uint8Array): Uint8Array {
  const bytes = Buffer.alloc(12 + data.length + 4);
  bytes.writeBigUInt64LE(BigInt(data.length), 0);
  bytes.writeUInt32LE(masked(crc32c(bytes.subarray(0, 8))), 8);
  bytes.set(data, 12);
  bytes.writeUInt32LE(masked(crc32c(data)), 12 + data.length);
  return bytes;
}
const eventRecord = (event: object): Uint8Array => record(Event.encode(Event.create(event)).finish());

/** What a file begins with. @param wallTime seconds since 1970 */
export const versionRecord = (wallTime: number): Uint8Array => eventRecord({ wallTime, fileVersion: 'brain.Event:2' });

/** Scalars of one step; those that are null are left out. @param wallTime seconds since 1970 */
export function scalarsRecord(
  scalars: Readonly<Record<string, number | null>>,
  step: number,
  wallTime: number,
): Uint8Array {
  const value = Object.entries(scalars).flatMap(([tag, simpleValue]) =>
    simpleValue === null ? [] : [{ tag, simpleValue }],
  );
  return eventRecord({ wallTime, step, summary: { value } });
}

/** The weights of each parameter after one step, tagged `weights/` and its name; one with values that are not finite is left out. @param wallTime seconds since 1970 */
export function weightsRecord(parameters: readonly WeightStatistics[], step: number, wallTime: number): Uint8Array {
  const value = parameters
    .filter(({ mean, deviation, largest }) => [mean, deviation, largest].every(Number.isFinite))
    .map((parameter) => ({ tag: `weights/${parameter.name}`, histo: histogramOf(parameter) }));
  return eventRecord({ wallTime, step, summary: { value } });
}

function histogramOf({ mean, deviation, largest, counts }: WeightStatistics) {
  const num = counts.reduce((sum, count) => sum + count, 0);
  return {
    ...{ min: -largest, max: largest, num, sum: mean * num, sumSquares: (deviation ** 2 + mean ** 2) * num },
    bucketLimit: Array.from(counts, (_, part) => ((2 * (part + 1)) / counts.length - 1) * largest),
    bucket: [...counts],
  };
}
