import {
  type Approval,
  type Deployment,
  fail,
  type Gate,
  type Monitor,
  MonitorSettings,
  type MonitorWindow,
  type PipelineRun,
  type Policy,
  PolicySettings,
  type Preparation,
  READY,
} from "@causeway/contract";
import { beforeEach, describe, expect, it, vi } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { type Call, systemCall } from "../../platform/access/index.ts";
import { createAudit } from "../../platform/audit/index.ts";
import type { Tx } from "../../platform/database/index.ts";
import { createEvents } from "../../platform/events/index.ts";
import { createWork, type Job } from "../../platform/work/index.ts";
import type { AdvancePayload } from "./advance-payload.ts";
import { defineCycleAdvance } from "./advance-work.ts";
import { createRetraining } from "./retraining-service.ts";

const { database, db } = await testDatabase();

/** Ids in the order in which they are made, as UUIDv7 are. */
let made = 0;
const newId = (): string => `00000000-0000-7000-8000-${String(++made).padStart(12, "0")}`;
const now = () => new Date("2026-11-21T10:00:00.000Z");
const events = createEvents({ database, audit: createAudit({ db, newId }), newId, now });
const day = (index: number) => new Date(Date.UTC(2026, 2, 1 + index));
const digest = (text: string) => text.repeat(64).slice(0, 64);

/** What stands around the stage, as a small world that tests may bend. */
type World = ReturnType<typeof newWorld>;

let projects = 0;

function newWorld() {
  projects += 1;
  const call: Call = {
    ...systemCall({ project: `shop${projects}`, environment: "dev" }, "tester"),
    actor: { kind: "user", id: "ana", name: "ana" },
    permissions: new Set(["pipelines:write", "registry:write"] as const),
  };
  return {
    call,
    champion: 1,
    serves: "churn@champion",
    deploymentState: "ready" as Deployment["state"],
    watermark: day(4),
    windows: [window(3, 0.7), window(2, 0.9)],
    versions: 1,
    /** How the next runs and gates end. */
    run: { state: "succeeded" as PipelineRun["state"], problem: null as string | null },
    gatePasses: (_gate: Gate) => true,
    approvalState: "approved" as Approval["state"],
    runs: [] as PipelineRun[],
    gates: [] as Gate[],
    approvals: [] as Approval[],
    moves: [] as number[],
    told: [] as { subject: string; key: string | undefined; title: string }[],
    asked: [] as { subject: string }[],
    /** Whether steps name the version that they registered; clients of MLflow inside of them do not. */
    namesVersions: true,
    /** Preparations by version; ready unless said. */
    preparations: new Map<number, Partial<Preparation>>(),
    /** The column that the served model names as its truth, and the one that its report names. */
    target: "Churn" as string | null,
    reportTarget: null as string | null,
    versionOfRun: new Map<number, number>(),
    judgedBy: [] as (string | undefined)[],
  };
}

function window(index: number, auc: number, changes: Partial<MonitorWindow> = {}): MonitorWindow {
  const figure = (value: number) => ({
    name: "auc",
    value,
    low: value - 0.01,
    high: value + 0.01,
    confidence: 0.95,
    method: null,
  });
  return {
    monitor: "churn",
    start: day(index).toISOString(),
    end: day(index + 1).toISOString(),
    title: `day ${index}`,
    model: "churn",
    versions: [{ version: 1, rows: 900 }],
    rows: 900,
    coverage: { labelled: 900, share: 1, lagSeconds: { p50: 1, p95: 2 } },
    closedAt: day(index + 1).toISOString(),
    restated: 0,
    restatedAt: null,
    level: 0.01,
    drift: { judged: true, reason: null, columns: 3, drifted: [], largest: null },
    prediction: null,
    performance: [
      {
        metric: "auc",
        lessIsBetter: false,
        now: figure(auc),
        reference: figure(0.9),
        difference: figure(auc - 0.9),
      },
    ],
    quality: [],
    service: null,
    alarms: auc < 0.85 ? ["performance"] : [],
    ...changes,
  };
}

/** A window without truth in which a column drifted. */
const drifted = (index: number) =>
  window(index, 0.9, {
    performance: null,
    coverage: { labelled: 0, share: 0, lagSeconds: null },
    drift: { judged: true, reason: null, columns: 3, drifted: ["price"], largest: null },
  });

/** The stage on a real database, in a world of its own; everything outside answers from the world. */
function openLoop(world: World) {
  const { call } = world;
  const queue = createWork({ database, newId });
  const schema = ["customerID", "price", "Churn"].map((name) => ({
    name,
    type: "string" as const,
    nullable: false,
  }));
  const version = (id: string, kind: "file" | "log" = "file") =>
    ({
      dataset: "customers",
      id,
      rows: 900,
      schema,
      parts: [],
      key: "customerID",
      parent: null,
      source: { kind, name: "x", digest: null },
    }) as never;
  const parts = {
    database,
    events,
    artifacts: { retain: async () => {}, release: async () => {} },
    work: queue,
    notifications: {
      checkChannels: async () => {},
      notify: async (_tx: Tx, _call: Call, message: { subject: string; key?: string; title: string }) => {
        // As the real one does: one message per subject and key.
        if (world.told.some(({ subject, key }) => subject === message.subject && key === message.key)) return;
        world.told.push({ subject: message.subject, key: message.key, title: message.title });
      },
    },
    data: {
      resolve: async () => version(digest("a")),
      listVersions: async () => ({ items: [version(digest("a"))], next: null }),
    },
    pipelines: {
      getPipeline: async ({ pipeline }: { pipeline: string }) => {
        if (pipeline !== "churn")
          throw fail("NOT_FOUND", { message: `There is no pipeline ${pipeline}`, field: "pipeline" });
        const paramsSchema = { properties: { customers: { default: "customers@latest" } } };
        return {
          name: "churn",
          latest: { definition: { datasetParams: ["customers"], paramsSchema, steps: [] } },
        };
      },
      beginRun: async (
        input: { pipeline: string },
        _call: Call,
        also: (tx: Tx, run: { number: number }) => Promise<void>,
      ) => {
        const number = world.runs.length + 1;
        await db.transaction().execute((tx) => also(tx, { number }));
        world.versions += 1;
        world.versionOfRun.set(number, world.versions);
        const subject = `/api/registry/models/churn/versions/${world.versions}`;
        world.runs.push({
          ...input,
          number,
          ...world.run,
          steps: [
            {
              cachedFrom: null,
              outputs: world.namesVersions
                ? { version: { kind: "model", digest: digest("d"), bytes: 1, subject } }
                : {},
            },
          ],
        } as never);
      },
      getRun: async ({ number }: { number: number }) => world.runs[number - 1],
      cancelRun: async () => {},
    },
    registry: {
      getVersion: async ({ version: number }: { version: number }) => ({
        version: number,
        preparation: { ...READY, ...world.preparations.get(number) },
        report: world.reportTarget === null ? null : { target: world.reportTarget },
        aliases: world.champion === number ? [{ alias: "champion", environment: "dev" }] : [],
      }),
      findVersionOfRun: async ({ number }: { number: number }) => {
        const version = world.versionOfRun.get(number);
        return version === undefined ? undefined : { version };
      },
      markRefit: async () => {},
      moveAlias: async (_tx: Tx, _call: Call, { version: number }: { version: number }) => {
        world.champion = number;
        world.moves.push(number);
      },
      startGate: async (input: { version: number; against: number; rows: string; target?: string }) => {
        world.judgedBy.push(input.target);
        const [dataset = "", datasetVersion = ""] = input.rows.split("@");
        const gate = {
          id: newId(),
          ...input,
          champion: input.against,
          dataset,
          datasetVersion,
          createdBy: { kind: "policy", id: "churn", name: "churn" },
          verdicts: [],
          state: "succeeded",
          problem: null,
          summary: "auc 0.88 against 0.70",
        };
        world.gates.push({ ...gate, passed: world.gatePasses(gate as never) } as never);
        return world.gates.at(-1);
      },
      getGate: async ({ gate }: { gate: string }) => world.gates.find(({ id }) => id === gate),
      listGates: async ({ version: number }: { version: number }) => ({
        items: world.gates.filter((gate) => gate.version === number),
      }),
      askApproval: async (_tx: Tx, by: Call, { version: number }: { version: number }) => {
        const state = world.approvalState;
        if (state === "approved") world.champion = number;
        world.approvals.push({
          id: newId(),
          version: number,
          state,
          decidedBy: state === "pending" ? null : by.actor,
          reason: null,
          expiresAt: "2026-11-28T10:00:00.000Z",
        } as never);
        return world.approvals.at(-1);
      },
      withdrawApproval: async (_tx: Tx, _call: Call, id: string) => {
        world.approvals = world.approvals.map((one) =>
          one.id === id ? { ...one, state: "withdrawn" } : one,
        );
      },
      getApproval: async ({ approval }: { approval: string }) =>
        world.approvals.find(({ id }) => id === approval),
    },
    deployments: {
      getDeployment: async () => {
        const failed = world.deploymentState === "failed";
        return {
          name: "churn",
          serve: world.serves,
          state: world.deploymentState,
          revision: { version: world.champion, model: "churn" },
          serving: { version: failed ? 1 : world.champion, model: "churn" },
          gateways: failed ? [{ problem: "17 of 20 golden rows are equal" }] : [],
          signature: { task: "classification", target: world.target, classes: ["No", "Yes"], inputs: [] },
          key: null,
        };
      },
      log: {
        watermark: async () => ({ lastOccurredAt: world.watermark, lastReceivedAt: world.watermark }),
        sources: async () => ({}),
        exportTruth: async () => ({ rows: 900 }),
      },
    },
    monitoring: {
      getMonitor: async () =>
        ({ name: "churn", deployment: "churn", settings: MonitorSettings.parse({}) }) as Monitor,
      listMonitors: async () => ({ items: [{ name: "churn", deployment: "churn" }], next: null }),
      listWindows: async () => ({ items: world.windows, next: null }),
      listAlerts: async () => ({ items: [], next: null }),
    },
    newId,
    now,
    datasets: {
      base: async () => ({ id: digest("a"), schema, parts: [], key: "customerID" }),
      prepare: async ({ name }: { name: string }) => ({ name }),
      store: async (
        _tx: Tx,
        _call: Call,
        { dataset, prepared }: { dataset: string; prepared: { name: string } },
      ) => ({
        ...(version(digest(prepared.name.length.toString(16)), "log") as object),
        dataset,
      }),
    },
    keepFile: async () => ({ digest: digest("e"), bytes: 1 }),
    filePath: (text: string) => text,
    runTask: async () => {
      const file = { path: "/tmp/none", rows: 450 };
      return { result: { all: file, spans: { train: file, judge: file } }, usage: null };
    },
    dataDir: "/tmp/causeway-retraining",
  };
  // The world answers with what the stage reads of each thing, not with whole things.
  const retraining = createRetraining(parts as never);
  const advance = defineCycleAdvance(parts as never);

  /** Does the advances that are queued, as a worker would. */
  async function work(): Promise<void> {
    for (;;) {
      const row = await db
        .selectFrom("platform_work")
        .selectAll()
        .where("kind", "=", "retraining.advance")
        .where("project", "=", call.scope.project)
        .where("state", "=", "queued")
        .executeTakeFirst();
      if (row === undefined) return;
      const done = async <Result>(commit: (tx: Tx) => Promise<Result>) => db.transaction().execute(commit);
      const job = {
        id: row.id,
        fencing: 1,
        payload: row.payload as AdvancePayload,
        call: { ...call, signal: new AbortController().signal },
        signal: new AbortController().signal,
        record: done,
        finish: async (commit: (tx: Tx) => Promise<unknown>) => {
          await done(commit);
          await db
            .updateTable("platform_work")
            .set({ state: "succeeded" })
            .where("id", "=", row.id)
            .execute();
        },
      } as unknown as Job<never>;
      await advance.run(job);
    }
  }

  /** Tells the stage of an event, and does what comes of it; its own events come after it. */
  async function happens(
    type: string,
    data: Record<string, unknown> = {},
    subject = "/api/none",
  ): Promise<void> {
    const event = {
      id: newId(),
      type,
      subject,
      data,
      occurredAt: now().toISOString(),
      recordedAt: now().toISOString(),
      ...call.scope,
      actor: call.actor,
    };
    await db.transaction().execute((tx) => retraining.consumer.handle(tx, event as never, call));
    await work();
  }

  const closes = () => happens("monitoring.window-closed", { monitor: "churn", rows: 900, alarms: [] });
  const create = (settings: Record<string, unknown> = {}): Promise<Policy> =>
    retraining.createPolicy(
      {
        name: "churn",
        deployment: "churn",
        settings: PolicySettings.parse({ retrain: "churn", notify: ["ops"], ...settings }),
      },
      call,
    );
  const cycle = (number = 1) => retraining.getCycle({ policy: "churn", number }, call);
  const story = async () => (await retraining.getTimeline({ policy: "churn", limit: 100 }, call)).items;
  return { retraining, create, closes, happens, work, cycle, story };
}

let world: World;
beforeEach(() => {
  world = newWorld();
});

describe("a policy", () => {
  it.each([
    [
      "a deployment that does not follow the alias",
      () => {
        world.serves = "churn@1";
      },
      {},
      "deployment",
    ],
    ["an unknown pipeline", () => {}, { retrain: "none" }, "settings.retrain"],
    ["a dataset param that is not there", () => {}, { param: "visits" }, "settings.param"],
    [
      "a schedule that is none",
      () => {},
      { when: [{ on: "schedule", cron: "daily", zone: "UTC" }] },
      "settings.when",
    ],
  ])("refuses %s, names the field and says the way out", async (_, bend, settings, field) => {
    bend();
    await expect(openLoop(world).create(settings)).rejects.toMatchObject({ field, help: expect.any(String) });
  });

  it("does for its author only what the author could do", async () => {
    world.call = { ...world.call, permissions: new Set(["pipelines:write"] as const) };
    await expect(openLoop(world).create()).rejects.toMatchObject({ code: "PERMISSION_DENIED" });
  });

  it("T3/mlflow keeps the column of the truth, which a model that came from MLflow does not name", async () => {
    world.target = null;
    await expect(openLoop(world).create()).rejects.toMatchObject({
      code: "CONFLICT",
      field: "settings.target",
      help: expect.stringContaining("--target <column>"),
    });
    await expect(openLoop(world).create({ target: "churned" })).rejects.toMatchObject({
      message: "customers has no column churned, which holds the truth",
    });
    world.reportTarget = "Churn";
    const loop = openLoop(world);
    expect((await loop.create()).settings.target).toBe("Churn");
    // A version that takes over has no report yet.
    world.reportTarget = null;
    const changed = { settings: PolicySettings.parse({ retrain: "churn", notify: ["ops"] }) };
    const policy = await loop.retraining.updatePolicy({ policy: "churn", ...changed }, world.call);
    expect(policy.settings.target).toBe("Churn");
    await loop.work();
    world.windows = [window(5, 0.89), ...world.windows];
    world.watermark = day(6);
    await loop.closes();
    // The gate, the refit's comparison, and the window after the switch.
    expect(world.judgedBy).toEqual(["Churn", "Churn", "Churn"]);
    world.target = "Left";
    const other = { settings: PolicySettings.parse({ retrain: "churn", target: "Churn" }) };
    await expect(
      loop.retraining.updatePolicy({ policy: "churn", ...other }, world.call),
    ).rejects.toMatchObject({ code: "INVALID_FIELD", field: "settings.target" });
  });

  it("tells its rule as a sentence and what it would do", async () => {
    world.windows = [window(2, 0.9)];
    const policy = await openLoop(world).create({ approve: { by: "person", fourEyes: true } });
    expect(policy.sentence).toBe(
      "Retrains churn by the pipeline churn when the monitor's metric is worse than in the reference, and than the model's own scores promise, by more than 0.0125 beyond chance on at least 500 rows; at most 2 times a month, two windows apart. A challenger must pass its gate, a person approves, who did not write this policy, and the first window with truth can send it back.",
    );
    expect(policy).toMatchObject({ held: null, trainings: { used: 0, of: 2, per: "month" } });
  });
});

describe("the loop", () => {
  it("T3/confirm goes from the trigger to a confirmed version", async () => {
    const { create, closes, work, cycle } = openLoop(world);
    await create();
    await work();
    expect(await cycle()).toMatchObject({ state: "watching", champion: 1, challenger: 2, candidate: 3 });
    // Whoever is better of the two: the version before is not.
    world.gatePasses = () => false;
    world.windows = [window(5, 0.89), ...world.windows];
    world.watermark = day(6);
    await closes();
    expect(await cycle()).toMatchObject({ state: "confirmed", problem: null });
    expect(world.moves).toEqual([]);
  });

  it("T3/mlflow takes the version that a client of MLflow registered in a step, and waits while it is prepared", async () => {
    world.namesVersions = false;
    world.preparations.set(2, { state: "preparing", step: "finding the packages that it needs" });
    world.preparations.set(3, { state: "preparing" });
    const { create, work, cycle, happens } = openLoop(world);
    await create();
    await work();
    const station = async (name: string) => (await cycle()).steps.find((step) => step.name === name);
    expect(await station("trained")).toMatchObject({
      state: "running",
      text: "Version 2 is prepared: finding the packages that it needs",
    });
    expect(world.gates).toEqual([]);
    const prepared = (version: number) =>
      happens("registry.version-prepared", {}, `/api/registry/models/churn/versions/${version}`);
    world.preparations.delete(2);
    await prepared(2);
    expect(await station("refitted")).toMatchObject({
      state: "running",
      text: "Version 3 is prepared: waits for a worker",
    });
    world.preparations.delete(3);
    await prepared(3);
    expect(await cycle()).toMatchObject({ state: "watching", challenger: 2, candidate: 3 });
  });

  it("T3/confirm gives the alias back where the version before is better on the first window with truth", async () => {
    const { create, closes, work, cycle, story } = openLoop(world);
    await create();
    await work();
    world.windows = [window(5, 0.8), ...world.windows];
    world.watermark = day(6);
    await closes();
    expect(await cycle()).toMatchObject({ state: "rolled-back" });
    expect(world.moves).toEqual([1]);
    expect(world.told.map(({ key }) => key)).toEqual(["rolled-back"]);
    expect((await story()).some(({ kind, text }) => kind === "switch" && text.includes("rolled back"))).toBe(
      true,
    );
  });

  it("T2/storm makes one cycle of many windows and tells once what holds the rest back", async () => {
    world.run = { state: "running", problem: null };
    const { create, closes, retraining, story } = openLoop(world);
    await create();
    for (const index of [4, 5, 6]) {
      world.windows = [window(index, 0.6), ...world.windows];
      await closes();
    }
    expect((await retraining.listCycles({ limit: 10 }, world.call)).items).toHaveLength(1);
    expect(world.runs).toHaveLength(1);
    expect((await story()).filter(({ text }) => text.includes("held back"))).toHaveLength(1);
  });

  it("T2/storm refuses a second cycle by hand", async () => {
    world.run = { state: "running", problem: null };
    const { create, retraining } = openLoop(world);
    await create();
    await expect(retraining.startCycle({ policy: "churn", reason: "" }, world.call)).rejects.toMatchObject({
      code: "CONFLICT",
      message: "Cycle 1 of churn is under way; there is one at a time",
    });
  });

  it("T1/manual retrains by hand while nothing else asks for it", async () => {
    world.windows = [window(3, 0.9), window(2, 0.9)];
    const { create, retraining, work, cycle } = openLoop(world);
    await create();
    await retraining.startCycle({ policy: "churn", reason: "a new supplier" }, world.call);
    await work();
    expect(await cycle()).toMatchObject({
      trigger: { kind: "manual", reason: "a new supplier" },
      state: "watching",
    });
  });

  it("stops where it is told to, takes its request back, and leaves what serves", async () => {
    world.approvalState = "pending";
    const { create, retraining, work, cycle } = openLoop(world);
    await create();
    await work();
    expect((await cycle()).state).toBe("waiting-for-approval");
    await retraining.cancelCycle({ policy: "churn", number: 1 }, world.call);
    expect((await cycle()).state).toBe("cancelled");
    expect(world.approvals.map(({ state }) => state)).toEqual(["withdrawn"]);
    expect([world.champion, world.told]).toEqual([1, []]);
  });

  it("gives the alias back by hand, once", async () => {
    const { create, retraining, work, cycle } = openLoop(world);
    await create();
    await work();
    const back = { policy: "churn", number: 1, reason: "complaints" };
    await retraining.rollBackCycle(back, world.call);
    await retraining.rollBackCycle(back, world.call);
    expect((await cycle()).problem).toBe("ana gave champion back from version 3 to version 1: complaints");
    expect(world.moves).toEqual([1]);
  });
});

describe("what fails leaves the old version serving, tells someone once and stands in the story", () => {
  const outcome = async (loop: ReturnType<typeof openLoop>) => {
    const cycle = await loop.cycle();
    await loop.closes();
    await loop.happens("retraining.cycle-ended", { policy: "churn" });
    return {
      state: cycle.state,
      problem: cycle.problem,
      serves: world.champion,
      told: world.told.map(({ key }) => key),
      inStory: (await loop.story()).filter(({ kind, text }) => kind === "cycle" && text.startsWith("churn: "))
        .length,
    };
  };

  it("T3/train a pipeline that fails", async () => {
    world.run = { state: "failed", problem: "split: the warehouse is closed" };
    const loop = openLoop(world);
    await loop.create();
    await loop.work();
    expect(await outcome(loop)).toEqual({
      state: "failed",
      problem: "Run 1 of churn failed: split: the warehouse is closed",
      serves: 1,
      told: ["failed"],
      inStory: 1,
    });
  });

  it("T3/train T3/mlflow a pipeline that registers nothing", async () => {
    world.namesVersions = false;
    const loop = openLoop(world);
    vi.spyOn(world.versionOfRun, "get").mockReturnValue(undefined);
    await loop.create();
    await loop.work();
    const { steps } = await loop.cycle();
    expect(steps.find(({ name }) => name === "trained")?.text).toMatch(
      /^Run 1 of churn registered no version of churn\. End the pipeline with register\(.*registered_model_name="churn"/,
    );
    expect(await outcome(loop)).toMatchObject({ state: "failed", serves: 1, told: ["failed"], inStory: 1 });
  });

  it.each([
    [2, "failed", "no matching distribution of scikit-learn 9", "failed"],
    [3, "blocked", "model.pkl imports os", "is blocked"],
  ] as const)("T3/mlflow a version %i whose preparation %s", async (version, state, problem, says) => {
    world.namesVersions = false;
    world.preparations.set(version, { state, problem });
    const loop = openLoop(world);
    await loop.create();
    await loop.work();
    expect(await outcome(loop)).toEqual({
      state: "failed",
      problem: `Version ${version} cannot be asked: its preparation ${says}: ${problem}`,
      serves: 1,
      told: ["failed"],
      inStory: 1,
    });
  });

  it("T3/train a gate that refuses", async () => {
    world.gatePasses = () => false;
    const loop = openLoop(world);
    await loop.create();
    await loop.work();
    expect(await outcome(loop)).toMatchObject({ state: "refused", serves: 1, told: ["refused"], inStory: 1 });
  });

  it("T2/storm a gate that refuses three times in a row: then the policy waits for new evidence", async () => {
    world.gatePasses = () => false;
    const loop = openLoop(world);
    await loop.create({ cooldown: "0 s", budget: { trainings: 20, per: "month" } });
    await loop.work();
    for (const index of [4, 5]) {
      world.windows = [window(index, 0.6), ...world.windows];
      world.watermark = day(index + 1);
      await loop.closes();
    }
    expect(world.told.map(({ key }) => key)).toEqual(["refused", "refused", "refused"]);
    for (const index of [6, 7]) {
      world.windows = [window(index, 0.6), ...world.windows];
      world.watermark = day(index + 1);
      await loop.closes();
    }
    const policy = await loop.retraining.getPolicy({ policy: "churn" }, world.call);
    expect(policy).toMatchObject({
      cycles: 3,
      held: "the gate refused 3 times in a row; waits for 3 new windows with truth, 2 so far",
    });
    world.windows = [window(8, 0.6), ...world.windows];
    world.watermark = day(9);
    await loop.closes();
    expect((await loop.cycle(4)).state).toBe("refused");
    expect(world.champion).toBe(1);
  });

  it.each([
    ["rejected", "rejected", "ana rejected version 3"],
    ["expired", "expired", "Nobody decided on version 3 in time; version 1 goes on serving"],
  ] as const)("T3/approval an approval that is %s", async (decision, state, problem) => {
    world.approvalState = "pending";
    const loop = openLoop(world);
    await loop.create();
    await loop.work();
    expect((await loop.cycle()).state).toBe("waiting-for-approval");
    world.approvals = world.approvals.map((one) => ({
      ...one,
      state: decision,
      decidedBy: world.call.actor,
    }));
    const subject = `/api/registry/approvals/${world.approvals[0]?.id}`;
    await loop.happens(`registry.approval-${decision === "expired" ? "expired" : "decided"}`, {}, subject);
    expect(await outcome(loop)).toEqual({ state, problem, serves: 1, told: [state], inStory: 1 });
  });

  it("T3/rollout a version that gateways refuse: the alias goes back", async () => {
    world.deploymentState = "failed";
    const loop = openLoop(world);
    await loop.create();
    await loop.work();
    expect(await outcome(loop)).toMatchObject({
      state: "failed",
      problem: "Version 3 cannot be served: 17 of 20 golden rows are equal; version 1 goes on serving",
      serves: 1,
      told: ["failed"],
    });
    expect(world.moves).toEqual([1]);
  });

  it("T1/drift truth that never comes after a drift: the cycle waits, then ends", async () => {
    world.windows = [drifted(3), window(2, 0.9)];
    const loop = openLoop(world);
    await loop.create({ when: [{ on: "drift" }] });
    await loop.work();
    const held = (await loop.cycle()).steps.find(({ name }) => name === "prepared");
    expect(held).toMatchObject({ state: "held", text: "Waits for truth of day 3: 0 of 900 rows have it" });
    world.windows = [drifted(36), drifted(35), ...world.windows];
    world.watermark = day(37);
    await loop.closes();
    expect(await outcome(loop)).toMatchObject({
      state: "failed",
      problem: "No truth came within 30 days: there is nothing to train on or to judge by",
      serves: 1,
      told: ["failed"],
    });
    expect(world.runs).toEqual([]);
  });

  it("a refit that answers otherwise: the version that was judged goes on", async () => {
    world.gatePasses = ({ version }) => version !== 3;
    const loop = openLoop(world);
    await loop.create();
    await loop.work();
    expect(await loop.cycle()).toMatchObject({ state: "watching", challenger: 2, candidate: 2 });
    expect(world.champion).toBe(2);
  });
});
