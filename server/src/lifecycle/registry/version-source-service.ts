import { fail, type ModelVersion, type Run, type Signature } from "@causeway/contract";
import { type Call, requirePermission } from "../../platform/access/index.ts";
import type { Database, Tx } from "../../platform/database/index.ts";
import { spacedJson, type Tracking } from "../experiments/index.ts";
import { noModel } from "./missing.ts";
import { absent } from "./not-there.ts";
import type { PreparationService } from "./preparation-service.ts";
import { isPrompt } from "./prompt.ts";
import type { Registry } from "./registry-service.ts";
import { registryStore } from "./registry-store.ts";
import {
  createSourceContents,
  promptContent,
  type SourceContentParts,
  type SourceRequest,
} from "./source-content-service.ts";
import type { NewVersion } from "./version-service.ts";

/** What making versions from addresses needs. */
export type VersionSourceParts = SourceContentParts & {
  readonly database: Pick<Database, "db">;
  readonly tracking: Pick<Tracking, "getRun" | "getLoggedModel" | "setLoggedModelTags">;
  readonly runs: { readonly getRun: (input: { run: string }, call: Call) => Promise<Run> };
  readonly registry: Pick<Registry, "add" | "getLiveVersion" | "register">;
  readonly preparation: Pick<PreparationService, "ask">;
};

/** What registering natively says; the signature is that of a file. */
type Registration = Omit<Parameters<Registry["register"]>[0], "signature"> & {
  readonly signature?: Signature | undefined;
};

/** Tag of a logged model that lists the versions made from it. */
const VERSIONS_TAG = "mlflow.modelVersions";
/** Words that clients give as the source of a prompt, which has no files. */
const PROMPT_SOURCES: readonly string[] = ["dummy-source", "prompt-template"];

/** Versions from what clients of MLflow logged. */
export type VersionSources = ReturnType<typeof createVersionSources>;

/** Makes the service that registers what an address holds: its files are named by digest there and then. */
export function createVersionSources(parts: VersionSourceParts) {
  const { database, tracking, runs, registry, preparation } = parts;
  const { db } = database;
  const { contentOf } = createSourceContents(parts);

  /** A version of a model that is there already, as clients of MLflow ask for it. */
  function createFromSource(request: SourceRequest, call: Call): Promise<ModelVersion> {
    return create(request, { known: true }, call);
  }

  /** Registers a file of a run, or with the format `mlflow` a folder of one; the model is made on first sight. */
  async function register(request: Registration, call: Call): Promise<ModelVersion> {
    const { format, signature, path, model, description } = request;
    if (format === "mlflow") {
      // A run may be named by the beginning of its id.
      const { id: run } = await runs.getRun({ run: request.run }, call);
      const source = `runs:/${run}/${path}`;
      return create({ model, source, run, description, tags: {} }, { known: false }, call);
    }
    if (signature === undefined) throw noSignature(format);
    return registry.register({ ...request, signature }, call);
  }

  async function create(
    request: SourceRequest,
    { known }: { known: boolean },
    call: Call,
  ): Promise<ModelVersion> {
    const { model } = request;
    const prompt = isPrompt(request.tags);
    if (prompt) checkPromptSource(request.source);
    const content = prompt ? promptContent(request) : await contentOf(request, call);
    const run = content.run === null ? null : await findRun(content.run, call);
    requireOwnRun(run, call);
    const draft: NewVersion = {
      model,
      ...content,
      record: run?.record ?? content.record,
      run: run === null ? null : { id: run.id, name: run.name },
      absentRun: content.run,
      pipelineRun:
        run === null || run.step === null ? null : { pipeline: run.step.pipeline, number: run.step.run },
      report: null,
      description: request.description,
      tags: request.tags,
      runLink: request.runLink ?? null,
      evaluatedOn: null,
    };
    const version = await db.transaction().execute(async (tx) => {
      await requireKind(tx, { project: call.scope.project, model, prompt, known });
      const added = await registry.add(tx, call, draft);
      if (added.preparation.state === "preparing") await preparation.ask(tx, call, added);
      return added;
    });
    if (content.loggedModel !== null && !prompt) await tellLoggedModel(version, content.loggedModel, call);
    return version;
  }

  /** A prompt and a model never share a name; with `known` the model must be there. */
  async function requireKind(
    tx: Tx,
    { project, model, prompt, known }: { project: string; model: string; prompt: boolean; known: boolean },
  ): Promise<void> {
    const found = await registryStore(tx).findModel(project, model);
    if (found === undefined && known) throw noModel(model);
    if (found === undefined || isPrompt(found.tags) === prompt) return;
    throw fail("INVALID_FIELD", {
      message: prompt ? `${model} is a model, not a prompt` : `${model} is a prompt, not a model`,
      field: "name",
      value: model,
      help: "Choose another name: a prompt and a model never share one.",
    });
  }

  /** The run that a version names; null where there is none of that id here. */
  async function findRun(run: string, call: Call): Promise<Run | null> {
    return (await runs.getRun({ run }, call).catch(absent)) ?? null;
  }

  /** Lets a logged model tell which versions were made from it. */
  async function tellLoggedModel(version: ModelVersion, id: string, call: Call): Promise<void> {
    const logged = await tracking.getLoggedModel({ model: id }, call).catch(absent);
    if (logged === undefined) return;
    const made = [
      ...listedVersions(logged.tags[VERSIONS_TAG]),
      { name: version.model, version: version.version },
    ];
    await tracking.setLoggedModelTags(
      { model: id, set: { [VERSIONS_TAG]: spacedJson(made) }, remove: [] },
      call,
    );
  }

  return { createFromSource, register };
}

/** A step's token registers what runs of its own pipeline run logged, and nothing else. */
function requireOwnRun(run: Run | null, { actor, attempt }: Call): void {
  if (attempt === undefined) return;
  const step = run?.step ?? null;
  if (step !== null && actor.id === `${step.pipeline}/${step.run}`) return;
  requirePermission({ actor, permissions: new Set() }, "registry:write");
}

function noSignature(format: string): Error {
  return fail("INVALID_FIELD", {
    message: `A model of the format ${format} is registered with its signature`,
    field: "signature",
    help: "Give task, target, classes and inputs; the chapter on the registry shows the shape.",
  });
}

function checkPromptSource(source: string): void {
  if (!PROMPT_SOURCES.includes(source)) {
    throw fail("INVALID_FIELD", {
      message: `Invalid prompt source: '${source.slice(0, 300)}'`,
      field: "source",
      value: source,
      help: `Prompt sources must use an MLflow placeholder: ${PROMPT_SOURCES.join(" or ")}. A prompt's text is its tag.`,
    });
  }
}

/** What the tag holds; a text that is no list counts as none. */
function listedVersions(tag: string | undefined): unknown[] {
  try {
    const listed: unknown = JSON.parse(tag ?? "[]");
    return Array.isArray(listed) ? listed : [];
  } catch {
    return [];
  }
}
