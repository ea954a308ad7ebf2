/** Under npm one Ctrl-C arrives twice: what repeats within this time is one. */
const SAME_MS = 2000;

/**
 * Calls `stop` at the first SIGINT, SIGTERM or SIGHUP, and `force` when one comes again later than 2 s after it.
 * `clock` gives milliseconds.
 */
export function onStopSignals(
  process: Pick<NodeJS.Process, "on">,
  { stop, force, clock }: { stop: () => void; force: () => void; clock: () => number },
): void {
  let firstAt: number | undefined;
  const heard = () => {
    if (firstAt === undefined) {
      firstAt = clock();
      stop();
    } else if (clock() - firstAt > SAME_MS) {
      force();
    }
  };
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, heard);
}
