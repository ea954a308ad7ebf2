import { createHash } from "node:crypto";
import { CausewayError, type ErrorCode, fail } from "@causeway/contract";
import type { NodeClient } from "@causeway/sdk";
import { all } from "../session.ts";
import { createImportCounts, type ImportCounts } from "./import-counts.ts";
import type { Source, SourceFile, SourceLoggedModel, SourceModel, SourcePoint, SourceRun } from "./source.ts";

/** What an import works with. */
export type ImportParts = {
  client: NodeClient;
  source: Source;
  /** Told after each run what has come so far. */
  onProgress: (counts: ImportCounts, now: string) => void;
  /** Told what is left out, and why. */
  warn: (text: string) => void;
};

/** Runs that are asked for at once whether they are here already. */
const LOOK_UP = 200;
/** Runs that are taken at the same time: while one waits for the disk, another is read. */
const LANES = 4;
const POINTS_PER_CALL = 10_000;
const MOST_FILES = 1_000_000;
/** What speaks of one file only; everything else ends the import. */
const LEFT_OUT: ReadonlySet<ErrorCode> = new Set(["BAD_DATA", "INVALID_FIELD", "PAYLOAD_TOO_LARGE"]);

/**
 * Takes everything over from another tracker: logged models first, so that runs can name them, then runs, then registered models. What
 * is here already is left as it is, so that an import that was cut off is simply done again.
 */
export async function runImport(parts: ImportParts): Promise<ImportCounts> {
  const { source } = parts;
  const counts = createImportCounts();
  const models = new Map<string, string>();
  for await (const model of source.loggedModels()) {
    models.set(model.id, await takeLoggedModel(parts, counts, model));
    parts.onProgress(counts, model.name);
  }
  const experiments = new Set<string>();
  for await (const some of batches(source.runs(), LOOK_UP)) {
    const known = await here(parts, some);
    for (const { experiment } of some) {
      if (!experiments.has(experiment)) counts.add("experiments", "taken");
      experiments.add(experiment);
    }
    await inLanes(some, async (run) => {
      if (known.has(run.id)) countRun(counts, run, "here");
      else await takeRun(parts, counts, run);
      parts.onProgress(counts, run.name);
    });
  }
  for await (const model of source.models()) {
    await takeModel({ ...parts, counts, models }, model);
    parts.onProgress(counts, model.name);
  }
  return counts;
}

/** The ids of those runs that have come whole. */
async function here({ client, source }: ImportParts, some: readonly SourceRun[]): Promise<Set<string>> {
  const sourceIds = some.map(({ id }) => id);
  const { runs } = await client.experiments.findImported({ source: source.kind, sourceIds });
  return new Set(runs.filter(({ complete }) => complete).map(({ sourceId }) => sourceId));
}

function countRun(counts: ImportCounts, run: SourceRun, how: "taken" | "here"): void {
  counts.add("runs", how);
  counts.add("params", how, Object.keys(run.params).length);
  counts.add("tags", how, Object.keys(run.tags).length);
}

async function takeRun(parts: ImportParts, counts: ImportCounts, given: SourceRun): Promise<void> {
  const { client, source } = parts;
  const { points, files, id: sourceId, startedAt, endedAt, ...facts } = given;
  const { run } = await client.experiments.importRun({
    ...facts,
    source: source.kind,
    sourceId,
    startedAt: startedAt.toISOString(),
    endedAt: endedAt?.toISOString() ?? null,
  });
  for await (const some of batches(points(), POINTS_PER_CALL)) {
    await client.experiments.importPoints({ run, points: some.map(toPoint) });
    counts.add("points", "taken", some.length);
  }
  const stored = await all((paging) => client.experiments.listArtifacts({ run, ...paging }), MOST_FILES);
  const isStored = new Map(stored.map(({ path, digest }) => [path, digest]));
  const whole = await takeFiles({ ...parts, counts }, files(), {
    stored: isStored,
    put: (path, blob) => client.experiments.uploadArtifact({ run, path }, () => blob),
    of: `the run ${given.name}`,
  });
  // One that still runs is read again the next time.
  const isOver = given.state !== "running" && given.state !== "scheduled";
  if (whole && isOver) await client.experiments.completeImport({ run });
  countRun(counts, given, "taken");
}

async function takeLoggedModel(
  parts: ImportParts,
  counts: ImportCounts,
  given: SourceLoggedModel,
): Promise<string> {
  const { client, source } = parts;
  const { files, createdAt, ...facts } = given;
  const { id, existed } = await client.experiments.importLoggedModel({
    ...facts,
    source: source.kind,
    createdAt: createdAt.toISOString(),
  });
  const { items } = await client.experiments.listModelFiles({ model: id });
  await takeFiles({ ...parts, counts }, files(), {
    stored: new Map(items.map(({ path, digest }) => [path, digest])),
    put: (path, blob) => client.experiments.uploadModelFile({ model: id, path }, () => blob),
    of: `the model ${given.name}`,
  });
  counts.add("logged models", existed ? "here" : "taken");
  return id;
}

type Files = {
  stored: ReadonlyMap<string, string>;
  put: (path: string, blob: Blob) => Promise<{ digest: string }>;
  of: string;
};

/** Sends the files that are not here yet; false where one could not be had or is not taken here. */
async function takeFiles(
  { counts, warn }: ImportParts & { counts: ImportCounts },
  files: AsyncIterable<SourceFile>,
  { stored, put, of }: Files,
): Promise<boolean> {
  let whole = true;
  const leaveOut = (what: string, error: unknown) => {
    if (!(error instanceof CausewayError) || !LEFT_OUT.has(error.code)) throw error;
    whole = false;
    warn(`${what} left out: ${error.message}`);
  };
  try {
    for await (const file of files) {
      try {
        counts.add("files", await takeFile(file, stored.get(file.path), put));
      } catch (error) {
        leaveOut(`${file.path} of ${of} is`, error);
        counts.add("files", "left");
      }
    }
  } catch (error) {
    leaveOut(`files of ${of} are`, error);
  }
  return whole;
}

async function takeFile(file: SourceFile, stored: string | undefined, put: Files["put"]) {
  const { blob, digest: known, close } = await file.open();
  try {
    const digest = known ?? (await digestOf(blob));
    if (stored === digest) return "here";
    const { digest: kept } = await put(file.path, blob);
    if (kept === digest) return "taken";
    throw fail("BAD_DATA", {
      message: `${file.path} changed on its way: ${digest} was read, ${kept} was stored`,
      field: "source",
      value: file.path,
      help: "Import again when nobody writes the file.",
    });
  } finally {
    await close();
  }
}

type Taking = ImportParts & { counts: ImportCounts; models: ReadonlyMap<string, string> };

async function takeModel(
  { client, source, warn, counts, models }: Taking,
  given: SourceModel,
): Promise<void> {
  const { name: model, description, tags } = given;
  const { existed } = await client.registry.importModel({ model, description, tags });
  counts.add("models", existed ? "here" : "taken");
  for (const { createdAt, loggedModel, ...version } of given.versions) {
    const made = await client.registry.importVersion({
      ...version,
      model,
      source: source.kind,
      loggedModel: loggedModel === null ? null : (models.get(loggedModel) ?? loggedModel),
      createdAt: createdAt.toISOString(),
    });
    counts.add("versions", made.existed ? "here" : "taken");
  }
  for (const { alias, version } of given.aliases) {
    try {
      const moved = await client.registry.assignAlias({ model, alias, version });
      counts.add("aliases", moved.version === version ? "taken" : "left");
    } catch (error) {
      if (!(error instanceof CausewayError)) throw error;
      counts.add("aliases", "left");
      warn(`the alias ${model}@${alias} is left out: ${error.message}`);
    }
  }
}

function toPoint({ value, ...point }: SourcePoint) {
  return { ...point, value: Number.isFinite(value) ? value : wordOf(value) };
}

function wordOf(value: number): "NaN" | "Infinity" | "-Infinity" {
  if (Number.isNaN(value)) return "NaN";
  return value > 0 ? "Infinity" : "-Infinity";
}

async function digestOf(blob: Blob): Promise<string> {
  const hash = createHash("sha256");
  for await (const chunk of blob.stream()) hash.update(chunk);
  return hash.digest("hex");
}

async function* batches<Item>(items: AsyncIterable<Item>, size: number): AsyncIterable<Item[]> {
  let some: Item[] = [];
  for await (const item of items) {
    some.push(item);
    if (some.length < size) continue;
    yield some;
    some = [];
  }
  if (some.length > 0) yield some;
}

async function inLanes<Item>(items: readonly Item[], take: (item: Item) => Promise<void>): Promise<void> {
  const rest = items.values();
  const lane = async () => {
    for (const item of rest) await take(item);
  };
  await Promise.all(Array.from({ length: LANES }, lane));
}
