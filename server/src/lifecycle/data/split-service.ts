import {
  type DatasetVersion,
  fail,
  Name,
  type Split,
  type SplitRequest,
  type WorkState,
} from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Db } from "../../platform/database/index.ts";
import { hasEnded, type WorkQueue } from "../../platform/work/index.ts";
import { splitPath } from "./data-paths.ts";
import { importsStore, type SplitRow } from "./imports-store.ts";
import { planSplit } from "./split-plan.ts";
import type { Versions } from "./version-service.ts";

/** What the work of a split is given. */
export type SplitPayload = { readonly split: string };

/** The kind of work that a split is. */
export const SPLIT_KIND = "data.split";

/** What splits are made with. */
export interface SplitsParts {
  db: Db;
  work: WorkQueue;
  versions: Versions;
  now: () => Date;
  newId: () => string;
}

/** Splits as callers see them; the work itself is a job. */
export function createSplits({ db, work, versions, now, newId }: SplitsParts) {
  async function startSplit(
    input: { dataset: string; version: string; split: SplitRequest },
    call: Call,
  ): Promise<Split> {
    const version = await versions.getVersion(input, call);
    const plan = planSplit(input.split, version.schema);
    for (const { name } of plan.sides) nameOfSide(input.dataset, name);
    const id = newId();
    await db.transaction().execute(async (tx) => {
      const payload: SplitPayload = { split: id };
      const queued = await work.enqueue(tx, call, { kind: SPLIT_KIND, subject: splitPath(id), payload });
      await importsStore(tx).insertSplit({
        id,
        project: call.scope.project,
        dataset: input.dataset,
        version: version.id,
        request: input.split,
        work: queued,
        createdAt: now(),
        createdBy: call.actor,
      });
    });
    return getSplit({ split: id }, call);
  }

  async function getSplit(input: { split: string }, call: Call): Promise<Split> {
    const row = await find(input.split, call);
    if (row.outcome !== null) return view(row, row.outcome, call);
    const { state } = await work.get(row.work);
    // Where the work has ended since the row was read, the row knows how.
    return hasEnded({ state }) ? view(await find(row.id, call), state, call) : view(row, state, call);
  }

  async function find(id: string, call: Call): Promise<SplitRow> {
    const row = await importsStore(db).findSplit(call.scope.project, id);
    if (row !== undefined) return row;
    throw fail("NOT_FOUND", {
      message: `There is no split ${id}`,
      field: "split",
      value: id,
      help: "Start one: POST /api/data/datasets/<name>/versions/latest/splits",
    });
  }

  async function view(row: SplitRow, state: WorkState, call: Call): Promise<Split> {
    const parts: { name: string; version: DatasetVersion }[] = [];
    for (const { name, dataset, version } of row.parts)
      parts.push({ name, version: await versions.getVersion({ dataset, version }, call) });
    return { id: row.id, state: row.outcome ?? state, parts, problem: row.problem };
  }

  return { startSplit, getSplit };
}

/** The dataset that a side of a split becomes: `customers.train`. */
export function nameOfSide(dataset: string, side: string): string {
  const name = `${dataset}.${side}`;
  if (Name.safeParse(name).success) return name;
  throw fail("INVALID_FIELD", {
    message: `The side ${side} of ${dataset} would be a dataset named ${name}, which is too long`,
    field: "split",
    value: side,
    help: "Choose shorter names of sides; a name has at most 63 characters.",
  });
}
