import { execFile } from "node:child_process";
import { mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect, it } from "vitest";
import { sumModel } from "../testing/onnx-bytes.ts";
import { PROGRAM } from "../testing/running-gateway.ts";

const run = promisify(execFile);

it("tells nobody of the models it loads: the runtime's telemetry leaves no trace under HOME", async () => {
  const home = await mkdtemp(join(tmpdir(), "home-"));
  const model = join(home, "model.onnx");
  await writeFile(model, sumModel());
  const env = { PATH: process.env["PATH"], HOME: home };
  await run(process.execPath, [PROGRAM, "inspect", "--format", "onnx", "--model", model], { env });
  expect(await readdir(home)).toEqual(["model.onnx"]);
  await rm(home, { recursive: true });
});
