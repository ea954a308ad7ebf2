import { randomBytes } from "node:crypto";
import { z } from "zod";
import type { ArtifactTreeService, Assessments, Traces } from "../../lifecycle/experiments/index.ts";
import { mlflowError } from "./errors.ts";
import { missingValue } from "./refusals.ts";
import { type MlflowRoute, mlflowRoute } from "./route.ts";
import { assessmentRoutes } from "./trace-assessment-routes.ts";
import { toWireSpan } from "./trace-file.ts";
import { traceFileRoutes } from "./trace-file-routes.ts";
import { oldTraceRoutes } from "./trace-old-routes.ts";
import { MOST_FOUND, pageSize } from "./trace-page.ts";
import { fromWireTrace, toWireTrace, WireTraceInfo } from "./trace-view.ts";
import { orLeftOut, requiredText, wireBoolean, wireInteger, wireList, wireText } from "./wire.ts";

/** What traces are answered from. */
export type TraceServices = {
  readonly traces: Traces;
  readonly assessments: Assessments;
  readonly artifactTree: ArtifactTreeService;
  readonly now: () => Date;
};

/** Most traces of one request by their ids. */
const MOST_NAMED = 100;
const TEST = "E1/traces";
const VERSIONS = ["2.0", "3.0"] as const;

const newAssessmentId = (): string => `a-${randomBytes(16).toString("hex")}`;

/** Traces of the wire: what the client of MLflow 3 calls, and what older ones do. */
export function traceRoutes(services: TraceServices): MlflowRoute[] {
  return [
    ...coreRoutes(services),
    ...assessmentRoutes(services, newAssessmentId),
    ...oldTraceRoutes(services),
    ...traceFileRoutes(services),
  ];
}

function coreRoutes({ traces, now }: TraceServices): MlflowRoute[] {
  return [
    mlflowRoute({
      method: "POST",
      path: "/3.0/mlflow/traces",
      permission: "experiments:write",
      input: z.object({ trace: z.object({ trace_info: WireTraceInfo }) }),
      async handle({ trace }, call) {
        const info = await traces.start(
          fromWireTrace(trace.trace_info, { now: now(), newAssessmentId }),
          call,
        );
        return { trace: { trace_info: toWireTrace(info) } };
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "GET",
      path: "/3.0/mlflow/traces/:trace_id",
      permission: "experiments:read",
      input: z.object({ trace_id: requiredText }),
      async handle({ trace_id: id }, call) {
        return { trace: { trace_info: toWireTrace(await traces.get(id, call)) } };
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "GET",
      path: "/3.0/mlflow/traces/get",
      permission: "experiments:read",
      input: z.object({ trace_id: requiredText, allow_partial: wireBoolean }),
      async handle({ trace_id: id }, call) {
        const [found] = await traces.listWhole([id], call);
        if (found === undefined)
          throw mlflowError("RESOURCE_DOES_NOT_EXIST", `Trace with ID ${id} is not found.`);
        return {
          trace: { trace_info: toWireTrace(found.info), spans: orLeftOut(found.spans.map(toWireSpan)) },
        };
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "GET",
      path: "/3.0/mlflow/traces/batchGet",
      permission: "experiments:read",
      input: z.object({ trace_ids: wireList(requiredText), experiment_ids: wireList(requiredText) }),
      async handle({ trace_ids: ids, experiment_ids: experiments }, call) {
        const found = await traces.listWhole(named(ids), call);
        const within = found.filter(({ info }) => isWithin(info.experiment, experiments));
        return {
          traces: orLeftOut(
            within.map(({ info, spans }) => ({
              trace_info: toWireTrace(info),
              spans: orLeftOut(spans.map(toWireSpan)),
            })),
          ),
        };
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "POST",
      path: "/3.0/mlflow/traces/batchGetInfos",
      permission: "experiments:read",
      input: z.object({ trace_ids: wireList(requiredText), experiment_ids: wireList(requiredText) }),
      async handle({ trace_ids: ids, experiment_ids: experiments }, call) {
        const found = await traces.list(named(ids), call);
        const within = found.filter(({ experiment }) => isWithin(experiment, experiments));
        return { trace_infos: orLeftOut(within.map(toWireTrace)) };
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "POST",
      path: "/3.0/mlflow/traces/search",
      permission: "experiments:read",
      input: z.object({
        locations: wireList(
          z.looseObject({ mlflow_experiment: z.object({ experiment_id: z.string() }).nullish() }),
        ),
        filter: wireText,
        max_results: wireInteger,
        order_by: wireList(z.string()),
        page_token: wireText,
      }),
      async handle(input, call) {
        if (input.locations.length === 0) throw missingValue("locations");
        const experiments = input.locations.flatMap(({ mlflow_experiment: one }) => one?.experiment_id ?? []);
        const { items, next } = await traces.search(
          {
            experiments,
            filter: input.filter ?? "",
            orderBy: input.order_by,
            limit: pageSize(input.max_results),
            after: input.page_token,
          },
          call,
        );
        return { traces: orLeftOut(items.map(toWireTrace)), next_page_token: next ?? undefined };
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "POST",
      path: "/2.0/mlflow/traces/link-to-run",
      permission: "experiments:write",
      input: z.object({ trace_ids: wireList(requiredText), run_id: requiredText }),
      async handle({ trace_ids: ids, run_id: run }, call) {
        if (ids.length > MOST_NAMED) {
          throw mlflowError(
            "INVALID_PARAMETER_VALUE",
            `Cannot link more than ${MOST_NAMED} traces to a run in a single request. Provided ${ids.length} traces.`,
          );
        }
        await traces.linkToRun({ run, ids }, call);
        return {};
      },
      test: TEST,
    }),
    ...VERSIONS.flatMap((version) => [...tagRoutes(traces, version), deleteRoute(traces, version)]),
  ];
}

function tagRoutes(traces: Traces, version: (typeof VERSIONS)[number]): MlflowRoute[] {
  const path = `/${version}/mlflow/traces/:trace_id/tags`;
  return [
    mlflowRoute({
      method: "PATCH",
      path,
      permission: "experiments:write",
      input: z.object({ trace_id: requiredText, key: requiredText.max(250), value: wireText }),
      async handle({ trace_id: id, key, value = "" }, call) {
        await traces.setTags({ id, set: { [changeable(key, "set")]: value.slice(0, LONGEST_TAG) } }, call);
        return {};
      },
      test: TEST,
    }),
    mlflowRoute({
      method: "DELETE",
      path,
      permission: "experiments:write",
      input: z.object({ trace_id: requiredText, key: requiredText }),
      async handle({ trace_id: id, key }, call) {
        await traces.removeTag({ id, name: changeable(key, "deleted") }, call);
        return {};
      },
      test: TEST,
    }),
  ];
}

function deleteRoute(traces: Traces, version: (typeof VERSIONS)[number]): MlflowRoute {
  return mlflowRoute({
    method: "POST",
    path: `/${version}/mlflow/traces/delete-traces`,
    permission: "experiments:write",
    input: z.object({
      experiment_id: requiredText,
      max_timestamp_millis: wireInteger,
      max_traces: wireInteger,
      request_ids: wireList(requiredText),
    }),
    async handle({ experiment_id: experiment, request_ids: ids, ...until }, call) {
      const { max_timestamp_millis: untilMs, max_traces: most } = until;
      const which = whichToDelete({ ids, untilMs, most });
      const { removed } = await traces.remove({ experiment, ...which }, call);
      return { traces_deleted: removed };
    },
    test: TEST,
  });
}

/** Either these traces, or the oldest up to a time. */
function whichToDelete(given: {
  ids: readonly string[];
  untilMs: number | undefined;
  most: number | undefined;
}) {
  const { ids, untilMs, most } = given;
  if (most !== undefined && most <= 0) {
    throw invalid(`\`max_traces\` must be a positive integer, received ${most}.`);
  }
  if (untilMs === undefined) {
    if (ids.length === 0) throw invalid("Either `max_timestamp_millis` or `trace_ids` must be specified.");
    if (most !== undefined) throw invalid("`max_traces` can't be specified if `trace_ids` is specified.");
    return { ids };
  }
  if (ids.length > 0) throw invalid("Only one of `max_timestamp_millis` and `trace_ids` can be specified.");
  return { untilMs, most };
}

const LONGEST_TAG = 8_000;
/** Tags that say where a trace lies: the server alone writes them. */
const FIXED_TAGS = ["mlflow.artifactLocation", "mlflow.trace.spansLocation", "mlflow.trace.archiveLocation"];

function changeable(key: string, operation: string): string {
  if (!FIXED_TAGS.includes(key)) return key;
  throw invalid(`Tag '${key}' is immutable and cannot be ${operation} on a trace.`);
}

function named(ids: readonly string[]): readonly string[] {
  if (ids.length === 0) throw missingValue("trace_ids");
  if (ids.length > MOST_FOUND)
    throw invalid(`Give at most ${MOST_FOUND} trace ids at once, not ${ids.length}.`);
  return ids;
}

const isWithin = (experiment: string, experiments: readonly string[]): boolean =>
  experiments.length === 0 || experiments.includes(experiment);

const invalid = (message: string) => mlflowError("INVALID_PARAMETER_VALUE", message);
