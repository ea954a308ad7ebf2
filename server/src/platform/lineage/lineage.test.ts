import type { LineageNode } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { systemCall } from "../access/index.ts";
import { createLineage } from "./index.ts";

const { db } = await testDatabase();
const lineage = createLineage({ db });
const call = systemCall({ project: "default", environment: "dev" }, "test");

const node = (kind: LineageNode["kind"], name: string): LineageNode => ({
  kind,
  subject: `/${name}`,
  title: name,
});
const data = node("dataset-version", "customers");
const run = node("run", "run");
const model = node("model-version", "churn@1");
const deployment = node("deployment", "churn");

await db.transaction().execute((tx) =>
  lineage.link(tx, call.scope, [
    { from: run, to: data, relation: "read" },
    { from: model, to: run, relation: "trained-in" },
    { from: deployment, to: model, relation: "serves" },
  ]),
);

const trace = (subject: string, direction: "causes" | "effects" | "both" = "both") =>
  lineage.trace({ subject, direction }, call);
const subjects = ({ nodes }: { nodes: LineageNode[] }) => nodes.map(({ subject }) => subject);

describe("lineage", () => {
  it("R3/forth goes from the data to what was made from it, and back again", async () => {
    expect(subjects(await trace("/churn", "causes"))).toEqual(["/churn", "/churn@1", "/customers", "/run"]);
    expect(subjects(await trace("/customers", "effects"))).toHaveLength(4);
    expect(subjects(await trace("/customers", "causes"))).toEqual(["/customers"]);
    const both = await trace("/run");
    expect(both.edges).toEqual([
      { from: "/churn", to: "/churn@1", relation: "serves" },
      { from: "/churn@1", to: "/run", relation: "trained-in" },
      { from: "/run", to: "/customers", relation: "read" },
    ]);
  });

  it("takes the same edge again without a second one, and follows a new title", async () => {
    const renamed = { ...data, title: "customers, cleaned" };
    await db
      .transaction()
      .execute((tx) => lineage.link(tx, call.scope, [{ from: run, to: renamed, relation: "read" }]));
    const { nodes, edges } = await trace("/run", "causes");
    expect(edges).toHaveLength(1);
    expect(nodes.map(({ title }) => title)).toContain("customers, cleaned");
  });

  it("walks a cycle once", async () => {
    const [a, b] = [node("artifact", "a"), node("artifact", "b")];
    await db.transaction().execute((tx) =>
      lineage.link(tx, call.scope, [
        { from: a, to: b, relation: "read" },
        { from: b, to: a, relation: "read" },
      ]),
    );
    expect(subjects(await trace("/a"))).toEqual(["/a", "/b"]);
  });

  it("knows nothing of another project's things", async () => {
    const other = { ...call, scope: { project: "other", environment: "dev" as const } };
    expect(await lineage.trace({ subject: "/churn", direction: "both" }, other)).toEqual({
      nodes: [],
      edges: [],
    });
  });
});
