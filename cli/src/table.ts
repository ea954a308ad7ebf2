import Table from "cli-table3";

/** A table without lines: a head, rows, numbers to the right where the column's name is in `right`. */
export function table(
  head: readonly string[],
  rows: readonly (readonly unknown[])[],
  right: readonly string[] = [],
): string {
  const none = { top: "", bottom: "", left: "", right: "", mid: "", middle: "  " };
  const chars = Object.fromEntries(
    ["", "-mid", "-left", "-right"].flatMap((place) =>
      Object.entries(none).map(([side, text]) => [`${side}${place}`, text]),
    ),
  );
  const drawn = new Table({
    head: [...head],
    chars: { ...chars, middle: "  ", "left-mid": "", "mid-mid": "", "right-mid": "", mid: "" },
    style: { head: [], border: [], "padding-left": 0, "padding-right": 0, compact: true },
    colAligns: head.map((name) => (right.includes(name) ? "right" : "left")),
  });
  drawn.push(
    ...rows.map((row) => row.map((cell) => (cell === null || cell === undefined ? "–" : String(cell)))),
  );
  return drawn
    .toString()
    .split("\n")
    .map((line) => line.trimEnd())
    .join("\n");
}
