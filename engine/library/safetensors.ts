// Weights on disk in the safetensors format, so that Python reads them too.
//
// Layout, little-endian: u64 length of the header · header, JSON, padded with spaces to a multiple of 8 · the tensors' data.
// Header: name → { dtype, shape, data_offsets: [begin, end] counted from the header's end }; "__metadata__" → text → text.
import { z } from 'zod';
import { UnrollError, type ErrorParams, type ReasonCode } from '../../app/errors';
import { fieldReason } from '../../app/fieldReason';
import { sizeOf, type ParameterSet, type ParameterShape, type ParameterValue } from '../network/parameters';
import { FLOAT16_MAX, fromFloat16, toFloat16 } from './float16';

export type WeightType = 'F32' | 'F16';
export interface WriteOptions {
  readonly dtype: WeightType;
  readonly metadata?: Readonly<Record<string, string>>;
}

export const MAX_HEADER_BYTES = 1 << 20;
const LENGTH_BYTES = 8;
const METADATA = '__metadata__';
const SHOWN_CHARACTERS = 60;
const BYTES_PER_VALUE: Record<WeightType, number> = { F32: 4, F16: 2 };

const position = z.number().int().nonnegative().max(Number.MAX_SAFE_INTEGER);
const entrySchema = z.strictObject({
  dtype: z.enum(['F32', 'F16'], { error: 'reason.weights.type' }),
  shape: z.array(position).max(8),
  data_offsets: z.tuple([position, position]),
});
const metadataSchema = z.record(z.string(), z.string());
const headerSchema = z.record(z.string(), z.unknown());

interface Entry {
  readonly name: string;
  readonly dtype: WeightType;
  readonly shape: readonly number[];
  /** Counted from the start of the file. */
  readonly begin: number;
  readonly end: number;
}
interface Header {
  readonly metadata: Readonly<Record<string, string>>;
  readonly entries: readonly Entry[];
  readonly dataStart: number;
}

/**
 * @throws RangeError where a value is not finite or, as F16, beyond ±65504: such weights are a bug of whoever made them.
 */
export function writeSafetensors(tensors: Iterable<ParameterValue>, { dtype, metadata }: WriteOptions): Uint8Array {
  const list = [...tensors];
  const entries: Record<string, unknown> = metadata === undefined ? {} : { [METADATA]: metadata };
  let end = 0;
  for (const { name, shape, values } of list) {
    const begin = end;
    end += values.length * BYTES_PER_VALUE[dtype];
    entries[name] = { dtype, shape, data_offsets: [begin, end] };
  }
  const header = new TextEncoder().encode(JSON.stringify(entries));
  const dataStart = LENGTH_BYTES + Math.ceil(header.length / 8) * 8;
  const bytes = new Uint8Array(dataStart + end).fill(0x20, 0, dataStart);
  const view = new DataView(bytes.buffer);
  view.setBigUint64(0, BigInt(dataStart - LENGTH_BYTES), true);
  bytes.set(header, LENGTH_BYTES);

  let offset = dataStart;
  for (const tensor of list) {
    checkWritable(tensor, dtype);
    for (const value of tensor.values) {
      if (dtype === 'F32') view.setFloat32(offset, value, true);
      else view.setUint16(offset, toFloat16(value), true);
      offset += BYTES_PER_VALUE[dtype];
    }
  }
  return bytes;
}

function checkWritable({ name, shape, values }: ParameterValue, dtype: WeightType): void {
  if (values.length !== sizeOf(shape))
    throw new RangeError(`Expected ${name} to hold ${sizeOf(shape)} values, but got ${values.length}`);
  const limit = dtype === 'F16' ? FLOAT16_MAX : Number.MAX_VALUE;
  const bad = values.find((value) => !(Math.abs(value) <= limit));
  if (bad !== undefined)
    throw new RangeError(`Expected ${name} to hold values that ${dtype} can store, but got ${bad}`);
}

/**
 * Reads exactly the expected tensors; everything is checked before a tensor is allocated. F16 is widened.
 *
 * @param model named in the error's sentence.
 * @throws UnrollError model.invalid for a file that is anything else than those tensors, whole and finite.
 */
export function readSafetensors(
  bytes: Uint8Array,
  expected: readonly ParameterShape[],
  model = 'weights.safetensors',
): ParameterSet {
  const refuse = refusal(model);
  const header = parseHeader(bytes, refuse);
  checkNamesAndShapes(header.entries, expected, refuse);
  checkPlaces(header, bytes.byteLength, refuse);
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  for (const entry of header.entries) checkFinite(view, entry, refuse);

  const byName = new Map(header.entries.map((entry) => [entry.name, entry]));
  return new Map(
    expected.map(({ name, shape }) => [name, { name, shape: [...shape], values: valuesOf(view, byName.get(name)!) }]),
  );
}

/** Whatever tensors there are, with the checks of readSafetensors. @throws UnrollError model.invalid */
export function readEverySafetensor(bytes: Uint8Array, model = 'weights.safetensors'): ParameterSet {
  return readSafetensors(bytes, parseHeader(bytes, refusal(model)).entries, model);
}

/** The free text beside the tensors. @throws UnrollError model.invalid where there is no readable header. */
export function readMetadata(bytes: Uint8Array, model = 'weights.safetensors'): Readonly<Record<string, string>> {
  return parseHeader(bytes, refusal(model)).metadata;
}

/** @param field of the header, where it is to blame */
type Refuse = (reason: ReasonCode, params?: ErrorParams, field?: string) => never;
const refusal =
  (model: string): Refuse =>
  (reason, params = {}, field) => {
    const place = field === undefined ? 'weights.safetensors' : `weights.safetensors: ${field}`;
    throw new UnrollError('model.invalid', { ...params, model, place, reason });
  };

function parseHeader(bytes: Uint8Array, refuse: Refuse): Header {
  if (bytes.byteLength < LENGTH_BYTES) return refuse('reason.weights.short');
  const length = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) return refuse('reason.weights.headerLong');
  const dataStart = LENGTH_BYTES + Number(length);
  if (dataStart > bytes.byteLength) return refuse('reason.weights.headerCut');
  const json = parseJson(bytes.subarray(LENGTH_BYTES, dataStart), refuse);

  const { [METADATA]: metadata = {}, ...tensors } = json;
  const checkedMetadata = metadataSchema.safeParse(metadata);
  if (!checkedMetadata.success) return refuse('reason.weights.metadata');
  const entries = Object.entries(tensors).map(([name, value]): Entry => {
    const entry = entrySchema.safeParse(value);
    if (!entry.success) {
      const { path, params } = fieldReason(entry.error, value);
      return refuse(params.reason, params, [shown(name), path.slice(0, SHOWN_CHARACTERS)].filter(Boolean).join(' '));
    }
    const [begin, end] = entry.data.data_offsets;
    return { name, dtype: entry.data.dtype, shape: entry.data.shape, begin: dataStart + begin, end: dataStart + end };
  });
  return { metadata: checkedMetadata.data, entries, dataStart };
}

function parseJson(text: Uint8Array, refuse: Refuse): Record<string, unknown> {
  let value: unknown;
  try {
    value = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(text));
  } catch {
    return refuse('reason.weights.headerJson');
  }
  const header = headerSchema.safeParse(value);
  return header.success ? header.data : refuse('reason.weights.headerObject');
}

function checkNamesAndShapes(entries: readonly Entry[], expected: readonly ParameterShape[], refuse: Refuse): void {
  const shapes = new Map(expected.map(({ name, shape }) => [name, shape]));
  for (const { name, shape } of entries) {
    const wanted = shapes.get(name);
    if (wanted === undefined) refuse('reason.weights.stranger', { tensor: shown(name) });
    else if (wanted.length !== shape.length || wanted.some((size, axis) => size !== shape[axis]))
      refuse('reason.weights.shape', { tensor: name, stated: shape.join(', '), needed: wanted.join(', ') });
  }
  const present = new Set(entries.map(({ name }) => name));
  const missing = expected.find(({ name }) => !present.has(name));
  if (missing !== undefined) refuse('reason.weights.missing', { tensor: missing.name });
}

/** The tensors lie end to end, from the header's end to the file's end. */
function checkPlaces({ entries, dataStart }: Header, fileBytes: number, refuse: Refuse): void {
  let end = dataStart;
  for (const entry of entries.toSorted((a, b) => a.begin - b.begin)) {
    if (entry.begin < end) refuse('reason.weights.overlap', { tensor: entry.name });
    if (entry.begin > end) refuse('reason.weights.gap', { tensor: entry.name });
    if (entry.end > fileBytes) refuse('reason.weights.cut', { tensor: entry.name });
    const size = byteSize(entry);
    if (size === null || entry.end - entry.begin !== size) refuse('reason.weights.place', { tensor: entry.name });
    end = entry.end;
  }
  if (end !== fileBytes) refuse('reason.weights.rest');
}

/** Null where the product leaves the whole numbers that arithmetic is exact in. */
function byteSize({ shape, dtype }: Entry): number | null {
  let size = BYTES_PER_VALUE[dtype];
  for (const length of shape) {
    size *= length;
    if (!Number.isSafeInteger(size)) return null;
  }
  return size;
}

const readValue = (view: DataView, dtype: WeightType, offset: number): number =>
  dtype === 'F32' ? view.getFloat32(offset, true) : fromFloat16(view.getUint16(offset, true));

function checkFinite(view: DataView, { name, dtype, begin, end }: Entry, refuse: Refuse): void {
  for (let offset = begin; offset < end; offset += BYTES_PER_VALUE[dtype])
    if (!Number.isFinite(readValue(view, dtype, offset))) refuse('reason.weights.notFinite', { tensor: name });
}

function valuesOf(view: DataView, { dtype, begin, end }: Entry): Float32Array {
  const bytes = BYTES_PER_VALUE[dtype];
  const values = new Float32Array((end - begin) / bytes);
  for (let i = 0; i < values.length; i++) values[i] = readValue(view, dtype, begin + i * bytes);
  return values;
}

/** A stranger's text in a sentence: short, and without control characters. */
const shown = (text: string): string =>
  JSON.stringify(text.length > SHOWN_CHARACTERS ? `${text.slice(0, SHOWN_CHARACTERS)}…` : text);
