import type { Json, ModelVersion } from "@causeway/contract";
import { type Call, systemCall } from "../../platform/access/index.ts";
import type { Tx } from "../../platform/database/index.ts";
import type { LineageEdge } from "../../platform/lineage/index.ts";
import { attemptOf } from "../../platform/processes/index.ts";
import { defineWork, type WorkDefinition } from "../../platform/work/index.ts";
import { versionNode } from "../data/index.ts";
import { type GivenTable, presentInputs } from "./dataset-columns.ts";
import { failureOf } from "./failure.ts";
import { seedOf } from "./gate-seed-digest.ts";
import { type GateFindings, gatesStore, type StoredGate } from "./gates-store.ts";
import { createJudgedRows, type JudgingParts } from "./judged-rows-reader.ts";
import { gatePath, versionPath } from "./registry-paths.ts";
import type { GateOrder, GateSide } from "./tasks/judge-gate.ts";
import { createVersionSides } from "./version-side-reader.ts";

/** Kind of the work that judges a gate. */
export const GATE_KIND = "registry.gate";
/** Name of the task that does the computing. */
export const GATE_TASK = "registry.judge-gate";

/** Defines the work of a gate: a process scores both versions on the same rows, one transaction keeps what it found. */
export function defineGateWork(parts: JudgingParts): WorkDefinition {
  const { database, events, lineage, registry, runTask, modelProgram, now } = parts;
  const sideOf = createVersionSides(parts);
  const rowsOf = createJudgedRows(parts);

  async function orderOf(gate: StoredGate, call: Call): Promise<GateOrder> {
    const { model, version, champion } = gate;
    const challenger = await registry.getVersion({ model, version }, call);
    const other = champion === null ? null : await registry.getVersion({ model, version: champion }, call);
    const { paths, schema, table } = await rowsOf(gate, call);
    return {
      program: modelProgram,
      rows: { paths, schema, target: gate.target },
      challenger: await judgedSide(challenger, table),
      champion: other === null ? null : await judgedSide(other, table),
      rules: [...gate.rules],
      seed: seedOf([gate.digest, gate.championDigest ?? "", gate.datasetVersion]),
    };
  }

  async function judgedSide(version: ModelVersion, table: GivenTable): Promise<GateSide> {
    const { format, signature, golden, report } = version;
    const positive = report?.positive ?? null;
    const columns = presentInputs(signature, table);
    const own = { format, signature, columns, golden, positive };
    return { version: version.version, ...own, ...(await sideOf(version)) };
  }

  async function tell(
    tx: Tx,
    call: Call,
    { gate, found }: { gate: StoredGate; found: Readonly<Record<string, Json>> },
  ): Promise<void> {
    const { id, model, version, champion } = gate;
    await events.record(tx, call, {
      type: "registry.gate-judged",
      subject: gatePath(id),
      data: { gate: id, model, version, champion, ...found },
    });
  }

  return defineWork<{ gate: string }>({
    kind: GATE_KIND,
    async run(job) {
      const gate = await gatesStore(database.db).find(job.call.scope, job.payload.gate);
      if (gate === undefined) throw new Error(`the gate ${job.payload.gate} has no row`);
      await job.record((tx) => gatesStore(tx).markRunning(gate.id));
      const order = await orderOf(gate, job.call);
      const { result } = await runTask({
        task: GATE_TASK,
        input: order as unknown as Json, // made of JSON's own values
        attempt: attemptOf(job),
        onProgress: job.progress,
        signal: job.signal,
      });
      const found = result as unknown as GateFindings; // written by the task of the same name
      await job.finish(async (tx) => {
        await gatesStore(tx).finish(gate.id, found, now());
        await lineage.link(tx, job.call.scope, [judgedOn(gate)]);
        const { passed, summary } = found;
        await tell(tx, job.call, { gate, found: { passed, state: "succeeded", summary } });
        return { passed };
      });
    },
    async ended(tx, work, { state, problem }) {
      // The payload is what the gate service enqueued.
      const { gate: id } = work.payload as { gate: string };
      const gate = await gatesStore(tx).find(work.scope, id);
      if (gate === undefined) return;
      await gatesStore(tx).fail(id, { state, failure: failureOf(problem), endedAt: now() });
      const call = { ...systemCall(work.scope, GATE_KIND), actor: work.actor };
      await tell(tx, call, { gate, found: { passed: false, state, problem: problem.detail } });
    },
  });
}

/** The rows that a version was judged on, as an edge of the lineage. */
function judgedOn({ model, version, dataset, datasetVersion }: StoredGate): LineageEdge {
  return {
    from: {
      kind: "model-version",
      subject: versionPath({ model, version }),
      title: `${model} version ${version}`,
    },
    to: versionNode(dataset, datasetVersion),
    relation: "judged-on",
  };
}
