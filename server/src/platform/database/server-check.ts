import { fail } from "@causeway/contract";

/** What a server tells of itself. */
export interface ServerFacts {
  /** As in `server_version_num`: 180004 is 18.4. */
  version: number;
  encoding: string;
}

const OLDEST = 15;

/** Refuses a server whose SQL or text this program could not rely on. */
export function assertUsableServer({ version, encoding }: ServerFacts): void {
  const major = Math.floor(version / 10_000);
  if (major < OLDEST) {
    throw fail("DATABASE_FAILED", {
      message: `The database server is PostgreSQL ${major}, and ${OLDEST} is the oldest that is supported`,
      value: major,
      help: `Give a PostgreSQL ${OLDEST} or later by DATABASE_URL, or leave it out to use the embedded one.`,
    });
  }
  if (encoding !== "UTF8") {
    throw fail("DATABASE_FAILED", {
      message: `The database keeps its text as ${encoding}, and names and labels may be in any script`,
      value: encoding,
      help: "Create it anew: create database causeway encoding 'UTF8' template template0",
    });
  }
}

/** The error for a database that refused the first connection; any other error comes back as it is. */
export function explainRefusal(error: unknown, url: string): unknown {
  const code = error instanceof Error && "code" in error ? String(error.code) : "";
  const help = REFUSALS.find(([codes]) => codes.includes(code))?.[1];
  if (help === undefined || !(error instanceof Error)) return error;
  return fail("DATABASE_FAILED", {
    message: `The database ${withoutPassword(url)} cannot be used: ${error.message}`,
    field: "DATABASE_URL",
    help,
    cause: error,
  });
}

/** What to do next, by the codes of the driver and the server. */
const REFUSALS: readonly (readonly [codes: readonly string[], help: string])[] = [
  [["ENOTFOUND", "EAI_AGAIN"], "Check the host in DATABASE_URL."],
  [
    ["ECONNREFUSED", "ENOENT", "ETIMEDOUT", "EHOSTUNREACH", "ENETUNREACH", "57P03"],
    "Check that the server runs and that host and port in DATABASE_URL are right.",
  ],
  [["28P01", "28000"], "Check user and password in DATABASE_URL, and pg_hba.conf on the server."],
  [["3D000"], "Create the database, or correct its name in DATABASE_URL."],
  [["42501"], "Let the user create tables and schemas: grant create on database … and on schema public."],
  [["53300"], "The server has no free connections: raise max_connections, or end other programs."],
];

function withoutPassword(url: string): string {
  if (!URL.canParse(url)) return "given";
  const shown = new URL(url);
  shown.password = "";
  return shown.href;
}
