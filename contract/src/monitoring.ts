import { z } from "zod";
import { AlertFacts, NotJudged, QualityFact } from "./alert-facts.ts";
import { ColumnDrift } from "./drift.ts";
import { Duration, Period } from "./duration.ts";
import { endpoint } from "./endpoint.ts";
import { Estimate } from "./estimate.ts";
import { MetricName } from "./gates.ts";
import { Actor, Digest, Environment, Json, ModelName, Name, Paging, page, Timestamp } from "./resource.ts";

/** What a monitor watches and when it tells. Everything has a default: an empty object is a good monitor. */
export const MonitorSettings = z.strictObject({
  /** Length of a window by event time ("1 day", "1 week", "1 month"), or by count. Windows are aligned; weeks begin on Monday. */
  window: z.union([Period, z.strictObject({ rows: z.int().min(20).max(10_000_000) })]).default("1 day"),
  /** IANA zone that windows are aligned to. */
  zone: z.string().max(60).default("UTC"),
  /** How much later than its successors a prediction may come: a window closes when the watermark passes its end by this. */
  lateness: Duration.default("0 s"),
  truth: z
    .strictObject({
      /** How long after the prediction truth is waited for; without any after it, someone is told. */
      within: Duration.default("30 days"),
    })
    .prefault({}),
  drift: z
    .strictObject({
      /** Columns to leave out. */
      without: z.array(z.string()).max(1_000).default([]),
      /** Expected share of alarming windows while nothing changes. */
      falseAlarms: z.number().gt(0).max(0.2).default(0.01),
      /** Least size of a change that counts: Kolmogorov-Smirnov distance or total variation. */
      effect: z.number().min(0).max(1).default(0.1),
      /** Windows with fewer rows are shown and not judged. */
      leastRows: z.int().min(2).default(50),
      /** Compares with the same period a year before as well, where there is one. */
      season: z.boolean().default(true),
    })
    .prefault({}),
  performance: z
    .strictObject({
      /** The metric that is judged: auc for two classes, accuracy for more, rmse for amounts unless said. */
      metric: MetricName.optional(),
      /** Alarms when the metric is worse than in the reference by more than this, with this confidence. */
      drop: z.number().min(0).default(0.02),
      confidence: z.number().gt(0.5).lt(1).default(0.95),
      leastLabelled: z.int().min(10).default(50),
    })
    .prefault({}),
  quality: z
    .strictObject({
      /** Alarms when the share of missing values, unseen categories or numbers out of range grows by more than this. */
      growth: z.number().min(0).max(1).default(0.02),
    })
    .prefault({}),
  service: z
    .strictObject({
      /** Share of requests that may fail (5xx, 429); null: not watched. */
      errorRate: z.number().min(0).max(1).nullable().default(0.01),
      /** 99th percentile of latency; null: not watched. */
      p99Ms: z.number().positive().nullable().default(null),
    })
    .prefault({}),
  /** Channels that are told of alerts. */
  notify: z.array(Name).max(20).default([]),
});
export type MonitorSettings = z.infer<typeof MonitorSettings>;

/** Labels of a window: how many rows have their truth and how late it came. */
export const Coverage = z.object({
  labelled: z.int(),
  share: z.number().nullable(),
  lagSeconds: z.object({ p50: z.number(), p95: z.number() }).nullable(),
});
export type Coverage = z.infer<typeof Coverage>;

/** A metric now and in the reference. `difference` is in the direction in which more is better. */
export const MetricMoment = z.object({
  metric: MetricName,
  /** True where less is better. */
  lessIsBetter: z.boolean(),
  now: Estimate,
  reference: Estimate.nullable(),
  difference: Estimate.nullable(),
  /** What the metric would be if the model's scores were right probabilities of these very rows; null or absent where it promises none. */
  promised: z.number().nullable().optional(),
});
export type MetricMoment = z.infer<typeof MetricMoment>;

export const ALERT_KINDS = [
  "data-drift",
  "prediction-drift",
  "performance",
  "quality",
  "service",
  "truth",
] as const;
export const AlertKind = z.enum(ALERT_KINDS);
export type AlertKind = z.infer<typeof AlertKind>;

/** One closed window. */
export const MonitorWindow = z.object({
  monitor: Name,
  /** Event time, `[start, end)`. */
  start: Timestamp,
  end: Timestamp,
  /** "2017-07", "2017-W29", "29 Jul 2017 14:00" or "rows 5,001 to 6,000": what a person calls it. */
  title: z.string(),
  model: ModelName,
  /** Versions that answered in it, by rows, most first. */
  versions: z.array(z.object({ version: z.int(), rows: z.int() })),
  rows: z.int(),
  coverage: Coverage,
  closedAt: Timestamp,
  /** How often it was computed anew because predictions or truth came late; 0 the first time. */
  restated: z.int(),
  restatedAt: Timestamp.nullable(),
  /** Expected share of stable windows that would alarm at this one's level of significance. */
  level: z.number(),
  drift: z.object({
    /** False where rows were too few or the reference is missing: then `reason` says so. */
    judged: z.boolean(),
    reason: z.string().nullable(),
    /** The same as figures; absent where it is judged, and in windows of before it was kept. */
    why: NotJudged.optional(),
    columns: z.int(),
    drifted: z.array(z.string()),
    largest: z.object({ column: z.string(), effect: z.number(), psi: z.number() }).nullable(),
  }),
  prediction: z
    .object({ effect: z.number(), psi: z.number(), adjustedP: z.number(), drifted: z.boolean() })
    .nullable(),
  /** Null until enough truth has come. The judged metric is first. */
  performance: z.array(MetricMoment).nullable(),
  /** `fact`: the problem as figures. */
  quality: z.array(z.object({ column: z.string(), problem: z.string(), fact: QualityFact.optional() })),
  /** Of the server time in which its rows were received. */
  service: z
    .object({
      requests: z.int(),
      errors: z.int(),
      p50Ms: z.number().nullable(),
      p99Ms: z.number().nullable(),
    })
    .nullable(),
  alarms: z.array(AlertKind),
});
export type MonitorWindow = z.infer<typeof MonitorWindow>;

/** A window with every column. Prediction drift is a ColumnDrift of its own. */
export const MonitorWindowDetail = MonitorWindow.extend({
  columns: z.array(ColumnDrift),
  predictionDrift: ColumnDrift.nullable(),
  /** Reference that it was compared with. */
  reference: z.object({ digest: Digest, version: z.int(), rows: z.int(), title: z.string() }).nullable(),
});
export type MonitorWindowDetail = z.infer<typeof MonitorWindowDetail>;

export const Monitor = z.object({
  name: Name,
  deployment: Name,
  environment: Environment,
  settings: MonitorSettings,
  paused: z.boolean(),
  /** Greatest event time seen less the lateness; null before the first prediction. */
  watermark: Timestamp.nullable(),
  /** The window that fills now. */
  open: z.object({ start: Timestamp, end: Timestamp, title: z.string() }).nullable(),
  newest: MonitorWindow.nullable(),
  windows: z.int(),
  openAlerts: z.int(),
  /** Why nothing can be compared, for example a version without reference; null when all is well. */
  problem: z.string().nullable(),
  createdAt: Timestamp,
  createdBy: Actor,
});
export type Monitor = z.infer<typeof Monitor>;

export const ALERT_STATES = ["open", "acknowledged", "resolved"] as const;
export const AlertState = z.enum(ALERT_STATES);
export type AlertState = z.infer<typeof AlertState>;

/** One thing that is wrong, from its first window until it is resolved: never one alert per window. */
export const Alert = z.object({
  id: z.uuid(),
  monitor: Name,
  deployment: Name,
  environment: Environment,
  kind: AlertKind,
  severity: z.enum(["warning", "critical"]),
  state: AlertState,
  /** One sentence with its figures: "auc fell to 0.771 (0.755 to 0.787) in 2017-07; the reference is 0.906". */
  title: z.string(),
  /** What a reader needs to believe it, one sentence each: columns and by how much, predictions, performance, since when. */
  evidence: z.array(z.string()),
  /** Title and evidence as figures, sentence by sentence; absent in alerts of before it was kept. */
  facts: AlertFacts.optional(),
  /** Its leading figures by name. */
  data: z.record(z.string(), Json),
  model: ModelName,
  version: z.int(),
  /** Event time: start of the first window that showed it and end of the newest. */
  since: Timestamp,
  until: Timestamp,
  /** Windows that showed it. */
  windows: z.int(),
  raisedAt: Timestamp,
  acknowledgedAt: Timestamp.nullable(),
  acknowledgedBy: Actor.nullable(),
  /** By a person, or by itself after windows without it or when another version took over. */
  resolvedAt: Timestamp.nullable(),
  resolvedBy: Actor.nullable(),
  note: z.string().nullable(),
});
export type Alert = z.infer<typeof Alert>;

const InMonitor = z.object({ monitor: Name });
const InAlert = z.object({ alert: z.uuid() });
const AlertNote = z.string().max(1_000).optional();

export const monitoring = {
  createMonitor: endpoint({
    method: "POST",
    path: "/api/monitoring/monitors",
    permission: "monitoring:write",
    summary: "Watches a deployment; its past predictions are looked at as well.",
    input: z.object({ name: Name, deployment: Name, settings: MonitorSettings.prefault({}) }),
    output: Monitor,
  }),
  updateMonitor: endpoint({
    method: "PUT",
    path: "/api/monitoring/monitors/:monitor",
    permission: "monitoring:write",
    summary: "Changes the settings of a monitor for windows that close from now on, or pauses it.",
    input: InMonitor.extend({ settings: MonitorSettings.optional(), paused: z.boolean().optional() }),
    output: Monitor,
  }),
  deleteMonitor: endpoint({
    method: "DELETE",
    path: "/api/monitoring/monitors/:monitor",
    permission: "monitoring:write",
    summary: "Removes a monitor with its windows; the prediction log stays.",
    input: InMonitor,
    output: z.object({}),
  }),
  listMonitors: endpoint({
    method: "GET",
    path: "/api/monitoring/monitors",
    permission: "monitoring:read",
    summary: "Monitors of the environment, by name.",
    input: Paging.extend({ deployment: Name.optional() }),
    output: page(Monitor),
  }),
  getMonitor: endpoint({
    method: "GET",
    path: "/api/monitoring/monitors/:monitor",
    permission: "monitoring:read",
    summary: "A monitor with its watermark and newest window.",
    input: InMonitor,
    output: Monitor,
  }),
  listWindows: endpoint({
    method: "GET",
    path: "/api/monitoring/monitors/:monitor/windows",
    permission: "monitoring:read",
    summary: "Closed windows, newest first.",
    input: InMonitor.extend(Paging.shape),
    output: page(MonitorWindow),
  }),
  getWindow: endpoint({
    method: "GET",
    path: "/api/monitoring/monitors/:monitor/windows/:start",
    permission: "monitoring:read",
    summary: "A window with every column against its reference.",
    input: InMonitor.extend({ start: Timestamp }),
    output: MonitorWindowDetail,
  }),
  listColumns: endpoint({
    method: "GET",
    path: "/api/monitoring/monitors/:monitor/columns",
    permission: "monitoring:read",
    summary: "Drift of every column over the newest windows, oldest first: the heat strip.",
    input: InMonitor.extend({ windows: z.coerce.number<number>().int().min(1).max(200).default(30) }),
    output: z.object({
      windows: z.array(z.object({ start: Timestamp, end: Timestamp, title: z.string() })),
      /** The prediction first, then by drift in the newest window. `psi` and `effect` hold null where a window was not judged. */
      columns: z.array(
        z.object({
          column: z.string(),
          isPrediction: z.boolean(),
          psi: z.array(z.number().nullable()),
          effect: z.array(z.number().nullable()),
          drifted: z.array(z.boolean()),
        }),
      ),
    }),
  }),
  listAlerts: endpoint({
    method: "GET",
    path: "/api/monitoring/alerts",
    permission: "monitoring:read",
    summary: "Alerts of the environment, newest first.",
    input: Paging.extend({
      state: AlertState.optional(),
      monitor: Name.optional(),
      deployment: Name.optional(),
    }),
    output: page(Alert),
  }),
  getAlert: endpoint({
    method: "GET",
    path: "/api/monitoring/alerts/:alert",
    permission: "monitoring:read",
    summary: "An alert with its evidence.",
    input: InAlert,
    output: Alert,
  }),
  acknowledgeAlert: endpoint({
    method: "POST",
    path: "/api/monitoring/alerts/:alert/acknowledge",
    permission: "monitoring:write",
    summary: "Says that somebody looks after it.",
    input: InAlert.extend({ note: AlertNote }),
    output: Alert,
    repeatable: true,
  }),
  resolveAlert: endpoint({
    method: "POST",
    path: "/api/monitoring/alerts/:alert/resolve",
    permission: "monitoring:write",
    summary: "Ends an alert; a later window that shows it again raises a new one.",
    input: InAlert.extend({ note: AlertNote }),
    output: Alert,
    repeatable: true,
  }),
};
