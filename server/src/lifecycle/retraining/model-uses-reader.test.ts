import { randomUUIDv7 } from "node:crypto";
import { expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { findRetrainingPolicies } from "./model-uses-reader.ts";

const { db } = await testDatabase();
const actor = JSON.stringify({ kind: "system", id: "test", name: "test" });
const key = { project: "default", environment: "prod" } as const;
const at = new Date();

const uses = (version?: number) =>
  db.transaction().execute((tx) =>
    findRetrainingPolicies(tx, {
      project: "default",
      model: "churn",
      ...(version === undefined ? {} : { version }),
    }),
  );

it("tells of policies of a model, and of versions that a cycle under way is about", async () => {
  const policy = randomUUIDv7();
  expect(await uses()).toEqual([]);
  await db
    .insertInto("retraining_policies")
    .values({
      id: policy,
      ...key,
      name: "churn-weekly",
      deployment: "churn",
      monitor: "churn",
      model: "churn",
      settings: "{}",
      considered_at: at,
      created_at: at,
      created_by: actor,
    })
    .execute();
  const times = { noticed_at: at, anchored_at: at, started_at: at, started_by: actor };
  const none = { gate: null, refit_gate: null, approval: null, problem: null, work: null, candidate: null };
  await db
    .insertInto("retraining_cycles")
    .values({
      policy,
      number: 1,
      ...key,
      state: "running",
      settings: "{}",
      trigger: "{}",
      champion: 1,
      challenger: 2,
      ...times,
      ...none,
    })
    .execute();
  expect(await uses()).toMatchObject([{ title: "the policy churn-weekly in prod" }]);
  expect(await uses(2)).toHaveLength(1);
  expect(await uses(3)).toEqual([]);
  await db.updateTable("retraining_cycles").set({ ended_at: at }).execute();
  expect(await uses(2)).toEqual([]);
  expect(await uses()).toHaveLength(1);
});
