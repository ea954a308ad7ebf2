import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { startApprover } from "./approver.ts";
import { firstLine, table, weekLine } from "./display.ts";
import { createEventClock, mondayBefore, type Pace, WEEK_MS } from "./event-clock.ts";
import { type DemoFigures, readLoop, readWeek } from "./figures.ts";
import { type Installation, startInstallation } from "./installation.ts";
import { watchLoop } from "./loop-watch.ts";
import { type DemoOptions, WEEKS } from "./options.ts";
import { makeProject, type Project } from "./project.ts";
import { startSlackReceiver } from "./slack-receiver.ts";
import { followStory } from "./story.ts";
import { createTraffic } from "./traffic.ts";

/** What the demonstration is told with, and the time that it lives in. */
export type Stage = {
  say(line: string): void;
  answer(line: string): void;
  now(): Date;
  /** Milliseconds of wall time from some moment on. */
  clock(): number;
  pause(ms: number): Promise<unknown>;
  readonly signal: AbortSignal;
};

/** Deployments: the one that the loop cares for, and the one that keeps the first version. */
const [CARED, FIRST] = ["shop", "shop-first"];
const MONITOR = "shop";
const POLICY = "shop";
const APPROVER = "maria";

/**
 * Sixteen weeks pass in about a minute, and 12 s more are there for training, judging and approving. A machine that is busy
 * with other things took longer to get ready; then the world is more patient.
 */
const PACE: Pace = { weekMs: 3700, slow: 0.12, patienceMs: 12_000 };
const USUAL_START_MS = 7000;
const MORE_PATIENCE = 5;
const TICK_MS = 25;
/** Truth of a week is known this long after its end. */
const TRUTH_MS = 4.6 * 86_400_000;
const LAST_WINDOW_MS = 10_000;

/** Tells the whole story once; ends everything after it, or when a signal asks for it. */
export async function demonstrate(options: DemoOptions, stage: Stage): Promise<void> {
  const begun = stage.clock();
  const said = (what: string, text: string) => {
    const seconds = ((stage.clock() - begun) / 1000).toFixed(1).padStart(5);
    stage.say(`  ${seconds} s  ${what.padEnd(9)}${text}`);
  };
  stage.say("\n  Causeway: sixteen weeks of a simulated online shop, and a model that is kept healthy\n");
  const project = await makeProject(options.dataDir);
  said("project", project.folder);
  const installation = await startInstallation(project, options);
  const readyAt = stage.clock();
  const ends: (() => Promise<unknown> | unknown)[] = [() => installation.stop()];
  try {
    const { url } = await installation.client.platform.createSignInLink();
    said("ready", `${url}  (signs you in once)`);
    const receiver = await startSlackReceiver((text) => stage.say(`           ✉ ${firstLine(text)}`));
    ends.unshift(() => receiver.close());
    await prepare(installation, project, { slackUrl: receiver.url, said });
    const figures = await live({ options, stage, installation, project, readyAt, ends });
    stage.say("");
    stage.say(table(figures, (time) => weekOf(startOf(stage), time)));
    stage.say("");
    if (options.json) stage.answer(JSON.stringify(figures));
    if (!options.exit && !stage.signal.aborted) {
      stage.say(`  The story with every number: ${installation.url}/retraining`);
      stage.say(`  Everything stays up until Ctrl-C. The project is yours to copy: ${project.folder}\n`);
      await Promise.race([once(stage.signal, "abort"), installation.ended]);
    }
  } finally {
    for (const end of ends) await end();
  }
}

/** Data, pipeline, first model, two deployments, monitor, policy: by the commands that a user types and by the API. */
async function prepare(
  { client, cli }: Installation,
  { folder, table: file }: Project,
  { slackUrl, said }: { slackUrl: string; said: (what: string, text: string) => void },
): Promise<void> {
  const { version } = await client.data.importFile("shop-customers", file, { key: "customerId" });
  said(
    "data",
    `${version?.rows.toLocaleString("en-US")} customers of the past, version ${version?.id.slice(0, 6)}`,
  );
  await cli("pipelines", "run", "shop.pipeline.ts");
  const first = await client.registry.getVersion({ model: "shop", version: 1 });
  const accuracy = first.report?.metrics.find(({ name }) => name === "accuracy");
  said(
    "model",
    `shop version 1, accuracy ${accuracy?.value.toFixed(2)} on ${first.report?.rows} customers that it had not seen`,
  );
  await client.registry.assignAlias({ model: "shop", alias: "champion", version: 1 });
  const key = "customerId";
  await client.deployments.createDeployment({ name: CARED, serve: "shop@champion", key });
  await client.deployments.createDeployment({ name: FIRST, serve: "shop@1", key });
  for (const deployment of [CARED, FIRST])
    for await (const { state } of client.deployments.followDeployment({ deployment }))
      if (state === "ready") break;
  await client.platform.createChannel({ name: "team", kind: "slack", url: slackUrl });
  const settings = async (name: string) => JSON.parse(await readFile(join(folder, name), "utf8"));
  await client.monitoring.createMonitor({
    name: MONITOR,
    deployment: CARED,
    settings: await settings("monitor.json"),
  });
  await client.retraining.createPolicy({
    name: POLICY,
    deployment: CARED,
    monitor: MONITOR,
    settings: await settings("policy.json"),
  });
  said("serving", `${CARED} follows the champion and is looked after; ${FIRST} keeps version 1`);
}

type Life = {
  readonly options: DemoOptions;
  readonly stage: Stage;
  readonly installation: Installation;
  readonly project: Project;
  readonly readyAt: number;
  readonly ends: (() => Promise<unknown> | unknown)[];
};

/** Lives through the weeks and reads what came of them. */
async function live({ options, stage, installation, project, readyAt, ends }: Life): Promise<DemoFigures> {
  const { client, url } = installation;
  const start = startOf(stage);
  const { changeWeek } = options;
  const changesAt = changeWeek === null ? null : new Date(start.getTime() + (changeWeek - 1) * WEEK_MS);
  const story = followStory(client, (line) => stage.say(`           ${firstLine(line)}`));
  const approver = await startApprover(client, {
    url,
    name: APPROVER,
    onDecision: ({ version, decidedBy }) =>
      stage.say(`           ✓ ${decidedBy?.name} approves version ${version}`),
  });
  const loop = watchLoop(client, { monitor: MONITOR, policy: POLICY });
  ends.unshift(
    () => loop.stop(),
    () => approver.stop(),
    () => story.stop(),
  );
  const traffic = await createTraffic(client, {
    deployments: [CARED, FIRST],
    start,
    changesAt,
    next: (changed) => project.shop.next(changed),
  });
  const reading = (week: number) =>
    Promise.all([CARED, FIRST].map((deployment) => readWeek(client, { deployment, start, week })));
  const lostMs = Math.max(0, stage.clock() - readyAt - USUAL_START_MS);
  const clock = createEventClock(start, { ...PACE, patienceMs: PACE.patienceMs + MORE_PATIENCE * lostMs });
  const end = start.getTime() + WEEKS * WEEK_MS + TRUTH_MS;
  stage.say("");
  let told = 0;
  let telling: Promise<void> = Promise.resolve();
  const tell = async (week: number) => {
    const [cared, first] = await reading(week);
    stage.say(
      weekLine({
        number: week,
        start: new Date(start.getTime() + (week - 1) * WEEK_MS),
        with: cared?.accuracy ?? null,
        without: first?.accuracy ?? null,
        note: week === changeWeek ? "the world has changed" : "",
      }),
    );
  };
  const problems: unknown[] = [];
  const fail = (problem: unknown) => problems.push(problem);
  approver.watching.catch(fail);
  story.telling.catch(fail);
  let before = stage.clock();
  for (let now = start; now.getTime() < end; ) {
    if (stage.signal.aborted) throw new Error("stopped");
    await stage.pause(TICK_MS);
    const wall = stage.clock();
    const passed = (now.getTime() - start.getTime()) / WEEK_MS;
    const isBehind = loop.seen.windows < Math.floor(passed) && passed % 1 > 0.2;
    now = clock.pass(wall - before, isBehind || loop.seen.isAtWork);
    before = wall;
    traffic.advance(now);
    traffic.settled().catch(fail);
    loop.check().catch(fail);
    if (now.getTime() >= start.getTime() + (told + 1) * WEEK_MS + TRUTH_MS && told < WEEKS - 1) {
      told += 1;
      const week = told;
      telling = telling.then(() => traffic.settled()).then(() => tell(week));
    }
    if (problems.length > 0) throw problems[0];
  }
  await traffic.finish();
  await telling;
  await tell(WEEKS);
  const deadline = stage.clock() + LAST_WINDOW_MS;
  while (loop.seen.windows < WEEKS && stage.clock() < deadline) await stage.pause(TICK_MS);
  const weeks = [];
  for (let week = 1; week <= WEEKS; week += 1) {
    const [cared, first] = await reading(week);
    weeks.push({
      week,
      with: cared?.accuracy ?? null,
      without: first?.accuracy ?? null,
      labelled: cared === undefined || cared.rows === 0 ? 0 : cared.labelled / cared.rows,
    });
  }
  const found = await readLoop(client, { monitor: MONITOR, policy: POLICY, changedAt: changesAt });
  for (const failure of traffic.failures) stage.say(`  a request failed: ${failure}`);
  return {
    weeks,
    changedAt: changesAt?.toISOString() ?? null,
    ...found,
    requests: { ...traffic.requests },
    wallSeconds: Math.round((stage.clock() - readyAt) / 100) / 10,
  };
}

/** The weeks that are simulated end with the one before the running one. */
function startOf(stage: Stage): Date {
  return mondayBefore(stage.now(), WEEKS + 1);
}

function weekOf(start: Date, time: string | null): number | null {
  return time === null ? null : Math.floor((new Date(time).getTime() - start.getTime()) / WEEK_MS) + 1;
}
