import { type DatasetVersion, fail, type VersionEvaluation } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Database } from "../../platform/database/index.ts";
import { hasEnded, type WorkQueue } from "../../platform/work/index.ts";
import { checkEvaluationQuestion } from "./evaluation-question.ts";
import { EVALUATE_KIND } from "./evaluation-work.ts";
import { evaluationsStore, type StoredEvaluation } from "./evaluations-store.ts";
import { noVersion } from "./missing.ts";
import { versionPath } from "./registry-paths.ts";
import type { Registry } from "./registry-service.ts";
import { registryStore, type StoredVersion } from "./registry-store.ts";

/** What asking for evaluations needs. */
export type EvaluationParts = {
  readonly database: Pick<Database, "db">;
  readonly work: Pick<WorkQueue, "enqueue" | "get">;
  readonly registry: Pick<Registry, "getVersion">;
  readonly data: {
    readonly getVersion: (input: { dataset: string; version: string }, call: Call) => Promise<DatasetVersion>;
  };
  readonly now: () => Date;
  readonly newId: () => string;
};

type InVersion = { readonly model: string; readonly version: number };
type Question = InVersion & {
  readonly dataset: string;
  readonly target: string;
  readonly positive?: string | undefined;
};
type Asked = Pick<StoredEvaluation, "dataset" | "datasetVersion" | "target" | "positive">;

/** Judges versions that came without a report. */
export type Evaluations = ReturnType<typeof createEvaluations>;

/** Makes the service that asks for evaluations of registered versions; a worker does the judging. */
export function createEvaluations({ database, work, registry, data, now, newId }: EvaluationParts) {
  const { db } = database;

  /** Judges a version on rows with truth. The same question again answers what there is, unless that failed. */
  async function evaluateVersion(input: Question, call: Call): Promise<VersionEvaluation> {
    const { model, version, target } = input;
    const judged = await registry.getVersion({ model, version }, call);
    const [name = "", id = ""] = input.dataset.split("@");
    const dataset = await data.getVersion({ dataset: name, version: id }, call);
    const asked: Asked = {
      dataset: dataset.dataset,
      datasetVersion: dataset.id,
      target,
      positive: input.positive ?? null,
    };
    checkEvaluationQuestion({
      version: judged,
      dataset: {
        name: dataset.dataset,
        id: dataset.id,
        schema: dataset.schema,
        key: dataset.key,
        rows: dataset.rows,
      },
      target,
      positive: asked.positive,
    });
    const key = { project: call.scope.project, model, version };
    await db.transaction().execute(async (tx) => {
      const store = evaluationsStore(tx);
      if (!(await store.lockVersion(key))) throw noVersion(input);
      const before = await store.find(key);
      if (before !== undefined && isAnswer(before, asked)) return;
      if (before !== undefined && !hasEnded(before)) throw isUnderWay(before);
      const held = await registryStore(tx).findVersion(key);
      if (held !== undefined && !isOwn(held, before)) throw hasReport(held);
      const evaluation = newId();
      const queued = await work.enqueue(tx, call, {
        kind: EVALUATE_KIND,
        subject: versionPath(input),
        payload: { evaluation },
      });
      await store.put({
        ...call.scope,
        ...asked,
        id: evaluation,
        model,
        version,
        work: queued,
        createdAt: now(),
        createdBy: call.actor,
      });
    });
    return getEvaluation(input, call);
  }

  async function getEvaluation(input: InVersion, call: Call): Promise<VersionEvaluation> {
    const [found] = (await listEvaluations(input, call)).items;
    if (found === undefined) throw notEvaluated(input);
    return found;
  }

  /** The newest one takes the place of those before it, so that there is one at the most. */
  async function listEvaluations({ model, version }: InVersion, call: Call) {
    await registry.getVersion({ model, version }, call);
    const found = await evaluationsStore(db).findAnswered({ project: call.scope.project, model, version });
    if (found === undefined) return { items: [], next: null };
    const { work: id, reference, ...evaluation } = found;
    const { progress } = hasEnded(found) ? { progress: null } : await work.get(id);
    return { items: [{ ...evaluation, progress }], next: null };
  }

  return { evaluateVersion, getEvaluation, listEvaluations };
}

/** True where an evaluation answers the question, or is about to. */
function isAnswer(before: StoredEvaluation, asked: Asked): boolean {
  return (
    before.state !== "failed" &&
    before.state !== "cancelled" &&
    before.datasetVersion === asked.datasetVersion &&
    before.dataset === asked.dataset &&
    before.target === asked.target &&
    before.positive === asked.positive
  );
}

/** True where the version has no report, or one that an evaluation before this one gave it. */
function isOwn({ report, reference }: StoredVersion, before: StoredEvaluation | undefined): boolean {
  if (report === null && reference === null) return true;
  return before !== undefined && before.reference !== null && before.reference === reference;
}

function hasReport({ model, version, pipelineRun }: StoredVersion): Error {
  const maker =
    pipelineRun === null ? "its registration" : `${pipelineRun.pipeline} run ${pipelineRun.number}`;
  return fail("CONFLICT", {
    message: `Version ${version} of ${model} has a report and a reference from ${maker}, which belong to its digest and stay`,
    field: "version",
    value: version,
    help: `npx --no causeway registry show ${model} ${version} shows them; a gate judges it on other rows: npx --no causeway registry gate ${model}@${version} --rows <dataset@version> --against none --at-least <metric:value>`,
  });
}

function isUnderWay({ model, version, dataset, datasetVersion, target }: StoredEvaluation): Error {
  return fail("CONFLICT", {
    message: `Version ${version} of ${model} is being evaluated on ${dataset}@${datasetVersion.slice(0, 6)} by ${target}`,
    field: "version",
    value: version,
    help: "Ask again when that has ended.",
  });
}

function notEvaluated({ model, version }: InVersion): Error {
  return fail("NOT_FOUND", {
    message: `Version ${version} of ${model} has not been evaluated since it was registered`,
    field: "version",
    value: version,
    help: `npx --no causeway registry evaluate ${model} ${version} <dataset@version> --target <column>`,
  });
}
