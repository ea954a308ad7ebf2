import { join } from "node:path";
import type { StepDefinition } from "@causeway/contract";
import type { Program } from "../../../platform/processes/index.ts";
import type { EnvironmentOf } from "../../../platform/python/index.ts";
import type { AttemptFolder } from "./attempt-folder.ts";

/** What starts a step, and where its output goes is the caller's matter. */
export type StepCommand = Program & { readonly variables: Readonly<Record<string, string>> };

/** What a command is made from. */
export type CommandParts = {
  /** `node server/src/main.ts`. */
  readonly program: Program;
  /** Folder that holds the programs. */
  readonly root: string;
  readonly dataDir: string;
  /** Those of the worker that are handed on: PATH, HOME, proxies, pip's own. */
  readonly variables: Readonly<Record<string, string>>;
  readonly environmentOf: EnvironmentOf;
};

type Starting = {
  readonly definition: StepDefinition;
  readonly folder: AttemptFolder;
  readonly bundle: string;
  readonly attempt: string;
  /** Name of the pipeline, which is that of the experiment too. */
  readonly pipeline: string;
  readonly experimentRun: string;
  readonly url: string | null;
  readonly token: string;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
};

/** Finds out what to run for a step; a Python step with a lock gets its environment first. */
export async function stepCommand(parts: CommandParts, starting: Starting): Promise<StepCommand> {
  const { definition, folder, bundle } = starting;
  const variables = { ...parts.variables, ...stepVariables(parts, starting) };
  const { work } = definition;
  switch (work.kind) {
    case "function":
    case "library":
      return {
        command: parts.program.command,
        args: [...parts.program.args, "step", folder.stepFile, "--data-dir", parts.dataDir],
        variables: { ...variables, ...compileCache(parts.root) },
      };
    case "python": {
      const python =
        work.lock === null || definition.lock === null
          ? "python3"
          : await interpreterOf(parts, starting, { digest: definition.lock, lock: work.lock });
      return { command: python, args: [join(bundle, work.script)], variables };
    }
    case "shell":
      return { command: "sh", args: ["-c", work.command], variables };
    default:
      return work satisfies never;
  }
}

async function interpreterOf(
  { environmentOf }: CommandParts,
  { bundle, attempt, signal, say }: Starting,
  { digest, lock }: { digest: string; lock: string },
): Promise<string> {
  const requirementsFile = join(bundle, lock);
  const asked = { digest, requirementsFile, title: lock, attempt, signal, say };
  const { interpreter } = await environmentOf(asked);
  return interpreter;
}

/** Where Node keeps compiled modules; `main.ts` names the same folder. */
export function compileCache(root: string): Record<string, string> {
  return { NODE_COMPILE_CACHE: join(root, "node_modules", ".cache", "compile") };
}

function stepVariables({ root, variables }: CommandParts, starting: Starting): Record<string, string> {
  const { folder, url, token, pipeline, experimentRun, definition } = starting;
  const threads =
    definition.resources.cpu === undefined ? undefined : String(Math.ceil(definition.resources.cpu));
  return {
    CAUSEWAY_STEP: folder.stepFile,
    TMPDIR: folder.temporary,
    PYTHONPATH: [join(root, "python"), variables["PYTHONPATH"]]
      .filter((path) => path !== undefined)
      .join(":"),
    PYTHONUNBUFFERED: "1",
    PYTHONDONTWRITEBYTECODE: "1",
    MLFLOW_RUN_ID: experimentRun,
    // Runs that a step opens below its own belong beside it.
    MLFLOW_EXPERIMENT_NAME: pipeline,
    // onnxruntime reports its sessions to its maker unless it is told not to.
    ORT_DISABLE_TELEMETRY: "1",
    ...(url === null
      ? {}
      : {
          CAUSEWAY_URL: url,
          CAUSEWAY_TOKEN: token,
          MLFLOW_TRACKING_URI: url,
          MLFLOW_TRACKING_TOKEN: token,
        }),
    ...(threads === undefined ? {} : { OMP_NUM_THREADS: threads, OPENBLAS_NUM_THREADS: threads }),
  };
}
