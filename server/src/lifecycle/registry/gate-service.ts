import {
  type DatasetVersion,
  fail,
  type Gate,
  type GateRequest,
  type ModelVersion,
} from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Database } from "../../platform/database/index.ts";
import { keysetPage, uuidCursor } from "../../platform/paging/index.ts";
import type { WorkQueue } from "../../platform/work/index.ts";
import { checkGateQuestion } from "./gate-question.ts";
import { GATE_KIND } from "./gate-work.ts";
import { gatesStore, type StoredGate } from "./gates-store.ts";
import { gatePath } from "./registry-paths.ts";
import type { Registry } from "./registry-service.ts";
import { registryStore } from "./registry-store.ts";

/** What starting gates needs. */
export type GateParts = {
  readonly database: Pick<Database, "db">;
  readonly work: Pick<WorkQueue, "enqueue">;
  readonly registry: Pick<Registry, "getVersion">;
  readonly data: {
    readonly getVersion: (input: { dataset: string; version: string }, call: Call) => Promise<DatasetVersion>;
  };
  readonly now: () => Date;
  readonly newId: () => string;
};

type InVersion = { model: string; version: number };

/** An alias that need not exist yet: the first version is judged by itself. */
const CHAMPION = "champion";

/** Judging versions against each other. */
export type Gates = ReturnType<typeof createGates>;

/** Makes the service; a worker does the judging. */
export function createGates({ database, work, registry, data, now, newId }: GateParts) {
  const { db } = database;

  async function startGate(input: InVersion & GateRequest, call: Call): Promise<Gate> {
    const { model, version } = input;
    const challenger = await registry.getVersion({ model, version }, call);
    const champion = await findChampion(input, call);
    if (champion?.version === version) throw againstItself(input);
    const [name = "", id = ""] = input.rows.split("@");
    const dataset = await data.getVersion({ dataset: name, version: id }, call);
    const target = input.target ?? challenger.signature.target;
    if (target === null) throw noTarget(challenger);
    checkGateQuestion({
      challenger,
      champion,
      dataset: { name: dataset.dataset, id: dataset.id, schema: dataset.schema, key: dataset.key },
      target,
      rules: input.rules,
    });
    return db.transaction().execute(async (tx) => {
      const gate = await gatesStore(tx).insert({
        id: newId(),
        ...call.scope,
        model,
        version,
        digest: challenger.digest,
        champion: champion?.version ?? null,
        championDigest: champion?.digest ?? null,
        dataset: dataset.dataset,
        datasetVersion: dataset.id,
        target,
        rules: input.rules,
        createdAt: now(),
        createdBy: call.actor,
      });
      await work.enqueue(tx, call, {
        kind: GATE_KIND,
        subject: gatePath(gate.id),
        payload: { gate: gate.id },
      });
      return view(gate);
    });
  }

  async function findChampion(input: InVersion & GateRequest, call: Call): Promise<ModelVersion | null> {
    const { model, against } = input;
    if (against === null) return null;
    if (typeof against === "number") return registry.getVersion({ model, version: against }, call);
    const alias = await registryStore(db).findAlias({ ...call.scope, model, alias: against });
    if (alias !== undefined) return registry.getVersion({ model, version: alias.version }, call);
    if (against === CHAMPION) return null;
    throw fail("NOT_FOUND", {
      message: `The model ${model} has no alias ${against} in ${call.scope.environment}`,
      field: "against",
      value: against,
      help: `npx --no causeway registry list shows the aliases of ${model}.`,
    });
  }

  async function getGate(input: { gate: string }, call: Call): Promise<Gate> {
    const gate = await gatesStore(db).find(call.scope, input.gate);
    if (gate !== undefined) return view(gate);
    throw fail("NOT_FOUND", {
      message: `There is no gate ${input.gate} in ${call.scope.environment}`,
      field: "gate",
      value: input.gate,
      help: "npx --no causeway registry gates <model@version> lists those of a version.",
    });
  }

  async function listGates(
    input: InVersion & { limit: number; after?: string | undefined },
    call: Call,
  ): Promise<{ items: Gate[]; next: string | null }> {
    const { model, version } = input;
    await registry.getVersion({ model, version }, call);
    const rows = await gatesStore(db).list({
      scope: call.scope,
      model,
      version,
      after: uuidCursor(input.after),
      limit: input.limit + 1,
    });
    return keysetPage(rows.map(view), input.limit, ({ id }) => id);
  }

  return { startGate, getGate, listGates };
}

function view({ rules: _rules, ...gate }: StoredGate): Gate {
  return gate;
}

function againstItself({ model, version, against }: InVersion & GateRequest): Error {
  return fail("CONFLICT", {
    message: `Version ${version} of ${model} would be judged against itself`,
    field: "against",
    value: against,
    help: "Name another version with --against, or null for none.",
  });
}

function noTarget({ model, version }: ModelVersion): Error {
  return fail("INVALID_FIELD", {
    message: `The signature of version ${version} of ${model} names no target`,
    field: "target",
    help: "Name the column that holds the truth: --target <column>",
  });
}
