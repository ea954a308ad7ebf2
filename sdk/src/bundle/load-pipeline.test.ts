import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { loadPipeline } from "./load-pipeline.ts";

const run = promisify(execFile);
let root: string;
let folder: string;

const FILE = `
import { dataset, model, pipeline, python, report, shell, step, z } from "causeway-ml";
import { evaluate, register } from "causeway-ml/steps";
import { shareOf } from "./share.ts";

const split = step("split", {
  input: { customers: dataset() },
  params: { testShare: z.number().min(0).max(0.5).default(shareOf()) },
  output: { train: dataset(), test: dataset() },
  run: ({ customers, testShare }, { data }) =>
    data.splitByHash(customers, { key: "customerID", shares: { train: 1 - testShare, test: testShare } }),
});
const train = python("train", {
  script: "train.py", lock: "locks/train.lock", files: ["features.py"],
  input: { rows: dataset() },
  params: { trees: z.int().positive().default(300) },
  output: { model: model("onnx") },
  resources: { cpu: 2, memory: "2 GiB", disk: "500 MB" }, retries: 1, timeout: "30 min",
});
export default pipeline("churn", {
  params: { customers: dataset("customers@latest"), trees: z.int().default(300), label: z.string() },
  steps({ customers, trees, label }) {
    const { train: rows, test } = split({ customers });
    const { model } = train({ rows, trees });
    register({ name: "churn", model, report: evaluate({ model, rows: test, target: label }) });
  },
});
`;

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), "causeway-load-"));
  folder = join(root, "churn");
  await mkdir(folder);
  await writeFile(join(folder, "churn.pipeline.ts"), FILE);
  await writeFile(join(folder, "share.ts"), "export const shareOf = (): number => 0.2;\n");
  await writeFile(join(folder, "train.py"), "print('train')\n");
  await writeFile(join(folder, "features.py"), "FEATURES = []\n");
  await mkdir(join(folder, "locks"));
  await writeFile(join(folder, "locks/train.lock"), "scikit-learn==1.8.0\n");
});
afterAll(() => rm(root, { recursive: true, force: true }));

const variant = async (name: string, change: (folder: string) => Promise<void>): Promise<string> => {
  const copy = join(root, name);
  await cp(folder, copy, { recursive: true });
  await change(copy);
  return join(copy, "churn.pipeline.ts");
};

async function definitionOf(text: string) {
  const file = join(folder, `case-${Math.random().toString(36).slice(2)}.pipeline.ts`);
  await writeFile(
    file,
    `import { dataset, pipeline, python, shell, step, table, z } from "causeway-ml";\n${text}`,
  );
  try {
    return await loadPipeline(file);
  } finally {
    await rm(file);
  }
}

describe("loadPipeline", () => {
  it("gives the definition of a file", async () => {
    const { definition } = await loadPipeline(join(folder, "churn.pipeline.ts"));
    expect(definition).toMatchObject({
      name: "churn",
      datasetParams: ["customers"],
      paramsSchema: {
        properties: {
          customers: { type: "string", default: "customers@latest" },
          trees: { type: "integer", default: 300 },
          label: { type: "string" },
        },
        required: ["label"],
      },
    });
    expect(definition.steps.map(({ name, work }) => [name, work.kind])).toEqual([
      ["split", "function"],
      ["train", "python"],
      ["evaluate", "library"],
      ["register", "library"],
    ]);
    expect(definition.steps[1]).toMatchObject({
      work: { script: "train.py", lock: "locks/train.lock" },
      resources: { cpu: 2, memoryBytes: 2 * 2 ** 30, diskBytes: 500e6 },
      retries: 1,
      timeoutMs: 1_800_000,
      params: { trees: { from: "param", param: "trees" } },
    });
  });

  it("P10/bundle packs code, scripts and locks, whatever the folder is called", async () => {
    const loaded = await loadPipeline(join(folder, "churn.pipeline.ts"));
    const again = await loadPipeline(await variant("elsewhere", async () => {}));
    expect(again.digest).toBe(loaded.digest);
    expect(again.bundle).toEqual(loaded.bundle);

    const unpacked = join(root, "unpacked");
    await mkdir(unpacked);
    await writeFile(join(root, "bundle.tgz"), loaded.bundle);
    await run("tar", ["-xzf", join(root, "bundle.tgz"), "-C", unpacked]);
    expect((await readdir(unpacked, { recursive: true })).toSorted()).toEqual([
      "features.py",
      "locks",
      "locks/train.lock",
      "pipeline.mjs",
      "train.py",
    ]);
  });

  it.each([
    ["train.py", "train"],
    ["features.py", "train"],
    ["share.ts", "split"],
  ])("P10/digest a change of %s changes the code of %s", async (changed, stepName) => {
    const before = await loadPipeline(join(folder, "churn.pipeline.ts"));
    const after = await loadPipeline(
      await variant(`${changed}-changed`, async (copy) => {
        await writeFile(
          join(copy, changed),
          changed.endsWith(".py") ? "changed = 1\n" : "export const shareOf = () => 0.3;\n",
        );
      }),
    );
    expect(after.digest).not.toBe(before.digest);
    const differing = before.definition.steps.flatMap(({ name, code }, index) =>
      after.definition.steps[index]?.code === code ? [] : [name],
    );
    expect(differing).toEqual([stepName]);
  });

  it("keeps the lock's digest apart from the code's", async () => {
    const before = await loadPipeline(join(folder, "churn.pipeline.ts"));
    const after = await loadPipeline(
      await variant("lock-changed", (copy) =>
        writeFile(join(copy, "locks/train.lock"), "scikit-learn==1.8.1\n"),
      ),
    );
    expect(after.definition.steps[1]?.code).toBe(before.definition.steps[1]?.code);
    expect(after.definition.steps[1]?.lock).not.toBe(before.definition.steps[1]?.lock);
  });

  it.each([
    ["no default export", "export const other = 1;", "does not export a pipeline by default"],
    ["no steps", `export default pipeline("empty", { steps() {} });`, "has no steps"],
    ["a syntax error", "export default (", "cannot be bundled"],
    ["a missing import", `import { x } from "./nowhere.ts"; export default x;`, "cannot be bundled"],
    ["a failure while loading", `throw new Error("too early");`, "failed while it was loaded: too early"],
    [
      "a missing script",
      `const a = python("a", { script: "none.py" }); export default pipeline("p", { steps: () => a() });`,
      "none.py, which cannot be read",
    ],
    [
      "a script outside of the folder",
      `const a = python("a", { script: "../../etc/hosts" }); export default pipeline("p", { steps: () => a() });`,
      "outside of the pipeline's folder",
    ],
    [
      "a wrong edge in JavaScript",
      `const a = shell("a", { command: "true", output: { t: table() } });
       const b = shell("b", { command: "true", input: { rows: dataset() } });
       export default pipeline("p", { steps() { b({ rows: a().t as never }); } });`,
      "b.rows takes a dataset, but got a.t, a table",
    ],
    [
      "a wrong size",
      `const a = shell("a", { command: "true", resources: { disk: "lots" as never } });
       export default pipeline("p", { steps: () => a() });`,
      'a.resources.disk is "lots"',
    ],
    [
      "a bad name",
      `const a = shell("a", { command: "true" }); export default pipeline("No Good", { steps: () => a() });`,
      "lower-case",
    ],
    [
      "params that JSON cannot carry",
      `const a = shell("a", { command: "true", params: { f: z.date() } as never }); export default pipeline("p", { steps: () => a() });`,
      "cannot be written as JSON Schema",
    ],
  ])("refuses %s", async (_, text, message) => {
    await expect(definitionOf(text)).rejects.toMatchObject({
      code: "BAD_PIPELINE",
      message: expect.stringContaining(message),
    });
  });

  it("names a file that does not exist", async () => {
    await expect(loadPipeline(join(folder, "nowhere.ts"))).rejects.toMatchObject({ code: "NOT_FOUND" });
  });
});
