import type { Json, RunRecord } from "@causeway/contract";
import type { Logger } from "pino";
import { type Database, isConnectionLost, notify, type Tx } from "../../../platform/database/index.ts";
import type { RunWriter } from "../../experiments/index.ts";
import { RUN_CHANGED } from "../advance-runner.ts";
import { attemptsStore, type NewLogLine } from "../attempts-store.ts";
import { createStepMessageReader } from "../step-process/step-message.ts";

const FLUSH_MS = 100;
/** Lines that wait for the database at most; then the step waits. */
const MOST_WAITING = 5_000;
/** Lines that an attempt may write; a step in a loop must not fill the database. */
const MOST_LINES = 200_000;

/** What a step said about itself. */
export type StepReport = {
  readonly summary: string | null;
  readonly commit: Json;
  readonly problem: string | null;
  /** The last line of standard error, the usual place of a reason. */
  readonly lastError: string | null;
};

type Metrics = Parameters<RunWriter["log"]>[1]["metrics"];

type Parts = {
  readonly database: Database;
  readonly runs: Pick<RunWriter, "log">;
  readonly log: Logger;
  readonly now: () => Date;
  readonly place: { readonly run: string; readonly step: string; readonly attempt: number };
  readonly experimentRun: string;
  /** What the attempt was made from, for whoever commits its result. */
  readonly record: RunRecord;
};

/** Collects what an attempt writes: log lines in batches of a tenth of a second, measurements beside them. */
export function createStepLog({ database, runs, log, now, place, experimentRun, record }: Parts) {
  let lines: NewLogLine[] = [];
  let metrics: Metrics[number][] = [];
  let params: Record<string, string> = {};
  let written = 0;
  const readMessage = createStepMessageReader();
  const newest = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;
  let flushing: Promise<void> = Promise.resolve();
  const report: { -readonly [Key in keyof StepReport]: StepReport[Key] } = {
    summary: null,
    commit: null,
    problem: null,
    lastError: null,
  };

  function take(stream: NewLogLine["stream"], text: string): void | Promise<void> {
    const message = stream === "stdout" ? readMessage(text) : undefined;
    if (message === "part") return;
    if (message === undefined) addLine(stream, text);
    else if (message.kind === "metrics") addMetrics(message.metrics, message.step);
    else if (message.kind === "params") addParams(message.params);
    else if (message.kind === "summary") report.summary = String(message.text).slice(0, 500);
    else if (message.kind === "commit") report.commit = message.payload;
    else report.problem = String(message.message).slice(0, 2_000);
    timer ??= setTimeout(() => void flush(), FLUSH_MS);
    return lines.length > MOST_WAITING ? flush() : undefined;
  }

  function addLine(stream: NewLogLine["stream"], text: string): void {
    written += 1;
    if (stream === "stderr" && text.trim() !== "") report.lastError = text;
    if (written > MOST_LINES) return;
    const shown = written === MOST_LINES ? `… ${MOST_LINES} lines; what follows is not kept` : text;
    // PostgreSQL's text holds every character but this one.
    lines.push({
      step: place.step,
      attempt: place.attempt,
      stream,
      at: now(),
      text: shown.replaceAll("\0", "�"),
    });
  }

  function addMetrics(values: Readonly<Record<string, number | string>>, step: number): void {
    const atMs = now().getTime();
    for (const [name, value] of Object.entries(values)) {
      newest.set(name, Number(value));
      metrics.push({ name, value: Number(value), step: Number.isSafeInteger(step) ? step : 0, atMs });
    }
  }

  function addParams(values: Readonly<Record<string, string | number | boolean>>): void {
    for (const [name, value] of Object.entries(values)) params[name] ??= String(value);
  }

  const measured = () => metrics.length > 0 || Object.keys(params).length > 0;

  /** Writes what has come; one batch after the other. What cannot be written while the database is away waits. */
  function flush(): Promise<void> {
    clearTimeout(timer);
    timer = undefined;
    flushing = flushing.then(async () => {
      try {
        if (lines.length > 0) await database.db.transaction().execute(writeLines);
        if (measured()) await database.db.transaction().execute(writeMeasurements);
      } catch (error) {
        if (isConnectionLost(error)) log.warn({ err: error, ...place }, "log lines wait for the database");
        else refuseMeasurements(error);
      }
    });
    return flushing;
  }

  async function writeLines(tx: Tx): Promise<void> {
    const batch = lines;
    lines = [];
    try {
      await attemptsStore(tx).appendLogs(place.run, batch);
      await notify(tx, { channel: RUN_CHANGED, payload: place.run });
    } catch (error) {
      lines = [...batch, ...lines];
      throw error;
    }
  }

  async function writeMeasurements(tx: Tx): Promise<void> {
    const batch = { metrics, params };
    metrics = [];
    params = {};
    try {
      await runs.log(tx, { run: experimentRun, ...batch });
    } catch (error) {
      metrics = [...batch.metrics, ...metrics];
      params = { ...params, ...batch.params };
      throw error;
    }
  }

  /** A name that is too long, a param that has another value already: said in the log, and left out. */
  function refuseMeasurements(error: unknown): void {
    metrics = [];
    params = {};
    log.warn({ err: error, ...place }, "a step's measurements were refused");
    addLine(
      "platform",
      `some of what was logged is not kept: ${error instanceof Error ? error.message : error}`,
    );
  }

  return {
    record,
    take,
    say: (text: string) => take("platform", text),
    report: (): StepReport => ({ ...report, summary: report.summary ?? summaryOf(newest) }),
    /** Writes the lines that are left in the transaction that ends the attempt; `forgetRest` follows its commit. */
    async writeRest(tx: Tx): Promise<void> {
      if (lines.length > 0) await attemptsStore(tx).appendLogs(place.run, lines);
    },
    forgetRest(): void {
      lines = [];
    },
    /** Waits until only lines are left, for `writeRest`. */
    async settle(): Promise<void> {
      clearTimeout(timer);
      timer = undefined;
      await (measured() ? flush() : flushing);
    },
    flush,
  };
}

/** Metrics that a summary names. */
const MOST_SUMMED = 3;

/** What a step measured last, in a few words: "auc 0.846, loss 0.31". */
function summaryOf(metrics: ReadonlyMap<string, number>): string | null {
  if (metrics.size === 0) return null;
  return [...metrics]
    .slice(0, MOST_SUMMED)
    .map(([name, value]) => `${name} ${Number.isInteger(value) ? value : Number(value.toPrecision(3))}`)
    .join(", ");
}

/** The log of one attempt. */
export type StepLog = ReturnType<typeof createStepLog>;
