import { type ModelVersion, READY, RunRecord } from "@causeway/contract";
import { expect, it } from "vitest";
import { renderModelCard } from "./model-card.ts";

const version: ModelVersion = {
  model: "churn",
  version: 3,
  digest: "d".repeat(64),
  format: "onnx",
  files: [],
  bytes: 1_234_567,
  signature: {
    task: "classification",
    target: "Churn",
    classes: ["No", "Yes"],
    inputs: [
      { name: "tenure", type: "integer", nullable: false, categories: null, range: { min: 0, max: 72 } },
      { name: "a|b", type: "string", nullable: true, categories: ["x", "y"], range: null },
    ],
  },
  golden: [],
  preparation: READY,
  report: {
    task: "classification",
    target: "Churn",
    positive: "Yes",
    rows: 1409,
    dataset: "e".repeat(64),
    model: "f".repeat(64),
    metrics: [
      { name: "auc", value: 0.8462, low: 0.8213, high: 0.8691, confidence: 0.95, method: "delong-logit" },
      { name: "accuracy", value: 0.8, low: null, high: null, confidence: null, method: null },
    ],
    roc: null,
    calibration: null,
    confusion: {
      labels: ["No", "Yes"],
      counts: [
        [900, 100],
        [180, 229],
      ],
    },
  },
  reference: null,
  refitOf: null,
  run: "a".repeat(32),
  pipelineRun: { pipeline: "churn", number: 7 },
  record: RunRecord.parse({
    data: [{ name: "rows", dataset: "customers", digest: "b".repeat(64) }],
    config: { trees: 500 },
    code: { commit: "c".repeat(40), branch: "main", repository: null, diff: null, digest: null },
  }),
  description: "Who leaves next month.",
  tags: {},
  registryStage: "none",
  source: null,
  loggedModel: null,
  runLink: null,
  aliases: [{ alias: "champion", environment: "prod" }],
  createdAt: "2026-11-21T10:00:00.000Z",
  createdBy: { kind: "user", id: "1", name: "Mai_N" },
};

it("R1/card writes the card from the record", () => {
  const card = renderModelCard(version);
  for (const line of [
    "# churn, version 3",
    "Who leaves next month.",
    "- Task: classification of `No`, `Yes` for `Churn`",
    `- Format: onnx, 1,234,567 bytes, digest \`${"d".repeat(64)}\``,
    "- Registered: 2026-11-21T10:00:00.000Z by Mai\\_N",
    "- Aliases: `champion` in prod",
    "| auc | 0.846 | 0.821 to 0.869 at 95 % (delong-logit) |",
    "| accuracy | 0.800 |  |",
    "| No | 900 | 100 |",
    "| `tenure` | integer | no | 0 to 72 |",
    "| `a\\|b` | string | yes | x, y |",
    `- \`rows\`: \`customers\` version \`${"b".repeat(64)}\``,
    "- Pipeline run: `churn 7`",
    `- Code: commit \`${"c".repeat(40)}\`, branch \`main\``,
    "- Config: `trees = 500`",
  ])
    expect(card.split("\n")).toContain(line);
});

it("leaves out what is not known", () => {
  const bare = renderModelCard({
    ...version,
    description: "",
    report: null,
    run: null,
    pipelineRun: null,
    record: RunRecord.parse({}),
    aliases: [],
  });
  expect(bare).toContain("It was registered without an evaluation.");
  expect(bare).not.toContain("## How it was made");
  expect(bare).not.toContain("## Data it was made from");
  expect(bare).not.toContain("\n\n\n");
});

it("R1/card tells which version a refit repeats and what gates found", () => {
  const card = renderModelCard({ ...version, refitOf: 2 }, [
    {
      version: 2,
      champion: 1,
      dataset: "newest",
      datasetVersion: "9".repeat(64),
      rows: 1_200,
      passed: true,
      summary: "auc 0.881 against 0.795",
      environment: "prod",
    },
    {
      version: 3,
      champion: null,
      dataset: "newest",
      datasetVersion: "9".repeat(64),
      rows: 20,
      passed: false,
      summary: "20 rows were judged",
      environment: "prod",
    },
  ]);
  for (const line of [
    "- Refit of version 2, which was judged: the same training on more rows",
    "## How it was judged",
    "- Version 2 against version 1 on 1,200 rows of `newest@999999` in prod: passed; auc 0.881 against 0.795",
    "- Version 3 on its own on 20 rows of `newest@999999` in prod: refused; 20 rows were judged",
  ])
    expect(card.split("\n")).toContain(line);
});
