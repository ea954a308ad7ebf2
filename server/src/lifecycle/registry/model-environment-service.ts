import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  type EnvironmentOf,
  environmentDigest,
  isRelative,
  type PythonEnvironment,
  packageOf,
  readRequirements,
} from "../../platform/python/index.ts";
import type { MlModel } from "./mlmodel.ts";

/** A model's folder that an environment is asked for. */
export type EnvironmentAsked = {
  readonly folder: string;
  readonly mlModel: MlModel;
  /** What it is called in messages. */
  readonly title: string;
  /** Digest of its files, for requirements that mean files beside them. */
  readonly content: string;
  readonly attempt: string;
  readonly signal: AbortSignal;
  readonly say: (text: string) => void;
};

/** Gives the environment of a model of MLflow, built from what its folder says that it needs. */
export type ModelEnvironmentOf = (asked: EnvironmentAsked) => Promise<PythonEnvironment & { digest: string }>;

/** Makes the builder of the environments of models. */
export function createModelEnvironments(parts: {
  readonly environmentOf: EnvironmentOf;
}): ModelEnvironmentOf {
  return async function modelEnvironmentOf({ folder, mlModel, title, content, attempt, signal, say }) {
    const read = (path: string) => readFile(join(folder, path), "utf8").catch(() => null);
    const needs = await readRequirements({ read, refusal: "BAD_MODEL" });
    const lines = [...needs.lines, ...workerNeeds(needs.lines, mlModel)];
    const wanted = { ...needs, lines, python: needs.python ?? mlModel.python };
    // What a relative path means is in the model's files, not in its text.
    const salt = [...lines, ...needs.constraints].some(isRelative) ? content : "";
    const digest = environmentDigest(wanted, salt);
    const requirementsFile = `${folder}.requirements.txt`;
    const constraintsFile = `${folder}.constraints.txt`;
    await writeFile(requirementsFile, `${lines.join("\n")}\n`);
    await writeFile(constraintsFile, `${needs.constraints.join("\n")}\n`);
    try {
      const built = await parts.environmentOf({
        digest,
        requirementsFile,
        ...(needs.constraints.length === 0 ? {} : { constraintsFile }),
        title,
        folder,
        python: wanted.python,
        refusal: "BAD_MODEL",
        attempt,
        signal,
        say,
      });
      return { ...built, digest };
    } finally {
      await rm(requirementsFile, { force: true });
      await rm(constraintsFile, { force: true });
    }
  };
}

/** What the worker of Python models imports, where the model does not ask for it itself. */
function workerNeeds(lines: readonly string[], { mlflow }: MlModel): string[] {
  const asked = new Set(lines.map(packageOf));
  if (asked.has("mlflow")) return [];
  if (asked.has("mlflow-skinny")) return ["numpy", "pandas"].filter((name) => !asked.has(name));
  return [mlflow === null ? "mlflow" : `mlflow==${mlflow}`];
}
