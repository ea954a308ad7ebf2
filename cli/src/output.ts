import Table from "cli-table3";

/** Where a command writes: results on standard output, everything else on standard error. */
export type Output = {
  /** The answer: one line of JSON with `--json`, else what `show` makes of it. */
  answer<Value>(value: Value, show: (value: Value) => string): void;
  /** One line of a result that comes piece by piece, on standard output; not with `--json`. */
  result(line: string): void;
  /** A line for people, on standard error. */
  note(line: string): void;
  /** A line that is redrawn in place on a terminal; elsewhere it is written at most every 2 s. */
  progress: ProgressLine;
  readonly json: boolean;
};

/** One line that tells how far a long piece of work has come. */
export type ProgressLine = { update(text: string): void; done(): void };

type Stream = Pick<NodeJS.WriteStream, "write" | "isTTY" | "columns">;

/** Time between progress lines where standard error is not a terminal, and between redraws where it is. */
const PLAIN_EVERY_MS = 2000;
const REDRAW_EVERY_MS = 80;

export function createOutput(options: {
  json: boolean;
  stdout: Stream;
  stderr: Stream;
  clock: () => number;
}): Output {
  const { json, stdout, stderr, clock } = options;
  let drawn = false;
  // The first line comes after the pause, so that what is quick shows nothing.
  let last = clock();
  const wipe = () => {
    if (drawn) stderr.write("\r\u001b[K");
    drawn = false;
  };
  return {
    json,
    answer(value, show) {
      wipe();
      stdout.write(`${json ? JSON.stringify(value) : show(value)}\n`);
    },
    result(line) {
      wipe();
      stdout.write(`${line}\n`);
    },
    note(line) {
      wipe();
      stderr.write(`${line}\n`);
    },
    progress: {
      update(text) {
        const now = clock();
        if (now - last < (stderr.isTTY ? REDRAW_EVERY_MS : PLAIN_EVERY_MS)) return;
        last = now;
        if (!stderr.isTTY) return void stderr.write(`${text}\n`);
        stderr.write(`\r\u001b[K${text.slice(0, (stderr.columns ?? 80) - 1)}`);
        drawn = true;
      },
      done: wipe,
    },
  };
}

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
