import { access, chmod, constants, mkdir, open, readFile, rm, stat, writeFile } from "node:fs/promises";
import { delimiter, join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { type ErrorCode, fail } from "@causeway/contract";
import { isOwnerAlive, ownerMark, type ProcessRequest, runProcess } from "../processes/index.ts";
import { type UvVariables, uvVariables } from "./pip-settings.ts";
import { minorOf } from "./requirements.ts";

/** Written last: an environment without it is half built and is built anew. It says what was built and how. */
const COMPLETE = ".complete";
const WAIT_MS = 500;
const LAST_LINES = 15;

/** What an environment is asked for with. */
export type EnvironmentRequest = {
  /** Digest of everything that is asked for; names the environment. */
  readonly digest: string;
  /** File of requirements as pip reads them. */
  readonly requirementsFile: string;
  /** File of limits on the versions of whatever is installed. */
  readonly constraintsFile?: string;
  /** What the requirements are called in messages. */
  readonly title: string;
  /** Folder that relative paths among the requirements begin at. */
  readonly folder?: string;
  /** Version of Python that is wanted, for example `3.11.7`; null takes what is there. */
  readonly python?: string | null;
  /** The code of the error where it cannot be built. */
  readonly refusal?: ErrorCode;
  readonly attempt: string;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
};

/** How an environment came to be: by uv, by venv and pip, or as an interpreter that had all of it already. */
export const ENVIRONMENT_TOOLS = ["uv", "venv", "given"] as const;
export type EnvironmentTool = (typeof ENVIRONMENT_TOOLS)[number];

/** An environment that is there. */
export type PythonEnvironment = {
  /** Path of its interpreter. */
  readonly interpreter: string;
  /** Its version, for example `3.11.7`. */
  readonly python: string;
  readonly tool: EnvironmentTool;
};

type Parts = {
  readonly root: string;
  readonly dataDir: string;
  /** Folder that holds the package `causeway`. */
  readonly modules: string;
  readonly variables: Readonly<Record<string, string>>;
  /** Interpreters that are taken as they are where they have every package that is asked for. */
  readonly given: readonly string[];
};

/** Gives the environment of a request, which is built once per data folder. */
export type EnvironmentOf = (request: EnvironmentRequest) => Promise<PythonEnvironment>;

/** Makes the builder of Python environments. */
export function createPythonEnvironments({ root, dataDir, modules, variables, given }: Parts): EnvironmentOf {
  const owner = ownerMark(dataDir);

  /** Runs a program to its end; gives its exit code and last lines. */
  async function run(
    request: EnvironmentRequest,
    command: string,
    { args, quiet = false, stdin, extra = {} }: Running,
  ): Promise<{ exitCode: number | null; last: string[] }> {
    const last: string[] = [];
    const asked: ProcessRequest = {
      command,
      args,
      cwd: request.folder ?? root,
      variables: { ...variables, ...extra },
      attempt: request.attempt,
      owner,
      // Packages are unpacked and compiled for minutes: what is served and tracked meanwhile must not feel it.
      isBackground: true,
      signal: request.signal,
      ...(stdin === undefined ? {} : { stdin }),
      onLine: ({ text }) => {
        if (!quiet) request.say(text);
        last.push(text);
        if (last.length > LAST_LINES) last.shift();
      },
    };
    const { exitCode } = await runProcess(asked);
    request.signal.throwIfAborted();
    return { exitCode, last };
  }

  async function must(request: EnvironmentRequest, command: string, running: Running): Promise<void> {
    const { exitCode, last } = await run(request, command, running);
    if (exitCode === 0) return;
    throw fail(request.refusal ?? "STEP_FAILED", {
      message: `The Python environment of ${request.title} could not be built:\n${last.join("\n")}`,
      field: "requirements",
      value: request.digest,
      help: "Mend the requirements: every line is one as pip reads it, best with an exact version.",
    });
  }

  /** The first given interpreter that has everything. */
  async function findGiven(request: EnvironmentRequest): Promise<PythonEnvironment | undefined> {
    if (given.length === 0) return undefined;
    const requirements = await checkedLines(request);
    for (const interpreter of given) {
      const { exitCode, last } = await run(request, interpreter, {
        args: ["-m", "causeway.serving.packages"],
        quiet: true,
        stdin: requirements,
        extra: { PYTHONPATH: modules, PYTHONDONTWRITEBYTECODE: "1" },
      });
      const said = last.at(-1) ?? "";
      const wanted = request.python ?? null;
      // What was pickled by one minor version of Python may not be read by another.
      const isOther = exitCode === 0 && wanted !== null && minorOf(said) !== minorOf(wanted);
      if (exitCode === 0 && !isOther) return { interpreter, python: said, tool: "given" };
      request.say(`${interpreter} is not used: ${isOther ? `it is Python ${said}, not ${wanted}` : said}`);
    }
    return undefined;
  }

  async function build(request: EnvironmentRequest, folder: string): Promise<PythonEnvironment> {
    await rm(folder, { recursive: true, force: true });
    const interpreter = join(folder, "bin", "python");
    const found = await findGiven(request);
    if (found !== undefined) {
      request.say(`${found.interpreter} has every package that ${request.title} asks for`);
      await mkdir(join(folder, "bin"), { recursive: true, mode: 0o700 });
      // A link would lose the interpreter's own packages, which it finds beside its name.
      await writeFile(interpreter, `#!/bin/sh\nexec '${found.interpreter.replaceAll("'", "'\\''")}' "$@"\n`);
      await chmod(interpreter, 0o700);
      return { ...found, interpreter };
    }
    request.say("building the Python environment; it is kept for everything that asks for the same");
    const startedAt = performance.now();
    const uv = await findProgram("uv");
    const tool: EnvironmentTool = uv === undefined ? "venv" : "uv";
    const wanted = request.python === undefined || request.python === null ? null : minorOf(request.python);
    if (uv !== undefined) {
      await buildByUv(request, { uv, folder, interpreter, wanted });
    } else {
      const own = wanted === null ? undefined : await findProgram(`python${wanted}`);
      await must(request, own ?? "python3", { args: ["-m", "venv", folder] });
      const install = [
        "-m",
        "pip",
        "install",
        "--no-input",
        "--disable-pip-version-check",
        "--progress-bar",
        "off",
      ];
      await must(request, interpreter, { args: [...install, ...fileOptions(request)] });
    }
    const { last } = await run(request, interpreter, {
      args: ["-c", "import platform; print(platform.python_version())"],
      quiet: true,
    });
    const python = last.at(-1) ?? "";
    if (wanted !== null && minorOf(python) !== wanted)
      request.say(`${request.title} was made with Python ${request.python}; this machine has ${python}`);
    request.say(`the Python environment is built, ${((performance.now() - startedAt) / 1000).toFixed(1)} s`);
    return { interpreter, python, tool };
  }

  /** uv fetches the version of Python that is wanted where the machine has none; where it cannot, it takes what is there. */
  async function buildByUv(
    request: EnvironmentRequest,
    made: { uv: string; folder: string; interpreter: string; wanted: string | null },
  ): Promise<void> {
    const { uv, folder, interpreter, wanted } = made;
    const extra = await settingsForUv(request);
    // The folder of a model may look like a project of its own.
    const venv = ["venv", "--no-project", "--clear"];
    const { exitCode } =
      wanted === null
        ? { exitCode: null }
        : await run(request, uv, { args: [...venv, "--python", wanted, folder], extra });
    if (exitCode !== 0) await must(request, uv, { args: [...venv, folder], extra });
    const install = ["pip", "install", "--python", interpreter, ...fileOptions(request)];
    await must(request, uv, { args: install, extra });
  }

  /** Empty where there is no pip to ask. */
  async function settingsForUv(request: EnvironmentRequest): Promise<UvVariables> {
    const python = await findProgram("python3");
    if (python === undefined) return {};
    const asked = { args: ["-m", "pip", "config", "list"], quiet: true };
    const { exitCode, last } = await run(request, python, asked);
    return exitCode === 0 ? uvVariables(last, variables) : {};
  }

  async function findProgram(name: string): Promise<string | undefined> {
    for (const folder of (variables["PATH"] ?? "").split(delimiter)) {
      const path = join(folder, name);
      if (folder !== "" && (await isThere(path, constants.X_OK))) return path;
    }
    return undefined;
  }

  return async function environmentOf(request) {
    await mkdir(root, { recursive: true, mode: 0o700 });
    const folder = join(root, request.digest);
    const lock = `${folder}.building`;
    for (let told = false; ; ) {
      const known = await readComplete(folder);
      if (known !== undefined) return known;
      request.signal.throwIfAborted();
      if (await takeLock(lock, owner)) {
        try {
          // Another builder may have ended between the look and the lock.
          const built = (await readComplete(folder)) ?? (await build(request, folder));
          await writeFile(join(folder, COMPLETE), JSON.stringify(built));
          return built;
        } catch (error) {
          await rm(folder, { recursive: true, force: true });
          throw error;
        } finally {
          await rm(lock, { force: true });
        }
      }
      if (!told) request.say("waiting for another that builds the same Python environment");
      told = true;
      await sleep(WAIT_MS, undefined, { signal: request.signal });
    }
  };
}

type Running = {
  readonly args: readonly string[];
  readonly quiet?: boolean;
  readonly stdin?: string;
  readonly extra?: Readonly<Record<string, string>>;
};

/** Options of pip and uv alike. */
function fileOptions({ requirementsFile, constraintsFile }: EnvironmentRequest): string[] {
  return ["-r", requirementsFile, ...(constraintsFile === undefined ? [] : ["-c", constraintsFile])];
}

/** What a given interpreter is held to: lines of requirements, and behind `-c` those that only limit versions. */
async function checkedLines({ requirementsFile, constraintsFile }: EnvironmentRequest): Promise<string> {
  const asked = await readFile(requirementsFile, "utf8");
  const limits = constraintsFile === undefined ? "" : await readFile(constraintsFile, "utf8");
  return `${asked}\n${limits.replaceAll(/^(?=.)/gm, "-c ")}`;
}

/** What is known of an environment that is complete; earlier programs wrote nothing into its mark. */
async function readComplete(folder: string): Promise<PythonEnvironment | undefined> {
  const text = await readFile(join(folder, COMPLETE), "utf8").catch(() => undefined);
  if (text === undefined) return undefined;
  const interpreter = join(folder, "bin", "python");
  if (text === "") return { interpreter, python: "", tool: "venv" };
  // The line of `environmentOf` that names COMPLETE wrote it.
  return { ...(JSON.parse(text) as PythonEnvironment), interpreter };
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

function isThere(path: string, mode: number): Promise<boolean> {
  return access(path, mode).then(
    () => true,
    () => false,
  );
}
