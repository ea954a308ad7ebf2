/** A window of event time as charts name it. */
export type WindowSpan = { start: string; end: string; title: string };

/** A window in its column; `x` is the middle of the column, columns are one wide and begin at 0. */
export type Slot<Window extends WindowSpan = WindowSpan> = { window: Window; x: number };

/** Windows side by side in columns of equal width, so that everything of one window stands in one column. */
export type WindowAxis<Window extends WindowSpan = WindowSpan> = {
  slots: readonly Slot<Window>[];
  /** Number of columns; where windows are missing, one column stays empty. */
  width: number;
  /** The place of a moment in milliseconds, inside the columns. */
  at: (time: number) => number;
};

/** Lays windows out, the oldest first. Windows by count follow each other whatever the time between them. */
export function windowAxis<Window extends WindowSpan>(
  windows: readonly Window[],
  { byCount = false }: { byCount?: boolean } = {},
): WindowAxis<Window> {
  const slots: Slot<Window>[] = [];
  let column = 0;
  let end: number | undefined;
  for (const window of windows) {
    if (!byCount && end !== undefined && Date.parse(window.start) > end) column += 1;
    slots.push({ window, x: column + 0.5 });
    column += 1;
    end = Date.parse(window.end);
  }
  const at = (time: number): number => {
    const slot = slots.findLast(({ window }) => Date.parse(window.start) <= time);
    if (slot === undefined) return 0;
    const from = Date.parse(slot.window.start);
    const until = Date.parse(slot.window.end);
    if (time <= until) return slot.x - 0.5 + (until === from ? 0 : (time - from) / (until - from));
    const next = slots[slots.indexOf(slot) + 1];
    return next === undefined ? column : (slot.x + 0.5 + next.x - 0.5) / 2;
  };
  return { slots, width: column, at };
}

/** A window's title where little room is: "17-07" for 2017-07, "W29" for 2017-W29. */
export function shortTitle(title: string): string {
  const week = /^\d{4}-(W\d+)$/.exec(title)?.[1];
  if (week !== undefined) return week;
  if (/^\d{4}-\d{2}$/.test(title)) return title.slice(2);
  const day = /^\d{4}-(\d{2}-\d{2})$/.exec(title)?.[1];
  if (day !== undefined) return day;
  return /^(\d{1,2} \p{L}+) \d{4}$/u.exec(title)?.[1] ?? title.replace(/^rows (\S+) to \S+$/, "$1");
}

/** Every how many columns a title fits, when a letter takes at most 7.2 px. */
export function titleStep(titles: readonly string[], columnPx: number): number {
  const longest = Math.max(1, ...titles.map(({ length }) => length));
  return Math.max(1, Math.ceil((longest * 7.2 + 6) / Math.max(1, columnPx)));
}
