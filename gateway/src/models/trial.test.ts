import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { GoldenRow } from "@causeway/contract";
import { afterAll, beforeAll, expect, it } from "vitest";
import { CHURN_SIGNATURE, churnGolden } from "../../testing/deployments.ts";
import { classifierModel } from "../../testing/onnx-bytes.ts";
import { PROGRAM } from "../../testing/running-gateway.ts";
import { createTrials } from "./trial.ts";

let folder = "";
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "trial-"));
  await writeFile(join(folder, "m.onnx"), classifierModel());
});
afterAll(() => rm(folder, { recursive: true }));

const source = (golden: GoldenRow[] = []) => ({
  format: "onnx" as const,
  path: join(folder, "m.onnx"),
  signature: CHURN_SIGNATURE,
  golden,
});

it("measures a model in another process, and refuses one that differs from its golden rows", async () => {
  const trials = createTrials([process.execPath, PROGRAM, "trial"]);
  const [facts, refused, again] = await Promise.allSettled([
    trials.run(source(await churnGolden(1, [2]))),
    trials.run(source(await churnGolden(3, [2]))),
    trials.run(source()),
  ]);
  trials.close();
  expect(facts).toMatchObject({ status: "fulfilled", value: { golden: { equal: 1, rows: 1 } } });
  expect(refused).toMatchObject({ status: "rejected", reason: { code: "GOLDEN_MISMATCH" } });
  expect(again.status).toBe("fulfilled");
}, 60_000);

it("calls a model bad that takes its process down, and tries the next in a new one", async () => {
  // Stands for a runtime that crashes on its file: it dies on the first line and answers the rest.
  const crash = `const fs = require("node:fs"); const seen = ${JSON.stringify(join("FOLDER", "seen"))};
    process.stdin.once("data", () => {
      if (!fs.existsSync(seen)) { fs.writeFileSync(seen, ""); process.kill(process.pid, "SIGSEGV"); }
      else console.log(JSON.stringify({ facts: { rowMs: 1 } }));
    });`.replace("FOLDER", folder);
  const trials = createTrials([process.execPath, "-e", crash]);
  await expect(trials.run(source())).rejects.toMatchObject({
    code: "BAD_MODEL",
    message: expect.stringMatching(/ended the process/),
  });
  await expect(trials.run(source())).resolves.toEqual({ rowMs: 1 });
  trials.close();
});
