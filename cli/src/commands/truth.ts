import {
  fail,
  type JudgedPrediction,
  type LogState,
  type TruthColumns,
  type TruthReceipt,
} from "@causeway/contract";
import { type Command, Option } from "commander";
import { count, duration, pace } from "../formats.ts";
import { action, all, type Session } from "../session.ts";
import { table } from "../table.ts";

type TruthOptions = {
  idColumn?: string;
  keyColumn?: string;
  valueColumn: string;
  timeColumn?: string;
  format?: "csv" | "jsonl" | "parquet";
};

type LogOptions = {
  limit: string;
  from?: string;
  until?: string;
  version?: string;
  key?: string;
  truth?: "known" | "unknown" | "wrong";
};

const TRUTH_FORMATS = ["csv", "jsonl", "parquet"];

/** The prediction log and its truth: `causeway deployments log|predictions|truth|traffic`. */
export function addTruthCommands(deployments: Command): void {
  deployments
    .command("predictions <name>")
    .alias("log")
    .description("the prediction log with its truth, newest first")
    .option("--limit <count>", "how many", "20")
    .option("--from <time>", "event time from which on, ISO 8601")
    .option("--until <time>", "event time before which, ISO 8601")
    .option("--version <number>", "answered by this version")
    .option("--key <value>", "with this value of the deployment's key")
    .addOption(
      new Option("--truth <what>", "only rows whose truth is so").choices(["known", "unknown", "wrong"]),
    )
    .action(action(showLog));
  deployments
    .command("truth <name> <file>")
    .description("take truth from a CSV, JSON lines or Parquet file; all of it or nothing")
    .option("--id-column <column>", "column with the ids of predictions")
    .option("--key-column <column>", "column with the deployment's key, instead of ids")
    .requiredOption("--value-column <column>", "column with what turned out to be true")
    .option("--time-column <column>", "column with when it became true; now if not said")
    .addOption(new Option("--format <format>", "instead of by the file's ending").choices(TRUTH_FORMATS))
    .action(action(importTruth));
  deployments
    .command("traffic <name>")
    .description("requests, errors and latency over server time")
    .option("--from <time>", "ISO 8601; an hour ago if not said")
    .option("--until <time>", "ISO 8601; now if not said")
    .option("--spans <count>", "into how many equal spans", "12")
    .action(
      action(
        async (
          { client, out }: Session,
          [deployment]: [string],
          options: { from?: string; until?: string; spans: string },
        ) => {
          const { from, until } = options;
          const answer = await client.deployments.getTraffic({
            deployment,
            ...(from === undefined ? {} : { from: isoTime(from, "--from") }),
            ...(until === undefined ? {} : { until: isoTime(until, "--until") }),
            spans: Number(options.spans),
          });
          out.answer(answer, () =>
            table(
              ["from", "requests", "rows", "errors", "refused", "p50 ms", "p99 ms"],
              answer.items.map((one) => [
                one.start,
                one.requests,
                one.rows,
                one.errors,
                one.refused,
                one.p50Ms?.toFixed(2),
                one.p99Ms?.toFixed(2),
              ]),
              ["requests", "rows", "errors", "refused", "p50 ms", "p99 ms"],
            ),
          );
        },
      ),
    );
}

async function showLog({ client, out }: Session, [deployment]: [string], options: LogOptions): Promise<void> {
  const { from, until, version, key, truth } = options;
  const filter = {
    ...(from === undefined ? {} : { from: isoTime(from, "--from") }),
    ...(until === undefined ? {} : { until: isoTime(until, "--until") }),
    ...(version === undefined ? {} : { version: Number(version) }),
    ...(key === undefined ? {} : { key }),
    ...(truth === undefined ? {} : { truth }),
  };
  const read = (paging: { limit: number; after?: string }) =>
    client.deployments.listPredictions({ deployment, ...filter, ...paging });
  const items = await all(read, Number(options.limit));
  const log = await client.deployments.getLog({ deployment });
  out.answer({ items, log }, () => [logTable(items), "", logLine(log)].join("\n"));
}

function logTable(items: readonly JudgedPrediction[]): string {
  return table(
    ["prediction", "at", "key", "version", "value", "truth", "ms"],
    items.map((one) => [
      one.id,
      one.occurredAt,
      one.key,
      one.version,
      one.prediction.value,
      one.truth?.value,
      one.latencyMs.toFixed(2),
    ]),
    ["version", "ms"],
  );
}

function logLine({ rows, truth, retentionDays, lastOccurredAt }: LogState): string {
  const lag = truth.lagSeconds === null ? "" : `, half of it within ${duration(truth.lagSeconds.p50 * 1000)}`;
  const held = truth.held === 0 ? "" : `, ${count(truth.held)} waiting for their predictions`;
  const coverage = truth.coverage === null ? "" : ` (${(truth.coverage * 100).toFixed(1)} %)`;
  const kept = retentionDays === null ? "kept for ever" : `kept for ${retentionDays} days`;
  return `${count(rows)} rows up to ${lastOccurredAt ?? "now"}, truth known of ${count(truth.labelled)}${coverage}${lag}${held}; ${kept}`;
}

async function importTruth(
  { client, out }: Session,
  [deployment, file]: [string, string],
  options: TruthOptions,
): Promise<void> {
  const startedAt = performance.now();
  let phase = { name: "", startedAt };
  const done = await client.deployments.importTruthFile(deployment, file, {
    columns: columnsOf(options),
    ...(options.format === undefined ? {} : { format: options.format }),
    onProgress: (progress) => {
      if (progress.phase !== phase.name) phase = { name: progress.phase, startedAt: performance.now() };
      const label = progress.phase === "upload" ? "sending" : "joining";
      out.progress.update(pace(label, progress, { startedAt: phase.startedAt, now: performance.now() }));
    },
  });
  out.progress.done();
  out.answer(done, () => receiptLine(done.receipt, performance.now() - startedAt));
}

function receiptLine(receipt: TruthReceipt | null, ms: number): string {
  if (receipt === null) return "  nothing was taken";
  const { accepted, unchanged, corrected, held } = receipt;
  const more = [
    ...(corrected === 0 ? [] : [`${count(corrected)} corrected`]),
    ...(unchanged === 0 ? [] : [`${count(unchanged)} known already`]),
    ...(held === 0 ? [] : [`${count(held)} waiting for their predictions`]),
  ];
  return `  truth of ${count(accepted)} predictions taken, ${duration(ms)}${more.length === 0 ? "" : `   ${more.join(", ")}`}`;
}

function columnsOf({ idColumn, keyColumn, valueColumn, timeColumn }: TruthOptions): TruthColumns {
  if ((idColumn === undefined) === (keyColumn === undefined)) {
    throw fail("INVALID_FIELD", {
      message: "give either --id-column or --key-column",
      field: "--id-column",
      help: "name the column that holds the ids of predictions, or the one that holds the deployment's key",
    });
  }
  return {
    ...(idColumn === undefined ? {} : { predictionId: idColumn }),
    ...(keyColumn === undefined ? {} : { key: keyColumn }),
    value: valueColumn,
    ...(timeColumn === undefined ? {} : { occurredAt: timeColumn }),
  };
}

function isoTime(text: string, option: string): string {
  const time = Date.parse(text);
  if (!Number.isNaN(time)) return new Date(time).toISOString();
  throw fail("INVALID_FIELD", {
    message: `${option} ${text} is not a time`,
    field: option,
    value: text,
    help: "write for example 2026-01-31 or 2026-01-31T09:30:00Z",
  });
}
