import type { NodeClient } from "@causeway/sdk";

/** Ids of the runs that the pages of experiments are looked at with. */
export type ExperimentsWorld = {
  /** A hundred runs of 10,000 points each. */
  sweep: string[];
  /** A run with three others inside it. */
  parent: string;
  children: string[];
  /** A run with a file of every kind that can be looked at. */
  filed: string;
};

const RUNS = 100;
const POINTS = 10_000;
const START = Date.parse("2026-11-20T08:00:00.000Z");

/** Fills a Causeway with runs: a sweep, nested ones, and one with files. */
export async function fillExperiments(client: NodeClient): Promise<ExperimentsWorld> {
  const sweep: string[] = [];
  for (let number = 0; number < RUNS; number += 1) sweep.push(await sweepRun(client, number));
  const parent = await plainRun(client, { experiment: "nested", name: "search over depth" });
  const children: string[] = [];
  for (const depth of [2, 4, 8]) {
    children.push(
      await plainRun(client, {
        experiment: "nested",
        name: `depth ${depth}`,
        tags: { "mlflow.parentRunId": parent },
        params: { depth: String(depth) },
      }),
    );
  }
  const filed = await plainRun(client, { experiment: "files", name: "with files", params: { depth: "6" } });
  for (const [path, bytes] of FILES) {
    await client.experiments.uploadArtifact({ run: filed, path }, new Blob([bytes]));
  }
  await client.experiments.log({
    run: filed,
    metrics: Array.from({ length: 20 }, (_, step) => [
      { name: "valid.auc", value: 0.7 + step / 100, step },
      { name: "system/cpu_utilization_percentage", value: 40 + (step % 7) * 5, step },
      { name: "system/gpu_0_memory_usage_megabytes", value: 2_000 + step * 10, step },
    ])
      .flat()
      .map((point) => ({ ...point, occurredAt: new Date(START + point.step * 10_000).toISOString() })),
  });
  return { sweep, parent, children, filed };
}

/** One of the sweep: its curve rises to where its params let it. */
async function sweepRun(client: NodeClient, number: number): Promise<string> {
  const rate = [0.3, 0.1, 0.03, 0.01][number % 4] ?? 0.1;
  const depth = [2, 4, 6, 8][Math.floor(number / 4) % 4] ?? 4;
  const booster = number % 3 === 0 ? "dart" : "gbtree";
  const { id } = await client.experiments.startRun({
    experiment: "sweep",
    name: `trial ${String(number).padStart(3, "0")}`,
    tags: { team: number % 2 === 0 ? "pricing" : "risk" },
    startedAt: new Date(START + number * 60_000).toISOString(),
  });
  const top = 0.8 + depth / 100 - Math.abs(Math.log10(rate) + 1.2) / 50;
  const noise = (step: number) => Math.sin(step * 0.37 + number) * 0.004;
  await client.experiments.log({
    run: id,
    params: { rate: String(rate), depth: String(depth), booster, seed: "7" },
    metrics: Array.from({ length: POINTS }, (_, step) => ({
      name: "valid.auc",
      value: top - 0.3 * Math.exp((-step * rate) / 200) + noise(step),
      step,
      occurredAt: new Date(START + number * 60_000 + step * 5).toISOString(),
    })),
  });
  await client.experiments.log({
    run: id,
    metrics: Array.from({ length: 200 }, (_, step) => ({
      name: "valid.loss",
      value: 0.7 - (top - 0.5) * (1 - Math.exp(-step / 40)) + noise(step * 50),
      step: step * 50,
    })),
  });
  await client.experiments.endRun({
    run: id,
    state: number % 17 === 5 ? "failed" : "finished",
    endedAt: new Date(START + number * 60_000 + 50_000).toISOString(),
  });
  return id;
}

async function plainRun(
  client: NodeClient,
  {
    experiment,
    name,
    tags = {},
    params = {},
  }: { experiment: string; name: string; tags?: Record<string, string>; params?: Record<string, string> },
): Promise<string> {
  const { id } = await client.experiments.startRun({ experiment, name, tags });
  await client.experiments.log({
    run: id,
    params,
    metrics: [{ name: "valid.auc", value: 0.7, occurredAt: new Date(START).toISOString() }],
  });
  await client.experiments.endRun({ run: id });
  return id;
}

/** One red pixel. */
const PNG = Uint8Array.from(
  atob("iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mP8z8BQDwAEhQGAhKmMIQAAAABJRU5ErkJggg=="),
  (letter) => letter.charCodeAt(0),
);

/** A page that tries to reach what a sandbox keeps from it. */
const HTML = `<!doctype html><title>report</title><h1 id="told">report</h1>
<script>
  try { document.getElementById("told").textContent = "cookie " + document.cookie; }
  catch { document.getElementById("told").textContent = "kept out"; }
</script>`;

const MLMODEL = `artifact_path: model
flavors:
  python_function:
    loader_module: mlflow.sklearn
signature:
  inputs: '[{"type": "double", "name": "sepal length (cm)", "required": true}, {"type":
    "double", "name": "sepal width (cm)", "required": false}]'
  outputs: '[{"type": "tensor", "tensor-spec": {"dtype": "int64", "shape": [-1]}}]'
  params: null
utc_time_created: '2026-11-20 08:00:00.000000'
`;

const FILES: readonly (readonly [path: string, content: string | Uint8Array<ArrayBuffer>])[] = [
  ["plots/confusion.png", PNG],
  ["report.html", HTML],
  ["notes.md", "# What was tried\n\n- depth **6**\n- `rate` 0.1\n"],
  ["rows.csv", `name,auc\n"a, b",0.81\n${"x,0.5\n".repeat(300)}`],
  ["table.json", JSON.stringify({ columns: ["question", "answer"], data: [["why", "because"]] })],
  ["config.json", JSON.stringify({ model: { depth: 6, layers: [64, 32] } })],
  ["train.py", "import mlflow\n\n# trains\ndef train(depth):\n    return depth * 2\n"],
  ["model/MLmodel", MLMODEL],
  ["model/model.pkl", "\u0080\u0004."],
  ["empty.txt", ""],
  ["long.log", "a line of the log\n".repeat(40_000)],
];
