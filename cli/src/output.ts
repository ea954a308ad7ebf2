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

/** The output of this process, as the options ask for it. */
export function outputOf(options: { readonly json?: boolean }): Output {
  return createOutput({
    json: options.json ?? false,
    stdout: process.stdout,
    stderr: process.stderr,
    clock: () => performance.now(),
  });
}
