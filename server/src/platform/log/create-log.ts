import { existsSync, mkdirSync, renameSync, statSync } from "node:fs";
import { join } from "node:path";
import { type Logger, multistream, pino } from "pino";
import { hideSecrets } from "./secrets.ts";

export type { Logger };

export const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;

/** What a log is made with. `role` names its file and stands on each line. */
export type LogOptions = {
  readonly dataDir: string;
  readonly role: string;
  readonly level: (typeof LOG_LEVELS)[number];
  /** Gets a short line for each warning and error. */
  readonly console: { write: (line: string) => unknown };
};

/** At the start, a file beyond this size makes room for a new one; one older file is kept. */
const LARGEST_BYTES = 20 * 1024 * 1024;

/**
 * Makes the log of a program: JSON lines in `logs/<role>.log`, warnings also as short lines for a person. Lines are written at
 * once, so that the last words before a kill are there. Secrets are taken out of every line, whoever wrote it.
 */
export function createLog({ dataDir, role, level, console }: LogOptions): Logger {
  const folder = join(dataDir, "logs");
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, `${role}.log`);
  if (existsSync(file) && statSync(file).size > LARGEST_BYTES) renameSync(file, `${file}.1`);
  const sink = pino.destination({ dest: file, sync: true, mode: 0o600 });
  // A full disk must not end the program because of its log.
  sink.on("error", () => {});
  return pino(
    { level, base: { role, process: process.pid }, timestamp: pino.stdTimeFunctions.isoTime },
    multistream([
      { level, stream: { write: (line: string) => sink.write(hideSecrets(line)) } },
      { level: "warn", stream: { write: (line: string) => console.write(shortLine(hideSecrets(line))) } },
    ]),
  );
}

/** `10:42:07 WARN control: database server has died (connection refused)`. */
function shortLine(line: string): string {
  const { time, level, role, msg, err, requestId } = JSON.parse(line) as Record<string, unknown>; // pino wrote it
  const word = typeof level === "number" && level >= 50 ? "ERROR" : "WARN";
  const cause =
    typeof err === "object" && err !== null && "message" in err ? ` (${String(err.message)})` : "";
  const request = typeof requestId === "string" ? ` [${requestId}]` : "";
  return `${String(time).slice(11, 19)} ${word} ${String(role)}: ${String(msg)}${cause}${request}\n`;
}
