// A surface over two parameters as a solid picture: each cell a quadrilateral, the far ones painted first.
import type { Palette, Surface } from '../../charts/canvas';
import { entryOf, type ColourTable } from '../../charts/colourTable';

/** Heights over a square of points, by row and within it by column, [grid, grid], from 0 to `top`. */
export interface HeightField {
  readonly heights: Float32Array;
  readonly grid: number;
  readonly top: number;
}
/** A place over the square, both sides from 0 to 1, and its height as a share of the top. */
export interface FieldPoint {
  readonly u: number;
  readonly v: number;
  readonly height: number;
}
export interface FieldPath {
  /** Null where it has left the square: the line is broken there. */
  readonly points: readonly (FieldPoint | null)[];
  readonly colour: string;
}
export interface SolidView {
  /** About the upright axis, in radians. */
  readonly yaw: number;
  /** How far from above, in radians: 0 from the side. */
  readonly pitch: number;
}
type Place = readonly [x: number, y: number];

/** From the unit square to the picture. */
export function projection({ yaw, pitch }: SolidView, width: number, height: number): (point: FieldPoint) => Place {
  const size = Math.min(width * 0.86, height * 0.9) * 0.78;
  const [cosine, sine] = [Math.cos(yaw), Math.sin(yaw)];
  return ({ u, v, height: z }) => {
    const [x, y] = [u - 0.5, v - 0.5];
    const across = x * cosine - y * sine;
    const depth = x * sine + y * cosine;
    const up = z * 0.5 * Math.cos(pitch) * 1.2;
    return [width / 2 + across * size, height * 0.62 + (depth * Math.sin(pitch) * 0.9 - up) * size];
  };
}

/** Indices from the far end to the near one: the order in which nearer cells hide farther ones. */
export function paintingOrder(count: number, slope: number): number[] {
  const order = Array.from({ length: count }, (_, index) => index);
  return slope >= 0 ? order : order.reverse();
}

const LIGHTER = 24;
const channels = (entry: number): readonly [number, number, number] => [
  entry & 255,
  (entry >> 8) & 255,
  (entry >> 16) & 255,
];

/** @param stride points from one corner of a cell to the next: 1 for all of them */
export function drawSolid(
  { context, width, height }: Surface,
  { heights, grid, top }: HeightField,
  view: SolidView,
  { colours, stride }: { colours: ColourTable; stride: number },
): void {
  const project = projection(view, width, height);
  const count = Math.floor((grid - 1) / stride);
  const at = (i: number, j: number): number => (heights[i * stride * grid + j * stride] as number) / top;
  const places = Array.from({ length: (count + 1) ** 2 }, (_, k) => {
    const [i, j] = [Math.floor(k / (count + 1)), k % (count + 1)];
    return project({ u: i / count, v: j / count, height: at(i, j) });
  });
  context.lineWidth = 0.6;
  for (const i of paintingOrder(count, Math.sin(view.yaw)))
    for (const j of paintingOrder(count, Math.cos(view.yaw))) {
      const z = [at(i, j), at(i + 1, j), at(i + 1, j + 1), at(i, j + 1)];
      const shade = 1 - Math.min(0.28, (Math.max(...z) - Math.min(...z)) * 0.5);
      const mean = (z[0]! + z[1]! + z[2]! + z[3]!) / 4;
      const [red, green, blue] = channels(colours[entryOf(mean, { low: 0, high: 1 })] as number).map((c) => c * shade);
      context.beginPath();
      for (const k of [0, 1, count + 2, count + 1]) {
        // Corners in turn: along a row, then to the next.
        const [x, y] = places[i * (count + 1) + j + k] as Place;
        context.lineTo(x, y);
      }
      context.closePath();
      context.fillStyle = `rgb(${red},${green},${blue})`;
      context.fill();
      context.strokeStyle = `rgba(${red! + LIGHTER},${green! + LIGHTER},${blue! + LIGHTER},.55)`;
      context.stroke();
    }
}

/** A path with a pale edge, a dot at each point, and a ball at the end of it. */
export function drawPath(
  { context }: Surface,
  { points, colour }: FieldPath,
  project: (point: FieldPoint) => Place,
): void {
  const places = points.map((point) => (point === null ? null : project(point)));
  for (const [stroke, lineWidth] of [
    ['#fff', 4.5],
    [colour, 2.4],
  ] as const) {
    context.strokeStyle = stroke;
    context.lineWidth = lineWidth;
    context.lineJoin = 'round';
    context.beginPath();
    places.forEach((place, index) => {
      if (place === null) return;
      if (index > 0 && places[index - 1]) context.lineTo(...place);
      else context.moveTo(...place);
    });
    context.stroke();
  }
  for (const place of places) if (place) dot(context, place, { radius: 3, fill: colour, edge: '#fff' });
}

export function drawBall({ context }: Surface, place: Place): void {
  dot(context, place, { radius: 7, fill: '#fff', edge: '#14191a' });
}

function dot(
  context: CanvasRenderingContext2D,
  [x, y]: Place,
  { radius, fill, edge }: { radius: number; fill: string; edge: string },
): void {
  context.beginPath();
  context.arc(x, y, radius, 0, 2 * Math.PI);
  context.fillStyle = fill;
  context.fill();
  context.strokeStyle = edge;
  context.lineWidth = radius > 4 ? 2 : 1;
  context.stroke();
}

/** Names of the two sides, each at the side that is nearer. */
export function drawSideNames(
  { context, width, height }: Surface,
  view: SolidView,
  palette: Palette,
  names: readonly [u: string, v: string],
): void {
  const project = projection(view, width, height);
  const ground = (u: number, v: number): Place => project({ u, v, height: 0 });
  const nearer = (a: Place, b: Place): Place => (a[1] > b[1] ? a : b);
  context.font = `12px ${palette['font-ui']}`;
  context.fillStyle = palette['ink-3'];
  context.textAlign = 'center';
  const [alongU, alongV] = [nearer(ground(0.5, -0.1), ground(0.5, 1.1)), nearer(ground(-0.1, 0.5), ground(1.1, 0.5))];
  context.fillText(names[0], alongU[0], alongU[1] + 12);
  context.fillText(names[1], alongV[0], alongV[1] + 12);
}
