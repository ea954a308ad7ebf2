import { createReadStream } from "node:fs";
import { readdir, readFile, stat } from "node:fs/promises";
import { join, relative } from "node:path";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";
import { z } from "zod";
import { openLocalFile } from "./local-file.ts";
import { loggedModelState, registryStage, runState } from "./mlflow-words.ts";
import type {
  Source,
  SourceDataset,
  SourceFile,
  SourceLoggedModel,
  SourceModel,
  SourcePoint,
  SourceRun,
  Texts,
} from "./source.ts";

const Text = z.coerce.string();
const ExperimentMeta = z.object({ experiment_id: Text, name: Text });
const RunMeta = z.object({
  run_id: Text.optional(),
  run_uuid: Text.optional(),
  run_name: Text.nullish(),
  artifact_uri: Text.optional(),
  status: z.union([z.number(), z.string()]),
  start_time: z.number().nullish(),
  end_time: z.number().nullish(),
  user_id: Text.nullish(),
  lifecycle_stage: Text.default("active"),
});
const ModelMeta = z.object({
  model_id: Text,
  name: Text,
  model_type: Text.nullish(),
  artifact_location: Text.optional(),
  source_run_id: Text.nullish(),
  status: z.union([z.number(), z.string()]),
  creation_timestamp: z.number(),
});
const InputMeta = z.object({
  source_type: Text,
  source_id: Text,
  destination_id: Text,
  tags: z.record(z.string(), Text).nullish(),
  step: z.number().nullish(),
});
const DatasetMeta = z.object({
  name: Text,
  digest: Text,
  source_type: Text,
  source: Text,
  schema: Text.nullish(),
  profile: Text.nullish(),
});
const RegisteredMeta = z.object({
  name: Text,
  description: Text.nullish(),
  aliases: z.record(z.string(), Text).nullish(),
});
const VersionMeta = z.object({
  version: z.coerce.number().int(),
  run_id: Text.nullish(),
  model_id: Text.nullish(),
  source: Text.nullish(),
  current_stage: Text.nullish(),
  description: Text.nullish(),
  creation_timestamp: z.number(),
});

type Experiment = { folder: string; name: string; tags: Texts };

/**
 * An `mlruns` folder as MLflow's file store writes it, also one that was moved: its files are found beside it. `warn` is told of what
 * cannot be read and is left out.
 */
export function mlrunsFolder(root: string, warn: (text: string) => void): Source {
  const readMeta = metaReader(warn);
  async function* experiments(): AsyncIterable<Experiment> {
    for (const parent of [root, join(root, ".trash")]) {
      for (const name of await names(parent)) {
        if (name === "models" || name === ".trash") continue;
        const meta = await readMeta(join(parent, name), ExperimentMeta);
        if (meta === undefined) continue;
        const folder = join(parent, name);
        yield { folder, name: meta.name, tags: await readTexts(join(folder, "tags")) };
      }
    }
  }

  return {
    kind: "mlflow",
    name: root,
    async *runs() {
      for await (const experiment of experiments()) {
        for (const name of await names(experiment.folder)) {
          const folder = join(experiment.folder, name);
          const meta = await readMeta(folder, RunMeta);
          if (meta?.run_id !== undefined || meta?.run_uuid !== undefined)
            yield await runOf({ experiment, folder, meta, readMeta });
        }
      }
    },
    async *loggedModels() {
      for await (const experiment of experiments()) {
        for (const name of await names(join(experiment.folder, "models"))) {
          const folder = join(experiment.folder, "models", name);
          const meta = await readMeta(folder, ModelMeta);
          if (meta !== undefined) yield await loggedModelOf(experiment, folder, meta);
        }
      }
    },
    async *models() {
      for (const name of await names(join(root, "models"))) {
        const folder = join(root, "models", name);
        const meta = await readMeta(folder, RegisteredMeta);
        if (meta !== undefined) yield await modelOf(folder, meta, readMeta);
      }
    },
    close: async () => {},
  };
}

type Found<Meta extends z.ZodType> = {
  experiment: Experiment;
  folder: string;
  meta: z.output<Meta>;
  readMeta: ReadMeta;
};

async function runOf({ experiment, folder, meta, readMeta }: Found<typeof RunMeta>): Promise<SourceRun> {
  const id = meta.run_id ?? meta.run_uuid ?? "";
  const tags = await readTexts(join(folder, "tags"));
  return {
    id,
    experiment: experiment.name,
    experimentTags: experiment.tags,
    name: meta.run_name || tags["mlflow.runName"] || id.slice(0, 8),
    user: meta.user_id ?? "",
    state: runState(meta.status),
    startedAt: new Date(meta.start_time ?? 0),
    endedAt: meta.end_time == null ? null : new Date(meta.end_time),
    deleted: meta.lifecycle_stage === "deleted" || experiment.folder.includes("/.trash/"),
    params: await readTexts(join(folder, "params")),
    tags,
    datasets: await datasetsOf(experiment.folder, folder, readMeta),
    models: await modelsOf(folder, readMeta),
    points: () => pointsOf(join(folder, "metrics")),
    files: () => filesAt(meta.artifact_uri, join(folder, "artifacts")),
  };
}

async function datasetsOf(experiment: string, run: string, readMeta: ReadMeta): Promise<SourceDataset[]> {
  const found: SourceDataset[] = [];
  for (const name of await names(join(run, "inputs"))) {
    const input = await readMeta(join(run, "inputs", name), InputMeta);
    if (input?.source_type !== "DATASET") continue;
    const meta = await readMeta(join(experiment, "datasets", input.source_id), DatasetMeta);
    if (meta === undefined) continue;
    found.push({
      name: meta.name,
      digest: meta.digest,
      sourceType: meta.source_type,
      source: meta.source,
      schema: meta.schema ?? null,
      profile: meta.profile ?? null,
      context: input.tags?.["mlflow.data.context"] ?? null,
    });
  }
  return found;
}

async function modelsOf(run: string, readMeta: ReadMeta): Promise<SourceRun["models"]> {
  const found: SourceRun["models"] = [];
  for (const [place, direction] of [
    ["inputs", "input"],
    ["outputs", "output"],
  ] as const) {
    for (const name of await names(join(run, place))) {
      const meta = await readMeta(join(run, place, name), InputMeta);
      const id = [meta?.destination_id, meta?.source_id].find((one) => one?.startsWith("m-") === true);
      if (meta !== undefined && id !== undefined) found.push({ id, direction, step: meta.step ?? 0 });
    }
  }
  return found;
}

async function loggedModelOf(
  experiment: Experiment,
  folder: string,
  meta: z.infer<typeof ModelMeta>,
): Promise<SourceLoggedModel> {
  return {
    id: meta.model_id,
    experiment: experiment.name,
    name: meta.name,
    modelType: meta.model_type ?? null,
    state: loggedModelState(meta.status),
    sourceRun: meta.source_run_id ?? null,
    params: await readTexts(join(folder, "params")),
    tags: await readTexts(join(folder, "tags")),
    createdAt: new Date(meta.creation_timestamp),
    files: () => filesAt(meta.artifact_location, join(folder, "artifacts")),
  };
}

async function modelOf(
  folder: string,
  meta: z.infer<typeof RegisteredMeta>,
  readMeta: ReadMeta,
): Promise<SourceModel> {
  const versions: SourceModel["versions"] = [];
  for (const name of await names(folder)) {
    if (!name.startsWith("version-")) continue;
    const version = await readMeta(join(folder, name), VersionMeta);
    if (version === undefined) continue;
    versions.push({
      version: version.version,
      sourceRun: version.run_id ?? null,
      loggedModel: version.model_id ?? null,
      path: pathInRun(version.source ?? "", version.run_id ?? ""),
      sourceUri: version.source ?? "",
      description: version.description ?? "",
      tags: await readTexts(join(folder, name, "tags")),
      registryStage: registryStage(version.current_stage),
      createdAt: new Date(version.creation_timestamp),
    });
  }
  const aliases = Object.entries(meta.aliases ?? {}).map(([alias, version]) => ({
    alias,
    version: Number(version),
  }));
  return {
    name: meta.name,
    description: meta.description ?? "",
    tags: await readTexts(join(folder, "tags")),
    aliases,
    versions: versions.sort((a, b) => a.version - b.version),
  };
}

/** The folder below a run's files that a source names: `runs:/<run>/model`, `…/<run>/artifacts/model`. */
export function pathInRun(source: string, run: string): string | null {
  if (run === "") return null;
  const at = [`runs:/${run}/`, `/${run}/artifacts/`].flatMap((mark) =>
    source.includes(mark) ? [source.slice(source.indexOf(mark) + mark.length)] : [],
  );
  return at[0] ?? null;
}

/** Lines of `time value step`, one file a metric; a name may have slashes. */
async function* pointsOf(folder: string): AsyncIterable<SourcePoint> {
  for await (const file of walk(folder)) {
    const name = relative(folder, file);
    for await (const line of createInterface({ input: createReadStream(file) })) {
      const [atMs = "0", value = "", step = "0"] = line.trim().split(/\s+/);
      if (value !== "") yield { name, value: realOf(value), step: Number(step), atMs: Number(atMs) };
    }
  }
}

/** A number as Python prints it. */
function realOf(text: string): number {
  const word = text.toLowerCase();
  if (word === "nan") return Number.NaN;
  if (/^[+-]?inf(inity)?$/.test(word)) return word.startsWith("-") ? -Infinity : Infinity;
  return Number(text);
}

async function* filesAt(uri: string | undefined, beside: string): AsyncIterable<SourceFile> {
  const named = uri?.startsWith("file:") === true ? fileURLToPath(uri) : (uri ?? beside);
  const folder = (await isFolder(beside)) || !named.startsWith("/") ? beside : named;
  for await (const file of walk(folder)) {
    const { size } = await stat(file);
    yield { path: relative(folder, file), bytes: size, open: () => openLocalFile(file) };
  }
}

async function* walk(folder: string): AsyncIterable<string> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) yield* walk(path);
    else if (entry.isFile()) yield path;
  }
}

async function readTexts(folder: string): Promise<Texts> {
  const texts: Texts = {};
  for await (const file of walk(folder)) texts[relative(folder, file)] = await readFile(file, "utf8");
  return texts;
}

type ReadMeta = <Meta extends z.ZodType>(folder: string, schema: Meta) => Promise<z.output<Meta> | undefined>;

/** Reads `meta.yaml` of a folder; one without it is no thing of MLflow, one that cannot be read is told of. */
function metaReader(warn: (text: string) => void): ReadMeta {
  return async (folder, schema) => {
    const file = join(folder, "meta.yaml");
    const text = await readFile(file, "utf8").catch(() => undefined);
    if (text === undefined) return undefined;
    const meta = schema.safeParse(parsed(text));
    if (meta.success) return meta.data;
    const [issue] = meta.error.issues;
    warn(`${file} is left out: ${issue?.path.join(".") ?? ""} ${issue?.message ?? "it cannot be read"}`);
    return undefined;
  };
}

function parsed(text: string): unknown {
  try {
    return parse(text);
  } catch {
    return undefined;
  }
}

async function names(folder: string): Promise<string[]> {
  const entries = await readdir(folder, { withFileTypes: true }).catch(() => []);
  return entries.filter((entry) => entry.isDirectory()).map(({ name }) => name);
}

async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    (found) => found.isDirectory(),
    () => false,
  );
}
