import { mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { fail } from "@causeway/contract";
import {
  isOwnerAlive,
  ownerMark,
  type ProcessRequest,
  runProcess,
} from "../../../platform/processes/index.ts";

/** Written last: an environment without it is half built and is built anew. */
const COMPLETE = ".complete";
const WAIT_MS = 500;
const LAST_LINES = 15;

type Build = {
  /** The lock's digest; names the environment. */
  readonly digest: string;
  readonly lockFile: string;
  readonly attempt: string;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
};

type Parts = {
  readonly root: string;
  readonly dataDir: string;
  readonly variables: Readonly<Record<string, string>>;
};

/** Gives the Python of a lock's virtual environment, which is built once per data folder. */
export type PythonOf = (build: Build) => Promise<string>;

/** Makes the builder of virtual environments. */
export function createPythonEnvironments({ root, dataDir, variables }: Parts): PythonOf {
  const owner = ownerMark(dataDir);

  async function run(build: Build, args: readonly string[], python: string): Promise<void> {
    const last: string[] = [];
    const request: ProcessRequest = {
      command: python,
      args,
      cwd: root,
      variables,
      attempt: build.attempt,
      owner,
      signal: build.signal,
      onLine: ({ text }) => {
        build.say(text);
        last.push(text);
        if (last.length > LAST_LINES) last.shift();
      },
    };
    const { exitCode } = await runProcess(request);
    build.signal.throwIfAborted();
    if (exitCode === 0) return;
    throw fail("STEP_FAILED", {
      message: `The Python environment of ${build.lockFile} could not be built:\n${last.join("\n")}`,
      field: "lock",
      value: build.digest,
      help: "Mend the lock: every line is a requirement as pip reads it, best with an exact version.",
    });
  }

  async function buildEnvironment(build: Build, folder: string): Promise<void> {
    await rm(folder, { recursive: true, force: true });
    build.say("building the Python environment; it is kept for every later step with this lock");
    const startedAt = performance.now();
    await run(build, ["-m", "venv", folder], "python3");
    const python = join(folder, "bin/python");
    const install = [
      "-m",
      "pip",
      "install",
      "--no-input",
      "--disable-pip-version-check",
      "--progress-bar",
      "off",
    ];
    await run(build, [...install, "-r", build.lockFile], python);
    await writeFile(join(folder, COMPLETE), "");
    build.say(`the Python environment is built, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
  }

  return async function pythonOf(build) {
    await mkdir(root, { recursive: true, mode: 0o700 });
    const folder = join(root, build.digest);
    const python = join(folder, "bin/python");
    const lock = `${folder}.building`;
    for (let told = false; !(await exists(join(folder, COMPLETE))); ) {
      build.signal.throwIfAborted();
      if (await takeLock(lock, owner)) {
        try {
          // Another builder may have ended between the look and the lock.
          if (!(await exists(join(folder, COMPLETE)))) await buildEnvironment(build, folder);
        } catch (error) {
          await rm(folder, { recursive: true, force: true });
          throw error;
        } finally {
          await rm(lock, { force: true });
        }
      } else {
        if (!told) build.say("waiting for another step that builds the same Python environment");
        told = true;
        await sleep(WAIT_MS, undefined, { signal: build.signal });
      }
    }
    return python;
  };
}

/** Takes the lock file, also from a builder that has died. */
async function takeLock(path: string, owner: string): Promise<boolean> {
  try {
    const file = await open(path, "wx", 0o600);
    await file.writeFile(owner);
    await file.close();
    return true;
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  }
  const holder = await readFile(path, "utf8").catch(() => "");
  const age =
    Date.now() -
    (await stat(path).then(
      ({ mtimeMs }) => mtimeMs,
      () => Date.now(),
    ));
  // A lock that is just being written is still empty.
  if (holder === "" ? age > 10_000 : !isOwnerAlive(holder)) await rm(path, { force: true });
  return false;
}

function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  );
}
