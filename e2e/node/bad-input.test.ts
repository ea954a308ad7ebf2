import { once } from "node:events";
import { createWriteStream } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { request } from "node:http";
import { join } from "node:path";
import { afterAll, beforeAll, expect, it } from "vitest";
import { ROOT, type Running, removeFolder, startCauseway, temporaryFolder } from "../src/causeway.ts";

let running: Running;
let folder: string;

beforeAll(async () => {
  folder = await temporaryFolder();
  running = await startCauseway();
});

afterAll(async () => {
  await running.stop();
  await removeFolder(running.dataDir);
  await removeFolder(folder);
});

async function fileOf(name: string, content: string | Uint8Array): Promise<string> {
  const path = join(folder, name);
  await writeFile(path, content);
  return path;
}

/** Tables that cannot be read as they are, and what the refusal must say. */
const TABLES: [what: string, file: string, content: string | Uint8Array, says: RegExp][] = [
  ["an empty file", "empty.csv", "", /empty/i],
  ["a header without rows", "header.csv", "a,b\n", /no rows|header/i],
  ["a wrong delimiter", "semicolon.csv", "a;b;c\n1;2;3\n4;5;6\n", /;/],
  ["text that is not UTF-8", "latin.csv", Buffer.from([97, 44, 98, 10, 233, 44, 49, 10]), /UTF-8/],
  [
    "duplicate column names",
    "twice.csv",
    "a,b,a\n1,2,3\n",
    /"?a"?.*(twice|duplicate|more than once)|(twice|duplicate|more than once).*"?a"?/i,
  ],
  ["a row of another length", "ragged.csv", "a,b\n1,2\n3\n4,5\n", /line 3|3/],
  ["what is not Parquet", "not.parquet", "a,b\n1,2\n", /parquet/i],
  ["what is not JSON", "not.jsonl", '{"a": 1}\n{"a": \n', /line 2|2/],
];

for (const [what, file, content, says] of TABLES) {
  it(`refuses ${what} and leaves nothing behind`, async () => {
    const path = await fileOf(file, content);
    const args = file === "semicolon.csv" ? ["--delimiter", ","] : [];
    const refused = await running.cli("data", "import", "bad", path, ...args);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toMatch(says);
    expect(refused.stderr).toContain(file);
    expect((await running.cli("data", "show", "bad")).code).toBe(1);
  });
}

it("refuses a line of 100 MB without taking its memory", { timeout: 120_000 }, async () => {
  const path = join(folder, "long.csv");
  const stream = createWriteStream(path);
  stream.write("a,b\n1,");
  const chunk = Buffer.alloc(1_000_000, 120);
  for (let count = 0; count < 100; count += 1) if (!stream.write(chunk)) await once(stream, "drain");
  stream.end("\n");
  await once(stream, "finish");
  const refused = await running.cli("data", "import", "bad", path);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/line/);
});

it("D1/bad-row names file, line, column, value and reason, or sets the row aside when asked", async () => {
  const path = await fileOf(
    "mistyped.csv",
    `id,age\n${Array.from({ length: 50 }, (_, i) => `${i},${i + 20}`).join("\n")}\n50,old\n`,
  );
  const refused = await running.cli("data", "import", "ages", path, "--column", "age=integer");
  expect(refused.code).toBe(1);
  for (const part of ["mistyped.csv", "52", "age", "old"]) expect(refused.stderr).toContain(part);
  const kept = await running.cli(
    "data",
    "import",
    "ages",
    path,
    "--column",
    "age=integer",
    "--on-bad-row",
    "quarantine",
  );
  expect(kept.code).toBe(0);
  const aside = await running.cli("data", "quarantine", "ages");
  expect(aside.stdout).toContain("old");
});

it("P1/cycle refuses a pipeline with a cycle before anything runs", async () => {
  const path = await fileOf(
    "cycle.pipeline.ts",
    `import { pipeline, step, file } from "causeway-ml";
const a = step("a", { input: { x: file() }, output: { y: file() }, async run() {} });
export default pipeline("cycle", { steps() {
  const later: any = {};
  const one: any = a({ x: later });
  later.y = one.y;
} });
`,
  );
  const refused = await running.cli("pipelines", "run", path);
  expect(refused.code).toBe(1);
  expect(refused.stderr).toMatch(/a\.x/);
  expect((await running.client.pipelines.listPipelines()).items).toEqual([]);
});

it("P2/disk kills a step that passes its disk limit and says so", { timeout: 120_000 }, async () => {
  const path = await fileOf(
    "greedy.pipeline.ts",
    `import { pipeline, shell, file } from "causeway-ml";
const greedy = shell("greedy", {
  command: "i=0; while [ $i -lt 200 ]; do head -c 1000000 /dev/zero >> big; i=$((i+1)); sleep 0.05; done",
  output: { out: file() },
  resources: { disk: "10 MB" },
});
export default pipeline("greedy", { steps() { greedy({}); } });
`,
  );
  const failed = await running.cli("pipelines", "run", path);
  expect(failed.code).toBe(1);
  expect(failed.stdout + failed.stderr).toMatch(/disk/i);
});

it("refuses to register a file that is not a model", async () => {
  const { client } = running;
  const run = await client.experiments.startRun({ experiment: "bad", name: "not a model" });
  await client.experiments.uploadArtifact({ run: run.id, path: "model.onnx" }, new Blob(["this is text"]));
  const registering = client.registry.register({
    model: "bad",
    run: run.id,
    path: "model.onnx",
    format: "onnx",
    signature: { task: "other", target: null, classes: [], inputs: [] },
  });
  await expect(registering).rejects.toMatchObject({ code: "BAD_MODEL" });
  expect((await client.registry.listModels()).items).toEqual([]);
});

it("X3/deny answers 401 to a wrong token and 403 to a foreign host", async () => {
  const wrong = await fetch(`${running.url}/api/data/datasets`, {
    headers: { authorization: "Bearer wrong" },
  });
  expect(wrong.status).toBe(401);
  expect(await wrong.json()).toMatchObject({ code: "UNAUTHENTICATED" });
  for (const url of [`${running.url}/api/data/datasets`, `${running.gatewayUrl}/v2/models/churn`]) {
    expect(await statusWithHost(url, "evil.example")).toBe(403);
  }
});

function statusWithHost(url: string, host: string): Promise<number | undefined> {
  return new Promise((resolve, reject) => {
    const asked = request(url, { headers: { host }, setHost: false }, (response) => {
      response.resume();
      resolve(response.statusCode);
    });
    asked.on("error", reject);
    asked.end();
  });
}

it("O1/validation names missing, extra and mistyped fields, all at once", { timeout: 120_000 }, async () => {
  const { client } = running;
  await client.data.importFile("customers", join(ROOT, "examples", "churn", "customers.csv"), {
    key: "customerID",
  });
  const trained = await running.cli("pipelines", "run", join(ROOT, "examples", "churn", "churn.pipeline.ts"));
  expect(trained.stderr).not.toContain("error");
  expect((await running.cli("deployments", "create", "churn", "--serve", "churn@1")).code).toBe(0);
  const { example } = await client.deployments.getDeployment({ deployment: "churn" });
  const { tenure: _, ...rest } = example ?? {};
  const wrong = client.deployments.predict("churn", { ...rest, MonthlyCharges: "a lot", colour: "red" });
  const error = await wrong.then(
    () => undefined,
    (refusal: Error) => refusal,
  );
  for (const part of ["tenure", "MonthlyCharges", "colour"])
    expect(JSON.stringify(error) + error?.message).toContain(part);
});

it("leaves no half-written file in the artifact store", async () => {
  await mkdir(join(running.dataDir, "artifacts"), { recursive: true });
  const { readdir } = await import("node:fs/promises");
  const files = await readdir(join(running.dataDir, "artifacts"), { recursive: true });
  expect(files.filter((file) => /\.(new|part|tmp|partial)$/.test(file))).toEqual([]);
});
