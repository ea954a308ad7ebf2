import { execFileSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { mkdir } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import type { PipelineDefinition, PipelineRun, PipelineRunEvent, StepDefinition } from "@causeway/contract";
import { pino } from "pino";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { testDatabase } from "../testing/database.ts";
import { composeLifecycle, composePlatform } from "./compose.ts";
import { SYSTEM_SCOPE, systemCall } from "./platform/access/index.ts";
import { listProcesses, readVariables } from "./platform/processes/proc-table.ts";
import { createWorkerRole } from "./worker.ts";

const { database } = await testDatabase();
const dataDir = mkdtempSync(join(tmpdir(), "causeway-worker-"));
const log = pino({ level: process.env["CAUSEWAY_TEST_LOG"] ?? "silent" });
const foundation = { database, dataDir, log, now: () => new Date(), newId: randomUUID };
const { pipelines } = composeLifecycle(composePlatform(foundation));
const call = systemCall(SYSTEM_SCOPE, "test");
const ZERO = "0".repeat(64);

type Role = Awaited<ReturnType<typeof createWorkerRole>>;
const roles: Role[] = [];

async function startWorker(): Promise<Role> {
  const role = await createWorkerRole({
    ...foundation,
    concurrency: 4,
    controlUrl: null,
    variables: { PATH: process.env["PATH"] ?? "", HOME: process.env["HOME"] ?? "" },
  });
  roles.push(role);
  await role.start();
  return role;
}

afterEach(async () => {
  await Promise.all(roles.splice(0).map((role) => role.stop()));
});
afterAll(() => rmSync(dataDir, { recursive: true, force: true }));

type Files = Record<string, string>;

function pack(files: Files): string {
  const folder = mkdtempSync(join(tmpdir(), "causeway-bundle-"));
  for (const [path, text] of Object.entries(files)) {
    execFileSync("mkdir", ["-p", dirname(join(folder, path))]);
    writeFileSync(join(folder, path), text);
  }
  const archive = `${folder}.tgz`;
  execFileSync("tar", ["-czf", archive, "-C", folder, ...Object.keys(files)]);
  rmSync(folder, { recursive: true });
  return archive;
}

function shell(name: string, command: string, more: Partial<StepDefinition> = {}): StepDefinition {
  return {
    name,
    work: { kind: "shell", command },
    code: createHash("sha256").update(command).digest("hex"),
    lock: null,
    inputs: {},
    params: {},
    paramsSchema: {},
    outputs: {},
    resources: {},
    retries: 0,
    timeoutMs: null,
    cache: true,
    ...more,
  };
}

async function deploy(
  definition: Partial<PipelineDefinition> & { steps: StepDefinition[] },
  files: Files = {},
) {
  const name = definition.name ?? `p-${randomUUID().slice(0, 8)}`;
  const archive = pack({ "pipeline.mjs": "export default undefined;\n", [`${name}.txt`]: name, ...files });
  const { digest } = await pipelines.uploadBundle({}, call, createReadStream(archive));
  rmSync(archive);
  return pipelines.deploy(
    {
      pipeline: name,
      bundle: digest,
      definition: { paramsSchema: {}, datasetParams: [], ...definition, name },
    },
    call,
  );
}

async function follow(run: PipelineRun): Promise<{ run: PipelineRun; events: PipelineRunEvent[] }> {
  const events: PipelineRunEvent[] = [];
  const signal = AbortSignal.timeout(30_000);
  for await (const event of pipelines.followRun({ ...run, after: 0 }, { ...call, signal }))
    events.push(event);
  return { run: await pipelines.getRun(run, call), events };
}

const start = (pipeline: string, more: object = {}) =>
  pipelines.startRun({ pipeline, params: {}, fresh: false, ...more }, call);

const stepOf = (run: PipelineRun, name: string) => run.steps.find((step) => step.name === name)!;

const from = (step: string, output: string, kind: "file" | "report" | "table" = "file") =>
  ({ port: { kind }, source: { from: "step", step, output } }) as const;

/** A shell step writes to the path that the order names. */
const OUT = (name: string) =>
  `"$(python3 -c "import json,os;print(json.load(open(os.environ['CAUSEWAY_STEP']))['outputs']['${name}'])")"`;
const IN = (name: string) =>
  `"$(python3 -c "import json,os;print(json.load(open(os.environ['CAUSEWAY_STEP']))['inputs']['${name}']['paths'][0])")"`;

describe("steps", () => {
  it("P1/shell passes files from step to step and keeps the logs", async () => {
    await startWorker();
    const { pipeline } = await deploy({
      steps: [
        shell("write", `echo hello > ${OUT("text")}; echo said; echo warned >&2`, {
          outputs: { text: { kind: "file" } },
        }),
        shell("read", `tr a-z A-Z < ${IN("text")} > ${OUT("loud")}`, {
          inputs: { text: from("write", "text") },
          outputs: { loud: { kind: "file" } },
        }),
      ],
    });
    const { run, events } = await follow(await start(pipeline));
    expect(run).toMatchObject({ state: "succeeded", problem: null });
    const { stream } = await pipelines.downloadOutput({ ...run, step: "read", output: "loud" }, call);
    expect((await stream.toArray()).join("")).toBe("HELLO\n");
    const logs = await pipelines.listLogs({ ...run, limit: 100 }, call);
    expect(logs.items.map(({ step, stream: from_, text }) => [step, from_, text])).toEqual(
      expect.arrayContaining([
        ["write", "stdout", "said"],
        ["write", "stderr", "warned"],
      ]),
    );
    expect(events.filter((event) => event.kind === "log").map(({ text }) => text)).toContain("write | said");
    expect(events.at(-1)).toMatchObject({ kind: "run", run: { state: "succeeded" } });
    expect(stepOf(run, "write").attempts[0]).toMatchObject({ number: 1, state: "succeeded", exitCode: 0 });
    expect(stepOf(run, "write").attempts[0]?.usage?.peakMemoryBytes).toBeGreaterThanOrEqual(0);
    expect(readdirSync(join(dataDir, "scratch"))).toEqual([]);
  });

  it("P1/typescript runs a function of the bundle with its inputs and params", async () => {
    await startWorker();
    const module = `
      import { pipeline, report, step, z } from "causeway-ml";
      const double = step("double", {
        params: { value: z.number().transform((value) => value * 10) },
        output: { result: report() },
        async run({ value }, { log, summarize, folder, signal }) {
          log({ half: value / 2, nothing: NaN }, 3);
          summarize("doubled " + value);
          console.log("working in", folder, signal.aborted);
          return { result: { twice: value * 2 } };
        },
      });
      export default pipeline("functions", { steps: () => double({ value: 2 }) });
    `;
    const { pipeline } = await deploy(
      {
        steps: [
          shell("double", "", {
            work: { kind: "function" },
            params: { value: { from: "value", value: 2 } },
            paramsSchema: { type: "object", properties: { value: { type: "number" } }, required: ["value"] },
            outputs: { result: { kind: "report" } },
          }),
        ],
      },
      { "pipeline.mjs": module },
    );
    const { run } = await follow(await start(pipeline));
    expect(run.problem).toBeNull();
    expect(stepOf(run, "double")).toMatchObject({ state: "succeeded", summary: "doubled 20" });
    const { stream } = await pipelines.downloadOutput({ ...run, step: "double", output: "result" }, call);
    expect(JSON.parse((await stream.toArray()).join(""))).toEqual({ twice: 40 });
  });

  it("P1/python runs a script that reads its order and measures", async () => {
    await startWorker();
    const script = `
from causeway import step
import helper
step.log(auc=0.75, loss=float("nan"))
step.save("result", {"trees": step.params["trees"], "help": helper.word})
print("trained")
`;
    const { pipeline } = await deploy(
      {
        steps: [
          shell("train", "", {
            work: { kind: "python", script: "train.py", lock: null },
            params: { trees: { from: "value", value: 7 } },
            paramsSchema: { type: "object", properties: { trees: { type: "integer" } } },
            outputs: { result: { kind: "report" } },
          }),
        ],
      },
      { "train.py": script, "helper.py": "word = 'yes'\n" },
    );
    const { run } = await follow(await start(pipeline));
    expect(run.problem).toBeNull();
    expect(stepOf(run, "train")).toMatchObject({ state: "succeeded", summary: "auc 0.75, loss NaN" });
    const { stream } = await pipelines.downloadOutput({ ...run, step: "train", output: "result" }, call);
    expect(JSON.parse((await stream.toArray()).join(""))).toEqual({ trees: 7, help: "yes" });
  });
});
