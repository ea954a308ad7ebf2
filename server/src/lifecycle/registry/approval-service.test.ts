import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { type Actor, type Permission, RunRecord } from "@causeway/contract";
import { sql } from "kysely";
import { pino } from "pino";
import { afterAll, beforeAll, expect, it, vi } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { type Call, systemCall } from "../../platform/access/index.ts";
import { createApprovals } from "../../platform/approvals/index.ts";
import { createArtifacts } from "../../platform/artifacts/index.ts";
import { createAudit } from "../../platform/audit/index.ts";
import { createNewId } from "../../platform/database/index.ts";
import { createEvents } from "../../platform/events/index.ts";
import { createLineage } from "../../platform/lineage/index.ts";
import { createNotifications } from "../../platform/notifications/index.ts";
import { createOutbound } from "../../platform/outbound/index.ts";
import { createSecrets } from "../../platform/secrets/index.ts";
import { createWork, createWorker } from "../../platform/work/index.ts";
import { createAliasApprovals } from "./approval-service.ts";
import { gatesStore } from "./gates-store.ts";
import { createRegistry } from "./registry-service.ts";

const { database, db } = await testDatabase();
const folder = mkdtempSync("/tmp/causeway-approvals-");
const newId = createNewId();
const now = () => new Date();
const artifacts = createArtifacts({ root: join(folder, "artifacts"), database });
const audit = createAudit({ db, newId });
const events = createEvents({ database, audit, newId, now });
const work = createWork({ database, newId });
const publicUrl = () => "https://ml.example.com";
const secrets = createSecrets({ db, dataDir: folder });
const outbound = createOutbound({ allowPrivate: true });
const notifications = createNotifications({ database, secrets, events, outbound, publicUrl, newId });
const approvals = createApprovals({ database, work, now, newId });
const unused = () => {
  throw new Error("not part of these tests");
};
const versions = createRegistry({
  database,
  artifacts,
  events,
  lineage: createLineage({ db }),
  models: { score: unused },
  runs: { getRun: unused, findArtifact: unused },
  scratch: folder,
  newId,
  now,
});
const registry = {
  ...versions,
  ...createAliasApprovals({ database, events, approvals, notifications, registry: versions, publicUrl }),
};
const worker = createWorker({
  database,
  definitions: [registry.expiry],
  name: "tester",
  concurrency: 1,
  log: pino({ enabled: false }),
});

const scope = { project: "default", environment: "prod" } as const;
const callOf = (actor: Actor): Call => ({
  ...systemCall(scope, "test"),
  actor,
  permissions: new Set<Permission>(["registry:approve"]),
});
const admin = callOf({ kind: "user", id: "admin", name: "admin" });
const ann = callOf({ kind: "token", id: "t1", name: "ann" });
const bob = callOf({ kind: "token", id: "t2", name: "bob" });
const policy = callOf({ kind: "policy", id: "churn", name: "churn" });

async function addVersion(model: string): Promise<string> {
  const file = await artifacts.write(Readable.from([randomBytes(64)]));
  const version = await db.transaction().execute((tx) =>
    versions.add(tx, admin, {
      model,
      format: "onnx",
      files: [{ path: "model.onnx", ...file }],
      signature: { task: "classification", target: "Churn", classes: ["No", "Yes"], inputs: [] },
      golden: [],
      report: null,
      run: null,
      pipelineRun: null,
      record: RunRecord.parse({}),
      description: "",
      evaluatedOn: null,
    }),
  );
  return version.digest;
}

/** A model with two versions whose champion is the first; a person must approve. */
async function guarded(model: string, rule: { fourEyes?: boolean; expiresAfter?: string } = {}) {
  await addVersion(model);
  const digest = await addVersion(model);
  await registry.assignAlias({ model, alias: "champion", version: 1 }, ann);
  const settings = { fourEyes: false, expiresAfter: "7 days", ...rule };
  await registry.setAliasRule({ model, alias: "champion", approval: "person", ...settings }, admin);
  return { model, alias: "champion", version: 2, digest };
}

const ask = (wish: { model: string; alias: string; version: number }, call = ann) =>
  registry.requestApproval({ ...wish, summary: "better on the newest week" }, call);
const pointsTo = async (model: string) =>
  (await registry.getModel({ model }, admin)).aliases.find(({ alias }) => alias === "champion")?.version;
const typesOn = async (subject: string) =>
  (await events.list({ limit: 100, subject }, admin)).items.map(({ type }) => type);

beforeAll(() => worker.start());
afterAll(async () => {
  await worker.stop();
  await events.close();
  rmSync(folder, { recursive: true, force: true });
});

it("R5/who moves an alias under a person's rule by approval only, in the same moment", async () => {
  const wish = await guarded("asked");
  await expect(registry.assignAlias(wish, admin)).rejects.toMatchObject({
    code: "APPROVAL_NEEDED",
    help: "Ask for it: npx --no causeway registry request asked@champion 2 --env prod",
  });
  await expect(registry.removeAlias(wish, admin)).rejects.toMatchObject({ code: "APPROVAL_NEEDED" });
  const asked = await ask(wish);
  expect(asked).toMatchObject({
    state: "pending",
    current: 1,
    version: 2,
    digest: wish.digest,
    summary: "better on the newest week",
    requestedBy: ann.actor,
    url: `https://ml.example.com/prod/registry/asked/2?approval=${asked.id}`,
  });
  expect(await pointsTo("asked")).toBe(1);
  const { id: approval, digest } = asked;
  const decided = await registry.decideApproval(
    { approval, decision: "approve", digest, reason: "looks right" },
    bob,
  );
  expect(decided).toMatchObject({
    state: "approved",
    current: 2,
    decidedBy: bob.actor,
    reason: "looks right",
  });
  expect(await pointsTo("asked")).toBe(2);
  expect(await typesOn(`/api/registry/approvals/${approval}`)).toEqual([
    "registry.approval-decided",
    "registry.approval-requested",
  ]);
  const [move] = (await registry.listAliasChanges({ model: "asked", alias: "champion", limit: 1 }, admin))
    .items;
  expect(move).toMatchObject({ version: 2, previous: 1, changedBy: bob.actor });
});

it("R5/digest decides about the very content that was shown, once", async () => {
  const asked = await ask(await guarded("bound"));
  const decide = (digest: string) =>
    registry.decideApproval({ approval: asked.id, decision: "approve", digest, reason: "" }, bob);
  await expect(decide("0".repeat(64))).rejects.toMatchObject({ code: "CONFLICT", field: "digest" });
  expect(await pointsTo("bound")).toBe(1);
  const outcomes = await Promise.allSettled([
    decide(asked.digest),
    decide(asked.digest),
    decide(asked.digest),
  ]);
  expect(outcomes.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  await expect(decide(asked.digest)).rejects.toMatchObject({ code: "CONFLICT", value: "approved" });
  expect(await typesOn("/api/registry/models/bound/aliases/champion")).toEqual([
    "registry.version-assigned",
    "registry.alias-rule-changed",
    "registry.version-assigned",
  ]);
});

it("R5/reason rejects with a reason, in the request and in the audit trail, and leaves the alias", async () => {
  const asked = await ask(await guarded("rejected"));
  const { id: approval, digest } = asked;
  await registry.decideApproval(
    { approval, decision: "reject", digest, reason: "recall fell in Hanoi" },
    bob,
  );
  expect(await registry.getApproval({ approval }, admin)).toMatchObject({
    state: "rejected",
    reason: "recall fell in Hanoi",
    current: 1,
  });
  expect(await pointsTo("rejected")).toBe(1);
  const { items } = await audit.list({ limit: 10, subject: `/api/registry/approvals/${approval}` }, admin);
  expect(items[0]).toMatchObject({
    actor: bob.actor,
    action: "registry.approval-decided",
    data: { state: "rejected", reason: "recall fell in Hanoi" },
  });
});

it("R5/four-eyes refuses whoever asked and whoever wrote the policy that asked, and takes another person", async () => {
  const wish = await guarded("second", { fourEyes: true });
  const asked = await db
    .transaction()
    .execute((tx) =>
      registry.askApproval(tx, policy, { ...wish, summary: "drift", notBy: [ann.actor], notify: [] }),
    );
  expect(asked).toMatchObject({ fourEyes: true, notBy: [policy.actor, ann.actor] });
  const decide = (call: Call) =>
    registry.decideApproval(
      { approval: asked.id, decision: "approve", digest: asked.digest, reason: "" },
      call,
    );
  await expect(decide(ann)).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  await expect(decide(policy)).rejects.toThrow("only a person decides");
  expect(await pointsTo("second")).toBe(1);
  expect(await decide(bob)).toMatchObject({ state: "approved" });
});

it("expires by the database's clock, once, and nobody can decide afterwards", async () => {
  const asked = await ask(await guarded("slow", { expiresAfter: "1 s" }));
  const subject = `/api/registry/approvals/${asked.id}`;
  await vi.waitFor(
    async () =>
      expect(await registry.getApproval({ approval: asked.id }, admin)).toMatchObject({ state: "expired" }),
    { timeout: 20_000, interval: 50 },
  );
  expect(await typesOn(subject)).toEqual(["registry.approval-expired", "registry.approval-requested"]);
  const decision = { approval: asked.id, decision: "approve" as const, digest: asked.digest, reason: "" };
  await expect(registry.decideApproval(decision, bob)).rejects.toMatchObject({ code: "CONFLICT" });
  expect(await pointsTo("slow")).toBe(1);
});

it("refuses a decision after the time is over, also before the request is marked", async () => {
  const asked = await ask(await guarded("late"));
  await sql`update platform_approvals set expires_at = clock_timestamp() - interval '1 s' where id = ${asked.id}`.execute(
    db,
  );
  const decision = { approval: asked.id, decision: "approve" as const, digest: asked.digest, reason: "" };
  await expect(registry.decideApproval(decision, bob)).rejects.toMatchObject({
    code: "CONFLICT",
    value: "expired",
  });
});

it("asks nobody for a move to where the alias points", async () => {
  const wish = await guarded("there");
  await expect(ask({ ...wish, version: 1 })).rejects.toMatchObject({ code: "CONFLICT", value: 1 });
});

it("withdraws an older request of the same requester, and no other's", async () => {
  const wish = await guarded("again");
  const [first, other] = [await ask(wish, ann), await ask(wish, bob)];
  const second = await ask(wish, ann);
  const { items } = await registry.listApprovals({ limit: 10, model: "again" }, admin);
  expect(items.map(({ id, state }) => [id, state])).toEqual([
    [second.id, "pending"],
    [other.id, "pending"],
    [first.id, "withdrawn"],
  ]);
  const pending = await registry.listApprovals({ limit: 10, model: "again", state: "pending" }, admin);
  expect(pending.items).toHaveLength(2);
  const queued =
    await sql`select 1 from platform_work where state = 'queued' and subject like '%/again/%'`.execute(db);
  expect(queued.rows).toHaveLength(2);
});

it("asks and decides at the same time without waiting forever: what is decided is decided once", async () => {
  const wish = await guarded("crowded");
  for (let round = 0; round < 5; round++) {
    const first = await ask(wish, ann);
    const decision = { approval: first.id, decision: "reject" as const, digest: first.digest, reason: "" };
    const outcomes = await Promise.allSettled([
      registry.decideApproval(decision, bob),
      ask(wish, ann),
      registry.decideApproval(decision, admin),
      ask(wish, ann),
    ]);
    const refusals = outcomes.flatMap((one) => (one.status === "rejected" ? [one.reason] : []));
    for (const refusal of refusals) expect(refusal).toMatchObject({ code: "CONFLICT" });
    const { items } = await registry.listApprovals({ limit: 100, model: "crowded", state: "pending" }, admin);
    expect(items).toHaveLength(1);
  }
});

it("moves at once where the rule is automatic, and says so", async () => {
  await addVersion("free");
  await addVersion("free");
  expect(await registry.getAliasRule({ model: "free", alias: "champion" }, admin)).toEqual({
    approval: "automatic",
    fourEyes: false,
    expiresAfter: "7 days",
  });
  const moved = await ask({ model: "free", alias: "champion", version: 2 }, policy);
  expect(moved).toMatchObject({ state: "approved", current: 2, reason: "The alias's rule is automatic" });
  expect(await pointsTo("free")).toBe(2);
});

it("leaves nothing of a request whose transaction fails, and asks a person where the wish wants one", async () => {
  await addVersion("undone");
  await expect(
    db.transaction().execute(async (tx) => {
      const wish = {
        model: "undone",
        alias: "champion",
        version: 1,
        summary: "",
        person: true,
        expiresAfterMs: 60_000,
      };
      expect(await registry.askApproval(tx, policy, wish)).toMatchObject({
        state: "pending",
        current: null,
        summary: "champion becomes version 1",
      });
      throw new Error("undone");
    }),
  ).rejects.toThrow("undone");
  expect((await registry.listApprovals({ limit: 10, model: "undone" }, admin)).items).toEqual([]);
});

it("tells the channels once, with a link that decides nothing", async () => {
  const wish = await guarded("told");
  await notifications.createChannel({ name: "ops", kind: "slack", url: "http://127.0.0.1:1/x" }, admin);
  const asked = await db
    .transaction()
    .execute((tx) =>
      registry.askApproval(tx, policy, { ...wish, summary: "auc 0.88 against 0.80", notify: ["ops"] }),
    );
  const subject = `/api/registry/approvals/${asked.id}`;
  expect((await notifications.listNotifications({ limit: 10, subject }, admin)).items).toMatchObject([
    { channel: "ops", title: "Shall told version 2 become champion?", text: "auc 0.88 against 0.80" },
  ]);
  await registry.getApproval({ approval: asked.id }, bob);
  expect(await registry.getApproval({ approval: asked.id }, bob)).toEqual(asked);
});

it("keeps to the gate that it is given: its own, passed, or that of the version that a refit repeats", async () => {
  const { digest, ...wish } = await guarded("gated");
  const gate = async (version: number, passed: boolean) => {
    const made = await gatesStore(db).insert({
      id: newId(),
      ...scope,
      model: "gated",
      version,
      digest,
      champion: 1,
      championDigest: digest,
      dataset: "rows",
      datasetVersion: digest,
      target: "Churn",
      rules: [],
      createdAt: now(),
      createdBy: ann.actor,
    });
    await gatesStore(db).finish(made.id, { rows: 9, passed, verdicts: [], summary: "auc 0.7" }, now());
    return made.id;
  };
  await addVersion("gated");
  const request = (version: number, id: string) =>
    registry.requestApproval({ ...wish, version, gate: id, summary: "" }, ann);
  await expect(request(2, await gate(2, false))).rejects.toThrow("The gate refused it: auc 0.7");
  await expect(request(2, await gate(1, true))).rejects.toThrow("judged neither version 2");
  await expect(request(2, newId())).rejects.toMatchObject({ code: "CONFLICT", field: "gate" });
  const judged = await gate(2, true);
  expect((await request(2, judged)).summary).toBe("champion moves from version 1 to 2: auc 0.7");
  await db
    .transaction()
    .execute((tx) => versions.markRefit(tx, ann, { model: "gated", version: 3, refitOf: 2 }));
  expect(await request(3, judged)).toMatchObject({ version: 3, judgedVersion: 2, gate: judged });
});

it("marks a refit once, of an older version", async () => {
  await guarded("refit");
  const mark = (version: number, refitOf: number) =>
    db.transaction().execute((tx) => versions.markRefit(tx, ann, { model: "refit", version, refitOf }));
  await expect(mark(1, 2)).rejects.toMatchObject({ code: "CONFLICT" });
  await expect(mark(2, 9)).rejects.toMatchObject({ code: "NOT_FOUND" });
  await mark(2, 1);
  await mark(2, 1);
  expect(await registry.getVersion({ model: "refit", version: 2 }, admin)).toMatchObject({ refitOf: 1 });
});

it("knows requests of its own environment only", async () => {
  const asked = await ask(await guarded("apart"));
  const dev = { ...bob, scope: { project: "default", environment: "dev" as const } };
  await expect(registry.getApproval({ approval: asked.id }, dev)).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
  const decision = { approval: asked.id, decision: "approve" as const, digest: asked.digest, reason: "" };
  await expect(registry.decideApproval(decision, dev)).rejects.toMatchObject({ code: "NOT_FOUND" });
});
