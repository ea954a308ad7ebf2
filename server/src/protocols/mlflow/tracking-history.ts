import { CausewayError } from "@causeway/contract";
import { z } from "zod";
import type { TrackedPoint, Tracking } from "../../lifecycle/experiments/index.ts";
import type { Call } from "../../platform/access/index.ts";
import { mlflowError } from "./errors.ts";
import { missingValue } from "./refusals.ts";
import { type MlflowRoute, mlflowRoute } from "./route.ts";
import { viewPoint } from "./tracking-view.ts";
import { pageSize } from "./validation.ts";
import { orLeftOut, requiredText, wireInteger, wireList, wireText } from "./wire.ts";

/** Most points of one page, and of all runs of a bulk request. */
const MOST_POINTS = 25_000;
const MOST_RUNS = 100;
const MOST_SAMPLED = 2_500;

const read = { permission: "experiments:read", method: "GET" } as const;

/** Histories of metrics on the wire. */
export function historyRoutes(tracking: Tracking): MlflowRoute[] {
  /** Every point of a metric; a run that is not there has none where several were asked for. */
  async function allPoints(
    { run, name, most }: { run: string; name: string; most: number },
    call: Call,
  ): Promise<TrackedPoint[]> {
    const points: TrackedPoint[] = [];
    let after: string | undefined;
    do {
      const limit = Math.min(MOST_POINTS, most - points.length);
      const page = await tracking.history({ run, name, limit, after }, call);
      for (const point of page.items) points.push(point);
      after = page.next ?? undefined;
    } while (after !== undefined && points.length < most);
    return points.sort(byTime);
  }

  return [
    mlflowRoute({
      ...read,
      path: "/2.0/mlflow/metrics/get-history",
      input: z.object({
        run_id: requiredText,
        metric_key: requiredText,
        max_results: wireInteger,
        page_token: wireText,
      }),
      async handle({ run_id: run, metric_key: name, max_results: asked, page_token: token }, call) {
        const after = token === "" ? undefined : token;
        if (asked === undefined && after === undefined) {
          const points = await allPoints({ run, name, most: Number.POSITIVE_INFINITY }, call);
          return { metrics: orLeftOut(points.map(viewPoint)) };
        }
        const limit = Math.min(
          pageSize(asked, { otherwise: MOST_POINTS, most: Number.MAX_SAFE_INTEGER }),
          MOST_POINTS,
        );
        const { items, next } = await tracking.history({ run, name, limit, after }, call);
        // Where one page holds everything it has the order of MLflow; longer histories are read step by step.
        const points = next === null && after === undefined ? [...items].sort(byTime) : items;
        return { metrics: orLeftOut(points.map(viewPoint)), next_page_token: next ?? undefined };
      },
      test: "E1/client",
    }),
    mlflowRoute({
      ...read,
      path: "/2.0/mlflow/metrics/get-history-bulk",
      prefixes: ["/ajax-api"],
      input: z.object({
        run_id: wireList(z.string()),
        metric_key: wireText,
        max_results: wireInteger,
      }),
      async handle({ run_id: runs, metric_key: name, max_results: asked }, call) {
        checkBulkRuns(runs);
        if (name === undefined) {
          throw mlflowError(
            "INVALID_PARAMETER_VALUE",
            "GetMetricHistoryBulk request must specify a metric_key.",
          );
        }
        let left = Math.min(
          pageSize(asked, { otherwise: MOST_POINTS, most: Number.MAX_SAFE_INTEGER }),
          MOST_POINTS,
        );
        const metrics: object[] = [];
        for (const run of [...runs].sort()) {
          if (left === 0) break;
          const points = await allPoints({ run, name, most: left }, call).catch(noneOfAbsent);
          left -= points.length;
          for (const point of points) metrics.push({ ...viewPoint(point), run_id: run });
        }
        return { metrics };
      },
      test: "E1/client",
    }),
    mlflowRoute({
      ...read,
      path: "/2.0/mlflow/metrics/get-history-bulk-interval",
      input: z.object({
        run_ids: wireList(z.string()),
        metric_key: requiredText,
        start_step: wireInteger,
        end_step: wireInteger,
        max_results: wireInteger,
      }),
      async handle(
        { run_ids: runs, metric_key: name, start_step, end_step, max_results = MOST_SAMPLED },
        call,
      ) {
        checkIntervalRuns(runs);
        checkSteps(start_step, end_step);
        if (max_results < 1 || max_results > MOST_SAMPLED) {
          throw mlflowError("INVALID_PARAMETER_VALUE", `max_results must be between 1 and ${MOST_SAMPLED}.`);
        }
        const points = await tracking.sampledHistory(
          { runs, name, fromStep: start_step, untilStep: end_step, limit: max_results },
          call,
        );
        return { metrics: orLeftOut(points.map((point) => ({ ...viewPoint(point), run_id: point.run }))) };
      },
      test: "E1/client",
    }),
  ];
}

/** By time, then step, then value: the order in which MLflow tells a history. */
function byTime(a: TrackedPoint, b: TrackedPoint): number {
  return a.atMs - b.atMs || a.step - b.step || order(a.value) - order(b.value) || 0;
}

/** NaN comes last. */
const order = (value: number): number => (Number.isNaN(value) ? Number.POSITIVE_INFINITY : value);

function noneOfAbsent(error: unknown): TrackedPoint[] {
  if (error instanceof CausewayError && error.code === "NOT_FOUND") return [];
  throw error;
}

function checkBulkRuns(runs: readonly string[]): void {
  if (runs.length === 0) {
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      "GetMetricHistoryBulk request must specify at least one run_id.",
    );
  }
  if (runs.length > MOST_RUNS) {
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      `GetMetricHistoryBulk request cannot specify more than ${MOST_RUNS} run_ids. Received ${runs.length} run_ids.`,
    );
  }
}

function checkIntervalRuns(runs: readonly string[]): void {
  if (runs.length === 0) throw missingValue("run_ids");
  if (runs.length > MOST_RUNS) {
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      `GetMetricHistoryBulkInterval request must specify at most ${MOST_RUNS} run_ids. Received ${runs.length} run_ids.`,
    );
  }
}

function checkSteps(from: number | undefined, until: number | undefined): void {
  if ((from === undefined) !== (until === undefined)) {
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      "If either start step or end step are specified, both must be specified.",
    );
  }
  if (from !== undefined && until !== undefined && from > until) {
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      `end_step must be greater than start_step. Found start_step=${from} and end_step=${until}.`,
    );
  }
}
