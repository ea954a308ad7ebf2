import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, describe, expect, it } from "vitest";
import { createStepMessageReader } from "./step-message.ts";
import type { StepOrder } from "./step-order.ts";

const MODULE = join(import.meta.dirname, "../../../../../python");
const folder = mkdtempSync(join(tmpdir(), "causeway-python-"));
afterAll(() => rmSync(folder, { recursive: true }));

const order: StepOrder = {
  run: "churn/3",
  step: "train",
  attempt: 2,
  params: { trees: 300 },
  inputs: {
    words: { kind: "file", digest: "0".repeat(64), paths: [join(folder, "words")], subject: "/api/x" },
    parts: { kind: "dataset", digest: "0".repeat(64), paths: ["a.parquet", "b.parquet"], subject: "/api/y" },
  },
  outputs: {
    facts: join(folder, "facts"),
    model: join(folder, "model"),
    rows: join(folder, "rows"),
    text: join(folder, "text"),
  },
  url: null,
  tokenFile: join(folder, "token"),
  experimentRun: "f".repeat(32),
  folder,
  work: { kind: "python", script: "train.py", lock: null },
  ports: {
    facts: { kind: "report" },
    model: { kind: "model" },
    rows: { kind: "dataset" },
    text: { kind: "file" },
  },
  bundle: folder,
};
writeFileSync(join(folder, "step.json"), JSON.stringify(order));
writeFileSync(join(folder, "words"), "some words\n");
writeFileSync(join(folder, "token"), "secret");

async function python(script: string, variables: Record<string, string> = {}) {
  const env = {
    PATH: process.env["PATH"] ?? "",
    PYTHONPATH: MODULE,
    PYTHONDONTWRITEBYTECODE: "1",
    CAUSEWAY_STEP: join(folder, "step.json"),
    ...variables,
  };
  return promisify(execFile)("python3", ["-c", script], { env });
}

describe("from causeway import step", () => {
  it("P1/python gives params, inputs and facts", async () => {
    const { stdout } = await python(`
from causeway import step
print(step.run, step.name, step.attempt, step.params["trees"], step.token)
print(step.path("words").read_text().strip(), len(step.paths("parts")), step.input("parts")["kind"])
`);
    expect(stdout).toBe("churn/3 train 2 300 secret\nsome words 2 dataset\n");
  });

  it("sends measurements through standard output, whatever the script did to it", async () => {
    const { stdout } = await python(`
import io, sys
from causeway import step
sys.stdout = io.StringIO()
step.log(auc=0.8, worst=float("-inf"), step=4)
step.log_params(depth=3, name="x", rate=0.5, kind=None)
step.summarize("auc 0.8")
`);
    expect(stdout.trim().split("\n").map(createStepMessageReader())).toEqual([
      { kind: "metrics", metrics: { auc: 0.8, worst: "-Infinity" }, step: 4 },
      { kind: "params", params: { depth: 3, name: "x", rate: 0.5, kind: "None" } },
      { kind: "summary", text: "auc 0.8" },
    ]);
  });

  it("saves JSON, bytes, models and text, and makes the folder of a dataset", async () => {
    await python(`
from causeway import step
class Model:
    def SerializeToString(self): return b"onnx"
class Number:
    def tolist(self): return 3
step.save("facts", {"auc": 0.8, "n": Number()})
step.save("model", Model())
step.save("text", "hello")
(step.out("rows") / "part.parquet").write_bytes(b"PAR1")
`);
    expect(JSON.parse(readFileSync(join(folder, "facts"), "utf8"))).toEqual({ auc: 0.8, n: 3 });
    expect(readFileSync(join(folder, "model"), "utf8")).toBe("onnx");
    expect(readFileSync(join(folder, "text"), "utf8")).toBe("hello");
    expect(readFileSync(join(folder, "rows/part.parquet"), "utf8")).toBe("PAR1");
  });

  it.each([
    ["an input that is not there", 'step.path("rows")', "train has no input 'rows'; it has parts, words"],
    [
      "an output that is not there",
      'step.out("other")',
      "train has no output 'other'; it has facts, model, rows, text",
    ],
    ["several files as one", 'step.path("parts")', "the input 'parts' has 2 files; use step.paths('parts')"],
    ["a value of the wrong form", 'step.save("model", 3)', "a int is not written as one"],
  ])("names %s", async (_, script, message) => {
    await expect(python(`from causeway import step\n${script}`)).rejects.toThrow(message);
  });

  it("says that a script does not run as a step, and can be imported even so", async () => {
    await python("import causeway", { CAUSEWAY_STEP: "" });
    await expect(python("from causeway import step", { CAUSEWAY_STEP: "" })).rejects.toThrow(
      "does not run as a step",
    );
  });
});
