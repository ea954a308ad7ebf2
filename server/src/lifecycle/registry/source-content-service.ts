import {
  CausewayError,
  type ModelFile,
  type ModelVersion,
  type Preparation,
  type RegistryTags,
  RunRecord,
  type Signature,
} from "@causeway/contract";
import { type Call, requirePermission } from "../../platform/access/index.ts";
import type { Database } from "../../platform/database/index.ts";
import type { ArtifactTree, LoggedModel, Tracking, TreeOwner } from "../experiments/index.ts";
import { noModel } from "./missing.ts";
import { ML_MODEL_FILE, readMlModel, signatureOf } from "./mlmodel.ts";
import { absent, notThere } from "./not-there.ts";
import { PREPARING } from "./preparing.ts";
import { isPrompt } from "./prompt.ts";
import type { Registry } from "./registry-service.ts";
import { registryStore } from "./registry-store.ts";
import type { NewVersion } from "./version-service.ts";
import {
  badSource,
  checkLocalSource,
  ownerNotNamed,
  readVersionSource,
  type VersionSource,
} from "./version-source.ts";

/** What reading sources needs. */
export type SourceContentParts = {
  readonly database: Pick<Database, "db">;
  readonly tree: Pick<ArtifactTree, "walk" | "resolve" | "open">;
  readonly tracking: Pick<Tracking, "getRun" | "getLoggedModel">;
  readonly registry: Pick<Registry, "getLiveVersion">;
};

/** What a client asks for. */
export type SourceRequest = {
  readonly model: string;
  readonly source: string;
  readonly run?: string | undefined;
  readonly loggedModel?: string | undefined;
  readonly runLink?: string | undefined;
  readonly description: string;
  readonly tags: RegistryTags;
};

/** What an address turned out to hold. */
export type SourceContent = Pick<NewVersion, "format" | "files" | "signature" | "golden" | "record"> & {
  readonly preparation: Preparation;
  readonly run: string | null;
  readonly loggedModel: string | null;
  readonly source: string;
};

/** What a version is called with of which no file is known. */
const UNKNOWN: Signature = { task: "other", target: null, classes: [], inputs: [], open: true };

const NOTHING = "There are no files at its source";
const FOREIGN = "Its files lie in a store of their own, which Causeway does not read";

/** Makes the service that finds out what an address holds. */
export function createSourceContents(parts: SourceContentParts) {
  const { database, tree, tracking, registry } = parts;
  const { db } = database;

  async function contentOf(request: SourceRequest, call: Call): Promise<SourceContent> {
    const source = readVersionSource(request.source);
    switch (source.kind) {
      case "foreign":
        return { ...withoutFiles(FOREIGN), ...namesOf(request) };
      case "local":
        await requireLocal(request, source.path, call);
        return { ...withoutFiles(FOREIGN), ...namesOf(request) };
      case "version":
        return contentOfVersion(request, source, call);
      case "logged-model": {
        if (request.loggedModel !== source.model) throw ownerNotNamed(request.source, "model_id");
        return contentOfLoggedModel(request, source.model, call);
      }
      case "own":
        return contentOfOwn(request, source.uri, call);
      default:
        return source satisfies never;
    }
  }

  /** Files of this server, of the run or logged model that is named with the address and of no other. */
  async function contentOfOwn(request: SourceRequest, uri: string, call: Call): Promise<SourceContent> {
    const named = request.loggedModel === undefined ? "run_id" : "model_id";
    const place = await tree.resolve(uri, call).catch(absent);
    // Clients register runs of other servers too: nothing is read of a run that is not here.
    if (place === undefined && isOfRun(uri, request.run))
      return { ...withoutFiles(NOTHING), ...namesOf(request) };
    if (place === undefined) throw ownerNotNamed(request.source, named);
    const { owner, path } = place;
    const expected = request.loggedModel === undefined ? request.run : request.loggedModel;
    const kind = request.loggedModel === undefined ? "run" : "model";
    if (owner.kind !== kind || owner.id !== expected) throw ownerNotNamed(request.source, named);
    if (owner.kind === "model") return contentOfLoggedModel(request, owner.id, call);
    const files = await readFiles(owner, path, call);
    // Newer clients keep models beside the run that logged them, and name the run's folder all the same.
    const logged = files.length > 0 ? undefined : await findLoggedModel(owner.id, path, call);
    if (logged !== undefined) return contentOfLoggedModel(request, logged.id, call);
    return {
      ...(await contentOfFiles(owner, { path, files }, call)),
      source: request.source,
      run: owner.id,
      loggedModel: null,
    };
  }

  async function contentOfLoggedModel(
    request: SourceRequest,
    id: string,
    call: Call,
  ): Promise<SourceContent> {
    requirePermission(call, "experiments:read");
    const logged = await tracking.getLoggedModel({ model: id }, call).catch((cause: unknown) => {
      throw Object.assign(ownerNotNamed(request.source, "model_id"), { cause });
    });
    const owner = { kind: "model", id } as const;
    const files = await readFiles(owner, "", call);
    return {
      ...(await contentOfFiles(owner, { path: "", files }, call)),
      source: request.source,
      run: request.run ?? logged.sourceRun,
      loggedModel: id,
    };
  }

  async function contentOfVersion(
    request: SourceRequest,
    wanted: Extract<VersionSource, { kind: "version" }>,
    call: Call,
  ): Promise<SourceContent> {
    const version = await findVersion(request, wanted, call);
    if (isPrompt(version.tags))
      throw badSource(request.source, "Prompt versions cannot be used as model version sources.");
    const { run, loggedModel } = version;
    const others =
      (request.run !== undefined && request.run !== run) ||
      (request.loggedModel !== undefined && request.loggedModel !== loggedModel);
    if (others) {
      throw badSource(
        request.source,
        "The run_id and model_id request parameters must match the referenced model version.",
      );
    }
    const { format, files, signature, golden, record } = version;
    const source = `models:/${version.model}/${version.version}`;
    // Packages are kept by digest, so that preparing a copy builds nothing; golden rows are answered anew.
    const asked = format === "mlflow" && version.preparation.problem === null;
    const prepared = asked
      ? { golden: [], preparation: PREPARING }
      : { golden, preparation: version.preparation };
    return { format, files, signature, record, source, run, loggedModel, ...prepared };
  }

  async function findVersion(
    request: SourceRequest,
    { model, which, alias }: Extract<VersionSource, { kind: "version" }>,
    call: Call,
  ): Promise<ModelVersion> {
    const { scope } = call;
    const store = registryStore(db);
    if ((await store.findModel(scope.project, model)) === undefined) throw noModel(model);
    const number = alias
      ? (await store.findAlias({ ...scope, model, alias: which }))?.version
      : /^\d{1,9}$/.test(which)
        ? Number(which)
        : which.toLowerCase() === "latest"
          ? (await store.listNewest(scope.project, [model]))[0]?.version
          : undefined;
    if (number === undefined) throw badSource(request.source, `The model ${model} has no version ${which}.`);
    return registry.getLiveVersion({ model, version: number }, call);
  }

  async function contentOfFiles(
    owner: TreeOwner,
    { path, files }: { path: string; files: readonly ModelFile[] },
    call: Call,
  ): Promise<Pick<SourceContent, "format" | "files" | "signature" | "golden" | "record" | "preparation">> {
    if (files.length === 0) return withoutFiles(NOTHING);
    if (!files.some((file) => file.path === ML_MODEL_FILE))
      return { ...withoutFiles(`Its files have no ${ML_MODEL_FILE}, so it is no model of MLflow`), files };
    const text = await readText(owner, path === "" ? ML_MODEL_FILE : `${path}/${ML_MODEL_FILE}`, call);
    try {
      const signature = signatureOf(readMlModel(text));
      return { ...withoutFiles(""), files, signature, preparation: PREPARING };
    } catch (error) {
      // It stays a version for its client; who wants to serve it reads why it cannot be.
      if (error instanceof CausewayError) return { ...withoutFiles(error.message), files };
      throw error;
    }
  }

  /** Every file of a folder with its path in it; none where there is no such folder. */
  async function readFiles(owner: TreeOwner, path: string, call: Call): Promise<ModelFile[]> {
    requirePermission(call, "experiments:read");
    const entries = await tree.walk({ owner, path }, call).catch(notThere);
    return entries.flatMap((entry) =>
      entry.digest === null || entry.bytes === null
        ? []
        : [{ path: relativeTo(path, entry.path), digest: entry.digest, bytes: entry.bytes }],
    );
  }

  async function readText(owner: TreeOwner, path: string, call: Call): Promise<string> {
    const { stream } = await tree.open({ owner, path }, call);
    const chunks: Buffer[] = [];
    for await (const chunk of stream) chunks.push(Buffer.from(chunk));
    return Buffer.concat(chunks).toString("utf8");
  }

  /** The last model of a name that a run logged. */
  async function findLoggedModel(run: string, path: string, call: Call): Promise<LoggedModel | undefined> {
    const name = path.slice(path.lastIndexOf("/") + 1);
    const { modelOutputs } = await tracking.getRun({ run }, call);
    for (const { model } of modelOutputs.toReversed()) {
      const logged = await tracking.getLoggedModel({ model }, call).catch(absent);
      if (logged?.name === name) return logged;
    }
    return undefined;
  }

  /** A folder of the client's machine is taken at its word only where the run or model says that it writes there. */
  async function requireLocal(request: SourceRequest, path: string, call: Call): Promise<void> {
    const { source, run, loggedModel } = request;
    if (loggedModel !== undefined) {
      const found = await tracking.getLoggedModel({ model: loggedModel }, call).catch(absent);
      return checkLocalSource(source, { path, root: found?.artifactUri, named: "model_id" });
    }
    const found = run === undefined ? undefined : await tracking.getRun({ run }, call).catch(absent);
    checkLocalSource(source, { path, root: found?.artifactUri, named: "run_id" });
  }

  return { contentOf };
}

/** What a prompt is registered with: its text is a tag. */
export function promptContent(request: SourceRequest): SourceContent {
  return { ...withoutFiles("It is a prompt, which is no model to serve"), ...namesOf(request) };
}

/** A version that is written down and cannot be served, with the reason. */
function withoutFiles(problem: string) {
  return {
    format: "mlflow" as const,
    files: [],
    signature: UNKNOWN,
    golden: [],
    record: RunRecord.parse({}),
    preparation: { ...PREPARING, state: "failed" as const, problem },
  };
}

/** Whether an address is `runs:/<run>/…` of that very run. */
function isOfRun(uri: string, run: string | undefined): boolean {
  return run !== undefined && new RegExp(`^runs:/${RegExp.escape(run)}(/|$)`).test(uri);
}

function namesOf({ source, run, loggedModel }: SourceRequest) {
  return { source, run: run ?? null, loggedModel: loggedModel ?? null };
}

function relativeTo(folder: string, path: string): string {
  return folder === "" ? path : path.slice(folder.length + 1);
}
