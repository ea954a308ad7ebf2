import { randomBytes } from "node:crypto";
import { hostname } from "node:os";
import { join } from "node:path";
import { composeLifecycle, composePlatform, type Foundation } from "./compose.ts";
import { composeWork } from "./compose-work.ts";
import type { ScanPolicy } from "./lifecycle/registry/index.ts";
import {
  createTaskRunner,
  killEarlierClaims,
  killOrphans,
  ownerMark,
  removeEarlierScratch,
} from "./platform/processes/index.ts";
import { createWorker } from "./platform/work/index.ts";
import { SERVER_PROGRAM } from "./programs.ts";

/** Folder that holds the programs. */
const ROOT = join(import.meta.dirname, "..", "..");

/** What a worker is started with. */
export type WorkerRoleOptions = Foundation & {
  /** Pieces of work at the same time. */
  readonly concurrency: number;
  /** Address of control, handed to steps; null where none is known. */
  readonly controlUrl: string | null;
  /** Variables that steps and tasks inherit. */
  readonly variables: Readonly<Record<string, string>>;
  /** Interpreters that are taken as they are where they have every package that a lock or a model asks for. */
  readonly pythonEnvironments?: readonly string[];
  readonly scanPolicy?: ScanPolicy;
};

/** Composes a worker: `start` begins to claim work. */
export async function createWorkerRole(options: WorkerRoleOptions) {
  const { database, dataDir, log, concurrency, controlUrl, variables } = options;
  const platform = composePlatform({ ...options, publicUrl: () => controlUrl ?? "" });
  const lifecycle = composeLifecycle(platform);
  // `main.ts` names the same folder, but too late for itself.
  const compiled = { NODE_COMPILE_CACHE: join(ROOT, "node_modules", ".cache", "compile") };
  const runTask = createTaskRunner({
    program: SERVER_PROGRAM,
    dataDir,
    variables: { ...variables, ...compiled },
    log,
  });
  const definitions = composeWork(platform, lifecycle, {
    runTask,
    program: SERVER_PROGRAM,
    root: ROOT,
    owner: ownerMark(dataDir),
    controlUrl,
    variables,
    pythonEnvironments: options.pythonEnvironments ?? [],
    scanPolicy: options.scanPolicy ?? "warn",
  });
  const worker = createWorker({
    database,
    definitions,
    // Never the same twice: a worker must not take an earlier one's claims for its own.
    name: `${hostname()}/${process.pid}/${randomBytes(4).toString("hex")}`,
    concurrency,
    log,
    beforeTakeover: async (work) => {
      await killOrphans(dataDir);
      await killEarlierClaims(work);
      await removeEarlierScratch(dataDir, work);
    },
  });

  return {
    async start(): Promise<void> {
      // What a worker of this folder left running when it was killed.
      await killOrphans(dataDir);
      await worker.start();
    },
    stop: worker.stop,
  };
}
