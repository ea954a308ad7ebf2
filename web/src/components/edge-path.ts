/** A point in px. */
export type Point = { x: number; y: number };

const CORNER = 8;

/** An SVG path through points by level and upright stretches with rounded corners; it turns in the gap before each point. */
export function edgePath(points: readonly Point[], gap: number): string {
  const corners: Point[] = [];
  for (const [index, point] of points.entries()) {
    const before = points[index - 1];
    if (before !== undefined && Math.abs(before.y - point.y) > 0.5) {
      const turn = point.x - gap / 2;
      corners.push({ x: turn, y: before.y }, { x: turn, y: point.y });
    }
    corners.push(point);
  }
  return corners.map((corner, index) => stretch(corner, corners[index - 1], corners[index + 1])).join("");
}

function stretch(corner: Point, before: Point | undefined, after: Point | undefined): string {
  if (before === undefined) return `M${corner.x} ${corner.y}`;
  if (after === undefined) return `L${corner.x} ${corner.y}`;
  const r = Math.min(CORNER, distance(before, corner) / 2, distance(corner, after) / 2);
  if (r < 0.5) return `L${corner.x} ${corner.y}`;
  const from = towards(corner, before, r);
  const to = towards(corner, after, r);
  return `L${from.x} ${from.y}Q${corner.x} ${corner.y} ${to.x} ${to.y}`;
}

function distance(a: Point, b: Point): number {
  return Math.hypot(a.x - b.x, a.y - b.y);
}

function towards(from: Point, to: Point, by: number): Point {
  const whole = distance(from, to) || 1;
  return { x: from.x + ((to.x - from.x) * by) / whole, y: from.y + ((to.y - from.y) * by) / whole };
}
