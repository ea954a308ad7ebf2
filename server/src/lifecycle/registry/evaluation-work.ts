import { Readable } from "node:stream";
import type { Json } from "@causeway/contract";
import { type Call, systemCall } from "../../platform/access/index.ts";
import type { Artifacts } from "../../platform/artifacts/index.ts";
import type { Tx } from "../../platform/database/index.ts";
import { attemptOf } from "../../platform/processes/index.ts";
import { defineWork, type WorkDefinition } from "../../platform/work/index.ts";
import { versionNode } from "../data/index.ts";
import { presentInputs } from "./dataset-columns.ts";
import { EvaluationDocument } from "./evaluation-document.ts";
import { evaluationsStore, type StoredEvaluation } from "./evaluations-store.ts";
import { failureOf } from "./failure.ts";
import { createJudgedRows, type JudgingParts } from "./judged-rows-reader.ts";
import { noVersion } from "./missing.ts";
import { versionPath } from "./registry-paths.ts";
import { registryStore } from "./registry-store.ts";
import { summarize } from "./summary.ts";
import type { EvaluationOrder } from "./tasks/evaluate-version.ts";
import { createVersionSides } from "./version-side-reader.ts";

/** Kind of the work that judges a registered version. */
export const EVALUATE_KIND = "registry.evaluate";
/** Name of the task that does the computing. */
export const EVALUATE_TASK = "registry.evaluate-version";

/** What evaluating needs of a worker. */
export type EvaluationWorkParts = Omit<JudgingParts, "artifacts"> & {
  readonly artifacts: Pick<Artifacts, "path" | "verify" | "write" | "retain" | "release">;
};

/**
 * Defines the work that judges a registered version: a process asks its model about every row, and one transaction gives the
 * version its report and the reference of its monitors.
 */
export function defineEvaluation(parts: EvaluationWorkParts): WorkDefinition {
  const { database, artifacts, events, lineage, registry, runTask, modelProgram, now } = parts;
  const sideOf = createVersionSides(parts);
  const rowsOf = createJudgedRows(parts);

  async function orderOf(evaluation: StoredEvaluation, call: Call): Promise<EvaluationOrder> {
    const { model, version: number, target, positive } = evaluation;
    const version = await registry.getVersion({ model, version: number }, call);
    const { dataset, paths, schema, table } = await rowsOf(evaluation, call);
    const { format, signature, files, digest } = version;
    const [only] = files;
    return {
      program: modelProgram,
      // A single file is named by its own digest, as pipelines name it.
      model: {
        ...(await sideOf(version)),
        format,
        signature,
        digest: format === "mlflow" || only === undefined ? digest : only.digest,
      },
      rows: { paths, schema, columns: presentInputs(signature, table) },
      dataset: { ...dataset, subject: versionNode(dataset.name, dataset.version).subject },
      target,
      positive,
    };
  }

  async function tell(
    tx: Tx,
    call: Call,
    { of, found }: { of: StoredEvaluation; found: Readonly<Record<string, Json>> },
  ): Promise<void> {
    const { model, version, dataset, datasetVersion, target } = of;
    await events.record(tx, call, {
      type: "registry.version-evaluated",
      subject: versionPath(of),
      data: { model, version, dataset, datasetVersion, target, ...found },
    });
  }

  async function keep(
    tx: Tx,
    call: Call,
    kept: { of: StoredEvaluation; document: EvaluationDocument; reference: string },
  ): Promise<string> {
    const { of, document, reference } = kept;
    const { project } = call.scope;
    const key = { project, model: of.model, version: of.version };
    const held = await evaluationsStore(tx).lockVersion(key);
    const version = held ? await registryStore(tx).findVersion(key) : undefined;
    if (version === undefined) throw noVersion(of);
    const { signature: _signature, golden: _golden, evaluatedOn, reference: _profile, ...report } = document;
    await evaluationsStore(tx).giveReport(key, { report, reference });
    await evaluationsStore(tx).succeed(of.id, { reference, endedAt: now() });
    const subject = versionPath(of);
    await artifacts.release(tx, { project, subject });
    const files = version.files.map(({ digest }) => digest);
    await artifacts.retain(tx, { project, subject }, [...files, reference]);
    const from = { kind: "model-version" as const, subject, title: `${of.model} version ${of.version}` };
    const to = { kind: "dataset-version" as const, ...evaluatedOn };
    await lineage.link(tx, call.scope, [{ from, to, relation: "evaluated-on" }]);
    const summary = summarize(document);
    await tell(tx, call, { of, found: { state: "succeeded", summary } });
    return summary;
  }

  return defineWork<{ evaluation: string }>({
    kind: EVALUATE_KIND,
    async run(job) {
      const { project } = job.call.scope;
      const find = () => evaluationsStore(database.db).findById(project, job.payload.evaluation);
      const evaluation = await find();
      if (evaluation === undefined) throw new Error(`the evaluation ${job.payload.evaluation} has no row`);
      await job.record((tx) => evaluationsStore(tx).markRunning(evaluation.id));
      const order = await orderOf(evaluation, job.call);
      const { result } = await runTask({
        task: EVALUATE_TASK,
        input: order as unknown as Json, // made of JSON's own values
        attempt: attemptOf(job),
        onProgress: job.progress,
        signal: job.signal,
      });
      const document = EvaluationDocument.parse(result);
      const { digest } = await artifacts.write(Readable.from([JSON.stringify(document)]), {
        signal: job.signal,
      });
      await job.finish(async (tx) => {
        // Its model may have another name by now.
        const of = (await evaluationsStore(tx).findById(project, evaluation.id)) ?? evaluation;
        return { summary: await keep(tx, job.call, { of, document, reference: digest }) };
      });
    },
    async ended(tx, work, { state, problem }) {
      // The payload is what the evaluation service enqueued.
      const { evaluation: id } = work.payload as { evaluation: string };
      const of = await evaluationsStore(tx).findById(work.scope.project, id);
      if (of === undefined) return;
      await evaluationsStore(tx).fail(id, { state, failure: failureOf(problem), endedAt: now() });
      const call = { ...systemCall(work.scope, EVALUATE_KIND), actor: work.actor };
      await tell(tx, call, { of, found: { state, problem: problem.detail } });
    },
  });
}
