import { spawn } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { text } from "node:stream/consumers";
import { Prediction } from "@causeway/contract";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { CHURN_SIGNATURE } from "../testing/deployments.ts";
import { classifierModel } from "../testing/onnx-bytes.ts";
import { PROGRAM } from "../testing/running-gateway.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "score-"));
  await writeFile(join(folder, "model.onnx"), classifierModel());
  await writeFile(join(folder, "bad.onnx"), "not a model");
  await writeFile(join(folder, "signature.json"), JSON.stringify(CHURN_SIGNATURE));
});
afterAll(() => rm(folder, { recursive: true }));

async function program(args: string[], input = "") {
  const child = spawn(process.execPath, [PROGRAM, ...args], { cwd: folder });
  child.stdin.on("error", () => undefined);
  child.stdin.end(input);
  const ended = new Promise<number | null>((resolve) => child.once("close", resolve));
  const [out, error] = await Promise.all([text(child.stdout), text(child.stderr)]);
  return { out, error, code: await ended };
}

const score = ["score", "--format", "onnx", "--model", "model.onnx", "--signature", "signature.json"];

describe("score", () => {
  it("answers a line for each record, in order, as serving does", async () => {
    const records = Array.from({ length: 1500 }, (_, index) => ({ x0: index - 750, x1: 0 }));
    const { out, code } = await program(score, records.map((record) => JSON.stringify(record)).join("\n"));
    expect(code).toBe(0);
    const predictions = out
      .trim()
      .split("\n")
      .map((line) => Prediction.parse(JSON.parse(line)));
    expect(predictions).toHaveLength(records.length);
    expect(predictions.map((prediction) => prediction.value)).toEqual(
      records.map(({ x0 }) => (x0 > 0 ? "Yes" : "No")),
    );
  });

  it("names the line and the field of a wrong record", async () => {
    const { error, code } = await program(score, '{"x0": 1, "x1": 0}\n{"x0": "a", "x1": 0}\n');
    expect(code).toBe(1);
    expect(JSON.parse(error)).toMatchObject({
      code: "INVALID_FIELD",
      detail: 'line 2: x0: expected double, got "a"',
      field: "x0",
    });
  });

  it("names the line that is no JSON", async () => {
    const { error } = await program(score, "{\n");
    expect(JSON.parse(error)).toMatchObject({ code: "BAD_DATA", detail: "line 1 is not JSON" });
  });
});

describe("inspect", () => {
  it("gives what the file says of itself", async () => {
    const { out, code } = await program(["inspect", "--format", "onnx", "--model", "model.onnx"]);
    expect(code).toBe(0);
    expect(JSON.parse(out)).toMatchObject({
      format: "onnx",
      inputs: [{ name: "x", shape: [-1, 2] }],
      labels: ["No", "Yes"],
    });
  });

  it.each([
    ["bad.onnx", "BAD_MODEL"],
    ["missing.onnx", "NOT_FOUND"],
  ])("refuses %s with %s", async (file, expected) => {
    const { error, code } = await program(["inspect", "--format", "onnx", "--model", file]);
    expect([code, JSON.parse(error).code]).toEqual([1, expected]);
  });
});
