import {
  type CausewayError,
  fail,
  type Issue,
  type TruthReceipt,
  type TruthRecord,
} from "@causeway/contract";
import { type Call, SYSTEM_SCOPE, systemCall } from "../../platform/access/index.ts";
import type { Database, Tx } from "../../platform/database/index.ts";
import type { Events } from "../../platform/events/index.ts";
import type { Registry } from "../registry/index.ts";
import { deploymentPath } from "./deployment-path.ts";
import { deploymentsStore, type StoredDeployment } from "./deployments-store.ts";
import type { AskLog } from "./log-duck-reader.ts";
import { createSnapshots } from "./log-snapshot-reader.ts";
import { type PredictionId, parsePredictionId, timeOf } from "./prediction-id.ts";
import { noDeployment } from "./serving-service.ts";
import { touchedSpans } from "./touched-spans.ts";
import { createTruthMatch, type Found } from "./truth-match-reader.ts";
import { checkTruth, mayStillCome, rowKey, type TruthShape } from "./truth-rule.ts";
import { type HeldTruth, type MatchedTruth, truthArrays, truthStore } from "./truth-store.ts";
import { noteTruth } from "./watermark-service.ts";

/** What truth is recorded with. */
export type TruthParts = {
  readonly database: Pick<Database, "db">;
  readonly dataDir: string;
  readonly events: Pick<Events, "record">;
  readonly registry: Pick<Registry, "getVersion">;
  readonly askLog: AskLog;
  readonly now: () => Date;
};

/** A record with its place in the call and the time that counts for it. */
type Asked = TruthRecord & { readonly n: number; readonly at: Date };

/** Wrong records named in one refusal; the others are counted. */
const MOST_ISSUES = 20;

/** Makes the service that takes what turned out to be true. */
export function createTruthService(parts: TruthParts) {
  const { database, events, registry, now } = parts;
  const { db } = database;
  const match = createTruthMatch({ snapshots: createSnapshots({ db, dataDir: parts.dataDir }), ...parts });

  /** All of it or nothing: each record that cannot be taken is named. */
  async function recordTruth(
    input: { deployment: string; records: readonly TruthRecord[] },
    call: Call,
  ): Promise<TruthReceipt> {
    const key = { ...call.scope, name: input.deployment };
    const deployment = await deploymentsStore(db).find(key);
    if (deployment === undefined) throw noDeployment(key);
    const recordedAt = now();
    const asked = input.records.map(
      (record, n): Asked => ({
        ...record,
        n,
        at: record.occurredAt === undefined ? recordedAt : new Date(record.occurredAt),
      }),
    );
    const { matched, held, issues, unknown } = await sort(deployment, asked, recordedAt);
    if (issues.length > 0) throw refusal(issues, { unknown, deployment: deployment.name });
    return db.transaction().execute(async (tx) => {
      await truthStore(tx).lockTruth(deployment.id);
      const batch = await truthStore(tx).insertBatch({
        deployment: deployment.id,
        at: recordedAt,
        by: call.actor,
      });
      await truthStore(tx).holdTruths({ deployment: deployment.id, batch }, held);
      const put = await putMatched(tx, { deployment, batch, matched, now: recordedAt });
      const receipt = { accepted: asked.length, ...put, held: held.length };
      await events.record(tx, call, {
        type: "deployments.truth-recorded",
        subject: deploymentPath(deployment),
        data: { deployment: deployment.name, ...receipt },
      });
      return receipt;
    });
  }

  /** Tells what can be taken from what cannot. */
  async function sort(deployment: StoredDeployment, asked: readonly Asked[], at: Date) {
    const issues: Issue[] = [];
    const named = new Map<number, PredictionId>();
    for (const { n, predictionId } of asked) {
      if (predictionId === undefined) continue;
      try {
        named.set(n, parsePredictionId(predictionId, "predictionId"));
      } catch {
        issues.push(issue([n, "predictionId"], "<id> or <id>.<row> of an answer", predictionId));
      }
    }
    const keyed = asked.flatMap(({ n, key, at: occurredAt }) =>
      key === undefined ? [] : [{ n, key, occurredAt }],
    );
    if (keyed.length > 0 && deployment.key === null) throw noKey(deployment, keyed[0]?.n ?? 0);
    const found = Map.groupBy(
      [
        ...(await match.byId(
          deployment,
          [...named].map(([n, id]) => ({ n, ...id })),
        )),
        ...(await match.byKey(deployment, keyed)),
      ],
      ({ n }) => n,
    );
    const shapes = await shapesOf(deployment, [...found.values()].flat());
    const matched: MatchedTruth[] = [];
    const held: HeldTruth[] = [];
    let unknown = 0;
    for (const one of asked) {
      const { n, value, at: occurredAt } = one;
      const [row, another] = found.get(n) ?? [];
      const id = named.get(n);
      if (another !== undefined) {
        issues.push(issue([n, "predictionId"], "the id of one row, <id>.<row>", one.predictionId));
        continue;
      }
      if (row === undefined) {
        if (one.predictionId !== undefined && id === undefined) continue;
        if (id === undefined || !mayStillCome(timeOf(id), at)) {
          unknown += 1;
          const expected = id === undefined ? "a key of a logged prediction" : "a logged prediction";
          issues.push(
            issue([n, id === undefined ? "key" : "predictionId"], expected, one.predictionId ?? one.key),
          );
          continue;
        }
      }
      const checked = checkTruth(value, shapes(row));
      if (!checked.ok) issues.push(issue([n, "value"], checked.expected, value));
      else if (row === undefined && id !== undefined) held.push({ ...id, value: checked.value, occurredAt });
      else if (row !== undefined) {
        const timed = one.occurredAt !== undefined;
        const { request, row: place, predictedAt, version } = row;
        matched.push({ request, row: place, predictedAt, version, value: checked.value, occurredAt, timed });
      }
    }
    return { matched, held, issues, unknown };
  }

  /** What truths of each version look like; what is not in the log yet is looked at as the newest revision's. */
  async function shapesOf(
    deployment: StoredDeployment,
    found: readonly Pick<Found, "model" | "version">[],
  ): Promise<(row: Pick<Found, "model" | "version"> | undefined) => TruthShape> {
    const [revision] = await deploymentsStore(db).listRevisions(deployment, { before: undefined, limit: 1 });
    if (revision === undefined) throw new Error(`the deployment ${deployment.name} has lost its revision`);
    const shapes = new Map<string, TruthShape>();
    for (const one of [revision, ...found]) {
      const name = `${one.model}/${one.version}`;
      if (!shapes.has(name))
        shapes.set(name, (await registry.getVersion(one, { scope: deployment })).signature);
    }
    const newest = shapes.get(`${revision.model}/${revision.version}`);
    if (newest === undefined) throw new Error("the newest revision's signature was just read");
    return (row) => (row === undefined ? undefined : shapes.get(`${row.model}/${row.version}`)) ?? newest;
  }

  /**
   * Held truth whose prediction has come is recorded as of when it was posted; what waited too long is dropped, and an
   * event tells of it.
   */
  async function matchHeld(): Promise<void> {
    const call = systemCall(SYSTEM_SCOPE, "deployments.match-held-truth");
    for (const id of await truthStore(db).listHolding()) {
      const deployment = await deploymentsStore(db).findById(id);
      if (deployment === undefined) continue;
      const { project, environment } = deployment;
      await matchHeldOf(deployment, { ...call, scope: { project, environment } });
    }
  }

  async function matchHeldOf(deployment: StoredDeployment, call: Call): Promise<void> {
    const held = await truthStore(db).listHeld(deployment.id, MOST_HELD_AT_ONCE);
    const found = Map.groupBy(
      await match.byId(
        deployment,
        held.map(({ request, row }, n) => ({ n, request, row })),
      ),
      ({ n }) => n,
    );
    const shapes = await shapesOf(deployment, [...found.values()].flat());
    const at = now();
    const come = held.flatMap((truth, n) => {
      const [row, another] = found.get(n) ?? [];
      const checked = checkTruth(truth.value, shapes(row));
      if (row === undefined || another !== undefined || !checked.ok) return [];
      const { request, row: place, predictedAt, version } = row;
      const { occurredAt, batch } = truth;
      const matched: MatchedTruth = {
        request,
        row: place,
        predictedAt,
        version,
        value: checked.value,
        occurredAt,
        timed: true,
      };
      return [{ held: truth, batch, matched }];
    });
    const taken = new Set(come.map((one) => one.held));
    const refused = held.filter(
      (truth, n) => !taken.has(truth) && (found.has(n) || !mayStillCome(truth.heldAt, at)),
    );
    if (taken.size + refused.length === 0) return;
    await db.transaction().execute(async (tx) => {
      const store = truthStore(tx);
      await store.lockTruth(deployment.id);
      await store.deleteHeld(deployment.id, [...taken, ...refused]);
      for (const [batch, own] of Map.groupBy(come, (one) => one.batch)) {
        await putMatched(tx, { deployment, batch, matched: own.map(({ matched }) => matched), now: at });
      }
      if (refused.length === 0) return;
      await events.record(tx, call, {
        type: "deployments.truth-refused",
        subject: deploymentPath(deployment),
        data: {
          deployment: deployment.name,
          records: refused.length,
          first: refused
            .slice(0, MOST_ISSUES)
            .map(({ request, row }) => (row === null ? request : `${request}.${row}`)),
        },
      });
    });
  }

  /** Writes matched truths under a batch and notes the event times that they touch. */
  async function putMatched(
    tx: Tx,
    put: {
      readonly deployment: StoredDeployment;
      readonly batch: number;
      readonly matched: readonly MatchedTruth[];
      readonly now: Date;
    },
  ): Promise<{ unchanged: number; corrected: number }> {
    const { deployment, batch, matched } = put;
    const { newest, replaced } = newestOfRow(matched);
    if (newest.length === 0) return { unchanged: 0, corrected: 0 };
    const { unchanged, corrected } = await truthStore(tx).putTruths(
      { deployment: deployment.id, batch },
      truthArrays(newest),
    );
    if (unchanged < newest.length) {
      const spans = touchedSpans(newest.map(({ predictedAt }) => predictedAt.getTime()));
      await noteTruth(tx, deployment, { spans, now: put.now });
    }
    return { unchanged, corrected: corrected + replaced };
  }

  return { recordTruth, matchHeld };
}

const MOST_HELD_AT_ONCE = 10_000;

/** Of several truths of one row the one that became true last counts, of equal ones the last in the call. */
function newestOfRow(matched: readonly MatchedTruth[]): { newest: MatchedTruth[]; replaced: number } {
  const newest = new Map<string, MatchedTruth>();
  for (const truth of matched) {
    const before = newest.get(rowKey(truth));
    if (before === undefined || truth.occurredAt >= before.occurredAt) newest.set(rowKey(truth), truth);
  }
  return { newest: [...newest.values()], replaced: matched.length - newest.size };
}

/** What is wrong with a field of the n-th record. */
function issue([n, field]: [n: number, field: string], expected: string, got: unknown): Issue {
  return { row: n, field: `records[${n}].${field}`, expected, got: JSON.stringify(got) ?? "nothing" };
}

function refusal(
  issues: readonly Issue[],
  { unknown, deployment }: { unknown: number; deployment: string },
): CausewayError {
  const sorted = issues.toSorted((a, b) => (a.row ?? 0) - (b.row ?? 0));
  const [first] = sorted;
  const more = issues.length > 1 ? `; and ${issues.length - 1} more` : "";
  return fail(unknown > 0 ? "UNKNOWN_PREDICTION" : "INVALID_FIELD", {
    message: `${first?.field}: expected ${first?.expected} of ${deployment}, got ${first?.got}${more}`,
    field: first?.field ?? "records",
    value: first?.got,
    help:
      unknown > 0
        ? `Nothing was recorded. npx --no causeway deployments log ${deployment} shows what is logged; leave out what is not.`
        : "Nothing was recorded. Correct the records that are named and send all of them again.",
    issues: sorted.slice(0, MOST_ISSUES),
  });
}

function noKey({ name }: StoredDeployment, n: number): CausewayError {
  return fail("INVALID_FIELD", {
    message: `records[${n}].key: the deployment ${name} logs no key`,
    field: `records[${n}].key`,
    help: `npx --no causeway deployments switch ${name} --key <column> names the column; predictions made from then on are found by it. Until then give predictionId.`,
  });
}
