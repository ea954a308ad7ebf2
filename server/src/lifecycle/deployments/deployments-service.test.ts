import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import {
  type Deployment,
  type DesiredState,
  type Event,
  type Preparation,
  READY,
  RunRecord,
  type Signature,
} from "@causeway/contract";
import { sql } from "kysely";
import { afterAll, beforeAll, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { type Call, systemCall } from "../../platform/access/index.ts";
import { createArtifacts } from "../../platform/artifacts/index.ts";
import { createAudit } from "../../platform/audit/index.ts";
import { createEvents } from "../../platform/events/index.ts";
import { createLineage } from "../../platform/lineage/index.ts";
import { createRegistry } from "../registry/index.ts";
import { keyDigest } from "./api-key.ts";
import { createDeployments } from "./deployments-service.ts";

const { database, db } = await testDatabase();
const folder = mkdtempSync("/tmp/causeway-deployments-");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

let made = 0;
const newId = (): string => `00000000-0000-7000-8000-${String(++made).padStart(12, "0")}`;
const now = () => new Date("2026-11-21T10:00:00.000Z");
const artifacts = createArtifacts({ root: join(folder, "artifacts"), database });
const events = createEvents({ database, audit: createAudit({ db, newId }), newId, now });
afterAll(() => events.close());
const lineage = createLineage({ db });
const unused = () => {
  throw new Error("not part of these tests");
};
const registry = createRegistry({
  database,
  artifacts,
  events,
  lineage,
  models: { score: unused },
  runs: { getRun: unused, findArtifact: unused },
  scratch: folder,
  newId,
  now,
});
const deployments = createDeployments({
  database,
  dataDir: folder,
  events,
  artifacts,
  lineage,
  registry,
  data: { resolve: unused, requireUpload: unused },
  work: { enqueue: unused, get: unused, follow: unused },
  gatewayUrl: async () => "http://127.0.0.1:7421",
  readers: async () => ["d".repeat(64)],
  newId,
  now,
});

const dev = systemCall({ project: "default", environment: "dev" }, "tester");
const prod = systemCall({ project: "default", environment: "prod" }, "tester");
const signature: Signature = {
  task: "regression",
  target: "y",
  classes: [],
  inputs: [{ name: "x", type: "double", nullable: false, categories: null, range: null }],
};
const files: { digest: string; bytes: number }[] = [];

async function addVersion(model: string, preparation: Preparation = READY): Promise<void> {
  const file = await artifacts.write(Readable.from([`${model} ${files.length}`]));
  files.push(file);
  await db.transaction().execute((tx) =>
    registry.add(tx, dev, {
      model,
      format: "onnx",
      files: [{ path: "model.onnx", ...file }],
      signature,
      golden: [{ record: { x: 1 }, prediction: { value: 2 } }],
      preparation,
      report: null,
      run: null,
      pipelineRun: null,
      record: RunRecord.parse({}),
      description: "",
      evaluatedOn: null,
    }),
  );
}

type State = "loading" | "ready" | "failed";

function report(gateway: string, said: [deployment: string, revision: number, state: State][], call = dev) {
  const reports = said.map(([deployment, revision, state]) => ({
    project: call.scope.project,
    environment: call.scope.environment,
    deployment,
    revision,
    state,
    golden: state === "ready" ? { equal: 1, rows: 1 } : null,
    loadMs: state === "ready" ? 12 : null,
    problem: state === "failed" ? "GOLDEN_MISMATCH: row 0" : null,
  }));
  return deployments.reportGateway({ gateway, reports }, call);
}

/** A gateway that was last heard of a while ago. */
const silence = (gateway: string) =>
  sql`update deployments_gateways set seen_at = clock_timestamp() - interval '16 seconds' where name = ${gateway}`.execute(
    db,
  );

const get = (deployment: string, call = dev) => deployments.getDeployment({ deployment }, call);
const typesOf = async (subject: string, call: Call = dev) =>
  (await events.list({ limit: 100, subject }, call)).items.map(({ type }) => type);

/** The first value of a stream that fits. */
async function until<Value>(stream: AsyncIterable<Value>, fits: (value: Value) => boolean): Promise<Value> {
  for await (const value of stream) if (fits(value)) return value;
  throw new Error("the stream ended before");
}

beforeAll(async () => {
  await addVersion("churn");
  await addVersion("churn");
  await addVersion("churn");
  await registry.assignAlias({ model: "churn", alias: "champion", version: 1 }, dev);
});

it("serves an alias under a name, pending until a gateway has it", async () => {
  const deployment = await deployments.createDeployment({ name: "churn", serve: "churn@champion" }, dev);
  expect(deployment).toMatchObject({
    state: "pending",
    revision: { number: 1, model: "churn", version: 1 },
    serving: null,
    gateways: [],
    url: "http://127.0.0.1:7421/predict/churn",
    example: { x: 1 },
    signature,
  });
});

it("refuses a name that is taken, and what does not exist", async () => {
  await expect(deployments.createDeployment({ name: "churn", serve: "churn@2" }, dev)).rejects.toMatchObject({
    code: "ALREADY_EXISTS",
  });
  await expect(deployments.createDeployment({ name: "x", serve: "churn@9" }, dev)).rejects.toThrow(
    "no version 9",
  );
  await expect(get("x")).rejects.toMatchObject({ code: "NOT_FOUND" });
});

it("is ready when every live gateway has it", async () => {
  await report("g1", [["churn", 1, "loading"]]);
  await report("g2", []);
  await report("g1", [["churn", 1, "ready"]]);
  expect((await get("churn")).state).toBe("pending");
  await report("g2", [["churn", 1, "ready"]]);
  expect(await get("churn")).toMatchObject({
    state: "ready",
    serving: { number: 1 },
    gateways: [
      { gateway: "g1", state: "ready", golden: { equal: 1, rows: 1 }, loadMs: 12 },
      { gateway: "g2", state: "ready" },
    ],
  });
});

it("switches on a new reference; what served goes on until the new one is ready", async () => {
  const switched = await deployments.updateDeployment({ deployment: "churn", serve: "churn@2" }, dev);
  expect(switched).toMatchObject({
    state: "pending",
    revision: { number: 2, version: 2 },
    serving: { number: 1 },
  });
  await report("g1", [["churn", 2, "ready"]]);
  await report("g2", [["churn", 2, "failed"]]);
  expect(await get("churn")).toMatchObject({ state: "failed", serving: { number: 1, version: 1 } });
  const failure = (await get("churn")).gateways.find(({ state }) => state === "failed");
  expect(failure?.problem).toBe("GOLDEN_MISMATCH: row 0");
});

it("asks gateways for what served before once a revision is given up, and for a new one when it is tried again", async () => {
  const asked = async () => {
    const leaving = AbortSignal.timeout(5_000);
    const { deployments: desired } = await until(
      deployments.desiredState({ gateway: "g1" }, { ...dev, signal: leaving }),
      () => true,
    );
    return desired.map(({ revision, version }) => [revision, version]);
  };
  expect(await asked()).toEqual([[1, 1]]);
  await report("g2", [["churn", 1, "ready"]]);
  await report("g1", [["churn", 1, "ready"]]);
  expect(await get("churn")).toMatchObject({
    state: "failed",
    revision: { number: 2 },
    serving: { number: 1 },
  });

  const again = await deployments.updateDeployment({ deployment: "churn", serve: "churn@2" }, dev);
  expect(again).toMatchObject({ state: "pending", revision: { number: 3, version: 2 } });
  expect(await asked()).toEqual([[3, 2]]);
});

it("does not wait for a gateway that died", async () => {
  await deployments.updateDeployment({ deployment: "churn", serve: "churn@3" }, dev);
  await silence("g2");
  await report("g1", [["churn", 4, "ready"]]);
  expect(await get("churn")).toMatchObject({ state: "ready", serving: { number: 4, version: 3 } });
  expect((await get("churn")).gateways.map(({ gateway }) => gateway)).toEqual(["g1"]);
});

it("makes no revision where the reference means what is served already", async () => {
  await registry.assignAlias({ model: "churn", alias: "champion", version: 3 }, dev);
  const same = await deployments.updateDeployment({ deployment: "churn", serve: "churn@champion" }, dev);
  expect(same).toMatchObject({ serve: "churn@champion", revision: { number: 4 }, state: "ready" });
});

it("follows its alias, once for each move, in its environment alone", async () => {
  await registry.assignAlias({ model: "churn", alias: "champion", version: 1 }, prod);
  await deployments.createDeployment({ name: "churn", serve: "churn@champion" }, prod);
  const stop = events.consume(deployments.consumer);
  const following = deployments.followDeployment({ deployment: "churn" }, dev);
  await registry.assignAlias({ model: "churn", alias: "champion", version: 2 }, dev);
  const moved = await until(following, ({ revision }) => revision.version === 2);
  expect(moved).toMatchObject({ revision: { number: 5 }, serving: { version: 3 }, state: "pending" });
  expect((await get("churn", prod)).revision).toMatchObject({ number: 1, version: 1 });

  const [event] = (await events.list({ limit: 1, stage: "registry" }, dev)).items;
  await db.transaction().execute((tx) => deployments.consumer.handle(tx, event!, dev));
  expect((await get("churn")).revision.number).toBe(5);
  await stop();
});

it("follows the newest version where it serves latest", async () => {
  await deployments.createDeployment({ name: "newest", serve: "churn@latest" }, dev);
  const stop = events.consume(deployments.consumer);
  const following = deployments.followDeployment({ deployment: "newest" }, dev);
  await addVersion("churn");
  const moved = await until(following, ({ revision }) => revision.version === 4);
  expect(moved.revision.number).toBe(2);
  await stop();
});

it("keeps what was served, newest first", async () => {
  const { items, next } = await deployments.listRevisions({ deployment: "churn", limit: 3 }, dev);
  expect(items.map(({ number, version }) => [number, version])).toEqual([
    [5, 2],
    [4, 3],
    [3, 2],
  ]);
  const rest = await deployments.listRevisions({ deployment: "churn", limit: 3, after: next! }, dev);
  expect(rest.items.map(({ number }) => number)).toEqual([2, 1]);
});

it("tells gateways at once what changed, and nothing twice", async () => {
  const leaving = new AbortController();
  const states: DesiredState[] = [];
  const reading = (async () => {
    for await (const state of deployments.desiredState({ gateway: "g1" }, { ...dev, signal: leaving.signal }))
      states.push(state);
  })();
  await expect.poll(() => states.length).toBe(1);
  const churn = states[0]!.deployments.find(
    ({ name, environment }) => name === "churn" && environment === "dev",
  );
  expect(churn).toMatchObject({
    revision: 5,
    version: 2,
    format: "onnx",
    keys: [],
    golden: [{ record: { x: 1 } }],
  });
  expect(states[0]!.readers).toEqual(["d".repeat(64)]);

  const { key, secret } = await deployments.createKey({ deployment: "churn", name: "curl" }, dev);
  expect(secret).toMatch(/^cwk_[\w-]{43}$/);
  await expect.poll(() => states.at(-1)!.deployments.flatMap((one) => one.keys)).toEqual([keyDigest(secret)]);
  await deployments.revokeKey({ deployment: "churn", key: key.id }, dev);
  await expect.poll(() => states.at(-1)!.deployments.flatMap((one) => one.keys)).toEqual([]);
  await report("g1", [["churn", 5, "ready"]]);
  expect(states).toHaveLength(3);
  expect(new Set(states.map(({ tag }) => tag)).size).toBe(2);
  leaving.abort();
  await reading;
});

it("O1/keys keeps of a key its digest only, and says who made and ended it", async () => {
  const { items } = await deployments.listKeys({ deployment: "churn", limit: 10 }, dev);
  expect(items).toEqual([
    expect.objectContaining({
      name: "curl",
      deployment: "churn",
      createdBy: dev.actor,
      revokedAt: now().toISOString(),
    }),
  ]);
  const kept = await db.selectFrom("deployments_keys").selectAll().execute();
  expect(JSON.stringify(kept)).not.toContain("cwk_");
  expect((await typesOf("/api/deployments/deployments/churn")).slice(0, 3)).toEqual([
    "deployments.deployment-ready",
    "deployments.key-revoked",
    "deployments.key-created",
  ]);
  await expect(deployments.revokeKey({ deployment: "churn", key: newId() }, dev)).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

it("gives gateways the files of served versions and no others", async () => {
  const { stream, bytes } = await deployments.downloadModelFile({ digest: files[1]!.digest });
  expect((await stream.toArray()).join("")).toHaveLength(bytes);
  const other = await artifacts.write(Readable.from(["somebody's data"]));
  await expect(deployments.downloadModelFile({ digest: other.digest })).rejects.toMatchObject({
    code: "NOT_FOUND",
  });
});

it("hears many gateways at once, while what they serve is being switched", async () => {
  const names = ["busy-a", "busy-b", "busy-c"];
  for (const name of names) await deployments.createDeployment({ name, serve: "churn@1" }, dev);
  const gatewaysOf = ["g5", "g6", "g7"];
  const rounds = Array.from({ length: 8 }, (_, round) => round);
  await Promise.all([
    ...gatewaysOf.flatMap((gateway) =>
      rounds.map((round) =>
        report(
          gateway,
          names
            .toSorted(() => (round % 2) - 0.5)
            .map((name) => [name, 1, round % 3 === 0 ? "loading" : "ready"]),
        ),
      ),
    ),
    ...names.map((deployment) => deployments.updateDeployment({ deployment, serve: "churn@2" }, dev)),
  ]);
  await silence("g1");
  for (const gateway of gatewaysOf)
    await report(
      gateway,
      names.map((name) => [name, 2, "ready"]),
    );
  for (const name of names) {
    expect(await get(name)).toMatchObject({ state: "ready", serving: { number: 2, version: 2 } });
    await deployments.deleteDeployment({ deployment: name }, dev);
  }
});

it("ends with its keys, and numbers its revisions on when the name is taken again", async () => {
  const { secret } = await deployments.createKey({ deployment: "churn", name: "curl" }, dev);
  const ending: Deployment[] = [];
  const following = (async () => {
    for await (const state of deployments.followDeployment({ deployment: "churn" }, dev)) ending.push(state);
  })();
  await expect.poll(() => ending.length).toBe(1);
  await deployments.deleteDeployment({ deployment: "churn" }, dev);
  await following;
  await expect(get("churn")).rejects.toMatchObject({ code: "NOT_FOUND" });
  await report("g1", [["churn", 5, "ready"]]);

  const again = await deployments.createDeployment({ name: "churn", serve: "churn@1" }, dev);
  expect(again).toMatchObject({ state: "pending", revision: { number: 6 }, serving: null, gateways: [] });
  const open = await db.selectFrom("deployments_keys").selectAll().where("revoked_at", "is", null).execute();
  expect(open.map(({ sha256 }) => sha256)).not.toContain(keyDigest(secret));
});

it("R3/back leads from a deployment to the versions that it served", async () => {
  const { edges } = await lineage.trace(
    { subject: "/api/deployments/deployments/churn", direction: "causes" },
    dev,
  );
  expect(edges.map(({ to }) => to)).toContain("/api/registry/models/churn/versions/1");
  const elsewhere = "/api/deployments/deployments/churn?environment=prod";
  expect((await lineage.trace({ subject: elsewhere, direction: "causes" }, prod)).edges).toHaveLength(1);
});

it("lists the deployments of the environment by name", async () => {
  const page = await deployments.listDeployments({ limit: 1 }, dev);
  expect(page.items.map(({ name }) => name)).toEqual(["churn"]);
  const rest = await deployments.listDeployments({ limit: 5, after: page.next! }, dev);
  expect(rest.items.map(({ name }) => name)).toEqual(["newest"]);
  expect((await deployments.listDeployments({ limit: 5 }, prod)).items[0]?.url).toBe(
    "http://127.0.0.1:7421/@default/prod/predict/churn",
  );
});

it("waits for a version that is being prepared, serves it once it is ready, and refuses one that is not", async () => {
  const preparing: Preparation = { ...READY, state: "preparing", step: "finding the packages that it needs" };
  await addVersion("iris", preparing);
  const waiting = await deployments.createDeployment({ name: "iris", serve: "iris@1" }, dev);
  expect(waiting).toMatchObject({
    state: "pending",
    waitsFor: "version 1 of iris is being prepared: finding the packages that it needs",
  });
  const asked = async () => {
    const leaving = AbortSignal.timeout(5_000);
    const everything = deployments.desiredState({ gateway: "g1" }, { ...dev, signal: leaving });
    const { deployments: desired } = await until(everything, () => true);
    return desired.filter(({ name }) => name === "iris").map(({ revision }) => revision);
  };
  expect(await asked()).toEqual([]);

  async function end(preparation: Preparation): Promise<void> {
    await sql`update registry_versions set preparation = ${JSON.stringify(preparation)} where model = 'iris'`.execute(
      db,
    );
    const event: Event = {
      id: newId(),
      type: "registry.version-prepared",
      occurredAt: now().toISOString(),
      recordedAt: now().toISOString(),
      project: "default",
      environment: null,
      actor: dev.actor,
      subject: "/api/registry/models/iris/versions/1",
      data: { model: "iris", version: 1, state: preparation.state },
    };
    await db.transaction().execute((tx) => deployments.consumer.handle(tx, event, dev));
  }

  const failed: Preparation = { ...READY, state: "failed", problem: "there is no package acme" };
  await end(failed);
  expect(await get("iris")).toMatchObject({
    state: "failed",
    waitsFor: "version 1 of iris could not be prepared: there is no package acme",
  });
  await expect(deployments.createDeployment({ name: "iris2", serve: "iris@1" }, dev)).rejects.toMatchObject({
    code: "CONFLICT",
    message: "Version 1 of iris could not be prepared: there is no package acme",
  });

  await end({ ...READY, environment: { digest: "e".repeat(64), python: "3.11.7", tool: "uv" } });
  expect(await get("iris")).toMatchObject({ state: "pending", waitsFor: null });
  expect(await asked()).toEqual([1]);
});
