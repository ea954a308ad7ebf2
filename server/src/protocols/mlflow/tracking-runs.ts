import { CausewayError } from "@causeway/contract";
import { z } from "zod";
import type { Tracking } from "../../lifecycle/experiments/index.ts";
import { mlflowError } from "./errors.ts";
import { wrongKind } from "./refusals.ts";
import { type MlflowRoute, mlflowRoute } from "./route.ts";
import { RUN_STATUSES, STATE_OF, viewRun, viewRunInfo } from "./tracking-view.ts";
import { experimentId, pageSize, tagPair } from "./validation.ts";
import {
  orLeftOut,
  requiredText,
  VIEW_TYPES,
  VIEWS,
  WireEntry,
  wireEnum,
  wireInteger,
  wireList,
  wireText,
} from "./wire.ts";

const MOST_RESULTS = 50_000;
const RESULTS = 1_000;
const RUN_NAME = "mlflow.runName";
const USER = "mlflow.user";

const read = { permission: "experiments:read" } as const;
const write = { permission: "experiments:write" } as const;

const OneRun = z.object({ run_id: requiredText });

/** Runs on the wire, but for what is logged to them. */
export function runRoutes(tracking: Tracking): MlflowRoute[] {
  return [
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/runs/create",
      input: z.object({
        experiment_id: wireText,
        user_id: wireText,
        run_name: wireText,
        start_time: wireInteger,
        tags: wireList(WireEntry),
      }),
      async handle({ experiment_id, user_id, run_name, start_time, tags: given }, call) {
        const tags = Object.fromEntries(
          given.map(({ key, value }, index) => tagPair(key, value, `tags[${index}]`)),
        );
        const run = await tracking.createRun(
          {
            experiment: experimentId(experiment_id),
            name: runName(run_name, tags[RUN_NAME]),
            user: user_id ?? tags[USER] ?? "",
            startedAt: timeOf(start_time, "start_time"),
            tags,
          },
          call,
        );
        return { run: viewRun(run) };
      },
      test: "E1/client",
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/runs/update",
      input: OneRun.extend({ status: wireEnum(RUN_STATUSES), end_time: wireInteger, run_name: wireText }),
      async handle({ run_id: run, status, end_time, run_name }, call) {
        const updated = await tracking.updateRun(
          {
            run,
            state: status === undefined ? undefined : STATE_OF[status],
            endedAt: timeOf(end_time, "end_time"),
            name: run_name === "" ? undefined : run_name,
          },
          call,
        );
        return { run_info: viewRunInfo(updated) };
      },
      test: "E1/client",
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/runs/delete",
      input: OneRun,
      handle: ({ run_id: run }, call) => tracking.deleteRun({ run }, call),
      test: "E1/client",
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/runs/restore",
      input: OneRun,
      handle: ({ run_id: run }, call) => tracking.restoreRun({ run }, call),
      test: "E1/client",
    }),
    mlflowRoute({
      ...read,
      method: "GET",
      path: "/2.0/mlflow/runs/get",
      input: OneRun,
      handle: async ({ run_id: run }, call) => ({ run: viewRun(await tracking.getRun({ run }, call)) }),
      test: "E1/client",
    }),
    mlflowRoute({
      ...read,
      method: "POST",
      path: "/2.0/mlflow/runs/search",
      input: z.object({
        experiment_ids: wireList(z.string()),
        filter: wireText,
        run_view_type: wireEnum(VIEW_TYPES),
        max_results: wireInteger,
        order_by: wireList(z.string()),
        page_token: wireText,
      }),
      async handle(input, call) {
        const { items, next } = await tracking.searchRuns(
          {
            experiments: input.experiment_ids.map(experimentId),
            filter: input.filter ?? "",
            orderBy: input.order_by,
            view: VIEWS[input.run_view_type ?? "ACTIVE_ONLY"],
            limit: pageSize(input.max_results, { otherwise: RESULTS, most: MOST_RESULTS }),
            after: input.page_token === "" ? undefined : input.page_token,
          },
          call,
        );
        return { runs: orLeftOut(items.map(viewRun)), next_page_token: next ?? undefined };
      },
      test: "E1/search",
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/runs/set-tag",
      input: OneRun.extend({ key: requiredText, value: wireText }),
      async handle({ run_id: run, key, value = "" }, call) {
        await tracking.addToRun({ run, tags: [tagPair(key, value)] }, call);
      },
      test: "E1/client",
    }),
    mlflowRoute({
      ...write,
      method: "POST",
      path: "/2.0/mlflow/runs/delete-tag",
      input: OneRun.extend({ key: requiredText }),
      async handle({ run_id: run, key }, call) {
        try {
          await tracking.removeRunTag({ run, name: key }, call);
        } catch (error) {
          throw error instanceof CausewayError && error.code === "NOT_FOUND" && error.field !== "run"
            ? mlflowError("RESOURCE_DOES_NOT_EXIST", `No tag with name: ${key} in run with id ${run}`, error)
            : error;
        }
      },
      test: "E1/client",
    }),
  ];
}

/** A run's name and its tag of that name are one thing; two different ones in one call are a mistake. */
function runName(name: string | undefined, tag: string | undefined): string | undefined {
  if (name !== undefined && name !== "" && tag !== undefined && tag !== "" && name !== tag) {
    throw mlflowError(
      "INVALID_PARAMETER_VALUE",
      `Both 'run_name' argument and 'mlflow.runName' tag are specified, but with different values (run_name='${name}', mlflow.runName='${tag}').`,
    );
  }
  const given = name === undefined || name === "" ? tag : name;
  return given === "" ? undefined : given;
}

/** Milliseconds since 1970 as a moment; what no calendar holds is refused. */
function timeOf(ms: number | undefined, field: string): Date | undefined {
  if (ms === undefined) return undefined;
  const at = new Date(ms);
  if (Number.isNaN(at.getTime())) {
    throw wrongKind(field, { value: ms, hint: "Give milliseconds since 1970" });
  }
  return at;
}
