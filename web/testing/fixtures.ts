import {
  type About,
  type Dataset,
  type DatasetVersion,
  type Deployment,
  type Event,
  type Experiment,
  GRANTABLE_PERMISSIONS,
  type Identity,
  type Import,
  type JudgedPrediction,
  type Lineage,
  type LogLine,
  type Model,
  type ModelVersion,
  type Pipeline,
  type PipelineDefinition,
  type PipelineRun,
  type Profile,
  type Project,
  READY,
  type Run,
  type StepRun,
  type Token,
} from "@causeway/contract";

/** A digest that is always the same for the same seed. */
export function digest(seed: string): string {
  let hash = 0x811c9dc5;
  let text = "";
  for (let round = 0; text.length < 64; round += 1) {
    for (const letter of `${seed}${round}`) hash = Math.imul(hash ^ letter.charCodeAt(0), 0x01000193) >>> 0;
    text += hash.toString(16).padStart(8, "0");
  }
  return text.slice(0, 64);
}

function uuid(seed: string): string {
  const hex = digest(seed);
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-7${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`;
}

/** Pseudo-random numbers in [0, 1) that repeat (mulberry32). */
export function randomOf(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

const ops = { kind: "token", id: uuid("ops"), name: "ops-lead" } as const;
const runner = { kind: "pipeline-run", id: "churn/8", name: "churn 8" } as const;

/** Everything that the fixture server knows, told relative to `now`. */
export function fixtures(now: Date) {
  const at = (minutesAgo: number) => new Date(now.getTime() - minutesAgo * 60_000).toISOString();
  const random = randomOf(7);

  const schema: DatasetVersion["schema"] = [
    { name: "customerID", type: "string", nullable: false },
    { name: "tenure", type: "integer", nullable: false },
    { name: "Contract", type: "string", nullable: false },
    { name: "PaymentMethod", type: "string", nullable: false },
    { name: "MonthlyCharges", type: "double", nullable: false },
    { name: "TotalCharges", type: "double", nullable: true },
    { name: "SeniorCitizen", type: "boolean", nullable: false },
    { name: "signedUpAt", type: "timestamp", nullable: true },
    { name: "Churn", type: "string", nullable: false },
  ];

  const version = (dataset: string, seed: string, changes: Partial<DatasetVersion>): DatasetVersion => ({
    dataset,
    id: digest(seed),
    rows: 7043,
    schema,
    parts: [{ digest: digest(`${seed}p`), artifact: digest(`${seed}a`), rows: 7043, bytes: 191_000 }],
    bytes: 191_000,
    key: "customerID",
    findings: [],
    quarantine: null,
    parent: null,
    source: { kind: "file", name: "telco_churn.csv", digest: digest("file") },
    createdAt: at(60),
    createdBy: ops,
    ...changes,
  });

  const blanks = {
    kind: "blank",
    severity: "warning",
    column: "TotalCharges",
    rows: 11,
    message: "11 blanks, all where tenure = 0; read as missing",
  } as const;
  const customers = [
    version("customers", "c3", { findings: [blanks], parent: digest("c2"), createdAt: at(42) }),
    version("customers", "c2", { rows: 6500, findings: [blanks], createdAt: at(60 * 30) }),
    version("customers", "c1", { rows: 5100, createdAt: at(60 * 24 * 9) }),
  ];
  const bookings = [
    version("hotel-bookings", "h1", {
      rows: 119_390,
      bytes: 8_400_000,
      quarantine: { rows: 14, artifact: digest("q") },
      findings: [
        {
          kind: "bad-row",
          severity: "warning",
          column: "adr",
          rows: 14,
          message: "14 rows set aside: adr is not a number",
        },
      ],
      createdAt: at(60 * 26),
    }),
  ];
  const test = [
    version("customers.test", "ct", {
      rows: 1409,
      source: { kind: "split", name: "customers", digest: null },
      createdAt: at(38),
    }),
  ];
  const datasets: Dataset[] = [customers, test, bookings].map((versions) => ({
    name: versions[0]!.dataset,
    latest: versions[0]!,
    versions: versions.length,
    createdAt: at(60 * 24 * 9),
  }));

  const bell = (bins: number, centre: number, width: number) =>
    Array.from({ length: bins }, (_, bin) =>
      Math.round(900 * Math.exp(-(((bin - centre) / width) ** 2)) + random() * 40),
    );
  const edges = (low: number, high: number, bins: number) =>
    Array.from({ length: bins + 1 }, (_, bin) => low + ((high - low) * bin) / bins);
  const numeric = (min: number, max: number, counts: number[]) => ({
    min,
    max,
    mean: (min + max) / 2.3,
    std: (max - min) / 4,
    quantiles: [0.25, 0.5, 0.75].map((p) => ({ p, value: min + (max - min) * p * 0.9 })),
    histogram: { edges: edges(min, max, counts.length), counts },
    top: [],
  });
  const textual = (top: [string, number][]) => ({
    min: null,
    max: null,
    mean: null,
    std: null,
    quantiles: [],
    histogram: null,
    top: top.map(([value, count]) => ({ value, count })),
  });
  const profile: Profile = {
    rows: 7043,
    columns: [
      {
        name: "customerID",
        type: "string",
        count: 7043,
        missing: 0,
        distinct: 7043,
        ...textual([["0002-ORFBO", 1]]),
      },
      {
        name: "tenure",
        type: "integer",
        count: 7043,
        missing: 0,
        distinct: 73,
        ...numeric(0, 72, [1100, 620, 480, 420, 400, 380, 360, 350, 340, 360, 380, 420, 520, 1213]),
      },
      {
        name: "Contract",
        type: "string",
        count: 7043,
        missing: 0,
        distinct: 3,
        ...textual([
          ["Month-to-month", 3875],
          ["Two year", 1695],
          ["One year", 1473],
        ]),
      },
      {
        name: "PaymentMethod",
        type: "string",
        count: 7043,
        missing: 0,
        distinct: 4,
        ...textual([
          ["Electronic check", 2365],
          ["Mailed check", 1612],
          ["Bank transfer (automatic)", 1544],
          ["Credit card (automatic)", 1522],
        ]),
      },
      {
        name: "MonthlyCharges",
        type: "double",
        count: 7043,
        missing: 0,
        distinct: 1585,
        ...numeric(18.25, 118.75, bell(24, 15, 7)),
      },
      {
        name: "TotalCharges",
        type: "double",
        count: 7032,
        missing: 11,
        distinct: 6530,
        ...numeric(18.8, 8684.8, [2400, 1100, 720, 520, 430, 380, 340, 300, 260, 220, 180, 120, 62]),
      },
      {
        name: "SeniorCitizen",
        type: "boolean",
        count: 7043,
        missing: 0,
        distinct: 2,
        ...textual([
          ["false", 5901],
          ["true", 1142],
        ]),
      },
      {
        name: "signedUpAt",
        type: "timestamp",
        count: 6700,
        missing: 343,
        distinct: 1800,
        ...textual([]),
        min: "2019-01-01T00:00:00.000Z",
        max: "2024-06-30T00:00:00.000Z",
      },
      {
        name: "Churn",
        type: "string",
        count: 7043,
        missing: 0,
        distinct: 2,
        ...textual([
          ["No", 5174],
          ["Yes", 1869],
        ]),
      },
    ],
  };

  const imports: Import[] = [
    {
      id: uuid("i2"),
      dataset: "customers",
      file: "telco_churn.csv",
      state: "succeeded",
      progress: null,
      version: customers[0]!,
      unchanged: false,
      problem: null,
      badRows: null,
      createdAt: at(42),
      endedAt: at(42),
    },
    {
      id: uuid("i1"),
      dataset: "customers",
      file: "telco_broken.csv",
      state: "failed",
      progress: null,
      version: null,
      unchanged: false,
      problem: {
        code: "BAD_DATA",
        message:
          "2 rows of telco_broken.csv cannot be read; the first is line 490: TotalCharges is not a number",
        help: null,
      },
      badRows: {
        total: 2,
        first: [
          {
            file: "telco_broken.csv",
            line: 490,
            column: "TotalCharges",
            value: "n/a",
            reason: "expected a number",
          },
        ],
      },
      createdAt: at(55),
      endedAt: at(55),
    },
  ];

  const experiments: Experiment[] = [["0", "Default", 0, 30] as const, ["1", "churn", 5, 9] as const].map(
    ([id, name, runs, days]) => ({
      id,
      name,
      runs,
      note: id === "1" ? "Who leaves within the month.\n\n- `wide` overfits" : "",
      tags: id === "1" ? { team: "pricing" } : {},
      artifactLocation: `mlflow-artifacts:/${id}`,
      createdAt: at(60 * 24 * days),
      updatedAt: at(60 * 24 * days),
      deletedAt: null,
    }),
  );
  const names = ["base-all", "slow", "wide", "recent-6", "small", "deep"];
  const runs: Run[] = names.map((name, index) => ({
    id: digest(`run${index}`).slice(0, 32),
    experiment: { id: "1", name: "churn" },
    name,
    state: index === 0 ? "running" : index === 4 ? "failed" : "finished",
    params: {
      learning_rate: ["0.1", "0.03", "0.1", "0.05", "0.05", "0.02"][index]!,
      trees: ["300", "500"][index % 2]!,
      min_examples: "20",
      seed: "7",
    },
    metrics: [
      {
        name: "valid.auc",
        last: { value: 0.8402 + index * 0.0011, step: 199, occurredAt: at(30) },
        min: 0.71,
        max: 0.845 + index * 0.0006,
        points: 200,
      },
      {
        name: "valid.logloss",
        last: { value: 0.42 - index * 0.002, step: 199, occurredAt: at(30) },
        min: 0.41 - index * 0.002,
        max: 0.69,
        points: 200,
      },
      { name: "rows", last: { value: 5634, step: 0, occurredAt: at(30) }, min: 5634, max: 5634, points: 1 },
    ],
    tags: { "causeway.step": "train" },
    record: {
      data: [{ name: "rows", dataset: "customers", digest: customers[0]!.id }],
      code: {
        commit: "4be07d92c1a8",
        branch: "main",
        repository: null,
        diff: index === 1 ? digest("diff") : null,
        digest: digest("train.py"),
      },
      config: { trees: 300 },
      seeds: { split: 0, train: 7 },
      lock: { kind: "pip", digest: digest("lock") },
      runtime: "Python 3.11.7",
      hardware: { cpu: "Xeon", cores: 2, memoryBytes: 25_769_803_776, os: "linux", machine: "x64", gpus: [] },
    },
    usage: [
      {
        attempt: 1,
        cpuSeconds: 12.4,
        peakMemoryBytes: 412_000_000,
        readBytes: 191_000,
        writtenBytes: 1_900_000,
      },
    ],
    step: index < 3 ? { pipeline: "churn", run: 8 - index, step: "train" } : null,
    startedAt: at(35 + index * 400),
    endedAt: index === 0 ? null : at(35 + index * 400 - 1),
    createdBy: ops,
    user: index === 3 ? "lan" : "",
    deletedAt: null,
    note: index === 1 ? "# Slow\n\nA rate of **0.03** needs 500 trees." : "",
    datasets: [
      {
        name: "customers",
        digest: customers[0]!.id.slice(0, 8),
        sourceType: "http",
        source: "https://example.com/customers.csv",
        context: "training",
      },
    ],
    models:
      index === 1
        ? [
            {
              id: `m-${digest("logged").slice(0, 32)}`,
              name: "model",
              direction: "output" as const,
              step: 199,
            },
          ]
        : [],
  }));
  const curve = (run: number, metric: string) => {
    const noise = randomOf(run * 31 + metric.length);
    return Array.from({ length: 200 }, (_, step) => {
      const rise = 1 - Math.exp(-step / (18 + run * 9));
      const value = metric.includes("loss")
        ? 0.69 - rise * (0.27 + run * 0.004) + (noise() - 0.5) * 0.004
        : 0.71 + rise * (0.135 + run * 0.002) + (noise() - 0.5) * 0.003;
      return {
        value: step === 120 && run === 2 ? ("NaN" as const) : value,
        step,
        occurredAt: new Date(now.getTime() - 2_000_000 + step * 90).toISOString(),
      };
    });
  };

  const port = (kind: "dataset" | "model" | "report") => ({ kind }) as const;
  const stepOf = (
    name: string,
    from: Record<string, [string, string, "dataset" | "model" | "report"]>,
    work: PipelineDefinition["steps"][number]["work"],
  ): PipelineDefinition["steps"][number] => ({
    name,
    work,
    code: digest(`code${name}`),
    lock: null,
    inputs: Object.fromEntries(
      Object.entries(from).map(([input, [step, output, kind]]) => [
        input,
        {
          port: port(kind),
          source:
            step === "" ? { from: "param" as const, param: output } : { from: "step" as const, step, output },
        },
      ]),
    ),
    params: {},
    paramsSchema: {},
    outputs: {},
    resources: {},
    retries: 1,
    timeoutMs: null,
    cache: true,
  });
  const definition: PipelineDefinition = {
    name: "churn",
    paramsSchema: {
      type: "object",
      properties: {
        customers: { type: "string", default: "customers@latest" },
        trees: { type: "integer", minimum: 1, default: 300 },
        fast: { type: "boolean", default: false },
      },
    },
    datasetParams: ["customers"],
    steps: [
      stepOf("split", { customers: ["", "customers", "dataset"] }, { kind: "function" }),
      stepOf("describe", { rows: ["split", "train", "dataset"] }, { kind: "shell", command: "wc -l" }),
      stepOf(
        "train",
        { rows: ["split", "train", "dataset"] },
        { kind: "python", script: "train.py", lock: "train.lock" },
      ),
      stepOf(
        "evaluate",
        { model: ["train", "model", "model"], rows: ["split", "test", "dataset"] },
        { kind: "library", name: "evaluate" },
      ),
      stepOf(
        "register",
        { model: ["train", "model", "model"], report: ["evaluate", "report", "report"] },
        { kind: "library", name: "register" },
      ),
    ],
  };
  const step = (
    name: string,
    state: StepRun["state"],
    times: [from: number, to: number | null][],
    changes: Partial<StepRun> = {},
  ): StepRun => ({
    name,
    state,
    why: "first run",
    cachedFrom: null,
    summary: null,
    attempts: times.map(([from, to], index) => ({
      number: index + 1,
      state:
        to === null ? "running" : index < times.length - 1 || state === "failed" ? "failed" : "succeeded",
      worker: `worker-${index + 1}`,
      run: name === "train" ? runs[1]!.id : null,
      startedAt: new Date(now.getTime() - 40_000 + from).toISOString(),
      endedAt: to === null ? null : new Date(now.getTime() - 40_000 + to).toISOString(),
      exitCode: to === null ? null : index < times.length - 1 || state === "failed" ? 1 : 0,
      problem: state === "failed" ? "train.py ended with exit code 1: KeyError: 'Churn'" : null,
      usage:
        to === null
          ? null
          : {
              cpuSeconds: (to - from) / 900,
              peakMemoryBytes: 412_000_000,
              readBytes: 191_000,
              writtenBytes: 1_900_000,
            },
    })),
    outputs:
      state === "succeeded" && name === "train"
        ? {
            model: { kind: "model", digest: digest("model"), bytes: 1_240_000, subject: null },
            rows: {
              kind: "dataset",
              digest: customers[0]!.id,
              bytes: 191_000,
              subject: `/api/data/datasets/customers/versions/${customers[0]!.id}`,
            },
          }
        : {},
    startedAt: times[0] === undefined ? null : new Date(now.getTime() - 40_000 + times[0][0]).toISOString(),
    endedAt:
      times.at(-1)?.[1] == null
        ? null
        : new Date(now.getTime() - 40_000 + (times.at(-1)![1] ?? 0)).toISOString(),
    ...changes,
  });
  const pipelineRun = (number: number, changes: Partial<PipelineRun>): PipelineRun => ({
    pipeline: "churn",
    number,
    version: digest("bundle"),
    state: "succeeded",
    params: { customers: "customers@latest", trees: 300 },
    datasets: { customers: { dataset: "customers", version: customers[0]!.id } },
    steps: [
      step("split", "succeeded", [[0, 300]], { summary: "train 5,634, test 1,409" }),
      step("describe", "cached", [], { why: "same data, code, params", cachedFrom: 7 }),
      step(
        "train",
        "succeeded",
        [
          [350, 5200],
          [7200, 19_600],
        ],
        { why: "param trees 300 → 500", summary: "auc 0.846" },
      ),
      step("evaluate", "succeeded", [[19_700, 20_500]], {
        why: "upstream model",
        summary: "auc 0.846 (0.821 to 0.869), n 1,409",
      }),
      step("register", "succeeded", [[20_550, 20_650]], {
        why: "upstream report",
        summary: "churn version 3",
      }),
    ],
    problem: null,
    createdAt: new Date(now.getTime() - 40_100).toISOString(),
    startedAt: new Date(now.getTime() - 40_000).toISOString(),
    endedAt: new Date(now.getTime() - 19_350).toISOString(),
    createdBy: ops,
    ...changes,
  });
  const pipelineRuns: PipelineRun[] = [
    pipelineRun(9, {
      state: "running",
      endedAt: null,
      steps: [
        step("split", "succeeded", [[0, 300]]),
        step("describe", "cached", [], { why: "same data, code, params", cachedFrom: 7 }),
        step("train", "running", [[350, null]], { why: "data c2 → c3" }),
        step("evaluate", "waiting", [], { why: null }),
        step("register", "waiting", [], { why: null }),
      ],
    }),
    pipelineRun(8, {}),
    pipelineRun(7, {
      pipeline: "hotel",
      state: "failed",
      problem: "step train failed: train.py ended with exit code 1",
      steps: [
        step("split", "succeeded", [[0, 400]]),
        step(
          "train",
          "failed",
          [
            [450, 4000],
            [6000, 9000],
          ],
          { why: "first run" },
        ),
        step("evaluate", "skipped", [], { why: "train failed" }),
      ],
    }),
    ...[6, 5, 4, 3, 2, 1].map((number) =>
      pipelineRun(number, {
        createdAt: at(number * 300),
        startedAt: at(number * 300),
        endedAt: at(number * 300 - 1 - (number % 3)),
      }),
    ),
  ];
  const pipelineVersion = {
    pipeline: "churn",
    digest: digest("bundle"),
    definition,
    createdAt: at(60 * 24),
    createdBy: ops,
  };
  const pipelines: Pipeline[] = ["churn", "hotel"].map((name) => ({
    name,
    latest: { ...pipelineVersion, pipeline: name, definition: { ...definition, name } },
    runs: pipelineRuns.filter(({ pipeline }) => pipeline === name).map(({ steps: _, ...run }) => run),
    createdAt: at(60 * 24 * 9),
  }));
  const lines: LogLine[] = [
    "rows 5,634 x 20",
    "fold 1 of 5  auc 0.84231",
    "fold 2 of 5  auc 0.84604",
    "fold 3 of 5  auc 0.84119",
    "UserWarning: column customerID is not used",
    "fold 4 of 5  auc 0.84902",
    "fold 5 of 5  auc 0.84350",
    "wrote model.onnx 1.2 MB sha256 b07d21",
  ].map((text, index) => ({
    position: index + 1,
    step: "train",
    attempt: 2,
    stream: text.startsWith("User") ? "stderr" : "stdout",
    at: new Date(now.getTime() - 32_000 + index * 1_400).toISOString(),
    text,
  }));

  const estimate = (name: string, value: number, half: number | null) => ({
    name,
    value,
    low: half === null ? null : value - half,
    high: half === null ? null : value + half,
    confidence: half === null ? null : 0.95,
    method: name === "auc" ? "DeLong" : half === null ? null : "bootstrap",
  });
  const report = (shift: number): NonNullable<ModelVersion["report"]> => ({
    task: "classification",
    target: "Churn",
    positive: "Yes",
    rows: 1409,
    dataset: test[0]!.id,
    model: digest("model"),
    metrics: [
      estimate("auc", 0.846 + shift, 0.024),
      estimate("accuracy", 0.803 + shift / 2, 0.02),
      estimate("log_loss", 0.413 - shift, 0.018),
      estimate("brier", 0.135 - shift / 3, 0.007),
      estimate("precision", 0.662 + shift, null),
      estimate("recall", 0.541 + shift, null),
    ],
    roc: Array.from({ length: 40 }, (_, index) => ({
      threshold: 1 - index / 39,
      falsePositiveRate: (index / 39) ** 1.2,
      truePositiveRate: Math.min(1, (index / 39) ** (0.32 - shift)),
    })),
    calibration: Array.from({ length: 10 }, (_, bin) => ({
      predicted: 0.05 + bin * 0.1,
      observed: Math.min(1, Math.max(0, 0.05 + bin * 0.1 + Math.sin(bin + shift * 90) * 0.04)),
      rows: 300 - bin * 22,
    })),
    confusion: {
      labels: ["No", "Yes"],
      counts: [
        [931, 104],
        [172, 202],
      ],
    },
  });
  const signature: ModelVersion["signature"] = {
    task: "classification",
    target: "Churn",
    classes: ["No", "Yes"],
    inputs: [
      { name: "tenure", type: "integer", nullable: false, categories: null, range: { min: 0, max: 72 } },
      {
        name: "Contract",
        type: "string",
        nullable: false,
        categories: ["Month-to-month", "One year", "Two year"],
        range: null,
      },
      {
        name: "MonthlyCharges",
        type: "double",
        nullable: false,
        categories: null,
        range: { min: 18.25, max: 118.75 },
      },
      {
        name: "TotalCharges",
        type: "double",
        nullable: true,
        categories: null,
        range: { min: 18.8, max: 8684.8 },
      },
      { name: "SeniorCitizen", type: "boolean", nullable: false, categories: null, range: null },
    ],
  };
  const example = {
    tenure: 3,
    Contract: "Month-to-month",
    MonthlyCharges: 70.35,
    TotalCharges: 211.05,
    SeniorCitizen: false,
  };
  const modelVersions: ModelVersion[] = [3, 2, 1].map((number) => ({
    model: "churn",
    version: number,
    digest: digest(`mv${number}`),
    format: number === 1 ? "ydf" : "onnx",
    files: [{ path: "model.onnx", digest: digest(`mf${number}`), bytes: 1_240_000 }],
    bytes: 1_240_000,
    signature,
    golden: Array.from({ length: 20 }, () => ({
      record: example,
      prediction: { value: "Yes", scores: { No: 0.31, Yes: 0.69 } },
    })),
    report: report((number - 2) * 0.012),
    reference: digest(`reference${number}`),
    refitOf: null,
    run: runs[1]!.id,
    pipelineRun: { pipeline: "churn", number: number + 5 },
    record: runs[1]!.record,
    description: "",
    tags: {},
    registryStage: "none" as const,
    source: null,
    loggedModel: null,
    runLink: null,
    preparation: READY,
    createdAt: at(20 + (3 - number) * 1500),
    createdBy: runner,
    aliases:
      number === 2
        ? [{ alias: "champion", environment: "dev" as const }]
        : number === 3
          ? [{ alias: "challenger", environment: "dev" as const }]
          : [],
  }));
  const models: Model[] = [
    {
      name: "churn",
      description: "Who leaves within the month",
      latest: modelVersions[0]!,
      versions: 3,
      tags: {},
      createdAt: at(60 * 24 * 9),
      aliases: [
        { alias: "champion", environment: "dev", version: 2, assignedAt: at(1400), assignedBy: ops },
        { alias: "challenger", environment: "dev", version: 3, assignedAt: at(18), assignedBy: runner },
      ],
    },
  ];

  const revision = (number: number, modelVersion: number, minutesAgo: number) => ({
    number,
    model: "churn",
    version: modelVersion,
    digest: digest(`mv${modelVersion}`),
    createdAt: at(minutesAgo),
    createdBy: ops,
  });
  const deployments: Deployment[] = [
    {
      name: "churn",
      project: "default",
      environment: "dev",
      serve: "churn@champion",
      state: "ready",
      revision: revision(2, 2, 1399),
      serving: revision(2, 2, 1399),
      gateways: [
        {
          gateway: "gateway-1",
          revision: 2,
          state: "ready",
          golden: { equal: 20, rows: 20 },
          loadMs: 612,
          problem: null,
          reportedAt: at(1399),
        },
      ],
      url: "http://127.0.0.1:7421/predict/churn",
      key: "customerID",
      retentionDays: null,
      signature,
      example,
      createdAt: at(4000),
      createdBy: ops,
    },
    {
      name: "churn-frozen",
      project: "default",
      environment: "dev",
      serve: "churn@1",
      state: "ready",
      revision: revision(1, 1, 9000),
      serving: revision(1, 1, 9000),
      gateways: [
        {
          gateway: "gateway-1",
          revision: 1,
          state: "ready",
          golden: { equal: 20, rows: 20 },
          loadMs: 612,
          problem: null,
          reportedAt: at(1399),
        },
      ],
      url: "http://127.0.0.1:7421/predict/churn-frozen",
      key: "customerID",
      retentionDays: null,
      signature,
      example,
      createdAt: at(4000),
      createdBy: ops,
    },
    {
      name: "churn-next",
      project: "default",
      environment: "dev",
      serve: "churn@3",
      state: "failed",
      revision: revision(1, 3, 17),
      serving: null,
      gateways: [
        {
          gateway: "gateway-1",
          revision: 1,
          state: "failed",
          golden: { equal: 18, rows: 20 },
          loadMs: 640,
          problem: "churn v3 answers 2 of 20 golden rows differently: row 4 gave 0.61, recorded 0.69",
          reportedAt: at(17),
        },
      ],
      url: "http://127.0.0.1:7421/predict/churn-next",
      key: null,
      retentionDays: 90,
      signature,
      example,
      createdAt: at(17),
      createdBy: ops,
    },
  ];
  const predictions: JudgedPrediction[] = Array.from({ length: 240 }, (_, index) => {
    const score = random();
    const received = new Date(now.getTime() - 60_000 - index * 3_200 - random() * 2_000).toISOString();
    return {
      id: `${uuid("p").slice(0, 24)}${(index + 100_000_000_000).toString(16)}`,
      project: "default",
      environment: "dev",
      deployment: "churn",
      revision: 2,
      model: "churn",
      version: 2,
      occurredAt: received,
      receivedAt: received,
      latencyMs: 0.6 + random() * 0.9 + (random() > 0.97 ? 6 : 0),
      key: `${1000 + index}-ORFBO`,
      record: { ...example, tenure: Math.floor(random() * 72) },
      prediction: { value: score > 0.5 ? "Yes" : "No", scores: { No: 1 - score, Yes: score } },
      gateway: "gateway-1",
      truth:
        index % 3 === 0
          ? {
              value: random() < score ? "Yes" : "No",
              occurredAt: received,
              recordedAt: now.toISOString(),
              recordedBy: ops,
            }
          : null,
    };
  });

  const event = (
    type: Event["type"],
    subject: string,
    minutesAgo: number,
    data: Event["data"] = {},
  ): Event => ({
    id: uuid(`${type}${subject}${minutesAgo}`),
    type,
    occurredAt: at(minutesAgo),
    recordedAt: at(minutesAgo),
    project: "default",
    environment: "dev",
    actor: ops,
    subject,
    data,
  });
  const churnRun = "/api/pipelines/pipelines/churn/runs/8";
  const events: Event[] = [
    event("pipelines.run-started", "/api/pipelines/pipelines/churn/runs/9", 1),
    event("deployments.deployment-failed", "/api/deployments/deployments/churn-next", 17),
    event("registry.version-assigned", "/api/registry/models/churn/versions/3", 18, {
      alias: "challenger",
      version: 3,
    }),
    event("registry.version-registered", "/api/registry/models/churn/versions/3", 20, { version: 3 }),
    event("pipelines.run-ended", churnRun, 21, { state: "succeeded" }),
    event("pipelines.step-ended", churnRun, 22, { state: "succeeded", step: "evaluate" }),
    event("pipelines.step-ended", churnRun, 23, { state: "cached", step: "describe" }),
    event("data.version-created", `/api/data/datasets/customers/versions/${customers[0]!.id}`, 42),
    event("data.import-failed", "/api/data/datasets/customers", 55),
    event("deployments.deployment-ready", "/api/deployments/deployments/churn", 1399),
    event("platform.token-created", "/api/platform/tokens/x", 1500, { name: "notebook" }),
  ];

  const tokens: Token[] = [
    {
      id: uuid("t1"),
      name: "notebook",
      permissions: ["experiments:read", "experiments:write", "data:read"],
      project: null,
      environment: "dev",
      createdAt: at(1500),
      createdBy: ops,
      expiresAt: at(-60 * 24 * 60),
      lastUsedAt: at(31),
      revokedAt: null,
    },
    {
      id: uuid("t2"),
      name: "old-ci",
      permissions: ["pipelines:write"],
      project: "default",
      environment: null,
      createdAt: at(9000),
      createdBy: ops,
      expiresAt: null,
      lastUsedAt: null,
      revokedAt: at(800),
    },
  ];
  const projects: Project[] = ["default", "shop"].map((name) => ({
    name,
    createdAt: at(9000),
    createdBy: ops,
  }));
  const identity: Identity = {
    actor: { kind: "token", id: ops.id, name: "admin" },
    permissions: [...GRANTABLE_PERMISSIONS],
    project: "default",
    environment: "dev",
  };
  const about: About = {
    version: "0.1.0",
    url: "http://127.0.0.1:7420",
    gatewayUrl: "http://127.0.0.1:7421",
    startedAt: at(1600),
    node: "24.21.0",
    database: { kind: "embedded", version: "18.4" },
  };
  const lineage: Lineage = {
    nodes: [
      {
        kind: "dataset-version",
        subject: `/api/data/datasets/customers/versions/${customers[0]!.id}`,
        title: `customers ${customers[0]!.id.slice(0, 6)}`,
      },
      { kind: "code", subject: "/code/4be07d92", title: "train.py 4be07d" },
      { kind: "pipeline-run", subject: churnRun, title: "churn 8" },
      { kind: "run", subject: `/api/experiments/runs/${runs[1]!.id}`, title: "slow" },
      { kind: "model-version", subject: "/api/registry/models/churn/versions/3", title: "churn v3" },
      { kind: "deployment", subject: "/api/deployments/deployments/churn", title: "churn" },
    ],
    edges: [
      { from: churnRun, to: `/api/data/datasets/customers/versions/${customers[0]!.id}`, relation: "read" },
      { from: churnRun, to: "/code/4be07d92", relation: "ran" },
      { from: `/api/experiments/runs/${runs[1]!.id}`, to: churnRun, relation: "opened-by" },
      {
        from: "/api/registry/models/churn/versions/3",
        to: `/api/experiments/runs/${runs[1]!.id}`,
        relation: "made-by",
      },
      {
        from: "/api/deployments/deployments/churn",
        to: "/api/registry/models/churn/versions/3",
        relation: "serves",
      },
    ],
  };

  return {
    datasets,
    versions: { customers, "hotel-bookings": bookings, "customers.test": test },
    profile,
    imports,
    experiments,
    runs,
    curve,
    definition,
    pipelines,
    pipelineVersion,
    pipelineRuns,
    lines,
    modelVersions,
    models,
    deployments,
    predictions,
    events,
    projects,
    tokens,
    identity,
    about,
    lineage,
    schema,
  };
}
