import { fail, type Policy, type PolicySettings } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Tx } from "../../platform/database/index.ts";
import { keysetPage } from "../../platform/paging/index.ts";
import { trainingsSince } from "./cycle-brief.ts";
import { cycleView } from "./cycle-view.ts";
import type { CancelCycle } from "./cycles-service.ts";
import { cyclesStore } from "./cycles-store.ts";
import { shifted } from "./event-span.ts";
import { heldText } from "./held-text.ts";
import { noPolicy } from "./no-policy.ts";
import type { RetrainingParts } from "./parts/retraining-parts.ts";
import { type PolicyRow, policiesStore } from "./policies-store.ts";
import { createPolicyCheck } from "./policy-check-service.ts";
import { policySentence } from "./policy-sentence.ts";
import { policyPath } from "./retraining-paths.ts";
import type { SituationReader } from "./situation-reader.ts";
import { heldBack } from "./start-decision.ts";
import type { Starts } from "./start-service.ts";

type InPolicy = { policy: string };

/** Makes the service of policies. */
export function createPolicies(
  parts: RetrainingParts & {
    readonly starts: Starts;
    readonly readSituation: SituationReader;
    readonly cancelCycle: CancelCycle;
  },
) {
  const { database, events, now, newId, starts, readSituation, cancelCycle } = parts;
  const { db } = database;
  const check = createPolicyCheck(parts);

  async function createPolicy(
    input: { name: string; deployment: string; monitor?: string | undefined; settings: PolicySettings },
    call: Call,
  ): Promise<Policy> {
    const { name, deployment } = input;
    const checked = await check({ deployment, monitor: input.monitor, settings: input.settings }, call);
    const at = now();
    await db.transaction().execute(async (tx) => {
      const store = policiesStore(tx);
      if ((await store.find(call.scope, name)) !== undefined) throw nameTaken(name);
      const id = newId();
      await store.insert({
        id,
        ...call.scope,
        name,
        deployment,
        ...checked,
        // A time of a schedule that is over asks for nothing.
        consideredAt: at,
        createdAt: at,
        createdBy: call.actor,
      });
      await record(tx, call, { type: "retraining.policy-created", name, deployment });
      await starts.consider(tx, call, id);
    });
    return getPolicy({ policy: name }, call);
  }

  async function updatePolicy(
    input: InPolicy & { settings?: PolicySettings | undefined; paused?: boolean | undefined },
    call: Call,
  ): Promise<Policy> {
    const before = await require(input.policy, call);
    const { paused = before.paused } = input;
    const settings =
      input.settings === undefined ? before.settings : await checkChange(before, input.settings, call);
    await db.transaction().execute(async (tx) => {
      const store = policiesStore(tx);
      const policy = await store.lock(before.id);
      if (policy.deletedAt !== null) throw noPolicy(input.policy, call);
      await store.update(policy.id, { settings, paused, held: null, heldReason: null });
      await record(tx, call, {
        type: "retraining.policy-changed",
        name: policy.name,
        deployment: policy.deployment,
        paused,
      });
      await starts.consider(tx, call, policy.id);
    });
    return getPolicy(input, call);
  }

  /** The new settings, whose truth is where it was unless said. */
  async function checkChange(
    { deployment, monitor, settings: { target } }: PolicyRow,
    wanted: PolicySettings,
    call: Call,
  ): Promise<PolicySettings> {
    const settings = target === undefined ? wanted : { target, ...wanted };
    return (await check({ deployment, monitor, settings }, call)).settings;
  }

  async function deletePolicy(input: InPolicy, call: Call): Promise<Record<string, never>> {
    const { id } = await require(input.policy, call);
    await db.transaction().execute(async (tx) => {
      const store = policiesStore(tx);
      const policy = await store.lock(id);
      const running = await cyclesStore(tx).findUnderWay(id);
      if (running !== undefined) await cancelCycle(tx, call, { policy, cycle: running });
      await store.update(id, { deletedAt: now() });
      await parts.artifacts.release(tx, { project: policy.project, subject: policyPath(policy) });
      await record(tx, call, {
        type: "retraining.policy-deleted",
        name: policy.name,
        deployment: policy.deployment,
      });
    });
    return {};
  }

  async function listPolicies(
    input: { deployment?: string | undefined; limit: number; after?: string | undefined },
    call: Call,
  ): Promise<{ items: Policy[]; next: string | null }> {
    const rows = await policiesStore(db).list({
      scope: call.scope,
      deployment: input.deployment,
      after: input.after,
      limit: input.limit + 1,
    });
    const { items, next } = keysetPage(rows, input.limit, ({ name }) => name);
    return { items: await Promise.all(items.map((row) => view(row, call))), next };
  }

  async function getPolicy(input: InPolicy, call: Call): Promise<Policy> {
    return view(await require(input.policy, call), call);
  }

  async function view(policy: PolicyRow, call: Call): Promise<Policy> {
    const store = cyclesStore(db);
    const [newest] = await store.list({
      scope: call.scope,
      policy: policy.id,
      state: undefined,
      before: undefined,
      limit: 1,
    });
    const steps = newest === undefined ? [] : await store.listSteps(newest);
    const { trainings, per } = policy.settings.budget;
    const known = await readSituation(policy, call);
    const gone = { says: "gone", deployment: policy.deployment, monitor: policy.monitor } as const;
    const held = known === undefined ? { why: heldText(gone), by: gone } : heldBack(known.situation);
    const since = shifted(known?.situation.watermark ?? now(), per, -1);
    return {
      name: policy.name,
      deployment: policy.deployment,
      monitor: policy.monitor,
      environment: policy.environment,
      settings: policy.settings,
      paused: policy.paused,
      sentence: policySentence(policy.settings, policy.deployment),
      newest: newest === undefined ? null : cycleView(policy, newest, steps),
      cycles: policy.cycles,
      trainings: { used: trainingsSince(known?.situation.cycles ?? [], since), of: trainings, per },
      held: held?.why ?? null,
      ...(held === null ? {} : { heldBy: held.by }),
      createdAt: policy.createdAt.toISOString(),
      createdBy: policy.createdBy,
    };
  }

  async function require(name: string, call: Call): Promise<PolicyRow> {
    const found = await policiesStore(db).find(call.scope, name);
    if (found === undefined) throw noPolicy(name, call);
    return found;
  }

  async function record(
    tx: Tx,
    call: Call,
    {
      type,
      name,
      ...data
    }: {
      type: "retraining.policy-created" | "retraining.policy-changed" | "retraining.policy-deleted";
      name: string;
      deployment: string;
      paused?: boolean;
    },
  ): Promise<void> {
    const subject = policyPath({ name, environment: call.scope.environment });
    await events.record(tx, call, { type, subject, data: { policy: name, ...data } });
  }

  return { createPolicy, updatePolicy, deletePolicy, listPolicies, getPolicy };
}

function nameTaken(name: string): Error {
  return fail("ALREADY_EXISTS", {
    message: `The policy ${name} exists`,
    field: "name",
    value: name,
    help: "Change it with PUT /api/retraining/policies/<name>, or choose another name.",
  });
}
