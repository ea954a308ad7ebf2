import { z } from "zod";
import { endpoint } from "./endpoint.ts";
import { Run } from "./experiments.ts";
import { Actor, Paging, page, Real, Timestamp } from "./resource.ts";

/** Which of the things that can be deleted and restored. */
export const LifeView = z.enum(["active", "deleted", "all"]);
export type LifeView = z.infer<typeof LifeView>;

/** A filter in the search grammar: MLflow's, with OR, NOT and parentheses. Empty: everything. */
export const SearchFilter = z.string().max(10_000);

/** What the search box offers: the names in use, in order. */
export const SearchKeys = z.object({
  metrics: z.array(z.string()),
  params: z.array(z.string()),
  tags: z.array(z.string()),
});
export type SearchKeys = z.infer<typeof SearchKeys>;

/** A point of a down-sampled curve. `relativeMs` counts from the run's first point of any metric. */
export const CurvePoint = z.object({
  step: z.int(),
  occurredAt: Timestamp,
  relativeMs: z.number(),
  value: Real,
});
export type CurvePoint = z.infer<typeof CurvePoint>;

/** One metric of one run over a span. `points` is how many the span has; `sampled` those that are drawn, in order. */
export const Curve = z.object({
  run: z.string(),
  metric: z.string(),
  points: z.int(),
  sampled: z.array(CurvePoint),
});
export type Curve = z.infer<typeof Curve>;

export const CURVE_AXES = ["step", "time", "relative"] as const;
export const CurveAxis = z.enum(CURVE_AXES);
export type CurveAxis = z.infer<typeof CurveAxis>;

/** What a table of runs shows: kept under a name, or in an address. */
export const RunView = z.object({
  filter: SearchFilter.default(""),
  orderBy: z.array(z.string().max(600)).max(10).default([]),
  /** `metrics.auc`, `params.depth`, `tags.team`, `attributes.user`, in the order of the columns. */
  columns: z.array(z.string().max(600)).max(200).default([]),
  life: LifeView.default("active"),
  /** What else the page needs to draw it as it was: baseline, chart, axis. */
  page: z.record(z.string(), z.string().max(2000)).default({}),
});
export type RunView = z.infer<typeof RunView>;

export const SavedView = z.object({
  id: z.uuid(),
  name: z.string(),
  experiment: z.string().nullable(),
  view: RunView,
  createdAt: Timestamp,
  createdBy: Actor,
});
export type SavedView = z.infer<typeof SavedView>;

export const experimentsSearch = {
  searchRuns: endpoint({
    method: "POST",
    path: "/api/experiments/runs/search",
    permission: "experiments:read",
    summary:
      "Runs of some experiments (all of the project when none is named) by a filter and an order; newest first.",
    input: z.object({
      /** Names or numbers. */
      experiments: z.array(z.string()).max(1000).default([]),
      filter: SearchFilter.default(""),
      /** `metrics.auc DESC`, `params.depth`, `attributes.start_time ASC`. */
      orderBy: z.array(z.string().max(600)).max(10).default([]),
      life: LifeView.default("active"),
      limit: z.int().min(1).max(1000).default(100),
      after: z.string().optional(),
    }),
    output: page(Run),
    repeatable: true,
  }),
  listSearchKeys: endpoint({
    method: "GET",
    path: "/api/experiments/search-keys",
    permission: "experiments:read",
    summary: "Names of metrics, params and tags in use, for completion; at most 1,000 of each.",
    input: z.object({ experiment: z.string().optional() }),
    output: SearchKeys,
  }),
  sampleCurves: endpoint({
    method: "POST",
    path: "/api/experiments/curves",
    permission: "experiments:read",
    summary: "Curves of runs, down-sampled so that first, last, least and greatest of each stretch stay.",
    input: z.object({
      runs: z
        .array(z.string().regex(/^[0-9a-f]{32}$/))
        .min(1)
        .max(200),
      metrics: z.array(z.string().max(250)).min(1).max(20),
      axis: CurveAxis.default("step"),
      /** The span on the axis: steps, milliseconds since 1970, or milliseconds since the run's first point. */
      from: z.number().optional(),
      until: z.number().optional(),
      /** Most points of one curve. */
      most: z.int().min(10).max(5000).default(500),
    }),
    output: z.object({ curves: z.array(Curve) }),
    repeatable: true,
  }),
  saveView: endpoint({
    method: "POST",
    path: "/api/experiments/views",
    permission: "experiments:write",
    summary: "Keeps a view of runs under a name; one of that name is replaced.",
    input: z.object({
      name: z.string().min(1).max(100),
      experiment: z.string().nullable().default(null),
      view: RunView,
    }),
    output: SavedView,
    repeatable: true,
  }),
  listViews: endpoint({
    method: "GET",
    path: "/api/experiments/views",
    permission: "experiments:read",
    summary: "Saved views by name, of one experiment or of all.",
    input: Paging.extend({ experiment: z.string().optional() }),
    output: page(SavedView),
  }),
  deleteView: endpoint({
    method: "DELETE",
    path: "/api/experiments/views/:view",
    permission: "experiments:write",
    summary: "Removes a saved view.",
    input: z.object({ view: z.uuid() }),
    output: z.object({}),
  }),
};
