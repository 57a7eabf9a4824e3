// Event files, read back by a reader that knows only the formats: TFRecord frames and protobuf's wire types.
import { promises as fs } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { crc32c } from '../../../engine/library/checksum';
import type { StepReport } from '../../../engine/training/records';
import { RunFolder } from '../../../engine/training/runFolder';
import { train } from '../../../engine/training/train';
import { temporaryFolder } from '../temporary';
import { withTraining } from './tinyRun';

/** Fields of a message by number; numbers of wire type 0, bytes of 1, 2 and 5. */
function fieldsOf(bytes: Buffer): Map<number, (number | Buffer)[]> {
  const fields = new Map<number, (number | Buffer)[]>();
  let at = 0;
  const varint = (): number => {
    for (let [value, scale] = [0, 1]; ; scale *= 128) {
      const byte = bytes[at++]!;
      value += (byte & 127) * scale;
      if (byte < 128) return value;
    }
  };
  while (at < bytes.length) {
    const key = varint();
    const lengths: Record<number, () => number> = { 1: () => 8, 2: varint, 5: () => 4 };
    const length = lengths[key & 7]?.();
    const value = length === undefined ? varint() : bytes.subarray(at, (at += length));
    fields.set(key >> 3, [...(fields.get(key >> 3) ?? []), value]);
  }
  return fields;
}

interface Histogram {
  readonly step: number;
  readonly tag: string;
  readonly limits: readonly number[];
  readonly counts: readonly number[];
}
interface Scalar {
  readonly step: number;
  readonly tag: string;
  readonly value: number;
}
async function readEvents(path: string): Promise<{ version: string; scalars: Scalar[]; histograms: Histogram[] }> {
  const bytes = await fs.readFile(path);
  const unmask = (crc: number): number => {
    const turned = (crc - 0xa282ead8) >>> 0;
    return ((turned >>> 17) | (turned << 15)) >>> 0;
  };
  let version = '';
  const scalars: Scalar[] = [];
  const histograms: Histogram[] = [];
  for (let at = 0; at < bytes.length;) {
    const length = Number(bytes.readBigUInt64LE(at));
    expect(unmask(bytes.readUInt32LE(at + 8))).toBe(crc32c(bytes.subarray(at, at + 8)));
    const data = bytes.subarray(at + 12, at + 12 + length);
    expect(unmask(bytes.readUInt32LE(at + 12 + length))).toBe(crc32c(data));
    at += length + 16;
    const event = fieldsOf(data);
    version ||= (event.get(3)?.[0] as Buffer | undefined)?.toString() ?? '';
    for (const summary of event.get(5) ?? [])
      for (const value of fieldsOf(summary as Buffer).get(1) ?? []) {
        const fields = fieldsOf(value as Buffer);
        const tag = (fields.get(1)![0] as Buffer).toString();
        const step = event.get(2)![0] as number;
        const histogram = fields.get(5)?.[0] as Buffer | undefined;
        if (histogram) histograms.push({ step, tag, ...bucketsOf(fieldsOf(histogram)) });
        else scalars.push({ step, tag, value: (fields.get(2)![0] as Buffer).readFloatLE() });
      }
  }
  return { version, scalars, histograms };
}

/** Packed doubles. */
const doubles = (bytes: Buffer): number[] =>
  Array.from({ length: bytes.length / 8 }, (_, index) => bytes.readDoubleLE(8 * index));
const bucketsOf = (fields: ReturnType<typeof fieldsOf>): Pick<Histogram, 'limits' | 'counts'> => ({
  limits: doubles(fields.get(6)![0] as Buffer),
  counts: doubles(fields.get(7)![0] as Buffer),
});

it('a run that was paused has each step once among its events', async () => {
  const folder = await temporaryFolder();
  const steps: StepReport[] = [];
  const run = withTraining({ epochs: 3 });
  const onStep = (step: StepReport): void => void steps.push(step);
  await train(run, new RunFolder(folder), { onStep, control: () => (steps.length === 3 ? 'pause' : 'goOn') });
  await train(run, new RunFolder(folder), { onStep });
  const { version, scalars, histograms } = await readEvents(join(folder, 'events.out.tfevents.0.unroll'));
  expect(version).toBe('brain.Event:2');
  const losses = scalars.filter(({ tag }) => tag === 'step/loss');
  expect(losses.map(({ step }) => step)).toEqual(steps.map(({ runStep }) => runStep));
  expect(losses.map(({ value }) => value)).toEqual(steps.map(({ loss }) => Math.fround(loss!)));
  expect(scalars.filter(({ tag }) => tag === 'epoch/validationLoss')).toHaveLength(3);
  const ofHead = histograms.filter(({ tag }) => tag === 'weights/head.bias');
  expect(ofHead.map(({ step }) => step)).toEqual(
    scalars.filter(({ tag }) => tag === 'epoch/trainLoss').map(({ step }) => step),
  );
  const sizes = ofHead.map(({ counts }) => counts.reduce((sum, count) => sum + count, 0));
  expect(new Set(sizes).size).toBe(1);
  const { limits } = ofHead.at(-1)!;
  expect(limits.every((limit, part) => part === 0 || limit > limits[part - 1]!)).toBe(true);
});
