import {
  type Alert,
  type Approval,
  type ColumnDrift,
  type Cycle,
  type Monitor,
  MonitorSettings,
  type MonitorWindow,
  type MonitorWindowDetail,
  type Policy,
} from "@causeway/contract";
import { digest, randomOf } from "./fixtures.ts";

const WEEK = 7 * 86_400_000;
const WINDOWS = 16;
/** The window in which the world changed, the one that was retrained after, and the one that fell again. */
const CHANGED = 8;
const REPAIRED = 10;
const FELL = 14;
const REFERENCE = 0.906;

const COLUMNS = [
  "MonthlyCharges",
  "Contract",
  "support_calls_last_month",
  "tenure",
  "competitor_offer_seen",
  "TotalCharges",
  "PaymentMethod",
  "SeniorCitizen",
  "region",
  "household_size",
  "discount",
  "channel",
  "invoice_paper",
  "device",
] as const;

const ops = { kind: "token", id: "ops", name: "ops-lead" } as const;
const policyActor = { kind: "policy", id: "churn", name: "churn" } as const;

function idOf(seed: string): string {
  const hex = digest(seed);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Year and week of a Monday by ISO 8601. */
function weekTitle(monday: Date): string {
  const thursday = new Date(monday.getTime() + 3 * 86_400_000);
  const first = Date.UTC(thursday.getUTCFullYear(), 0, 1);
  const week = Math.floor((thursday.getTime() - first) / WEEK) + 1;
  return `${thursday.getUTCFullYear()}-W${String(week).padStart(2, "0")}`;
}

/** Sixteen weeks of one model with the loop and one without it, an alert that is open and one that is over. */
export function monitoringFixtures(now: Date) {
  const random = randomOf(11);
  const today = new Date(Date.UTC(now.getUTCFullYear(), now.getUTCMonth(), now.getUTCDate()));
  const monday = today.getTime() - ((today.getUTCDay() + 6) % 7) * 86_400_000;
  const startOf = (index: number) => new Date(monday - (WINDOWS - index) * WEEK);
  const iso = (time: number) => new Date(time).toISOString();
  const settings = MonitorSettings.parse({
    window: "1 week",
    truth: { within: "3 weeks" },
    notify: ["ml-ops"],
  });

  const aucOf = (index: number, isFrozen: boolean) => {
    const calm = 0.9 + (random() - 0.5) * 0.02;
    if (index < CHANGED) return calm;
    if (isFrozen) return calm - 0.09 - (index - CHANGED) * 0.035;
    if (index < REPAIRED) return calm - 0.06 - (index - CHANGED) * 0.04;
    return index < FELL ? calm - 0.02 : calm - 0.085;
  };
  const shareOf = (index: number) => (index === 15 ? 0.48 : index === 14 ? 0.97 : 1);
  const psiOf = (column: number, index: number) => {
    const base = 0.02 + random() * 0.09;
    if (index < CHANGED || column > 5) return column === 6 && index % 3 === 0 ? 0.24 : base;
    return base + (6 - column) * 0.12 * (1 + (index - CHANGED) * 0.22);
  };
  const psis = COLUMNS.map((_, column) =>
    Array.from({ length: WINDOWS }, (_, index) => psiOf(column, index)),
  );

  const window = (monitor: string, index: number, isFrozen: boolean): MonitorWindow => {
    const start = startOf(index);
    const value = aucOf(index, isFrozen);
    const calm = 0.9 + (random() - 0.5) * 0.01;
    const rows = 4200 + Math.floor(random() * 1900);
    const labelled = Math.round(rows * shareOf(index));
    const half = shareOf(index) < 0.9 ? 0.03 : 0.011;
    const drifted = COLUMNS.filter((_, column) => (psis[column]?.[index] ?? 0) > 0.2);
    const version = isFrozen ? 1 : index < REPAIRED ? 1 : 2;
    const isAlarm = value < REFERENCE - 0.04 && index < 15;
    return {
      monitor,
      start: start.toISOString(),
      end: iso(start.getTime() + WEEK),
      title: weekTitle(start),
      model: "churn",
      versions:
        !isFrozen && index === REPAIRED
          ? [
              { version, rows: rows - 900 },
              { version: 1, rows: 900 },
            ]
          : [{ version, rows }],
      rows,
      coverage: {
        labelled,
        share: labelled / rows,
        lagSeconds: { p50: 2 * 86_400, p95: 9 * 86_400 },
      },
      closedAt: iso(start.getTime() + WEEK + 90_000),
      restated: index >= 13 ? 2 : 0,
      restatedAt: index >= 13 ? iso(now.getTime() - 3_600_000) : null,
      level: 0.0091,
      drift: {
        judged: true,
        reason: null,
        columns: COLUMNS.length,
        drifted,
        largest: { column: "MonthlyCharges", effect: 0.42, psi: psis[0]?.[index] ?? 0 },
      },
      prediction: { effect: 0.11, psi: 0.19, adjustedP: 0.004, drifted: index >= CHANGED },
      performance: [
        {
          metric: "auc",
          lessIsBetter: false,
          now: {
            name: "auc",
            value,
            low: value - half,
            high: value + half,
            confidence: 0.95,
            method: "delong",
          },
          promised: calm + 0.03,
          reference: {
            name: "auc",
            value: version === 1 ? REFERENCE : 0.897,
            low: 0.897,
            high: 0.915,
            confidence: 0.95,
            method: "delong",
          },
          difference: {
            name: "auc",
            value: value - REFERENCE,
            low: value - REFERENCE - half,
            high: value - REFERENCE + half,
            confidence: 0.95,
            method: "delong",
          },
        },
        {
          metric: "accuracy",
          lessIsBetter: false,
          now: {
            name: "accuracy",
            value: value - 0.04,
            low: value - 0.055,
            high: value - 0.025,
            confidence: 0.95,
            method: "bootstrap",
          },
          reference: null,
          difference: null,
        },
      ],
      quality: index === FELL ? [{ column: "region", problem: "3 unseen values in 41 rows" }] : [],
      service: { requests: rows, errors: index === 5 ? 12 : 0, p50Ms: 0.9, p99Ms: 6.1 },
      alarms: isAlarm ? ["performance", "data-drift"] : drifted.length > 1 ? ["data-drift"] : [],
    };
  };
  const all = (monitor: string, isFrozen: boolean) =>
    Array.from({ length: WINDOWS }, (_, index) => window(monitor, index, isFrozen)).reverse();
  const windows: Record<string, MonitorWindow[]> = {
    churn: all("churn", false),
    "churn-frozen": all("churn-frozen", true),
  };

  const drift = (column: string, index: number, isText: boolean): ColumnDrift => {
    const psi = psis[index]?.[FELL] ?? 0.1;
    const shift = psi > 0.2 ? 5 : 0;
    const bell = (centre: number) =>
      Array.from({ length: 20 }, (_, bin) => Math.round(900 * Math.exp(-(((bin - centre) / 4) ** 2))) + 4);
    return {
      column,
      kind: isText ? "categorical" : "numeric",
      rows: 5313,
      referenceRows: 49_157,
      effect: Math.min(0.9, psi / 3),
      effectLimit: 0.1,
      pValue: psi > 0.2 ? 1e-9 : 0.4,
      adjustedP: psi > 0.2 ? 1e-8 : 0.62,
      drifted: psi > 0.2,
      scores: [
        { method: "psi", score: psi, limit: 0.1, pValue: null, exactness: "exact", errorBound: null },
        { method: "ks", score: psi / 3, limit: null, pValue: 1e-9, exactness: "exact", errorBound: null },
        {
          method: "wasserstein",
          score: psi / 2,
          limit: 0.1,
          pValue: null,
          exactness: "sketched",
          errorBound: 0.004,
        },
      ],
      missing: { share: 0.031, referenceShare: 0.002, pValue: 0.001, drifted: index === 0 },
      outside: {
        rows: index === 1 ? 41 : 0,
        share: index === 1 ? 0.0077 : 0,
        referenceShare: 0,
        examples: index === 1 ? ["Three year", "Prepaid"] : [],
      },
      season: index === 0 ? { start: "2025-W45", effect: 0.08, psi: 0.24, drifted: false } : null,
      shape: isText
        ? {
            kind: "categorical",
            values: [
              { value: "Month-to-month", current: 3400, reference: 24_000 },
              { value: "One year", current: 900, reference: 12_000 },
              { value: "Two year", current: 600, reference: 13_000 },
              { value: "Three year", current: 413, reference: 0 },
            ],
            other: { current: 0, reference: 157 },
          }
        : {
            kind: "numeric",
            edges: Array.from({ length: 21 }, (_, bin) => 18 + bin * 5),
            current: bell(9 + shift),
            reference: bell(8).map((count) => count * 9),
            medians: { current: 63 + shift * 5, reference: 60 },
          },
    };
  };
  const detailOf = (found: MonitorWindow): MonitorWindowDetail => ({
    ...found,
    columns: COLUMNS.map((column, index) =>
      drift(column, index, ["Contract", "PaymentMethod", "region", "channel", "device"].includes(column)),
    ),
    predictionDrift: drift("prediction", 3, false),
    reference: { digest: digest("reference1"), version: 1, rows: 49_157, title: "churn v1, evaluation" },
  });

  const first = startOf(CHANGED);
  const fell = startOf(FELL);
  const repairedAt = startOf(REPAIRED).getTime() + 86_400_000;
  const alert = (id: string, changes: Partial<Alert>): Alert => ({
    id: idOf(id),
    monitor: "churn",
    deployment: "churn",
    environment: "dev",
    kind: "performance",
    severity: "critical",
    state: "open",
    title: `auc fell to 0.815 (0.804 to 0.826) in ${weekTitle(fell)}; the reference is 0.897`,
    evidence: [
      "5,313 predictions, 97 % of them with their truth.",
      "3 of 14 columns drifted: MonthlyCharges (psi 1.72), Contract (1.41), support_calls_last_month (1.14).",
      "The share of predicted Yes rose from 0.27 to 0.39.",
    ],
    data: { metric: "auc", value: 0.815, reference: 0.897 },
    model: "churn",
    version: 2,
    since: fell.toISOString(),
    until: iso(fell.getTime() + WEEK),
    windows: 1,
    raisedAt: iso(now.getTime() - 3.7 * 3_600_000),
    acknowledgedAt: null,
    acknowledgedBy: null,
    resolvedAt: null,
    resolvedBy: null,
    note: null,
    ...changes,
  });
  const alerts: Alert[] = [
    alert("open", {}),
    alert("drift", {
      kind: "data-drift",
      severity: "warning",
      state: "acknowledged",
      title: "3 of 14 columns drifted, MonthlyCharges most (psi 1.72)",
      evidence: ["MonthlyCharges, Contract and support_calls_last_month moved together."],
      acknowledgedAt: iso(now.getTime() - 3_600_000),
      acknowledgedBy: ops,
      note: "price change of the first, looking at it",
    }),
    alert("past", {
      state: "resolved",
      title: `auc fell to 0.791 in ${weekTitle(first)}; the reference is 0.906`,
      version: 1,
      since: first.toISOString(),
      until: iso(first.getTime() + 2 * WEEK),
      windows: 2,
      raisedAt: iso(first.getTime() + WEEK),
      resolvedAt: iso(repairedAt + WEEK),
    }),
  ];

  const monitor = (name: string, changes: Partial<Monitor>): Monitor => ({
    name,
    deployment: name,
    environment: "dev",
    settings,
    paused: false,
    watermark: iso(now.getTime() - 3_600_000),
    open: { start: iso(monday), end: iso(monday + WEEK), title: weekTitle(new Date(monday)) },
    newest: windows[name]?.[0] ?? null,
    windows: windows[name]?.length ?? 0,
    openAlerts: 0,
    problem: null,
    createdAt: startOf(0).toISOString(),
    createdBy: ops,
    ...changes,
  });
  const monitors: Monitor[] = [
    monitor("churn", { openAlerts: 2 }),
    monitor("churn-frozen", {}),
    monitor("churn-next", {
      watermark: null,
      open: null,
      problem: "churn v3 was registered without a reference; evaluate it, then register it again",
    }),
  ];

  const columns = (name: string) => {
    const oldest = [...(windows[name] ?? [])].reverse();
    return {
      windows: oldest.map(({ start, end, title }) => ({ start, end, title })),
      columns: [
        {
          column: "prediction",
          isPrediction: true,
          psi: oldest.map((_, index) => (index < CHANGED ? 0.06 : 0.14 + index * 0.03)),
          effect: oldest.map((_, index) => (index < CHANGED ? 0.03 : 0.12)),
          drifted: oldest.map((_, index) => index >= CHANGED),
        },
        ...COLUMNS.map((column, position) => ({
          column,
          isPrediction: false,
          psi: oldest.map((_, index) => (index === 3 ? null : (psis[position]?.[index] ?? null))),
          effect: oldest.map((_, index) => (psis[position]?.[index] ?? 0) / 3),
          drifted: oldest.map((_, index) => (psis[position]?.[index] ?? 0) > 0.2),
        })),
      ],
    };
  };

  const step = (
    name: Cycle["steps"][number]["name"],
    state: Cycle["steps"][number]["state"],
    occurred: number | null,
  ): Cycle["steps"][number] => ({
    name,
    state,
    text: null,
    startedAt: occurred === null ? null : iso(occurred),
    endedAt: state === "done" && occurred !== null ? iso(occurred + 41_000) : null,
    occurredAt: occurred === null ? null : iso(occurred),
    links: [],
  });
  const cycle = (number: number, changes: Partial<Cycle>): Cycle => ({
    policy: "churn",
    number,
    deployment: "churn",
    environment: "dev",
    state: "confirmed",
    trigger: {
      kind: "performance",
      reason: `auc 0.079 below the reference in ${weekTitle(fell)}`,
      alert: alerts[0]?.id ?? null,
      window: fell.toISOString(),
    },
    steps: [],
    model: "churn",
    champion: 2,
    challenger: 3,
    candidate: 3,
    runs: [{ pipeline: "churn", number: 8, purpose: "challenger" }],
    dataset: { dataset: "customers", version: digest("c3"), rows: 7043 },
    gate: idOf("gate"),
    approval: idOf("approval"),
    problem: null,
    noticedAt: iso(fell.getTime() + WEEK),
    switchedAt: null,
    startedAt: iso(now.getTime() - 3.6 * 3_600_000),
    endedAt: null,
    startedBy: policyActor,
    ...changes,
  });
  const noticed = first.getTime() + WEEK;
  const cycles: Cycle[] = [
    cycle(2, {
      state: "waiting-for-approval",
      steps: [
        step("noticed", "done", fell.getTime() + WEEK),
        step("trained", "done", fell.getTime() + WEEK + 40_000),
        step("approved", "held", null),
      ],
    }),
    cycle(1, {
      champion: 1,
      challenger: 2,
      candidate: 2,
      noticedAt: iso(noticed),
      switchedAt: iso(repairedAt),
      endedAt: iso(repairedAt + WEEK),
      startedAt: iso(noticed),
      steps: [
        step("noticed", "done", noticed),
        step("trained", "done", noticed + 90_000_000),
        step("approved", "done", repairedAt - 50_000_000),
        step("switched", "done", repairedAt),
      ],
    }),
  ];
  const policies: Policy[] = [
    {
      name: "churn",
      deployment: "churn",
      monitor: "churn",
      environment: "dev",
      settings: {
        retrain: "churn",
        params: {},
        when: [{ on: "performance", drop: 0.02, rows: 500 }],
        cooldown: null,
        budget: { trainings: 2, per: "month" },
        data: { window: "auto", leastRows: 200 },
        gate: [],
        refit: true,
        approve: { by: "person", fourEyes: true, expiresAfter: "7 days" },
        alias: "champion",
        confirm: { windows: 1 },
        notify: ["ml-ops"],
      },
      paused: false,
      sentence: "Retrains churn when auc falls by more than 0.02 beyond chance; a person approves.",
      newest: cycles[0] ?? null,
      cycles: 2,
      trainings: { used: 1, of: 2, per: "month" },
      held: null,
      createdAt: startOf(0).toISOString(),
      createdBy: ops,
    },
  ];
  const approvals: Approval[] = [
    {
      id: idOf("approval"),
      model: "churn",
      alias: "champion",
      environment: "dev",
      version: 3,
      digest: digest("mv3"),
      current: 2,
      judgedVersion: null,
      gate: idOf("gate"),
      summary: "auc 0.881 against 0.815, difference 0.066 (0.051 to 0.081); gate 3 of 3 passed.",
      state: "pending",
      fourEyes: true,
      requestedAt: iso(now.getTime() - 3.7 * 3_600_000),
      requestedBy: policyActor,
      notBy: [policyActor],
      expiresAt: iso(now.getTime() + 20 * 3_600_000),
      decidedAt: null,
      decidedBy: null,
      reason: null,
      url: "http://127.0.0.1:7420/dev/registry/churn/3?approval=1",
    },
  ];
  return { monitors, windows, detailOf, columns, alerts, policies, cycles, approvals };
}
