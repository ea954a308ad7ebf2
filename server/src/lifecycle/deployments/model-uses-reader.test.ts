import { expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { findServingDeployments } from "./model-uses-reader.ts";

const { db } = await testDatabase();
const actor = JSON.stringify({ kind: "system", id: "test", name: "test" });
const key = { project: "default", environment: "prod" } as const;

/** A deployment that came from version 1 over 2 to 3, serves `serving` and was asked for `revision` last. */
async function deployed(name: string, { serving, revision }: { serving: number | null; revision: number }) {
  const made = { created_at: new Date(), created_by: actor };
  await db
    .insertInto("deployments_deployments")
    .values({
      ...key,
      name,
      serve: "churn@champion",
      state: "ready",
      revision,
      serving,
      key: null,
      retention_days: null,
      ...made,
    })
    .execute();
  for (const number of [1, 2, 3]) {
    await db
      .insertInto("deployments_revisions")
      .values({
        ...key,
        deployment: name,
        number,
        model: "churn",
        version: number,
        digest: "d".repeat(64),
        ...made,
      })
      .execute();
  }
}

const uses = (version?: number) =>
  db.transaction().execute((tx) =>
    findServingDeployments(tx, {
      project: "default",
      model: "churn",
      ...(version === undefined ? {} : { version }),
    }),
  );

it("tells of versions that are served or are to be served, not of those of before or of ended deployments", async () => {
  await deployed("switching", { serving: 2, revision: 3 });
  await deployed("ended", { serving: 1, revision: 1 });
  await db
    .updateTable("deployments_deployments")
    .set({ deleted_at: new Date() })
    .where("name", "=", "ended")
    .execute();
  expect(await uses(1)).toEqual([]);
  for (const version of [2, 3]) {
    expect(await uses(version)).toMatchObject([{ title: "the deployment switching in prod" }]);
  }
  // Without a version whatever it ever served counts: its log names it.
  expect(await uses()).toHaveLength(1);
  const [use] = await uses();
  expect(use?.help).toContain("deployments delete switching --env prod");
  const other = { project: "other", model: "churn" };
  expect(await db.transaction().execute((tx) => findServingDeployments(tx, other))).toEqual([]);
});
