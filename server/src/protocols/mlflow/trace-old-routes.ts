import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { Traces } from "../../lifecycle/experiments/index.ts";
import { type MlflowRoute, mlflowRoute } from "./route.ts";
import { pageSize } from "./trace-page.ts";
import { toOldWireTrace, WireTraceState } from "./trace-view.ts";
import {
  fromWireEntries,
  orLeftOut,
  requiredInteger,
  requiredText,
  WireEntry,
  wireInteger,
  wireList,
  wireText,
} from "./wire.ts";

const TEST = "E1/traces";
const Entries = z.object({ request_metadata: wireList(WireEntry), tags: wireList(WireEntry) });

/** Traces as clients before MLflow 3 know them: begun, then ended, their spans in a file. */
export function oldTraceRoutes({ traces }: { traces: Traces }): MlflowRoute[] {
  return [
    mlflowRoute({
      method: "POST",
      path: "/2.0/mlflow/traces",
      permission: "experiments:write",
      input: Entries.extend({ experiment_id: requiredText, timestamp_ms: requiredInteger }),
      async handle({ experiment_id: experiment, timestamp_ms: requestAtMs, ...given }, call) {
        const info = await traces.start(
          {
            id: `tr-${randomBytes(16).toString("hex")}`,
            experiment,
            clientRequestId: null,
            state: "in-progress",
            requestAtMs,
            durationMs: null,
            requestPreview: null,
            responsePreview: null,
            metadata: fromWireEntries(given.request_metadata),
            tags: fromWireEntries(given.tags),
            assessments: [],
          },
          call,
        );
        return { trace_info: toOldWireTrace(info) };
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "PATCH",
      path: "/2.0/mlflow/traces/:request_id",
      permission: "experiments:write",
      input: Entries.extend({
        request_id: requiredText,
        timestamp_ms: requiredInteger,
        status: WireTraceState,
      }),
      async handle({ request_id: id, timestamp_ms: endedAtMs, status: state, ...given }, call) {
        const before = await traces.get(id, call);
        const info = await traces.start(
          {
            ...before,
            state,
            durationMs: endedAtMs - before.requestAtMs,
            metadata: fromWireEntries(given.request_metadata),
            tags: fromWireEntries(given.tags),
            assessments: [],
          },
          call,
        );
        return { trace_info: toOldWireTrace(info) };
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "GET",
      path: "/2.0/mlflow/traces/:request_id/info",
      permission: "experiments:read",
      input: z.object({ request_id: requiredText }),
      async handle({ request_id: id }, call) {
        return { trace_info: toOldWireTrace(await traces.get(id, call)) };
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "GET",
      path: "/2.0/mlflow/traces",
      permission: "experiments:read",
      input: z.object({
        experiment_ids: wireList(requiredText),
        filter: wireText,
        max_results: wireInteger,
        order_by: wireList(z.string()),
        page_token: wireText,
      }),
      async handle(input, call) {
        const { items, next } = await traces.search(
          {
            experiments: input.experiment_ids,
            filter: input.filter ?? "",
            orderBy: input.order_by,
            limit: pageSize(input.max_results),
            after: input.page_token,
          },
          call,
        );
        return { traces: orLeftOut(items.map(toOldWireTrace)), next_page_token: next ?? undefined };
      },
      test: TEST,
    }),
  ];
}
