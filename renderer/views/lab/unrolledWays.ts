// Ways between the nodes of an unrolled network: straight, or bent around what stands between.

export interface Place {
  readonly x: number;
  readonly y: number;
}
export interface Way {
  readonly from: Place;
  /** Of a quadratic Bézier curve. */
  readonly control: Place;
  readonly to: Place;
  /** As SVG draws it. */
  readonly d: string;
}

/** How far a way that passes another row is bent aside, of its length. */
const BEND = 0.16;

/** @param isPassing whether another row stands between */
export function wayOf(from: Place, to: Place, isPassing: boolean): Way {
  const isUpright = isPassing && Math.abs(from.x - to.x) < 1;
  const length = Math.abs(from.y - to.y);
  const control = { x: (from.x + to.x) / 2 - (isUpright ? BEND * length : 0), y: (from.y + to.y) / 2 };
  const at = ({ x, y }: Place): string => `${x.toFixed(1)} ${y.toFixed(1)}`;
  return { from, control, to, d: `M${at(from)}Q${at(control)} ${at(to)}` };
}

/** The point at a share of the way, 0 at its beginning. */
export function pointOn({ from, control, to }: Way, share: number): Place {
  const [a, b, c] = [(1 - share) ** 2, 2 * share * (1 - share), share ** 2];
  return { x: a * from.x + b * control.x + c * to.x, y: a * from.y + b * control.y + c * to.y };
}
