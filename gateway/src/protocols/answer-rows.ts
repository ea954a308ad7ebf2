import { fail } from "@causeway/contract";
import type { LiveDeployment } from "../desired/switcher.ts";
import type { Batch } from "../models/batch-queue.ts";
import { readPrediction } from "../models/prediction-reading.ts";
import type { ServedModel } from "../models/served-model.ts";
import type { Row } from "../runtimes/index.ts";
import type { PredictionLog } from "../spool/prediction-log.ts";
import type { TrafficCounter } from "../traffic.ts";

/** What a protocol made of a request's body for the model that it met. */
export type Asked = {
  readonly rows: readonly Row[];
  /** JSON text of each row's record, for the log. */
  readonly recordTexts: readonly string[];
  /** Given by the caller, for all rows or for each; null means the time of receipt. */
  readonly occurredAt: string | readonly string[] | null;
  /** The business key of each row; null where the deployment has none. */
  readonly keys: readonly (string | null)[] | null;
};

export type RowsAnswer = {
  /** Null where the prediction log could not be written. */
  readonly id: string | null;
  readonly served: ServedModel;
  readonly batch: Batch;
  /** JSON text of each row's `Prediction`. */
  readonly predictionTexts: readonly string[];
};

/** Answers rows by whatever revision serves now, and logs them first. */
export type AnswerRows = (options: {
  readonly deployment: LiveDeployment;
  readonly startedMs: number;
  /** Whether the caller is still there. */
  readonly wanted: () => boolean;
  readonly ask: (served: ServedModel) => Asked;
}) => Promise<RowsAnswer>;

/** Longest time from receipt to the start of the model's run. */
const DEADLINE_MS = 10_000;

/** Wires model, ids and prediction log to what every prediction protocol does. */
export function createAnswerRows(options: {
  readonly predictionLog: PredictionLog;
  readonly traffic: Pick<TrafficCounter, "answered">;
  readonly newId: () => string;
  readonly now: () => number;
  readonly gateway: string;
}): AnswerRows {
  const { predictionLog, traffic, newId, now, gateway } = options;
  const heads = new WeakMap<ServedModel, string>();
  const tail = `,"gateway":${JSON.stringify(gateway)}}\n`;

  /** The part of a log line that is the same for every row of a revision. */
  function headOf(served: ServedModel): string {
    const known = heads.get(served);
    if (known !== undefined) return known;
    const { project, environment, name: deployment, revision, model, version } = served.desired;
    const head = JSON.stringify({ project, environment, deployment, revision, model, version }).slice(1, -1);
    heads.set(served, head);
    return head;
  }

  return async ({ deployment, startedMs, wanted, ask }) => {
    const served = deployment.serving();
    if (!served) throw notReady(deployment);
    served.enter();
    try {
      const receivedAt = new Date(now()).toISOString();
      const { rows, recordTexts, occurredAt, keys } = ask(served);
      const batch = await served.submit(rows, { deadline: startedMs + DEADLINE_MS, wanted });
      const predictionTexts = rows.map((_, row) =>
        JSON.stringify(readPrediction(served.facts.reading, batch.tensors, batch.from + row)),
      );
      const id = newId();
      const latencyMs = Math.round((performance.now() - startedMs) * 1000) / 1000;
      const shared = `${headOf(served)},"receivedAt":"${receivedAt}","latencyMs":${latencyMs}`;
      const times = typeof occurredAt === "string" || occurredAt === null ? null : occurredAt;
      const time = times === null ? (occurredAt ?? receivedAt) : "";
      let lines = "";
      for (let row = 0; row < rows.length; row++) {
        const key = keys === null ? null : (keys[row] ?? null);
        lines += `{"id":"${id}.${row}",${shared},"occurredAt":"${times?.[row] ?? time}","key":${key === null ? "null" : JSON.stringify(key)},"record":${recordTexts[row]},"prediction":${predictionTexts[row]}${tail}`;
      }
      const kept = await predictionLog.append(lines, id);
      const occurred = times === null ? { first: String(time), last: String(time) } : spanOf(times);
      const { revision } = served.desired;
      traffic.answered(deployment, { revision, rows: rows.length, occurred: kept ? occurred : null });
      return { id: kept ? id : null, served, batch, predictionTexts };
    } finally {
      served.leave();
    }
  };
}

/** Least and greatest of at least one time. */
function spanOf(times: readonly string[]): { first: string; last: string } {
  let [first = "", last = ""] = [times[0], times[0]];
  for (const time of times) {
    if (time < first) first = time;
    if (time > last) last = time;
  }
  return { first, last };
}

const ISO_TIME = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/;

/** The times that a caller gave for the rows of a request: one for all of them, or a list with one for each. */
export function parseTimes(value: unknown, rows: number): string | string[] | null {
  if (!Array.isArray(value)) return parseOccurredAt(value);
  if (value.length === rows) return value.map((one) => parseOccurredAt(one ?? "nothing") ?? "");
  throw fail("INVALID_FIELD", {
    message: `occurredAt: expected one time or a list of ${rows}, one for each record, got a list of ${value.length}`,
    field: "occurredAt",
    value: value.length,
    help: "give one time for all records, or as many as there are records",
  });
}

/** The time that a caller gave, as the wire writes times; null where none was given. */
function parseOccurredAt(value: unknown): string | null {
  if (value === undefined || value === null) return null;
  const time = typeof value === "string" && ISO_TIME.test(value) ? Date.parse(value) : Number.NaN;
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  const got = JSON.stringify(value) ?? String(value);
  throw fail("INVALID_FIELD", {
    message: `occurredAt: expected a time such as 2026-01-31T09:30:00.000Z, got ${got}`,
    field: "occurredAt",
    value,
    help: "give the time with its zone, or leave it out for the time of receipt",
    issues: [{ field: "occurredAt", expected: "ISO 8601 time with zone", got }],
  });
}

/** Longest business key, in characters: as much as truth can be posted by. */
const LONGEST_KEY = 500;

/** The text of a business key; null where the record left it out. */
export function parseKey(value: unknown, column: string): string | null {
  if (value === undefined || value === null) return null;
  const isPlain = ["string", "number", "bigint", "boolean"].includes(typeof value);
  const text = isPlain ? String(value) : "";
  if (isPlain && text !== "" && text.length <= LONGEST_KEY) return text;
  const got = isPlain ? `${text.length} characters` : (JSON.stringify(value) ?? typeof value);
  throw fail("INVALID_FIELD", {
    message: `${column}: expected a key of 1 to ${LONGEST_KEY} characters, got ${got}`,
    field: column,
    help: "the key names what the prediction is about, such as a customer's number; leave it out or give null where there is none",
    issues: [{ field: column, expected: "text, a number or null", got }],
  });
}

/** JSON text of a record; integers beyond 2^53 are written as text, as everywhere on the wire. */
export function recordText(record: unknown, exact: boolean): string {
  return exact
    ? JSON.stringify(record, (_, value) => (typeof value === "bigint" ? String(value) : value))
    : JSON.stringify(record);
}

function notReady(deployment: LiveDeployment) {
  const { name, revision } = deployment.desired();
  return fail("UNAVAILABLE", {
    message: `deployment ${name} has no revision that is ready; revision ${revision} is being loaded or failed to load`,
    help: `causeway deployments show ${name}`,
  });
}
