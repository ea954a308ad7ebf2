import { type CausewayError, fail } from "@causeway/contract";

/** Why a server program ended, as far as its own words tell. */
export type FailureKind =
  | "disk-full"
  | "still-running"
  | "memory-held"
  | "not-runnable"
  | "nameless-account"
  | "other";

/** PostgreSQL speaks English here (`LC_ALL=C`), so its messages can be recognized. */
const SIGNS: readonly (readonly [FailureKind, RegExp])[] = [
  ["disk-full", /No space left on device|Disk quota exceeded/],
  ["still-running", /lock file ".*" already exists/],
  // The last children of a killed server still hold its memory; they end within moments.
  ["memory-held", /pre-existing shared memory block/],
  ["nameless-account", /could not look up effective user ID/],
  ["not-runnable", /error while loading shared libraries|version `GLIBC[^']*' not found/],
];

const GIVE_URL = "Or give a PostgreSQL 15 or later of your own by DATABASE_URL.";

/** Reads the reason out of what the program printed. */
export function classifyFailure(output: string): FailureKind {
  return SIGNS.find(([, sign]) => sign.test(output))?.[0] ?? "other";
}

/** The error for a server program that ended by itself: what it was doing, where, and what it printed last. */
export function explainServerFailure(doing: string, folder: string, output: string): CausewayError {
  const lastWords = output.trim().split("\n").slice(-5).join("\n");
  const kind = classifyFailure(output);
  switch (kind) {
    case "disk-full":
      return fail("DISK_FULL", {
        message: `The disk under ${folder} is full: ${doing} failed`,
        value: folder,
        help: "Free some space (a new database takes about 60 MB) and start again; nothing that was stored is lost.",
        cause: new Error(lastWords),
      });
    case "not-runnable":
      return fail("DATABASE_BINARY_MISSING", {
        message: `The embedded PostgreSQL does not run on this system: ${lastWords}`,
        value: folder,
        help: `Run npm ci again; it needs a Linux with glibc. ${GIVE_URL}`,
        cause: new Error(lastWords),
      });
    case "nameless-account":
      return fail("DATABASE_FAILED", {
        message: `PostgreSQL refuses to run under an account number without a name: ${lastWords}`,
        value: folder,
        help: `Add the account to /etc/passwd (in a container, by its image), or start as another one. ${GIVE_URL}`,
      });
    case "still-running":
    case "memory-held":
    case "other":
      return fail("DATABASE_FAILED", {
        message: `The database in ${folder} failed: ${doing}${lastWords === "" ? "" : `\n${lastWords}`}`,
        value: folder,
        help: `logs/postgres.log in the data folder has the whole story. ${GIVE_URL}`,
      });
    default:
      return kind satisfies never;
  }
}

/** The error for a folder or file that could not be made or read; any other error comes back as it is. */
export function explainFolderFailure(cause: unknown, folder: string): unknown {
  const code = cause instanceof Error && "code" in cause ? cause.code : undefined;
  const path = cause instanceof Error && "path" in cause ? String(cause.path) : folder;
  switch (code) {
    case "ENOSPC":
    case "EDQUOT":
      return fail("DISK_FULL", {
        message: `The disk under ${path} is full`,
        value: path,
        help: "Free some space and start again.",
        cause,
      });
    case "EACCES":
    case "EPERM":
    case "EROFS":
    case "ENOTDIR":
    case "ENOENT": // what Node makes of a recursive mkdir on a read-only disk
      return fail("DATA_DIR_UNWRITABLE", {
        message: `${path} cannot be written (${code})`,
        value: path,
        help: "Give a folder that this account may write by --data-dir, or change the permissions of this one.",
        cause,
      });
    default:
      return cause;
  }
}
