import { type ChildProcess, execFileSync, fork, spawnSync } from "node:child_process";
import { createHash, randomUUID } from "node:crypto";
import { once } from "node:events";
import {
  createReadStream,
  existsSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { Readable } from "node:stream";
import type { PipelineDefinition, PipelineRun, PipelineRunEvent, StepDefinition } from "@causeway/contract";
import { pino } from "pino";
import { afterAll, afterEach, describe, expect, it } from "vitest";
import { testDatabase } from "../testing/database.ts";
import { composeLifecycle, composePlatform } from "./compose.ts";
import { SYSTEM_SCOPE, systemCall } from "./platform/access/index.ts";
import { createNewId } from "./platform/database/index.ts";
import { listProcesses } from "./platform/processes/proc-table.ts";
import { createWorkerRole } from "./worker.ts";

const { database } = await testDatabase();
const dataDir = mkdtempSync(join(tmpdir(), "causeway-worker-"));
const log = pino({ level: process.env["CAUSEWAY_TEST_LOG"] ?? "silent" });
const foundation = { database, dataDir, log, now: () => new Date(), newId: createNewId() };
const platform = composePlatform(foundation);
const { data, experiments, pipelines } = composeLifecycle(platform);
const call = systemCall(SYSTEM_SCOPE, "test");

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
    await expectNoScratch();
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
    const attempt = stepOf(run, "double").attempts[0]!;
    const logged = await experiments.getRun({ run: attempt.run! }, call);
    expect(logged).toMatchObject({
      state: "finished",
      experiment: { name: pipeline },
      params: { value: "2" },
      step: { pipeline, run: 1, step: "double" },
      record: { config: { value: 2 }, runtime: `node ${process.versions.node}` },
    });
    expect(logged.metrics.map(({ name, last }) => [name, last.value, last.step])).toEqual([
      ["half", 10, 3],
      ["nothing", "NaN", 3],
    ]);
    expect(logged.usage).toEqual([{ attempt: 1, ...attempt.usage }]);
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

describe("Python environments", () => {
  const hasVenv = spawnSync("python3", ["-c", "import venv, ensurepip"]).status === 0;
  const locked = (name: string, lock: string, script: string) => ({
    definition: shell(name, "", {
      work: { kind: "python", script, lock: `${name}.lock` },
      lock: createHash("sha256").update(lock).digest("hex"),
    }),
    files: { [`${name}.lock`]: lock },
  });

  it.skipIf(!hasVenv)(
    "P1/python builds a lock's environment once, anew when half built",
    { timeout: 120_000 },
    async () => {
      await startWorker();
      const lock = "# no packages\n";
      const one = locked("one", lock, "where.py");
      const two = locked("two", lock, "where.py");
      const digest = one.definition.lock!;
      execFileSync("mkdir", ["-p", join(dataDir, "python", digest, "bin")]);
      const { pipeline } = await deploy(
        { steps: [one.definition, two.definition] },
        { ...one.files, ...two.files, "where.py": "import sys\nprint('prefix', sys.prefix)\n" },
      );
      const run = await start(pipeline);
      for await (const event of pipelines.followRun({ ...run, after: 0 }, call))
        if (event.kind === "run" && event.run.endedAt) break;
      const ended = await pipelines.getRun(run, call);
      expect([ended.problem, ended.state]).toEqual([null, "succeeded"]);
      const logs = (await pipelines.listLogs({ ...run, limit: 1000 }, call)).items.map(({ text }) => text);
      expect(logs.filter((text) => text.startsWith("building the Python environment"))).toHaveLength(1);
      expect(logs.filter((text) => text.startsWith("prefix"))).toEqual(
        Array(2).fill(`prefix ${join(dataDir, "python", digest)}`),
      );
      expect(readdirSync(join(dataDir, "python"))).toEqual([digest]);
    },
  );

  it.skipIf(!hasVenv)(
    "says what pip says when a lock cannot be installed, and leaves nothing",
    { timeout: 120_000 },
    async () => {
      await startWorker();
      const before = existsSync(join(dataDir, "python")) ? readdirSync(join(dataDir, "python")) : [];
      const { definition, files } = locked("bad", "--no-index\nno-such-package-anywhere==1.0\n", "x.py");
      const { pipeline } = await deploy({ steps: [definition] }, { ...files, "x.py": "" });
      const run = await start(pipeline);
      for await (const event of pipelines.followRun({ ...run, after: 0 }, call))
        if (event.kind === "run" && event.run.endedAt) break;
      const ended = await pipelines.getRun(run, call);
      expect(ended.problem).toMatch(/could not be built/);
      expect(ended.problem).toMatch(/no-such-package-anywhere/);
      expect(readdirSync(join(dataDir, "python"))).toEqual(before);
    },
  );
});

describe("datasets", () => {
  it("P1/typescript splits a dataset version into two that keep its key, with their lineage", async () => {
    await startWorker();
    const rows = Array.from({ length: 500 }, (_, id) => `c${id},${id % 7},${id % 3 === 0 ? "Yes" : "No"}`);
    const { digest } = await data.upload({}, call, Readable.from([`id,tenure,churn\n${rows.join("\n")}\n`]));
    const options = { key: "id", onBadRow: "refuse", onBlank: "missing", append: false } as const;
    const started = await data.startImport(
      { dataset: "customers", upload: digest, file: "c.csv", options },
      call,
    );
    for await (const one of data.followImport({ import: started.id }, call)) if (one.endedAt !== null) break;
    const source = await data.resolve("customers@latest", call);

    const module = `
      import { dataset, pipeline, report, step } from "causeway-ml";
      const split = step("split", {
        input: { customers: dataset() },
        output: { train: dataset(), test: dataset(), facts: report() },
        async run({ customers }, { data, log }) {
          const sides = await data.splitByHash(customers, { key: customers.key, shares: { train: 0.8, test: 0.2 } });
          const counted = await data.query("select count(*) as n from t", { t: sides.train });
          log({ rows: await data.count(sides.train) });
          return { ...sides, facts: { rows: customers.rows, counted: await data.rows(counted) } };
        },
      });
      export default pipeline("splits", { params: { customers: dataset() }, steps: (params) => split(params) });
    `;
    const { pipeline } = await deploy(
      {
        name: "splits",
        paramsSchema: {
          type: "object",
          properties: { customers: { type: "string", default: "customers@latest" } },
        },
        datasetParams: ["customers"],
        steps: [
          shell("split", "", {
            work: { kind: "function" },
            inputs: {
              customers: { port: { kind: "dataset" }, source: { from: "param", param: "customers" } },
            },
            outputs: { train: { kind: "dataset" }, test: { kind: "dataset" }, facts: { kind: "report" } },
          }),
        ],
      },
      { "pipeline.mjs": module },
    );
    const { run } = await follow(await start(pipeline));
    expect(run.problem).toBeNull();
    expect(run.datasets).toEqual({ customers: { dataset: "customers", version: source.id } });
    const train = await data.resolve("splits.split.train@latest", call);
    const test = await data.resolve("splits.split.test@latest", call);
    expect(train.rows + test.rows).toBe(500);
    expect([train.key, test.key, train.schema]).toEqual(["id", "id", source.schema]);
    const { stream } = await pipelines.downloadOutput({ ...run, step: "split", output: "facts" }, call);
    const facts = JSON.parse((await stream.toArray()).join(""));
    expect(facts).toEqual({ rows: 500, counted: [{ n: train.rows }] });
    expect(stepOf(run, "split").summary).toBe(`rows ${train.rows}`);

    const subject = stepOf(run, "split").outputs["train"]!.subject!;
    const { nodes } = await platform.lineage.trace({ subject, direction: "causes" }, call);
    expect(nodes.map(({ subject: node }) => node)).toEqual(
      expect.arrayContaining([
        `/api/data/datasets/customers/versions/${source.id}`,
        "/api/pipelines/pipelines/splits/runs/1",
      ]),
    );
    const again = await start(pipeline);
    expect(stepOf(again, "split")).toMatchObject({ state: "cached", cachedFrom: 1 });
    await expect(
      pipelines.downloadOutput({ ...run, step: "split", output: "train" }, call),
    ).rejects.toMatchObject({
      code: "BAD_REQUEST",
    });
    await expect(start(pipeline, { params: { customers: "nobody@latest" } })).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("the cache", () => {
  const parameter = (trees: number) => ({ params: { trees } });
  const definition = (name: string, command: string) => ({
    name,
    paramsSchema: {
      type: "object",
      properties: { trees: { type: "integer", exclusiveMinimum: 0, default: 300 } },
    },
    steps: [
      shell("make", "true"),
      shell("train", command, {
        params: { trees: { from: "param" as const, param: "trees" } },
        paramsSchema: { type: "object", properties: { trees: { type: "integer", exclusiveMinimum: 0 } } },
        outputs: { model: { kind: "file" as const } },
      }),
      shell("use", "true", { inputs: { model: from("train", "model") } }),
    ],
  });

  it("P3/hit takes unchanged steps from the cache without running anything", async () => {
    await startWorker();
    const { pipeline } = await deploy(definition("hits", `echo model > ${OUT("model")}`));
    const first = await follow(await start(pipeline));
    expect(first.run.steps.map(({ state, why }) => [state, why])).toEqual(
      Array(3).fill(["succeeded", "first run"]),
    );
    const second = await start(pipeline);
    expect(second.state).toBe("succeeded");
    expect(
      second.steps.map(({ state, why, cachedFrom, attempts }) => [state, why, cachedFrom, attempts]),
    ).toEqual(Array(3).fill(["cached", "same data, code, params", 1, []]));
    expect(stepOf(second, "train").outputs).toEqual(stepOf(first.run, "train").outputs);
  });

  it("P3/reason says why a step ran again", async () => {
    await startWorker();
    const { pipeline } = await deploy(definition("reasons", `echo $CAUSEWAY_STEP > ${OUT("model")}`));
    await follow(await start(pipeline));
    const { run: other } = await follow(await start(pipeline, parameter(500)));
    expect(stepOf(other, "make")).toMatchObject({ state: "cached" });
    expect(stepOf(other, "train")).toMatchObject({ state: "succeeded", why: "param trees 300 → 500" });
    expect(stepOf(other, "use").why).toMatch(/^input model changed: [0-9a-f]{6} → [0-9a-f]{6}$/);
    await deploy(definition("reasons", `echo $CAUSEWAY_STEP again > ${OUT("model")}`), {
      "other.txt": "new bundle",
    });
    const { run: changed } = await follow(await start(pipeline, parameter(500)));
    expect(stepOf(changed, "train").why).toBe("code changed");
    const { run: fresh } = await follow(await start(pipeline, { ...parameter(500), fresh: true }));
    expect(fresh.steps.map(({ state, why }) => `${state}: ${why}`)).toEqual(
      Array(3).fill("succeeded: a fresh run was asked for"),
    );
  });
});

describe("params", () => {
  it("P2/params refuses wrong ones by field, before anything is started", async () => {
    const { pipeline } = await deploy({
      paramsSchema: {
        type: "object",
        properties: {
          trees: { type: "integer", exclusiveMinimum: 0 },
          share: { type: "number", default: 0.2 },
        },
        required: ["trees"],
      },
      steps: [shell("only", "true")],
    });
    await expect(start(pipeline, { params: { trees: 1.5, depth: 3 } })).rejects.toMatchObject({
      code: "INVALID_FIELD",
      issues: expect.arrayContaining([
        expect.objectContaining({ field: "params.depth" }),
        expect.objectContaining({ field: "params.trees", got: "1.5" }),
      ]),
    });
    await expect(start(pipeline)).rejects.toMatchObject({ code: "INVALID_FIELD", field: "params.trees" });
    expect((await pipelines.listRuns({ pipeline, limit: 10 }, call)).items).toEqual([]);
  });
});

describe("deploy", () => {
  it("P1/cycle refuses a cycle and leaves nothing behind", async () => {
    const around = deploy({
      name: "around",
      steps: [
        shell("a", "true", { inputs: { x: from("b", "y") }, outputs: { y: { kind: "file" } } }),
        shell("b", "true", { inputs: { x: from("a", "y") }, outputs: { y: { kind: "file" } } }),
      ],
    });
    await expect(around).rejects.toMatchObject({ code: "BAD_PIPELINE", message: /cycle: a → b → a/ });
    await expect(pipelines.getPipeline({ pipeline: "around" }, call)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });

  it("P10/digest gives the same bundle the same version", async () => {
    const one = await deploy({ name: "same", steps: [shell("a", "true")] }, {});
    const versions = await pipelines.listVersions({ pipeline: "same", limit: 10 }, call);
    expect(versions.items.map(({ digest }) => digest)).toEqual([one.digest]);
    expect(
      await pipelines.deploy({ pipeline: "same", bundle: one.digest, definition: one.definition }, call),
    ).toEqual(one);
  });

  it("refuses a bundle that lacks what steps run, and one that is no bundle", async () => {
    const python = shell("a", "", { work: { kind: "python", script: "nowhere.py", lock: null } });
    await expect(deploy({ steps: [python] })).rejects.toMatchObject({
      code: "BAD_PIPELINE",
      message: /nowhere.py/,
    });
    const path = join(dataDir, "noise");
    writeFileSync(path, "this is no archive");
    const { digest } = await pipelines.uploadBundle({}, call, createReadStream(path));
    const definition: PipelineDefinition = {
      name: "noise",
      paramsSchema: {},
      datasetParams: [],
      steps: [shell("a", "true")],
    };
    await expect(
      pipelines.deploy({ pipeline: "noise", bundle: digest, definition }, call),
    ).rejects.toMatchObject({
      code: "BAD_PIPELINE",
    });
  });
});

describe("failures", () => {
  it("skips what needs a failed step, goes on beside it, and says why it failed", async () => {
    await startWorker();
    const { pipeline } = await deploy({
      steps: [
        shell("breaks", "echo no such luck >&2; exit 3", { outputs: { x: { kind: "file" } } }),
        shell("needs", "true", { inputs: { x: from("breaks", "x") } }),
        shell("beside", "sleep 0.2"),
      ],
    });
    const { run } = await follow(await start(pipeline));
    expect(run).toMatchObject({ state: "failed", problem: "breaks: no such luck" });
    expect(run.steps.map(({ name, state }) => [name, state])).toEqual([
      ["breaks", "failed"],
      ["beside", "succeeded"],
      ["needs", "skipped"],
    ]);
    expect(stepOf(run, "breaks").attempts).toMatchObject([
      { state: "failed", exitCode: 3, problem: "no such luck" },
    ]);
  });

  it("P2/retries tries again with a pause, and keeps each attempt", async () => {
    await startWorker();
    const flag = join(dataDir, `flag-${randomUUID()}`);
    const { pipeline } = await deploy({
      steps: [
        shell("flaky", `test -e ${flag} || { touch ${flag}; echo not yet >&2; exit 1; }`, { retries: 2 }),
      ],
    });
    const { run } = await follow(await start(pipeline));
    expect(run.state).toBe("succeeded");
    const attempts = stepOf(run, "flaky").attempts;
    expect(attempts.map(({ number, state, problem }) => [number, state, problem])).toEqual([
      [1, "failed", "not yet"],
      [2, "succeeded", null],
    ]);
    expect(Date.parse(attempts[1]!.startedAt) - Date.parse(attempts[0]!.endedAt!)).toBeGreaterThan(900);
  });

  it("P2/timeout ends an attempt that takes too long, with everything that it started", async () => {
    await startWorker();
    const mark = `sleep 61.${Math.floor(Math.random() * 1e6)}`;
    const { pipeline } = await deploy({
      steps: [shell("slow", `setsid ${mark} & ${mark}`, { timeoutMs: 500 })],
    });
    const { run } = await follow(await start(pipeline));
    expect(run.problem).toBe("slow: it did not end within 0.5 s");
    expect(processesWith(mark)).toEqual([]);
  });

  it("P2/disk ends a step whose folder grows too large, and says so", async () => {
    await startWorker();
    const { pipeline } = await deploy({
      steps: [
        shell("greedy", "dd if=/dev/zero of=big bs=1M count=30 2>/dev/null; sleep 20", {
          resources: { diskBytes: 10 * 2 ** 20 },
        }),
      ],
    });
    const { run } = await follow(await start(pipeline));
    expect(run.problem).toBe("greedy: its folder grew larger than resources.disk allows: 10 MiB");
    await expectNoScratch();
  });

  it("names an output that was not written, and a report that is not JSON", async () => {
    await startWorker();
    const { pipeline } = await deploy({
      steps: [
        shell("forgets", "true", { outputs: { model: { kind: "model", format: "onnx" } } }),
        shell("mumbles", `echo not json > ${OUT("facts")}`, { outputs: { facts: { kind: "report" } } }),
      ],
    });
    const { run } = await follow(await start(pipeline));
    expect(stepOf(run, "forgets").attempts[0]?.problem).toMatch(
      /forgets ended without writing its output model/,
    );
    expect(stepOf(run, "mumbles").attempts[0]?.problem).toMatch(/The report facts of mumbles is not JSON/);
  });

  it("says what a TypeScript step threw", async () => {
    await startWorker();
    const module = `
      import { pipeline, step } from "causeway-ml";
      const bad = step("bad", { run() { throw new RangeError("beyond the end"); } });
      export default pipeline("throws", { steps: () => bad() });
    `;
    const { pipeline } = await deploy(
      { steps: [shell("bad", "", { work: { kind: "function" } })] },
      { "pipeline.mjs": module },
    );
    const { run } = await follow(await start(pipeline));
    expect(run.problem).toBe("bad: RangeError: beyond the end");
  });
});

describe("cancel", () => {
  it("P5/cancel ends the whole process tree and what has not begun", async () => {
    await startWorker();
    const mark = `sleep 62.${Math.floor(Math.random() * 1e6)}`;
    const { pipeline } = await deploy({
      steps: [
        shell("long", `setsid sh -c 'trap "" TERM; ${mark}' & ${mark}`, { outputs: { x: { kind: "file" } } }),
        shell("after", "true", { inputs: { x: from("long", "x") } }),
      ],
    });
    const run = await start(pipeline);
    await expect.poll(() => processesWith(mark).length).toBeGreaterThan(0);
    await pipelines.cancelRun(run, call);
    const { run: ended } = await follow(run);
    expect(ended.state).toBe("cancelled");
    expect(ended.steps.map(({ state }) => state)).toEqual(["cancelled", "cancelled"]);
    expect(stepOf(ended, "long").attempts[0]).toMatchObject({ state: "cancelled" });
    expect(processesWith(mark)).toEqual([]);
    expect((await pipelines.cancelRun(run, call)).state).toBe("cancelled");
  });

  it("cancels a run that no worker has begun", async () => {
    const { pipeline } = await deploy({ steps: [shell("a", "true")] });
    const run = await start(pipeline);
    expect((await pipelines.cancelRun(run, call)).state).toBe("cancelled");
  });
});

describe("a run under way", () => {
  it("P5/logs shows a line while its step still runs", async () => {
    await startWorker();
    const shown = join(dataDir, `shown-${randomUUID()}`);
    const command = `echo early; until test -e ${shown}; do sleep 0.05; done; echo late`;
    const { pipeline } = await deploy({ steps: [shell("talks", command)] });
    const run = await start(pipeline);
    const lines: string[] = [];
    for await (const { text } of pipelines.followRun({ ...run, after: 0 }, call)) {
      if (text === "talks | early") writeFileSync(shown, "");
      if (text?.startsWith("talks | ")) lines.push(text);
    }
    expect(lines).toEqual(["talks | early", "talks | late"]);
  });

  it("goes on from a log position", async () => {
    await startWorker();
    const { pipeline } = await deploy({ steps: [shell("counts", "seq 1 50")] });
    const { run } = await follow(await start(pipeline));
    const texts: string[] = [];
    for await (const event of pipelines.followRun({ ...run, after: 48 }, call)) {
      if (event.kind === "log") texts.push(event.line.text);
    }
    expect(texts).toEqual(["49", "50"]);
    const page = await pipelines.listLogs({ ...run, limit: 2, after: "10", step: "counts" }, call);
    expect(page).toMatchObject({ items: [{ text: "11", position: 11 }, { text: "12" }], next: "12" });
  });

  it("is given back by a worker that stops, and taken up by the next", async () => {
    const flag = join(dataDir, `flag-${randomUUID()}`);
    const first = await startWorker();
    const { pipeline } = await deploy({
      steps: [shell("long", `test -e ${flag} || { touch ${flag}; sleep 60; }`)],
    });
    const run = await start(pipeline);
    await expect.poll(() => existsSync(flag)).toBe(true);
    await first.stop();
    expect((await pipelines.getRun(run, call)).state).toBe("running");
    await startWorker();
    const { run: ended } = await follow(run);
    expect(ended.state).toBe("succeeded");
    expect(stepOf(ended, "long").attempts.map(({ state }) => state)).toEqual(["lost", "succeeded"]);
  });

  it("P10/as-it-was runs a version as it was deployed, whatever was deployed since", async () => {
    await startWorker();
    const say = (text: string) => ({
      name: "frozen",
      steps: [shell("say", `echo ${text}`)],
    });
    const old = await deploy(say("old"), { "say.txt": "old" });
    await deploy(say("new"), { "say.txt": "new" });
    const said = async (more: object) => {
      const { run } = await follow(await start("frozen", more));
      const { items } = await pipelines.listLogs({ ...run, limit: 10 }, call);
      return items.map(({ text }) => text);
    };
    expect(await said({})).toEqual(["new"]);
    expect(await said({ version: old.digest.slice(0, 8) })).toEqual(["old"]);
  });
});

describe("kill -9", () => {
  it("P6/step runs a step again that was killed from outside", async () => {
    await startWorker();
    const flag = join(dataDir, `flag-${randomUUID()}`);
    const { pipeline } = await deploy({
      steps: [shell("victim", `test -e ${flag} || { touch ${flag}; kill -9 $$; }`)],
    });
    const { run } = await follow(await start(pipeline));
    expect(run.state).toBe("succeeded");
    expect(stepOf(run, "victim").attempts).toMatchObject([
      { state: "failed", problem: expect.stringContaining("killed from outside (SIGKILL") },
      { state: "succeeded" },
    ]);
  });

  it("gives up on a step that is killed each time", async () => {
    await startWorker();
    const { pipeline } = await deploy({ steps: [shell("victim", "kill -9 $$")] });
    const { run } = await follow(await start(pipeline));
    expect(run.state).toBe("failed");
    expect(stepOf(run, "victim").attempts).toHaveLength(3);
  });

  // Its bound is wall time, which a neighbour on the same cores may hold up once.
  it("P6/worker another worker takes over, and P6/orphans nothing of the dead one is left", {
    retry: 2,
  }, async () => {
    const count = join(dataDir, `count-${randomUUID()}`);
    const mark = `sleep 63.${Math.floor(Math.random() * 1e6)}`;
    const { pipeline } = await deploy({
      steps: [
        shell(
          "work",
          `echo x >> ${count}; test $(wc -l < ${count}) -gt 1 || { setsid ${mark} & ${mark}; }; echo done > ${OUT("x")}`,
          { outputs: { x: { kind: "file" } } },
        ),
      ],
    });
    const worker = forkWorker();
    const run = await start(pipeline);
    await expect.poll(() => processesWith(mark).length).toBeGreaterThan(1);
    const killedAt = performance.now();
    worker.kill("SIGKILL");
    await once(worker, "exit");
    await startWorker();
    await expect.poll(() => processesWith(mark)).toEqual([]);
    const { run: ended } = await follow(run);
    expect(performance.now() - killedAt).toBeLessThan(15_000);
    expect(ended.state).toBe("succeeded");
    expect(stepOf(ended, "work").attempts.map(({ state }) => state)).toEqual(["lost", "succeeded"]);
    expect(readFileSync(count, "utf8")).toBe("x\nx\n");
    await expectNoScratch();
  });
});

/** An attempt's folder is removed after its result was committed. */
const expectNoScratch = () => expect.poll(() => readdirSync(join(dataDir, "scratch"))).toEqual([]);

function processesWith(text: string): number[] {
  return listProcesses()
    .filter(({ pid, zombie }) => !zombie && commandLineOf(pid).includes(text))
    .map(({ pid }) => pid);
}

/** Empty for a process that ended since it was listed. */
function commandLineOf(pid: number): string {
  try {
    return readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " ");
  } catch {
    return "";
  }
}

/** A worker in a process of its own, to be killed. */
function forkWorker(): ChildProcess {
  return fork(join(import.meta.dirname, "main.ts"), ["worker", "--data-dir", dataDir], {
    stdio: "ignore",
    env: { ...process.env, CAUSEWAY_DATABASE_URL: database.url },
  });
}
