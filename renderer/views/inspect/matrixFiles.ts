// Matrices as files for other programs: numbers with a point, one line or row for each frame.

export interface NamedMatrix {
  /** forgetGate of layer 0, forward: as the command writes it. */
  readonly name: string;
  /** [frames, units] */
  readonly values: Float32Array;
  readonly frames: number;
  readonly units: number;
  readonly frameMs: number;
}

/** Seven digits hold all that a float32 knows. */
const told = (value: number): string => String(Number(value.toPrecision(7)));

function* rowsOf({ values, frames, units }: NamedMatrix): Generator<Float32Array> {
  for (let frame = 0; frame < frames; frame++) yield values.subarray(frame * units, (frame + 1) * units);
}

export function matrixAsCsv(matrix: NamedMatrix): string {
  const lines = [['frame', 'seconds', ...Array.from({ length: matrix.units }, (_, unit) => `unit_${unit}`)].join(',')];
  let frame = 0;
  for (const row of rowsOf(matrix)) {
    const seconds = Number(((frame * matrix.frameMs) / 1000).toFixed(6));
    lines.push([frame, seconds, ...Array.from(row, told)].join(','));
    frame += 1;
  }
  return lines.join('\n');
}

export function matrixAsJson(matrix: NamedMatrix): string {
  const { name, frames, units, frameMs } = matrix;
  const head = JSON.stringify({ name, shape: [frames, units], frameMs });
  const rows = [...rowsOf(matrix)].map((row) => `[${Array.from(row, told).join(',')}]`);
  return `${head.slice(0, -1)},"values":[\n${rows.join(',\n')}\n]}`;
}
