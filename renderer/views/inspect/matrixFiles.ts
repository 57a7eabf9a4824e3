// Matrices as files for other programs: numbers with a point, one line or row for each frame.
import type { MatrixSource } from '../../../app/contract/inspection';
import { npyBytes } from '../../charts/npy';

export interface NamedMatrix {
  /** forgetGate of layer 0, forward: as the command writes it. */
  readonly name: string;
  /** [frames, units] */
  readonly values: Float32Array;
  readonly frames: number;
  readonly units: number;
  readonly frameMs: number;
  /** The frame of the sound that the first row is; 0 if left out. */
  readonly firstFrame?: number;
}
/** A matrix that can be had, by its name for people. */
export interface OfferedMatrix {
  readonly label: string;
  readonly read: () => NamedMatrix | Promise<NamedMatrix>;
}

export const MATRIX_FORMS = ['npy', 'csv', 'json'] as const;
export type MatrixForm = (typeof MATRIX_FORMS)[number];

export function matrixAsFile(matrix: NamedMatrix, form: MatrixForm): Blob {
  switch (form) {
    case 'npy':
      return new Blob([npyBytes(matrix.values, [matrix.frames, matrix.units])]);
    case 'csv':
      return textFile(matrixAsCsv(matrix), 'text/csv');
    case 'json':
      return textFile(matrixAsJson(matrix), 'application/json');
  }
}
const textFile = (text: string, type: string): Blob => new Blob([`${text}\n`], { type: `${type};charset=utf-8` });

/** As the command calls it. */
export const matrixName = (of: MatrixSource): string =>
  of.kind === 'activation' ? `layer${of.layer}.${of.direction}.${of.activation}` : of.kind;

/** Seven digits hold all that a float32 knows. @param nothing what stands where there is no number */
const told = (value: number, nothing: string): string =>
  Number.isFinite(value) ? String(Number(value.toPrecision(7))) : nothing;

function* rowsOf({ values, frames, units }: NamedMatrix): Generator<Float32Array> {
  for (let frame = 0; frame < frames; frame++) yield values.subarray(frame * units, (frame + 1) * units);
}

export function matrixAsCsv(matrix: NamedMatrix): string {
  const lines = [['frame', 'seconds', ...Array.from({ length: matrix.units }, (_, unit) => `unit_${unit}`)].join(',')];
  let frame = matrix.firstFrame ?? 0;
  for (const row of rowsOf(matrix)) {
    const seconds = Number(((frame * matrix.frameMs) / 1000).toFixed(6));
    lines.push([frame, seconds, ...Array.from(row, (each) => told(each, ''))].join(','));
    frame += 1;
  }
  return lines.join('\n');
}

export function matrixAsJson(matrix: NamedMatrix): string {
  const { name, frames, units, frameMs, firstFrame } = matrix;
  const head = JSON.stringify({ name, shape: [frames, units], frameMs, firstFrame });
  const rows = [...rowsOf(matrix)].map((row) => `[${Array.from(row, (each) => told(each, 'null')).join(',')}]`);
  return `${head.slice(0, -1)},"values":[\n${rows.join(',\n')}\n]}`;
}
