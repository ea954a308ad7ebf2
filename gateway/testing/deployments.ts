import { createHash } from "node:crypto";
import type { DesiredDeployment, GoldenRow, Signature } from "@causeway/contract";
import { onnx } from "../src/runtimes/onnx.ts";
import type { FakeControl } from "./fake-control.ts";
import { loadModelBytes } from "./load-bytes.ts";
import { classifierModel, echoModel, sumModel } from "./onnx-bytes.ts";
import { column, signature } from "./signatures.ts";

/** sha256 of a key's text, as control sends it. */
export function keyDigest(key: string): string {
  return createHash("sha256").update(key).digest("hex");
}

export const CHURN_SIGNATURE = signature([column("x0", "double"), column("x1", "double")], {
  task: "classification",
  classes: ["No", "Yes"],
});

type More = Partial<DesiredDeployment> & { bytes?: Buffer };

/** A deployment of an ONNX file. */
export function desiredOf(
  control: FakeControl,
  of: { name: string; signature: Signature; bytes: Buffer } & More,
): DesiredDeployment {
  const { bytes, ...more } = of;
  const file = control.addFile("model.onnx", bytes);
  return {
    project: "default",
    environment: "dev",
    revision: 1,
    model: "churn",
    version: 1,
    digest: file.digest,
    format: "onnx",
    files: [file],
    golden: [],
    pythonEnvironment: null,
    key: null,
    keys: [keyDigest("key")],
    ...more,
  };
}

/** The classifier of two columns under the name `churn`; `weight` changes its scores, and its version goes by it. */
export function churn(control: FakeControl, more: More & { weight?: number } = {}): DesiredDeployment {
  const { weight = 1, ...rest } = more;
  const bytes = classifierModel({ weight });
  return desiredOf(control, { name: "churn", signature: CHURN_SIGNATURE, bytes, ...rest });
}

/** Rows with what the classifier answers to them. */
export async function churnGolden(weight: number, values: readonly number[]): Promise<GoldenRow[]> {
  const { model, predict } = await loadModelBytes(onnx, classifierModel({ weight }), CHURN_SIGNATURE);
  const predictions = await predict(values.map((x0) => [x0, 0]));
  await model.release();
  return predictions.map((prediction, index) => ({ record: { x0: values[index] ?? 0, x1: 0 }, prediction }));
}

/** A model that adds its columns a and b. */
export function sum(control: FakeControl, more: More = {}): DesiredDeployment {
  const inputs = [column("a", "double"), column("b", "integer", { nullable: true })];
  return desiredOf(control, {
    name: "sum",
    model: "sum",
    signature: signature(inputs, { task: "regression" }),
    bytes: sumModel(),
    ...more,
  });
}

/** A model that gives back its one column `v`. */
export function echo(
  control: FakeControl,
  type: "int64" | "string" | "bool",
  more: More = {},
): DesiredDeployment {
  const field = { int64: "integer", string: "string", bool: "boolean" } as const;
  const categories = type === "string" ? ["red", "blue"] : null;
  return desiredOf(control, {
    name: `echo-${type}`,
    model: "echo",
    signature: signature([column("v", field[type], { categories })]),
    bytes: echoModel(type),
    ...more,
  });
}
