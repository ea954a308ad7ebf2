import { setTimeout as pause } from "node:timers/promises";
import { demonstrate } from "./demonstrate.ts";
import { parseOptions } from "./options.ts";

const options = parseOptions(process.argv.slice(2));
if (typeof options === "string") {
  process.stderr.write(`${options}\n`);
  process.exitCode = options.startsWith("npm run demo") ? 0 : 2;
} else {
  const stopped = new AbortController();
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => stopped.abort());
  try {
    await demonstrate(options, {
      say: (line) => process.stderr.write(`${line}\n`),
      answer: (line) => process.stdout.write(`${line}\n`),
      now: () => new Date(),
      clock: () => performance.now(),
      pause: (ms) => pause(ms),
      signal: stopped.signal,
    });
  } catch (error) {
    if (!stopped.signal.aborted) {
      process.stderr.write(
        `\n  The demo could not go on: ${error instanceof Error ? error.message : String(error)}\n`,
      );
      process.exitCode = 1;
    }
  }
}
