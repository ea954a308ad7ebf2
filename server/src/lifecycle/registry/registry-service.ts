import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import {
  fail,
  type GoldenRow,
  type Lineage as LineageView,
  type Model,
  type ModelFormat,
  type ModelVersion,
  type Run,
  type RunArtifact,
  type Scope,
  type Signature,
} from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Database, Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { Lineage } from "../../platform/lineage/index.ts";
import { keysetPage } from "../../platform/paging/index.ts";
import { createAliasService } from "./alias-service.ts";
import { gatesStore, type StoredGate } from "./gates-store.ts";
import { noAlias, noModel, noVersion } from "./missing.ts";
import { renderModelCard } from "./model-card.ts";
import type { ModelProgram } from "./model-program.ts";
import { parseModelReference } from "./model-reference.ts";
import { registryChangesStore } from "./registry-changes-store.ts";
import { versionPath } from "./registry-paths.ts";
import { registryStore, type StoredAlias, type StoredModel, type StoredVersion } from "./registry-store.ts";
import { createVersionService, type NewVersion } from "./version-service.ts";

/** What registering from a run reads of experiments. */
export type RunReader = {
  readonly getRun: (input: { run: string }, call: Call) => Promise<Run>;
  readonly findArtifact: (input: { run: string; path: string }, call: Call) => Promise<RunArtifact>;
};

/** What the registry is made from. */
export type RegistryParts = {
  readonly database: Pick<Database, "db">;
  readonly artifacts: Pick<Artifacts, "retain" | "read" | "path" | "verify">;
  readonly events: Pick<Events, "record">;
  readonly lineage: Lineage;
  readonly runs: RunReader;
  readonly models: Pick<ModelProgram, "score">;
  /** Folder for files that live as long as one request. */
  readonly scratch: string;
  readonly newId: () => string;
  readonly now: () => Date;
};

/** Gates of a version that its card tells of, newest first. */
const CARD_GATES = 5;

type Page = { limit: number; after?: string | undefined };
type InVersion = { model: string; version: number };

/** Models, their versions, and the aliases that point at them. */
export type Registry = ReturnType<typeof createRegistry>;

/** Makes the registry. Versions never change; what moves is the alias. */
export function createRegistry(parts: RegistryParts) {
  const { database, artifacts, lineage, runs, models, newId } = parts;
  const { db } = database;
  const { add } = createVersionService(parts);
  const aliasing = createAliasService(parts);

  /** Registers a file of a run. The model must load with the signature and answer the examples before it is kept. */
  async function register(
    input: {
      model: string;
      run: string;
      path: string;
      format: ModelFormat;
      signature: Signature;
      examples: readonly GoldenRow["record"][];
      description: string;
    },
    call: Call,
  ): Promise<ModelVersion> {
    const run = await runs.getRun({ run: input.run }, call);
    const file = await runs.findArtifact({ run: run.id, path: input.path }, call);
    await artifacts.verify(file.digest);
    const model = { format: input.format, path: artifacts.path(file.digest) };
    const golden = await answer(
      { ...model, signature: input.signature, examples: input.examples },
      call.signal,
    );
    const name = input.path.slice(input.path.lastIndexOf("/") + 1);
    const draft: NewVersion = {
      model: input.model,
      format: input.format,
      files: [{ path: name, digest: file.digest, bytes: file.bytes }],
      signature: input.signature,
      golden,
      report: null,
      run,
      pipelineRun: run.step === null ? null : { pipeline: run.step.pipeline, number: run.step.run },
      record: run.record,
      description: input.description,
      evaluatedOn: null,
    };
    return db.transaction().execute((tx) => add(tx, call, draft));
  }

  /** The model's answers to examples; also with none, the model is loaded with its signature, or refused with BAD_MODEL. */
  async function answer(
    model: {
      format: ModelFormat;
      path: string;
      signature: Signature;
      examples: readonly GoldenRow["record"][];
    },
    signal: AbortSignal,
  ): Promise<GoldenRow[]> {
    const folder = join(parts.scratch, newId());
    await mkdir(folder, { recursive: true, mode: 0o700 });
    try {
      const signatureFile = join(folder, "signature.json");
      await writeFile(signatureFile, JSON.stringify(model.signature));
      const records = model.examples.map((record) => JSON.stringify(record));
      const golden: GoldenRow[] = [];
      for await (const prediction of models.score({ ...model, signatureFile }, records, signal)) {
        const record = model.examples[golden.length];
        if (record !== undefined) golden.push({ record, prediction });
      }
      return golden;
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  async function listModels(input: Page, call: Call): Promise<{ items: Model[]; next: string | null }> {
    const { project } = call.scope;
    const rows = await registryStore(db).listModels({ project, after: input.after, limit: input.limit + 1 });
    const { items, next } = keysetPage(rows, input.limit, ({ name }) => name);
    return { items: await complete(project, items), next };
  }

  async function getModel({ model }: { model: string }, call: Call): Promise<Model> {
    const found = await registryStore(db).findModel(call.scope.project, model);
    const [whole] = found === undefined ? [] : await complete(call.scope.project, [found]);
    if (whole === undefined) throw noModel(model);
    return whole;
  }

  async function complete(project: string, stored: readonly StoredModel[]): Promise<Model[]> {
    const names = stored.map(({ name }) => name);
    const store = registryStore(db);
    const newest = new Map(
      (await store.listNewest(project, names)).map((version) => [version.model, version]),
    );
    const aliases = await store.listAliases(project, names);
    return stored.map((model) => {
      const latest = newest.get(model.name);
      const own = aliases.filter((alias) => alias.model === model.name);
      const { createdBy: _createdBy, ...shown } = model;
      return {
        ...shown,
        latest: latest === undefined ? null : withAliases(latest, own),
        aliases: own.map(({ alias, environment, version, assignedAt, assignedBy }) => ({
          alias,
          environment,
          version,
          assignedAt,
          assignedBy,
        })),
      };
    });
  }

  async function listVersions(
    input: Page & { model: string },
    call: Call,
  ): Promise<{ items: ModelVersion[]; next: string | null }> {
    const { project } = call.scope;
    const store = registryStore(db);
    if ((await store.findModel(project, input.model)) === undefined) throw noModel(input.model);
    const rows = await store.listVersions({
      project,
      model: input.model,
      before: versionCursor(input.after),
      limit: input.limit + 1,
    });
    const { items, next } = keysetPage(rows, input.limit, ({ version }) => String(version));
    const aliases = await store.listAliases(project, [input.model]);
    return { items: items.map((version) => withAliases(version, aliases)), next };
  }

  /** A version, also a deleted one: whoever served it looks back at the answers that it gave. */
  async function getVersion(input: InVersion, call: Pick<Call, "scope">): Promise<ModelVersion> {
    return readVersion({ ...input, deleted: true }, call);
  }

  /** A version that is not deleted. */
  async function getLiveVersion(input: InVersion, call: Pick<Call, "scope">): Promise<ModelVersion> {
    return readVersion(input, call);
  }

  async function readVersion(
    { model, version, deleted = false }: InVersion & { deleted?: boolean },
    { scope: { project } }: Pick<Call, "scope">,
  ): Promise<ModelVersion> {
    const store = registryStore(db);
    const found = await store.findVersion({ project, model, version, deleted });
    if (found === undefined) throw noVersion({ model, version });
    return withAliases(found, await store.listAliases(project, [model]));
  }

  /** The newest version of a model that steps of a run of a pipeline registered; undefined where there is none. */
  async function findVersionOfRun(
    made: { model: string; pipeline: string; number: number },
    { scope: { project } }: Pick<Call, "scope">,
  ): Promise<ModelVersion | undefined> {
    const store = registryStore(db);
    const found = await store.findVersionOfRun({ project, ...made });
    return found && withAliases(found, await store.listAliases(project, [made.model]));
  }

  async function getCard(input: InVersion, call: Call): Promise<{ markdown: string }> {
    const version = await getLiveVersion(input, call);
    const { model, refitOf } = version;
    const gates: StoredGate[] = [];
    for (const judged of [version.version, ...(refitOf === null ? [] : [refitOf])]) {
      const page = { scope: call.scope, model, version: judged, after: undefined, limit: CARD_GATES };
      gates.push(...(await gatesStore(db).list(page)).filter(({ state }) => state === "succeeded"));
    }
    return { markdown: renderModelCard(version, gates) };
  }

  async function getVersionLineage(input: InVersion, call: Call): Promise<LineageView> {
    await getLiveVersion(input, call);
    return lineage.trace({ subject: versionPath(input), direction: "both" }, call);
  }

  async function downloadFile(input: InVersion & { path: string }, call: Call) {
    const { files } = await getLiveVersion(input, call);
    const file = files.find(({ path }) => path === input.path);
    if (file === undefined) {
      throw fail("NOT_FOUND", {
        message: `Version ${input.version} of ${input.model} has no file ${input.path}`,
        field: "path",
        value: input.path,
        help: `It has ${files.map(({ path }) => path).join(", ")}.`,
      });
    }
    return { stream: artifacts.read(file.digest), bytes: file.bytes, name: file.path };
  }

  /**
   * The version that `name@alias` or `name@version` means in an environment, until the transaction ends: whoever comes to
   * follow an alias in it hears of every later move.
   */
  async function resolve(tx: Tx, reference: string, scope: Scope): Promise<StoredVersion> {
    const wanted = parseModelReference(reference);
    const store = registryStore(tx);
    const { project } = scope;
    const { model } = wanted;
    const found = await store.holdModel(project, model);
    if (found === undefined) throw noModel(model);
    let version = wanted.kind === "version" ? wanted.version : found.versions;
    if (wanted.kind === "latest") version = (await store.listNewest(project, [model]))[0]?.version ?? version;
    if (wanted.kind === "alias") {
      const alias = await store.findAlias({ ...scope, model, alias: wanted.alias });
      if (alias === undefined) throw noAlias({ model, alias: wanted.alias }, scope);
      version = alias.version;
    }
    const stored = await store.findVersion({ project, model, version });
    if (stored === undefined) throw noVersion({ model, version });
    return stored;
  }

  /** Says in the caller's transaction that a version repeats a judged one on all rows; said twice, nothing changes. */
  async function markRefit(
    tx: Tx,
    call: Pick<Call, "scope">,
    { model, version, refitOf }: InVersion & { refitOf: number },
  ): Promise<void> {
    const { project } = call.scope;
    const store = registryStore(tx);
    await store.lockModel(project, model);
    const found = await store.findVersion({ project, model, version });
    if (found === undefined) throw noVersion({ model, version });
    if ((await store.findVersion({ project, model, version: refitOf })) === undefined)
      throw noVersion({ model, version: refitOf });
    if (found.refitOf === refitOf) return;
    if (found.refitOf !== null || refitOf >= version) {
      throw fail("CONFLICT", {
        message:
          found.refitOf === null
            ? `Version ${version} of ${model} cannot repeat version ${refitOf}, which is not older`
            : `Version ${version} of ${model} repeats version ${found.refitOf} already`,
        field: "refitOf",
        value: refitOf,
        help: "A version repeats one judged version, for good; train another one.",
      });
    }
    await registryChangesStore(tx).setRefitOf({ project, model, version, refitOf });
  }

  return {
    register,
    listModels,
    getModel,
    listVersions,
    getVersion,
    getLiveVersion,
    findVersionOfRun,
    ...aliasing,
    getCard,
    getVersionLineage,
    downloadFile,
    resolve,
    /** Makes a version in the caller's transaction: for steps, whose commit belongs to the pipeline run's. */
    add,
    markRefit,
  };
}

function withAliases(version: StoredVersion, aliases: readonly StoredAlias[]): ModelVersion {
  const own = aliases.filter((alias) => alias.model === version.model && alias.version === version.version);
  return { ...version, aliases: own.map(({ alias, environment }) => ({ alias, environment })) };
}

function versionCursor(after: string | undefined): number | undefined {
  if (after === undefined || /^[1-9]\d{0,8}$/.test(after))
    return after === undefined ? undefined : Number(after);
  throw fail("INVALID_FIELD", {
    message: `after is not the next of a page of versions: ${after}`,
    field: "after",
    value: after,
    help: "Give back the `next` of the page before, or leave after out for the first page.",
  });
}
