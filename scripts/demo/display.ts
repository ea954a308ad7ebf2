import type { DemoFigures } from "./figures.ts";

const BAR = 20;
const EIGHTHS = ["", "▏", "▎", "▍", "▌", "▋", "▊", "▉"];

/** A share as a bar of fixed width, in eighths of a character. */
export function bar(share: number | null): string {
  const eighths = Math.round((share ?? 0) * BAR * 8);
  const text = "█".repeat(Math.floor(eighths / 8)) + (EIGHTHS[eighths % 8] ?? "");
  return text.padEnd(BAR, "·");
}

/** A share with two digits, or a dash where it is unknown. */
export function share(value: number | null): string {
  return value === null ? "  – " : value.toFixed(2);
}

const MONTHS = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];

/** "3 Nov" of a time. */
export function day(time: string | Date): string {
  const date = new Date(time);
  return `${date.getUTCDate()} ${MONTHS[date.getUTCMonth()]}`;
}

const WIDTH = 140;

/** The first line of a text, as long as a terminal is wide. */
export function firstLine(text: string): string {
  const [line = ""] = text.split("\n");
  return line.length > WIDTH ? `${line.slice(0, WIDTH - 1)}…` : line;
}

/** One line of progress. */
export function weekLine(week: {
  number: number;
  start: Date;
  with: number | null;
  without: number | null;
  note: string;
}): string {
  const name = `week ${String(week.number).padStart(2)}  ${day(week.start).padStart(6)}`;
  const note = week.note === "" ? "" : `   ${week.note}`;
  return `  ${name}   with ${bar(week.with)} ${share(week.with)}   without ${bar(week.without)} ${share(week.without)}${note}`;
}

/** The table at the end. */
export function table(figures: DemoFigures, weekOf: (time: string | null) => number | null): string {
  const marks = new Map<number, string[]>();
  const mark = (time: string | null, text: string) => {
    const week = weekOf(time);
    if (week !== null && time !== null) marks.set(week, [...(marks.get(week) ?? []), `${text} ${day(time)}`]);
  };
  mark(figures.changedAt, "the world changes");
  mark(figures.noticedAt, "noticed");
  mark(figures.repairedAt, "repaired");
  const rows = figures.weeks.map((week) =>
    `  ${String(week.week).padStart(4)}   ${share(week.with)}  ${bar(week.with)}   ${share(week.without)}  ${bar(week.without)}   ${(week.labelled * 100).toFixed(0).padStart(4)} %   ${(marks.get(week.week) ?? []).join(", ")}`.trimEnd(),
  );
  const { sent, failed } = figures.requests;
  return [
    "  Accuracy of logged predictions against the truth that came later",
    "",
    `  week   with the loop${" ".repeat(BAR - 7)}   without it${" ".repeat(BAR - 4)}   labelled`,
    ...rows,
    "",
    `  trainings after the first model: ${figures.trainings}   requests: ${sent.toLocaleString("en-US")} sent, ${failed} failed   wall time: ${figures.wallSeconds.toFixed(1)} s`,
  ].join("\n");
}
