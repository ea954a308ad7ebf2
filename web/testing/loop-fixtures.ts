import type {
  Channel,
  Cycle,
  CycleStep,
  Gate,
  LogState,
  Notification,
  RuleVerdict,
  TimelineEntry,
  TrafficPoint,
  Truth,
} from "@causeway/contract";
import { digest, randomOf } from "./fixtures.ts";
import type { monitoringFixtures } from "./monitoring-fixtures.ts";

const ops = { kind: "token", id: "ops", name: "ops-lead" } as const;
const policy = { kind: "policy", id: "churn", name: "churn" } as const;
const HOUR = 3_600_000;

function idOf(seed: string): string {
  const hex = digest(seed);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

const estimate = (name: string, value: number, half: number, method = "DeLong") => ({
  name,
  value,
  low: value - half,
  high: value + half,
  confidence: 0.95,
  method,
});

const passed = {
  passed: true,
  champion: null,
  challenger: null,
  difference: null,
  slices: null,
} satisfies Partial<RuleVerdict>;

/** What the loop decides: gates with their rules, stations of cycles, the story, messages, traffic and truth. */
export function loopFixtures(
  now: Date,
  { cycles, approvals, windows }: ReturnType<typeof monitoringFixtures>,
) {
  const at = (hoursAgo: number) => new Date(now.getTime() - hoursAgo * HOUR).toISOString();
  const random = randomOf(3);

  const verdicts: RuleVerdict[] = [
    {
      ...passed,
      rule: { rule: "better", metric: "auc", by: 0.01, confidence: 0.95 },
      reason: "auc 0.881 (0.868 to 0.894) against 0.815 (0.799 to 0.831), difference 0.066 (0.051 to 0.081)",
      champion: estimate("auc", 0.815, 0.016),
      challenger: estimate("auc", 0.881, 0.013),
      difference: estimate("auc", 0.066, 0.015),
    },
    {
      ...passed,
      rule: { rule: "not-worse", metric: "log_loss", by: 0.02, confidence: 0.95 },
      reason: "log_loss 0.402 against 0.455, difference 0.053 (0.038 to 0.067) where more is better",
      champion: estimate("log_loss", 0.455, 0.02, "bootstrap"),
      challenger: estimate("log_loss", 0.402, 0.018, "bootstrap"),
      difference: estimate("log_loss", 0.053, 0.0145, "bootstrap"),
    },
    {
      ...passed,
      rule: { rule: "not-worse", metric: "precision", by: 0.02, confidence: 0.95 },
      reason: "precision 0.678 against 0.671, difference 0.007 (−0.018 to 0.031); −0.018 lies above −0.020",
      champion: estimate("precision", 0.671, 0.03, "bootstrap"),
      challenger: estimate("precision", 0.678, 0.029, "bootstrap"),
      difference: estimate("precision", 0.007, 0.0245, "bootstrap"),
    },
    {
      ...passed,
      rule: { rule: "at-least", metric: "recall", value: 0.6, slice: "Contract" },
      reason:
        "recall reaches 0.600 in each of 3 values of Contract with at least 30 rows; the least is 0.618 in Two year",
      challenger: estimate("recall", 0.721, 0.024, "bootstrap"),
      champion: estimate("recall", 0.574, 0.028, "bootstrap"),
      slices: [
        { value: "Month-to-month", rows: 1_204, champion: 0.602, challenger: 0.748 },
        { value: "One year", rows: 466, champion: 0.531, challenger: 0.655 },
        { value: "Two year", rows: 372, champion: 0.487, challenger: 0.618 },
      ],
    },
    {
      ...passed,
      rule: { rule: "rows", least: 500 },
      reason: "2,042 judged rows, at least 500 were asked for",
    },
  ];
  const gate = (id: string, changes: Partial<Gate> = {}): Gate => ({
    id,
    model: "churn",
    version: 3,
    digest: digest("mv3"),
    champion: 2,
    championDigest: digest("mv2"),
    dataset: "customers.test",
    datasetVersion: digest("ct"),
    target: "Churn",
    rows: 2_042,
    state: "succeeded",
    passed: true,
    verdicts,
    summary: "auc 0.881 against 0.815, difference 0.066 (0.051 to 0.081)",
    problem: null,
    failure: null,
    environment: "dev",
    createdAt: at(3.8),
    createdBy: policy,
    endedAt: at(3.79),
    ...changes,
  });
  const refused = verdicts.map(
    (verdict, index): RuleVerdict =>
      index === 0
        ? {
            ...verdict,
            passed: false,
            reason:
              "auc 0.817 against 0.815, difference 0.002 (−0.012 to 0.016): 0.010 is not below the interval",
            challenger: estimate("auc", 0.817, 0.016),
            difference: estimate("auc", 0.002, 0.014),
          }
        : verdict,
  );
  const gates: Gate[] = [
    gate(approvals[0]?.gate ?? idOf("gate")),
    gate(idOf("gate refused"), {
      passed: false,
      verdicts: refused,
      summary: "refused: auc is not better by more than 0.010 (0.002, −0.012 to 0.016)",
      createdAt: at(29),
      endedAt: at(28.9),
    }),
  ];

  const alert = cycles[0]?.trigger.alert ?? idOf("alert");
  const link = (title: string, subject: string) => ({ title, subject });
  const links: Record<CycleStep["name"], CycleStep["links"]> = {
    noticed: [link("alert", `/api/monitoring/alerts/${alert}`)],
    prepared: [link("customers c3", `/api/data/datasets/customers/versions/${digest("c3")}`)],
    trained: [
      link("churn 8", "/api/pipelines/pipelines/churn/runs/8"),
      link("churn v3", "/api/registry/models/churn/versions/3"),
    ],
    gated: [link("verdict", `/api/registry/gates/${gates[0]?.id}`)],
    refitted: [],
    approved: [link("request", `/api/registry/approvals/${approvals[0]?.id}`)],
    switched: [link("churn", "/api/deployments/deployments/churn")],
    confirmed: [],
  };
  const texts: Record<CycleStep["name"], string> = {
    noticed: "auc 0.827 (0.809 to 0.845), the reference is 0.906: worse by more than 0.020 beyond chance",
    prepared: "7,043 rows with truth, the newest window of 2,042 rows held out to judge by",
    trained: "pipeline churn 8 registered churn v3",
    gated: "auc 0.881 against 0.815, difference 0.066 (0.051 to 0.081)",
    refitted: "the policy does not refit",
    approved: "waits for a person: churn@champion to v3 in dev",
    switched: "deployment churn serves v3",
    confirmed: "one window with truth: auc 0.884, v2 on the same rows 0.811",
  };
  const names = Object.keys(texts) as CycleStep["name"][]; // the record above has every station and no other
  /** Stations up to `done` are behind; the next one waits for a person or the cycle is over. */
  const stations = (cycle: Cycle, done: number): CycleStep[] =>
    names.map((name, index): CycleStep => {
      const started = new Date(Date.parse(cycle.startedAt) + index * 240_000).toISOString();
      const isBehind = index < done;
      const isNext = index === done;
      return {
        name,
        state: name === "refitted" && isBehind ? "skipped" : isBehind ? "done" : isNext ? "held" : "waiting",
        text: isBehind || isNext ? texts[name] : null,
        startedAt: isBehind || isNext ? started : null,
        endedAt: isBehind ? new Date(Date.parse(started) + 31_000 + index * 9_000).toISOString() : null,
        occurredAt: isBehind ? new Date(Date.parse(cycle.noticedAt) + index * HOUR).toISOString() : null,
        links: isBehind || isNext ? links[name] : [],
      };
    });
  const told = cycles.map((cycle) => ({
    ...cycle,
    steps: stations(cycle, cycle.state === "waiting-for-approval" ? 5 : 8),
  }));

  const entry = (
    kind: TimelineEntry["kind"],
    hoursAgo: number,
    changes: Pick<TimelineEntry, "text"> & Partial<TimelineEntry>,
  ): TimelineEntry => ({
    id: idOf(`${kind}${hoursAgo}`),
    recordedAt: at(hoursAgo),
    occurredAt: null,
    kind,
    cycle: null,
    actor: policy,
    links: [],
    ...changes,
  });
  const newest = windows["churn"]?.[0];
  const timeline: TimelineEntry[] = [
    entry("notification", 3.6, { cycle: 2, text: "ml-ops was asked to decide on churn v3" }),
    entry("approval", 3.7, {
      cycle: 2,
      text: "Asked for churn@champion to become v3 in dev; it expires in 7 days",
      links: links.approved,
    }),
    entry("cycle", 3.79, {
      cycle: 2,
      occurredAt: cycles[0]?.noticedAt ?? null,
      text: `Gate passed: ${texts.gated}`,
      links: links.gated,
    }),
    entry("cycle", 4, {
      cycle: 2,
      occurredAt: cycles[0]?.noticedAt ?? null,
      text: texts.trained,
      links: links.trained,
    }),
    entry("trigger", 4.1, {
      cycle: 2,
      occurredAt: cycles[0]?.noticedAt ?? null,
      text: `Performance: ${texts.noticed}`,
      links: links.noticed,
    }),
    entry("alert", 4.2, {
      occurredAt: newest?.end ?? null,
      text: "Alert: auc fell to 0.827 (0.809 to 0.845); the reference is 0.906",
      actor: { kind: "system", id: "monitoring", name: "monitor churn" },
      links: links.noticed,
    }),
    entry("window", 4.3, {
      occurredAt: newest?.end ?? null,
      text: `Window ${newest?.title ?? ""} closed with 2,042 rows: auc 0.827, 3 columns drifted`,
      actor: { kind: "system", id: "monitoring", name: "monitor churn" },
      links:
        newest === undefined
          ? []
          : [link("window", `/api/monitoring/monitors/churn/windows/${newest.start}`)],
    }),
    entry("switch", 600, {
      cycle: 1,
      occurredAt: cycles[1]?.switchedAt ?? null,
      text: "Deployment churn switched from v1 to v2; no request failed",
      links: links.switched,
    }),
    entry("approval", 601, { cycle: 1, text: "Approved by ops-lead: the slices hold", actor: ops }),
  ];

  const channels: Channel[] = [
    {
      name: "ml-ops",
      kind: "slack",
      host: "hooks.slack.com",
      createdAt: at(900),
      createdBy: ops,
      last: { at: at(3.6), state: "sent", problem: null },
    },
    {
      name: "pager",
      kind: "webhook",
      host: "events.example.com",
      createdAt: at(700),
      createdBy: ops,
      last: { at: at(4), state: "failed", problem: "events.example.com answered 503" },
    },
  ];
  const notifications: Notification[] = [
    {
      id: idOf("n1"),
      channel: "ml-ops",
      subject: `/api/registry/approvals/${approvals[0]?.id}`,
      title: "churn v3 waits for approval in dev",
      text: "auc 0.881 against 0.815",
      state: "sent",
      attempts: 1,
      problem: null,
      createdAt: at(3.6),
      sentAt: at(3.6),
    },
    {
      id: idOf("n2"),
      channel: "pager",
      subject: `/api/monitoring/alerts/${alert}`,
      title: "churn: auc fell to 0.827",
      text: "auc fell to 0.827",
      state: "failed",
      attempts: 9,
      problem: "events.example.com answered 503",
      createdAt: at(4.2),
      sentAt: null,
    },
  ];

  const traffic = (spans: number): TrafficPoint[] =>
    Array.from({ length: spans }, (_, index) => {
      const start = now.getTime() - (spans - index) * 60_000;
      const requests = Math.round(180 + 60 * Math.sin(index / 7) + random() * 30);
      const p50Ms = 0.8 + random() * 0.2;
      return {
        start: new Date(start).toISOString(),
        end: new Date(start + 60_000).toISOString(),
        requests,
        rows: requests * 2,
        errors: index % 23 === 11 ? 2 : 0,
        refused: index % 17 === 5 ? 4 : 0,
        p50Ms,
        p99Ms: p50Ms * (3 + random() * 2),
      };
    });
  const log: LogState = {
    deployment: "churn",
    rows: 31_640,
    firstOccurredAt: windows["churn"]?.at(-1)?.start ?? at(2_700),
    lastOccurredAt: at(0.02),
    lastReceivedAt: at(0.02),
    truth: {
      labelled: 27_210,
      coverage: 27_210 / 31_640,
      lagSeconds: { p50: 6.5 * 86_400, p95: 20 * 86_400 },
      held: 3,
      lastOccurredAt: at(5),
    },
    retentionDays: null,
  };
  const truths: Truth[] = ["No", "Yes"].map((value, index) => ({
    value,
    occurredAt: at(20 + index * 40),
    recordedAt: at(19 + index * 40),
    recordedBy: ops,
  }));

  return { gates, cycles: told, timeline, channels, notifications, traffic, log, truths };
}
