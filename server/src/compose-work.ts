import { join } from "node:path";
import type { Lifecycle, Platform } from "./compose.ts";
import { createDatasetDoor, dataTasks, dataWork } from "./lifecycle/data/index.ts";
import {
  compactTask,
  defineCompaction,
  defineTruthImport,
  truthImportTask,
} from "./lifecycle/deployments/index.ts";
import { defineAdvance, measureTask } from "./lifecycle/monitoring/index.ts";
import { createBundleFolder, createStepWork, describeHardware } from "./lifecycle/pipelines/index.ts";
import {
  createEvaluatePreparation,
  createModelProgram,
  createRegisterCommit,
  createTrainingRuns,
  defineEvaluation,
  defineGateWork,
  definePreparation,
  registryTasks,
  type ScanPolicy,
} from "./lifecycle/registry/index.ts";
import { defineCycleAdvance, gatherTask } from "./lifecycle/retraining/index.ts";
import type { Program, RunTask, TaskDefinition } from "./platform/processes/index.ts";
import { createPythonEnvironments, type EnvironmentOf } from "./platform/python/index.ts";
import type { WorkDefinition } from "./platform/work/index.ts";
import { GATEWAY_PROGRAM } from "./programs.ts";

/** What only a worker has: the means to run tasks and steps in processes of their own. */
export type WorkerParts = {
  readonly runTask: RunTask;
  /** Starts another role of this program. */
  readonly program: Program;
  /** Folder that holds the programs. */
  readonly root: string;
  /** Mark of this worker on the processes that it starts. */
  readonly owner: string;
  /** Address of control, handed to steps; null where none is known. */
  readonly controlUrl: string | null;
  /** Variables that steps inherit. */
  readonly variables: Readonly<Record<string, string>>;
  /** Interpreters that are taken as they are where they have every package that is asked for. */
  readonly pythonEnvironments: readonly string[];
  /** What is done about findings in a model's files that are no danger. */
  readonly scanPolicy: ScanPolicy;
};

/** What workers do: every kind of work that a stage contributes. */
export function composeWork(platform: Platform, lifecycle: Lifecycle, parts: WorkerParts): WorkDefinition[] {
  const { dataDir } = platform;
  const models = createModelProgram(GATEWAY_PROGRAM);
  const environmentOf = createPythonEnvironments({
    root: join(dataDir, "python"),
    modules: join(parts.root, "python"),
    given: parts.pythonEnvironments,
    variables: parts.variables,
    dataDir,
  });
  return [
    ...dataWork({ ...platform, ...lifecycle, ...parts }),
    composeSteps(platform, lifecycle, { ...parts, environmentOf }),
    definePreparation({ ...platform, ...lifecycle, ...parts, models, environmentOf }),
    defineEvaluation({ ...platform, ...lifecycle, ...parts, modelProgram: GATEWAY_PROGRAM }),
    defineGateWork({ ...platform, ...lifecycle, ...parts, modelProgram: GATEWAY_PROGRAM }),
    lifecycle.registry.expiry,
    composeCycleAdvance(platform, lifecycle, parts),
    defineCompaction({ ...platform, ...lifecycle, ...parts }),
    defineAdvance({ ...platform, ...lifecycle, ...parts }),
    defineTruthImport({ ...platform, ...lifecycle, ...parts }),
  ];
}

/** The work that moves the cycles of retraining on. */
function composeCycleAdvance(platform: Platform, lifecycle: Lifecycle, parts: WorkerParts): WorkDefinition {
  const { artifacts } = platform;
  const { data } = lifecycle;
  return defineCycleAdvance({
    ...platform,
    ...lifecycle,
    ...parts,
    datasets: createDatasetDoor({ ...platform, ...parts, data }),
    keepFile: (path) => artifacts.writeFile(path, { take: true }),
    filePath: artifacts.path,
  });
}

/** The work that runs the steps of pipelines. */
function composeSteps(
  platform: Platform,
  lifecycle: Lifecycle,
  parts: WorkerParts & { readonly environmentOf: EnvironmentOf },
): WorkDefinition {
  const { artifacts, dataDir } = platform;
  const { data, registry, runWriter, advance } = lifecycle;
  const { find: findTrainingRun } = createTrainingRuns(lifecycle);
  const commits = [createRegisterCommit({ registry, preparation: registry, findTrainingRun })];
  const preparations = [createEvaluatePreparation(parts)];
  const { program, root, owner, controlUrl, variables, environmentOf } = parts;
  return createStepWork({
    ...platform,
    datasets: createDatasetDoor({ ...platform, ...parts, data }),
    runs: runWriter,
    advance,
    bundles: createBundleFolder({ artifacts, root: join(dataDir, "cache", "bundles") }),
    commits: new Map(commits.map((commit) => [commit.name, commit])),
    preparations: new Map(preparations.map((preparation) => [preparation.name, preparation])),
    command: { program, root, dataDir, variables, environmentOf },
    url: controlUrl,
    owner,
    hardware: describeHardware(),
  });
}

/** What task processes do: heavy computing over files, without a database. */
export function composeTasks(): TaskDefinition[] {
  return [...dataTasks, ...registryTasks, gatherTask, compactTask, truthImportTask, measureTask];
}
