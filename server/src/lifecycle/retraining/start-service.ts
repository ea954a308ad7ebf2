import type { Alert, Cycle, HeldFact, StoryFact } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Tx } from "../../platform/database/index.ts";
import { ADVANCE_KIND, type AdvancePayload } from "./advance-payload.ts";
import { type CycleKey, cyclesStore } from "./cycles-store.ts";
import { eventFact, type Journal, type Link, type Place } from "./journal-service.ts";
import type { RetrainingParts } from "./parts/retraining-parts.ts";
import { type PolicyRow, policiesStore } from "./policies-store.ts";
import {
  alertPath,
  cyclePath,
  deploymentPath,
  monitorPath,
  policyPath,
  windowPath,
} from "./retraining-paths.ts";
import type { SituationReader } from "./situation-reader.ts";
import { decideStart, type Fired, type Situation } from "./start-decision.ts";

/** Beginning and waking cycles. */
export type Starts = ReturnType<typeof createStarts>;

/** Makes what begins cycles by the triggers, and what wakes them. */
export function createStarts(
  parts: Pick<RetrainingParts, "events" | "work" | "monitoring" | "now"> & {
    readonly journal: Journal;
    readonly readSituation: SituationReader;
  },
) {
  const { events, work, monitoring, now, journal, readSituation } = parts;

  /** Looks whether a policy has a reason to retrain, and begins a cycle or says, once, what holds it back. */
  async function consider(tx: Tx, call: Call, id: string): Promise<void> {
    const policy = await policiesStore(tx).lock(id);
    if (policy.deletedAt !== null) return;
    const known = await readSituation(policy, call, tx);
    if (known === undefined) return;
    const decision = decideStart(known.situation);
    const store = policiesStore(tx);
    if (decision.kind === "start")
      await begin(tx, call, { policy, situation: known.situation, fired: decision.fired });
    else if (decision.kind === "held") await hold({ tx, call, policy }, decision);
    else if (policy.held !== null) await store.update(id, { held: null, heldReason: null });
    await store.update(id, { consideredAt: now() });
  }

  /** A trigger that is held back is told once per reason: not again with every window that shows it. */
  async function hold(
    { tx, call, policy }: Place,
    { fired, why, by }: { fired: Fired; why: string; by: HeldFact },
  ): Promise<void> {
    const key = `${fired.kind} ${why.replaceAll(/\d+ so far/g, "")}`;
    if (policy.held === key) return;
    await policiesStore(tx).update(policy.id, { held: key, heldReason: why });
    const told: StoryFact = { says: "held", reason: fired.reason, trigger: fired.fact ?? null, held: by };
    await events.record(tx, call, {
      type: "retraining.trigger-held",
      subject: policyPath(policy),
      data: {
        policy: policy.name,
        trigger: fired.kind,
        reason: fired.reason,
        held: why,
        ...eventFact(told),
      },
      occurredAt: fired.at,
    });
    await journal.tell(
      { tx, call, policy },
      {
        kind: "trigger",
        text: `${fired.reason}; held back: ${why}`,
        fact: told,
        occurredAt: fired.at,
        links: windowLinks(policy, fired),
      },
    );
  }

  /** Begins a cycle; `policy` is locked, so that there is one at a time. */
  async function begin(
    tx: Tx,
    call: Call,
    { policy, situation, fired }: { policy: PolicyRow; situation: Situation; fired: Fired },
  ): Promise<CycleKey> {
    const number = policy.cycles + 1;
    const cycle = { policy: policy.id, number };
    const alert = await openAlert(policy, call, fired);
    const told = {
      kind: fired.kind,
      reason: fired.reason,
      alert: alert?.id ?? null,
      window: fired.window?.start.toISOString() ?? null,
    };
    const trigger: Cycle["trigger"] = fired.fact === undefined ? told : { ...told, fact: fired.fact };
    const noticed: StoryFact = { says: "noticed", reason: fired.reason, trigger: fired.fact ?? null };
    const store = cyclesStore(tx);
    await store.insert({
      ...cycle,
      project: policy.project,
      environment: policy.environment,
      settings: policy.settings,
      trigger,
      champion: situation.champion,
      noticedAt: situation.watermark,
      anchoredAt: fired.at,
      evidenceUntil: fired.window?.end ?? null,
      startedAt: now(),
      startedBy: call.actor,
    });
    await policiesStore(tx).update(policy.id, { cycles: number, held: null, heldReason: null });
    await events.record(tx, call, {
      type: "retraining.cycle-started",
      subject: cyclePath(policy, number),
      data: {
        policy: policy.name,
        number,
        deployment: policy.deployment,
        ...told,
        ...eventFact(noticed),
      },
      occurredAt: fired.at,
    });
    await journal.mark(
      { tx, call, policy, cycle, step: "noticed" },
      {
        state: "done",
        text: fired.reason,
        told: noticed,
        occurredAt: situation.watermark,
        links: [
          ...(alert === undefined ? [] : [{ title: alert.title, subject: alertPath(alert.id) }]),
          ...windowLinks(policy, fired),
        ],
      },
    );
    await store.update(cycle, {
      watches: [
        monitorPath(policy.monitor, policy.environment),
        deploymentPath(policy.deployment, policy.environment),
      ],
    });
    await wake(tx, call, cycle);
    return cycle;
  }

  /** The open alert that speaks of the same thing as the trigger. */
  async function openAlert(policy: PolicyRow, call: Call, fired: Fired): Promise<Alert | undefined> {
    const kinds: readonly Alert["kind"][] =
      fired.kind === "performance"
        ? ["performance"]
        : fired.kind === "drift"
          ? ["data-drift", "prediction-drift"]
          : [];
    if (kinds.length === 0) return undefined;
    const { items } = await monitoring.listAlerts({ monitor: policy.monitor, limit: 50 }, call);
    return items.find(({ kind, state }) => state !== "resolved" && kinds.includes(kind));
  }

  /** Has a cycle looked at again; while it is looked at already, once more afterwards. */
  async function wake(tx: Tx, call: Call, key: CycleKey): Promise<void> {
    // A policy is locked before its cycles, by everyone.
    const policy = await policiesStore(tx).lock(key.policy);
    const store = cyclesStore(tx);
    const cycle = await store.lock(key);
    if (cycle.endedAt !== null) return;
    if (cycle.work !== null) return store.update(key, { again: true });
    const payload: AdvancePayload = { policy: key.policy, number: key.number };
    const scoped = { ...call, scope: { project: policy.project, environment: policy.environment } };
    const id = await work.enqueue(tx, scoped, {
      kind: ADVANCE_KIND,
      subject: cyclePath(policy, key.number),
      payload,
    });
    await store.update(key, { work: id });
  }

  return { consider, begin, wake };
}

function windowLinks(policy: PolicyRow, { window }: Fired): Link[] {
  if (window === null) return [];
  const subject = windowPath(policy.monitor, policy.environment, window.start.toISOString());
  return [{ title: window.title, subject }];
}
