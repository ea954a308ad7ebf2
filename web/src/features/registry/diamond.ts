/** The path of a diamond around a point: the mark of a candidate. */
export function diamond(x: number, y: number, r: number): string {
  return `M${x} ${y - r}l${r} ${r}l${-r} ${r}l${-r} ${-r}z`;
}
