/** The name of a line at its end: where the line ends, and where its name stands after crowded names were moved apart. */
export type EndLabel = { name: string; x: number; y: number; labelY: number };

/** Height that one name needs, in px. */
const LINE = 13;

/** Moves names apart so that none covers another, each as near to its line's end as it can be. */
export function spreadLabels(
  ends: ReadonlyArray<{ name: string; x: number; y: number }>,
  { top, bottom }: { top: number; bottom: number },
): EndLabel[] {
  const placed = ends.map((end) => ({ ...end, labelY: end.y })).sort((a, b) => a.y - b.y);
  for (const [index, label] of placed.entries()) {
    const above = placed[index - 1];
    label.labelY = Math.max(label.labelY, above === undefined ? top : above.labelY + LINE);
  }
  for (const [back, label] of placed.toReversed().entries()) {
    const below = placed[placed.length - back];
    label.labelY = Math.min(label.labelY, below === undefined ? bottom : below.labelY - LINE);
  }
  return placed;
}
