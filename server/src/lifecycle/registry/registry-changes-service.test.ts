import { mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { RunRecord, type Signature } from "@causeway/contract";
import { afterAll, describe, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { systemCall } from "../../platform/access/index.ts";
import { createApprovals } from "../../platform/approvals/index.ts";
import { createArtifacts } from "../../platform/artifacts/index.ts";
import { createAudit } from "../../platform/audit/index.ts";
import { createNewId } from "../../platform/database/index.ts";
import { createEvents } from "../../platform/events/index.ts";
import { createLineage } from "../../platform/lineage/index.ts";
import { createWork } from "../../platform/work/index.ts";
import { createPreparation } from "./preparation-service.ts";
import { createRegistryChanges, type ModelUse } from "./registry-changes-service.ts";
import { createRegistry } from "./registry-service.ts";

const { database, db } = await testDatabase();
const folder = mkdtempSync("/tmp/causeway-registry-changes-");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newId = createNewId();
const now = () => new Date();
const artifacts = createArtifacts({ root: join(folder, "artifacts"), database });
const audit = createAudit({ db, newId });
const events = createEvents({ database, audit, newId, now });
const lineage = createLineage({ db });
const work = createWork({ database, newId });
const approvals = createApprovals({ database, work, now, newId });
const dev = systemCall({ project: "default", environment: "dev" }, "tester");
const prod = systemCall({ project: "default", environment: "prod" }, "tester");
const foundation = { database, artifacts, events, lineage, approvals, newId, now };

const registry = createRegistry({
  ...foundation,
  models: {
    score() {
      throw new Error("no model is asked here");
    },
  },
  runs: {
    getRun: () => Promise.reject(new Error("no run is read here")),
    findArtifact: () => Promise.reject(new Error("no artifact is read here")),
  },
  scratch: join(folder, "scratch"),
});

/** What lives from a model, as stages to the right would tell. */
const uses = new Map<string, ModelUse[]>();
const changes = createRegistryChanges({
  ...foundation,
  aliases: registry,
  preparation: createPreparation({ database, work, registry }),
  getModel: registry.getModel,
  getVersion: registry.getVersion,
  uses: [
    async (_tx, { model, version }) => uses.get(version === undefined ? model : `${model}@${version}`) ?? [],
  ],
});

const signature: Signature = { task: "other", target: null, classes: [], inputs: [] };

async function addVersion(model: string, format: "onnx" | "mlflow" = "onnx"): Promise<string> {
  const file = await artifacts.write(Readable.from([`${model} ${newId()}`]));
  await db.transaction().execute((tx) =>
    registry.add(tx, dev, {
      model,
      format,
      files: [{ path: "model.onnx", digest: file.digest, bytes: file.bytes }],
      signature,
      golden: [],
      report: null,
      run: { id: "a".repeat(32), name: "first" },
      pipelineRun: null,
      record: RunRecord.parse({}),
      description: "",
      evaluatedOn: null,
    }),
  );
  return file.digest;
}

const resolve = (reference: string) =>
  db.transaction().execute((tx) => registry.resolve(tx, reference, dev.scope));
const later = () => new Date(Date.now() + 60_000);
const exists = (digest: string) =>
  artifacts.stat(digest).then(
    () => true,
    () => false,
  );

describe("renaming", () => {
  it("R1/models takes versions, aliases, their rules and stories, files and lineage along", async () => {
    const digest = await addVersion("before");
    await registry.assignAlias({ model: "before", alias: "champion", version: 1 }, dev);
    await registry.setAliasRule(
      { model: "before", alias: "champion", approval: "person", fourEyes: false, expiresAfter: "7 days" },
      prod,
    );
    const renamed = await changes.renameModel({ model: "before", to: "after" }, dev);
    expect(renamed).toMatchObject({
      name: "after",
      versions: 1,
      aliases: [{ alias: "champion", version: 1 }],
    });
    expect(await resolve("after@champion")).toMatchObject({ model: "after", version: 1 });
    await expect(registry.getModel({ model: "before" }, dev)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await registry.getAliasRule({ model: "after", alias: "champion" }, prod)).toMatchObject({
      approval: "person",
    });
    const moves = await registry.listAliasChanges({ model: "after", alias: "champion", limit: 5 }, dev);
    expect(moves.items).toHaveLength(1);
    const { nodes, edges } = await registry.getVersionLineage({ model: "after", version: 1 }, dev);
    expect(nodes.map(({ title }) => title).sort()).toEqual(["after version 1", "first"]);
    expect(edges).toHaveLength(1);
    await artifacts.sweep(later());
    expect(await exists(digest)).toBe(true);
    const told = await events.list({ limit: 1, subject: "/api/registry/models/after" }, dev);
    expect(told.items[0]).toMatchObject({
      type: "registry.model-renamed",
      data: { model: "after", previous: "before" },
    });
  });

  it("asks for a preparation that is under way under the new name", async () => {
    await addVersion("early", "mlflow");
    await changes.renameModel({ model: "early", to: "late" }, dev);
    const asked = await db.selectFrom("platform_work").select(["kind", "payload"]).execute();
    expect(asked).toEqual([{ kind: "registry.prepare", payload: { model: "late", version: 1 } }]);
  });

  it("refuses a name that is taken, and what lives from the old one", async () => {
    await addVersion("one");
    await addVersion("two");
    await expect(changes.renameModel({ model: "one", to: "two" }, dev)).rejects.toMatchObject({
      code: "ALREADY_EXISTS",
    });
    uses.set("one", [{ title: "the deployment one in prod", help: "Delete it first." }]);
    await expect(changes.renameModel({ model: "one", to: "three" }, dev)).rejects.toMatchObject({
      code: "CONFLICT",
      message: "The model one is in use by the deployment one in prod",
      help: "Delete it first.",
    });
    await expect(changes.deleteModel({ model: "one" }, dev)).rejects.toMatchObject({ code: "CONFLICT" });
  });
});

describe("deleting", () => {
  it("R1/models lets a version go with its aliases and files; its number never comes again", async () => {
    await addVersion("shrinking");
    const digest = await addVersion("shrinking");
    await registry.assignAlias({ model: "shrinking", alias: "best", version: 2 }, prod);
    await changes.deleteVersion({ model: "shrinking", version: 2 }, dev);
    const model = await registry.getModel({ model: "shrinking" }, dev);
    expect(model).toMatchObject({ latest: { version: 1 }, aliases: [] });
    expect(await resolve("shrinking@latest")).toMatchObject({ version: 1 });
    await expect(resolve("shrinking@2")).rejects.toMatchObject({ code: "NOT_FOUND" });
    const gone = { model: "shrinking", version: 2 };
    await expect(registry.getLiveVersion(gone, dev)).rejects.toMatchObject({ code: "NOT_FOUND" });
    // Monitors and logs look back at what it answered.
    expect(await registry.getVersion(gone, dev)).toMatchObject({ version: 2, signature });
    await artifacts.sweep(later());
    expect(await exists(digest)).toBe(false);
    await addVersion("shrinking");
    expect(await registry.getModel({ model: "shrinking" }, dev)).toMatchObject({ latest: { version: 3 } });
    const removed = await events.list({ limit: 5, stage: "registry" }, prod);
    expect(removed.items.map(({ type }) => type)).toContain("registry.alias-removed");
  });

  it("keeps a version that is served, that only a person moves, or that people are asked about", async () => {
    await addVersion("kept");
    uses.set("kept@1", [{ title: "the deployment kept in dev", help: "Serve another one." }]);
    const remove = () => changes.deleteVersion({ model: "kept", version: 1 }, dev);
    await expect(remove()).rejects.toMatchObject({ code: "CONFLICT", help: "Serve another one." });
    uses.clear();
    await registry.assignAlias({ model: "kept", alias: "champion", version: 1 }, prod);
    await registry.setAliasRule(
      { model: "kept", alias: "champion", approval: "person", fourEyes: false, expiresAfter: "7 days" },
      prod,
    );
    await expect(remove()).rejects.toMatchObject({ code: "APPROVAL_NEEDED" });
    await expect(changes.deleteModel({ model: "kept" }, dev)).rejects.toMatchObject({
      code: "APPROVAL_NEEDED",
    });
    await registry.setAliasRule(
      { model: "kept", alias: "champion", approval: "automatic", fourEyes: false, expiresAfter: "7 days" },
      prod,
    );
    const { approval } = await db.transaction().execute((tx) =>
      approvals.request(tx, prod, {
        subject: "/api/registry/models/kept/aliases/champion",
        parent: "/api/registry/models/kept",
        digest: "d".repeat(64),
        summary: "Shall it?",
        details: { version: 1 },
        fourEyes: false,
        notBy: [],
        expiresAfterMs: 60_000,
        expiry: "registry.expire-approval",
      }),
    );
    await expect(remove()).rejects.toMatchObject({
      code: "CONFLICT",
      help: expect.stringContaining(approval.id),
    });
  });

  it("lets a model go with everything, and a new one of the name begins anew, with a story of its own", async () => {
    const digest = await addVersion("gone");
    await registry.assignAlias({ model: "gone", alias: "best", version: 1 }, dev);
    await changes.deleteModel({ model: "gone" }, dev);
    await artifacts.sweep(later());
    expect(await exists(digest)).toBe(false);
    await addVersion("gone");
    expect(await registry.getModel({ model: "gone" }, dev)).toMatchObject({ versions: 1, aliases: [] });
    const moves = await registry.listAliasChanges({ model: "gone", alias: "best", limit: 5 }, dev);
    expect(moves.items).toEqual([]);
    const before = await lineage.trace(
      { subject: "/api/experiments/runs/".concat("a".repeat(32)), direction: "effects" },
      dev,
    );
    const titles = before.nodes.map(({ title }) => title);
    expect(titles).toContain("gone version 1");
    expect(titles).toContain("gone version 1, deleted");
  });
});

describe("words", () => {
  it("R1/tags R1/descriptions change without changing what a version is", async () => {
    await addVersion("said");
    const before = await registry.getVersion({ model: "said", version: 1 }, dev);
    await changes.updateVersion(
      { model: "said", version: 1, tags: { a: "1", b: "2" }, description: "d" },
      dev,
    );
    const after = await changes.updateVersion(
      { model: "said", version: 1, tags: { c: "3" }, removeTags: ["a", "none"] },
      dev,
    );
    expect(after).toMatchObject({ tags: { b: "2", c: "3" }, description: "d", digest: before.digest });
    const model = await changes.updateModel({ model: "said", tags: { team: "x" } }, dev);
    expect(model).toMatchObject({ tags: { team: "x" }, description: "" });
  });

  it("sets tags of two callers at once, both", async () => {
    await addVersion("both");
    const tag = (name: string) =>
      changes.updateVersion({ model: "both", version: 1, tags: { [name]: name } }, dev);
    await Promise.all(["a", "b", "c", "d"].map(tag));
    const { tags } = await registry.getVersion({ model: "both", version: 1 }, dev);
    expect(tags).toEqual({ a: "a", b: "b", c: "c", d: "d" });
  });

  it("R1/stages label versions and move no alias", async () => {
    await addVersion("labelled");
    await addVersion("labelled");
    await registry.assignAlias({ model: "labelled", alias: "champion", version: 1 }, dev);
    const label = (version: number, stage: "production" | "none", archiveExisting = false) =>
      changes.setStage({ model: "labelled", version, stage, archiveExisting }, dev);
    await label(1, "production");
    await label(2, "production", true);
    const { items } = await registry.listVersions({ model: "labelled", limit: 5 }, dev);
    expect(items.map(({ registryStage, aliases }) => [registryStage, aliases.length])).toEqual([
      ["production", 0],
      ["archived", 1],
    ]);
    await expect(label(1, "none", true)).rejects.toMatchObject({ code: "INVALID_FIELD" });
  });

  it("makes models without versions, once", async () => {
    const made = await changes.createModel({ name: "empty", description: "", tags: {} }, dev);
    expect(made).toMatchObject({ name: "empty", versions: 0, latest: null });
    await expect(
      changes.createModel({ name: "empty", description: "", tags: {} }, dev),
    ).rejects.toMatchObject({ code: "ALREADY_EXISTS" });
    await addVersion("empty");
    expect(await registry.getModel({ model: "empty" }, dev)).toMatchObject({ versions: 1 });
  });
});
