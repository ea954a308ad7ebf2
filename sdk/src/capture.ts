import { execFile } from "node:child_process";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { arch, availableParallelism, cpus, hostname, release, type as system, totalmem } from "node:os";
import { dirname, join, resolve } from "node:path";
import { promisify } from "node:util";
import type { Json, Run, RunRecord } from "@causeway/contract";
import { type CapturedCode, captureCode } from "./capture-code.ts";
import type { Client } from "./client.ts";

const run = promisify(execFile);

/** Locks by the file that holds them, the most exact first. */
const LOCKS = [
  ["package-lock.json", "npm"],
  ["pnpm-lock.yaml", "pnpm"],
  ["yarn.lock", "yarn"],
  ["uv.lock", "uv"],
  ["poetry.lock", "poetry"],
  ["requirements.lock", "pip"],
  ["requirements.txt", "pip"],
] as const;

/** Where the uncommitted difference is kept among a run's files. */
export const DIFF_PATH = "code/uncommitted.diff";

/** What a run is made from, as far as this machine and folder tell. */
export type Captured = {
  readonly record: Pick<RunRecord, "config" | "seeds" | "lock" | "runtime" | "hardware">;
  readonly code: CapturedCode | null;
};

/** Looks at the folder's Git state and lock and at the machine. Reads only. */
export async function capture(
  folder: string,
  given: { config?: Record<string, Json>; seeds?: Record<string, number> } = {},
): Promise<Captured> {
  const [code, lock, hardware] = await Promise.all([
    captureCode(folder),
    captureLock(folder),
    captureHardware(),
  ]);
  const { config = {}, seeds = {} } = given;
  return { code, record: { config, seeds, lock, hardware, runtime: `node ${process.versions.node}` } };
}

/** The machine that this program runs on. */
export async function captureHardware(): Promise<NonNullable<RunRecord["hardware"]>> {
  return {
    cpu: cpus()[0]?.model.trim() ?? "unknown",
    cores: availableParallelism(),
    memoryBytes: totalmem(),
    os: `${system()} ${release()} ${arch()}`,
    machine: hostname(),
    gpus: await captureGpus(),
  };
}

async function captureGpus(): Promise<string[]> {
  try {
    const { stdout } = await run("nvidia-smi", ["--query-gpu=name", "--format=csv,noheader"], {
      timeout: 5_000,
    });
    return stdout.split("\n").filter((line) => line.trim() !== "");
  } catch {
    return [];
  }
}

/** The nearest lock of packages, upwards from a folder, by the digest of its bytes. */
export async function captureLock(folder: string): Promise<RunRecord["lock"]> {
  for (let at = resolve(folder); ; at = dirname(at)) {
    for (const [name, kind] of LOCKS) {
      const bytes = await readFile(join(at, name)).catch(() => undefined);
      if (bytes !== undefined) return { kind, digest: createHash("sha256").update(bytes).digest("hex") };
    }
    if (dirname(at) === at) return null;
  }
}

/** Adds what was captured to a run: the difference as a file of the run, the rest to its record. */
export async function recordCapture(
  client: Pick<Client, "experiments">,
  runId: string,
  { record, code }: Captured,
): Promise<Run> {
  if (code === null) return client.experiments.updateRecord({ run: runId, record });
  const { diff: text, ...state } = code;
  const diff =
    text === null
      ? null
      : await client.experiments.uploadArtifact({ run: runId, path: DIFF_PATH }, new Blob([text]));
  return client.experiments.updateRecord({
    run: runId,
    record: { ...record, code: { ...state, diff: diff?.digest ?? null, digest: null } },
  });
}
