import { type Cycle, type CycleState, fail, type TimelineEntry } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Tx } from "../../platform/database/index.ts";
import { keysetPage, notACursor, uuidCursor } from "../../platform/paging/index.ts";
import { said } from "./cycle-text.ts";
import { cycleView } from "./cycle-view.ts";
import { type CycleRow, cyclesStore } from "./cycles-store.ts";
import { entriesStore } from "./entries-store.ts";
import type { Journal } from "./journal-service.ts";
import { noPolicy } from "./no-policy.ts";
import type { RetrainingParts } from "./parts/retraining-parts.ts";
import { type PolicyRow, policiesStore } from "./policies-store.ts";
import type { SituationReader } from "./situation-reader.ts";
import type { Starts } from "./start-service.ts";

type Page = { limit: number; after?: string | undefined };
type InCycle = { policy: string; number: number };
type Placed = { readonly policy: PolicyRow; readonly cycle: CycleRow };

/** Ends a cycle in the caller's transaction because somebody wants it. */
export type CancelCycle = (tx: Tx, call: Call, at: Placed) => Promise<void>;

/** Makes the service of cycles and of the story. */
export function createCycles(
  parts: RetrainingParts & {
    readonly journal: Journal;
    readonly starts: Starts;
    readonly readSituation: SituationReader;
  },
) {
  const { database, journal, starts, readSituation, registry, pipelines } = parts;
  const { db } = database;

  async function startCycle(input: { policy: string; reason: string }, call: Call): Promise<Cycle> {
    const { id } = await findPolicy(input.policy, call);
    const number = await db.transaction().execute(async (tx) => {
      const policy = await policiesStore(tx).lock(id);
      const running = await cyclesStore(tx).findUnderWay(id);
      if (running !== undefined) throw underWay(policy, running);
      const known = await readSituation(policy, call, tx);
      if (known === undefined || !known.hasTraffic) throw noTraffic(policy);
      const { situation } = known;
      const reason = input.reason === "" ? `${call.actor.name} asked for it` : input.reason;
      const fired = { kind: "manual" as const, reason, window: null, at: situation.watermark };
      return (await starts.begin(tx, call, { policy, situation, fired })).number;
    });
    return getCycle({ policy: input.policy, number }, call);
  }

  async function listCycles(
    input: Page & { policy?: string | undefined; state?: CycleState | undefined },
    call: Call,
  ): Promise<{ items: Cycle[]; next: string | null }> {
    const policy = input.policy === undefined ? undefined : (await findPolicy(input.policy, call)).id;
    const rows = await cyclesStore(db).list({
      scope: call.scope,
      policy,
      state: input.state,
      before: cursorOf(input.after),
      limit: input.limit + 1,
    });
    const { items, next } = keysetPage(rows, input.limit, (row) =>
      [row.startedAt.toISOString(), row.policy, row.number].join(","),
    );
    const policies = await policiesStore(db).listByIds([...new Set(items.map((row) => row.policy))]);
    const views = items.map(async (row) => {
      const owner = policies.find(({ id }) => id === row.policy);
      if (owner === undefined) throw new Error(`the policy ${row.policy} is lost`);
      return cycleView(owner, row, await cyclesStore(db).listSteps(row));
    });
    return { items: await Promise.all(views), next };
  }

  async function getCycle(input: InCycle, call: Call): Promise<Cycle> {
    const { policy, cycle } = await findCycle(input, call);
    return cycleView(policy, cycle, await cyclesStore(db).listSteps(cycle));
  }

  async function cancelCycle(input: InCycle, call: Call): Promise<Cycle> {
    const { policy, cycle } = await findCycle(input, call);
    await db.transaction().execute(async (tx) => {
      const locked = await cyclesStore(tx).lock(cycle);
      if (locked.endedAt === null) await cancel(tx, call, { policy, cycle: locked });
    });
    for (const run of cycle.runs) await pipelines.cancelRun(run, call);
    return getCycle(input, call);
  }

  /** What was started goes to its end and changes nothing; a request for approval is taken back. */
  async function cancel(tx: Tx, call: Call, { policy, cycle }: Placed): Promise<void> {
    const open = (await cyclesStore(tx).listSteps(cycle)).find(
      ({ state }) => state !== "done" && state !== "skipped",
    );
    const told = said({ says: "cancelled", by: call.actor.name });
    if (open !== undefined)
      await journal.mark({ tx, call, policy, cycle, step: open.name }, { state: "skipped", ...told });
    if (cycle.approval !== null && cycle.state === "waiting-for-approval")
      await registry.withdrawApproval(tx, call, cycle.approval);
    await journal.end({ tx, call, policy, cycle }, { state: "cancelled", ...told, occurredAt: null });
  }

  async function rollBackCycle(input: InCycle & { reason: string }, call: Call): Promise<Cycle> {
    const { policy, cycle } = await findCycle(input, call);
    const known = await readSituation(policy, call);
    await db.transaction().execute(async (tx) => {
      const locked = await cyclesStore(tx).lock(cycle);
      const { champion, candidate, switchedAt, settings } = locked;
      if (locked.state === "rolled-back") return;
      if (champion === null || switchedAt === null) throw neverSwitched(policy, locked);
      await registry.moveAlias(tx, call, { model: policy.model, alias: settings.alias, version: champion });
      const told = said({
        says: "given-back",
        by: call.actor.name,
        alias: settings.alias,
        version: candidate,
        champion,
        reason: input.reason,
      });
      const open = (await cyclesStore(tx).listSteps(locked)).find(({ name }) => name === "confirmed");
      if (open?.state !== "done")
        await journal.mark(
          { tx, call, policy, cycle: locked, step: "confirmed" },
          { state: "failed", ...told },
        );
      const occurredAt = known?.situation.watermark ?? null;
      await journal.end({ tx, call, policy, cycle: locked }, { state: "rolled-back", ...told, occurredAt });
    });
    return getCycle(input, call);
  }

  async function getTimeline(
    input: Page & { policy: string; cycle?: number | undefined },
    call: Call,
  ): Promise<{ items: TimelineEntry[]; next: string | null }> {
    const policy = await findPolicy(input.policy, call);
    const rows = await entriesStore(db).list({
      policy: policy.id,
      cycle: input.cycle,
      before: uuidCursor(input.after),
      limit: input.limit + 1,
    });
    const { items, next } = keysetPage(rows, input.limit, ({ id }) => id);
    return {
      items: items.map(({ policy: _policy, recordedAt, occurredAt, ...entry }) => ({
        ...entry,
        recordedAt: recordedAt.toISOString(),
        occurredAt: occurredAt?.toISOString() ?? null,
      })),
      next,
    };
  }

  /** Looks at schedules, and at cycles that nothing has moved for a while. */
  async function tick(call: Call): Promise<void> {
    for (const policy of await policiesStore(db).listAll()) {
      if (!policy.settings.when.some(({ on }) => on === "schedule")) continue;
      const scope = { project: policy.project, environment: policy.environment };
      await db.transaction().execute((tx) => starts.consider(tx, { ...call, scope }, policy.id));
    }
    for (const key of await cyclesStore(db).listForgotten(FORGOTTEN_MS))
      await db.transaction().execute((tx) => starts.wake(tx, call, key));
  }

  async function findCycle(input: InCycle, call: Call): Promise<Placed> {
    const policy = await findPolicy(input.policy, call);
    const cycle = await cyclesStore(db).find({ policy: policy.id, number: input.number });
    if (cycle !== undefined) return { policy, cycle };
    throw fail("NOT_FOUND", {
      message: `The policy ${input.policy} has no cycle ${input.number}`,
      field: "number",
      value: input.number,
      help: `npx --no causeway retraining cycles ${input.policy} lists them.`,
    });
  }

  async function findPolicy(name: string, call: Call): Promise<PolicyRow> {
    const found = await policiesStore(db).findEver(call.scope, name);
    if (found === undefined) throw noPolicy(name, call);
    return found;
  }

  return {
    endpoints: { startCycle, listCycles, getCycle, cancelCycle, rollBackCycle, getTimeline },
    cancel,
    tick,
  };
}

/** After this time without a word a waiting cycle is looked at, whatever event may have been missed. */
const FORGOTTEN_MS = 60_000;

function cursorOf(after: string | undefined) {
  if (after === undefined) return undefined;
  const [time = "", policy = "", number = ""] = after.split(",");
  const startedAt = new Date(time);
  if (Number.isNaN(startedAt.getTime()) || !/^[0-9a-f-]{36}$/.test(policy) || !/^[1-9]\d{0,8}$/.test(number))
    throw notACursor(after);
  return { startedAt, policy, number: Number(number) };
}

function underWay({ name }: PolicyRow, { number }: CycleRow): Error {
  return fail("CONFLICT", {
    message: `Cycle ${number} of ${name} is under way; there is one at a time`,
    field: "policy",
    value: name,
    help: `Wait for its end, or end it: npx --no causeway retraining cancel ${name} ${number}`,
  });
}

function noTraffic({ name, deployment, monitor }: PolicyRow): Error {
  return fail("CONFLICT", {
    message: `There is nothing to retrain on: the monitor ${monitor} of ${deployment} has seen no prediction`,
    field: "policy",
    value: name,
    help: "Send predictions and their truth first.",
  });
}

function neverSwitched({ name }: PolicyRow, { number, champion }: CycleRow): Error {
  return fail("CONFLICT", {
    message:
      champion === null
        ? `There was no version before cycle ${number} of ${name}`
        : `Cycle ${number} of ${name} has switched nothing`,
    field: "number",
    value: number,
    help: `npx --no causeway retraining show ${name} tells how it stands.`,
  });
}
