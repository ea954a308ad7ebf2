import type { Environment } from "@causeway/contract";

/** Where rows of the log lie, and which of them are meant; JSON, so that a task can be given it. */
export type LogSources = {
  readonly project: string;
  readonly environment: Environment;
  /** Null where rows of any deployment are meant. */
  readonly deployment: string | null;
  /** Event times in ISO 8601: from is inside, until outside; null where open. */
  readonly from: string | null;
  readonly until: string | null;
  /** Spool files; they hold rows of other deployments too. */
  readonly spool: readonly string[];
  readonly files: readonly LogFile[];
};

/** A compacted file. */
export type LogFile = {
  readonly path: string;
  /** Model inputs that stand in typed columns; null in files of before, which have none and no key. */
  readonly columns: readonly string[] | null;
};

/** True for the error of a file that was moved or removed after it was listed: list again and read again. */
export function isMoved(error: unknown): boolean {
  return error instanceof Error && /No files found|No such file/.test(error.message);
}
