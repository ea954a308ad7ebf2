import { startApprover } from "./approver.ts";
import { firstLine, weekLine } from "./display.ts";
import { createEventClock, type Pace, WEEK_MS } from "./event-clock.ts";
import { type DemoFigures, readLoop, readWeek, type WeekFigures } from "./figures.ts";
import type { Installation } from "./installation.ts";
import { watchLoop } from "./loop-watch.ts";
import { APPROVER, CARED, DEPLOYMENTS, FIRST, MONITOR, POLICY } from "./names.ts";
import { WEEKS } from "./options.ts";
import type { Project } from "./project.ts";
import { type Ends, INDENT, type Stage } from "./stage.ts";
import { followStory } from "./story.ts";
import { createTraffic } from "./traffic.ts";

/**
 * Sixteen weeks pass in about a minute, and 14 s more are there for training, judging and approving. A machine that is busy
 * with other things took longer to get ready; then the world is more patient.
 */
const PACE: Pace = { weekMs: 3600, slow: 0.12, patienceMs: 14_000 };
const USUAL_START_MS = 7000;
const MORE_PATIENCE = 10;
const TICK_MS = 25;
/** Truth of a week is posted this long after its end. */
const TRUTH_MS = 4.6 * 86_400_000;
/** The part of a week after whose begin the window of the week before should have closed. */
const CLOSED_BY = 0.6;
const LAST_WINDOW_MS = 10_000;

type Life = {
  readonly stage: Stage;
  readonly installation: Installation;
  readonly project: Project;
  /** Event time at which week 1 begins. */
  readonly start: Date;
  readonly changeWeek: number | null;
  /** When Causeway was ready, by the stage's clock. */
  readonly readyAt: number;
  readonly ends: Ends;
};

/** Lives through the weeks, then reads what came of them. */
export async function live(life: Life): Promise<DemoFigures> {
  const { stage, installation, start, changeWeek, readyAt } = life;
  const { client } = installation;
  const changesAt = changeWeek === null ? null : weekStart(start, changeWeek);
  const traffic = await passWeeks(life, changesAt);
  const weeks: DemoFigures["weeks"][number][] = [];
  for (let week = 1; week <= WEEKS; week += 1) {
    const { cared, first } = await readBoth(life, week);
    const labelled = cared.rows === 0 ? 0 : cared.labelled / cared.rows;
    weeks.push({ week, with: cared.accuracy, without: first.accuracy, labelled });
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

/** Traffic, truth, a second person and somebody who tells the story, until the truth of the last week is known. */
async function passWeeks(life: Life, changesAt: Date | null) {
  const { stage, installation, project, start, readyAt } = life;
  const { client, url } = installation;
  const problems: unknown[] = [];
  const note = (problem: unknown) => problems.push(problem);
  const tellStory = (line: string) => stage.say(`${INDENT}${firstLine(line)}`);
  const story = followStory(client, tellStory);
  const approver = await startApprover(client, {
    url,
    name: APPROVER,
    onDecision: ({ version, decidedBy }) => tellStory(`✓ ${decidedBy?.name} approves version ${version}`),
  });
  const loop = watchLoop(client, { monitor: MONITOR, policy: POLICY });
  life.ends.unshift(async () => loop.stop(), approver.stop, story.stop);
  approver.watching.catch(note);
  story.telling.catch(note);
  const traffic = await createTraffic(client, {
    deployments: DEPLOYMENTS,
    start,
    changesAt,
    next: (changed) => project.shop.next(changed),
  });
  const lostMs = Math.max(0, stage.clock() - readyAt - USUAL_START_MS);
  const clock = createEventClock(start, { ...PACE, patienceMs: PACE.patienceMs + MORE_PATIENCE * lostMs });
  const end = weekStart(start, WEEKS + 1).getTime() + TRUTH_MS;
  let told = 0;
  let telling: Promise<void> = Promise.resolve();
  let before = stage.clock();
  stage.say("");
  for (let now = start; now.getTime() < end; ) {
    if (stage.signal.aborted) throw new Error("stopped");
    if (problems.length > 0) throw problems[0];
    await stage.pause(TICK_MS);
    const wall = stage.clock();
    const passed = (now.getTime() - start.getTime()) / WEEK_MS;
    const isBehind = loop.seen.windows < Math.floor(passed) && passed % 1 > CLOSED_BY;
    if (!traffic.isFull()) now = clock.pass(wall - before, isBehind || loop.seen.isAtWork);
    before = wall;
    traffic.advance(now);
    traffic.settled().catch(note);
    loop.check().catch(note);
    if (told < WEEKS - 1 && now.getTime() >= weekStart(start, told + 2).getTime() + TRUTH_MS) {
      told += 1;
      const week = told;
      telling = telling.then(() => traffic.settled()).then(() => tellWeek(life, week));
      telling.catch(note);
    }
  }
  await traffic.finish();
  await telling;
  await tellWeek(life, WEEKS);
  const deadline = stage.clock() + LAST_WINDOW_MS;
  while (loop.seen.windows < WEEKS && stage.clock() < deadline) await stage.pause(TICK_MS);
  return traffic;
}

async function tellWeek(life: Life, week: number): Promise<void> {
  const { cared, first } = await readBoth(life, week);
  life.stage.say(
    weekLine({
      number: week,
      start: weekStart(life.start, week),
      with: cared.accuracy,
      without: first.accuracy,
      note: week === life.changeWeek ? "the world has changed" : "",
    }),
  );
}

async function readBoth(
  { installation: { client }, start }: Life,
  week: number,
): Promise<{ cared: WeekFigures; first: WeekFigures }> {
  const [cared, first] = await Promise.all([
    readWeek(client, { deployment: CARED, start, week }),
    readWeek(client, { deployment: FIRST, start, week }),
  ]);
  return { cared, first };
}

function weekStart(start: Date, week: number): Date {
  return new Date(start.getTime() + (week - 1) * WEEK_MS);
}
