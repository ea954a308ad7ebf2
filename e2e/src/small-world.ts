import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import type { Cycle } from "@causeway/contract";
import type { NodeClient } from "@causeway/sdk";
import { ROOT, type Running } from "./causeway.ts";
import { seededRandom } from "./seeded-random.ts";

/** A visit to a small shop, and whether the visitor bought. */
type Visit = { visitor: string; pages: number; minutes: number; source: string; buys: string };

/** Settings of a policy as callers write them. */
type Settings = Parameters<NodeClient["retraining"]["createPolicy"]>[0]["settings"];

const DAY_MS = 86_400_000;
const FIRST_DAY = Date.parse("2026-03-02T00:00:00Z");
const SOURCES = ["search", "mail", "friend"];
export const PIPELINE = join(ROOT, "e2e", "src", "small-world.pipeline.ts");

/** Before its change long visits buy; after it they do not, and short ones do. */
function visitOf(random: () => number, { name, changed }: { name: string; changed: boolean }): Visit {
  const pages = Math.floor(random() * 20);
  const minutes = Math.round(random() * 600) / 10;
  const source = SOURCES[Math.floor(random() * SOURCES.length)] ?? "search";
  const wish = (pages - 10) / 4 + (minutes - 30) / 12 + (source === "friend" ? 0.6 : 0);
  const chance = 1 / (1 + Math.exp(changed ? 1.5 * wish : -1.5 * wish));
  return { visitor: name, pages, minutes, source, buys: random() < chance ? "yes" : "no" };
}

/** A shop whose days are lived through the public API: visits, predictions, what turned out, in event time. */
export async function openShop(
  running: Running,
  {
    perDay = 600,
    changeDay = Number.POSITIVE_INFINITY,
    pipeline = PIPELINE,
  }: { perDay?: number; changeDay?: number; pipeline?: string } = {},
) {
  const { client } = running;
  const random = seededRandom(20260302);
  const told: { predictionId: string; value: string; occurredAt: string }[][] = [];
  let key = "";

  /** Trains the first model, deploys it under its alias and watches it. */
  async function open(): Promise<void> {
    const visits = Array.from({ length: 1_500 }, (_, index) =>
      visitOf(random, { name: `a${index}`, changed: false }),
    );
    const file = join(running.dataDir, "visits.csv");
    const columns = ["visitor", "pages", "minutes", "source", "buys"] as const;
    const lines = visits.map((visit) => columns.map((column) => visit[column]).join(","));
    await writeFile(file, `${columns.join(",")}\n${lines.join("\n")}\n`);
    await client.data.importFile("visits", file, { key: "visitor" });
    await succeeds("pipelines", "run", pipeline);
    await client.registry.assignAlias({ model: "visits", alias: "champion", version: 1 });
    await client.deployments.createDeployment({ name: "visits", serve: "visits@champion", key: "visitor" });
    await until("the deployment is ready", async () => {
      const { state } = await client.deployments.getDeployment({ deployment: "visits" });
      return state === "ready" ? true : undefined;
    });
    key = (await client.deployments.createKey({ deployment: "visits", name: "shop" })).secret;
    await client.monitoring.createMonitor({
      name: "visits",
      deployment: "visits",
      settings: { window: "1 day", truth: { within: "5 days" } },
    });
  }

  async function succeeds(...args: string[]): Promise<string> {
    const finished = await running.cli(...args);
    if (finished.code !== 0) throw new Error(`${args.join(" ")}: ${finished.stdout}${finished.stderr}`);
    return finished.stdout;
  }

  /** A day of visits is answered; what they turn out to be is kept for `tell`. */
  async function live(day: number): Promise<void> {
    const visits = Array.from({ length: perDay }, (_, index) =>
      visitOf(random, { name: `d${day}-${index}`, changed: day >= changeDay }),
    );
    const truth: { predictionId: string; value: string; occurredAt: string }[] = [];
    const hours = 12;
    for (let hour = 0; hour < hours; hour += 1) {
      const part = visits.slice((hour * perDay) / hours, ((hour + 1) * perDay) / hours);
      const occurredAt = new Date(FIRST_DAY + day * DAY_MS + (hour * DAY_MS) / hours).toISOString();
      const id = await predict(part, occurredAt);
      truth.push(...part.map(({ buys }, row) => ({ predictionId: `${id}.${row}`, value: buys, occurredAt })));
    }
    told[day] = truth;
  }

  /** A key that was just made, or a gateway that was just killed, needs a moment. */
  async function predict(visits: readonly Visit[], occurredAt: string): Promise<string> {
    const { url } = await client.deployments.getDeployment({ deployment: "visits" });
    const records = visits.map(({ buys: _, ...record }) => record);
    for (let tries = 0; ; tries += 1) {
      try {
        const response = await fetch(url, {
          method: "POST",
          headers: { authorization: `Bearer ${key}`, "content-type": "application/json" },
          body: JSON.stringify({ records, occurredAt }),
        });
        const text = await response.text();
        if (response.ok) return JSON.parse(text).id;
        if (tries > 100 || (response.status !== 401 && response.status < 500))
          throw new Error(`${response.status} ${text}`);
      } catch (error) {
        if (!(error instanceof TypeError) || tries > 100) throw error;
      }
      await pause(100);
    }
  }

  /** Posts what the visits of a day turned out to be. */
  async function tell(day: number): Promise<void> {
    await client.deployments.recordTruth({ deployment: "visits", records: told[day] ?? [] });
  }

  /** A policy of the monitor's windows; what is left out has its default. */
  async function follow(settings: Partial<Settings> = {}) {
    return client.retraining.createPolicy({
      name: "visits",
      deployment: "visits",
      settings: {
        retrain: "visits",
        cooldown: "1 day",
        budget: { trainings: 20, per: "month" },
        ...settings,
      },
    });
  }

  /** The newest cycle once it has the wanted state; undefined states: any end. */
  function cycle(number: number, states: readonly Cycle["state"][], withinMs = 180_000): Promise<Cycle> {
    return until(
      `cycle ${number} is ${states.join(" or ")}`,
      async () => {
        const found = await client.retraining.getCycle({ policy: "visits", number }).catch(() => undefined);
        if (found !== undefined && states.includes(found.state)) return found;
        if (found?.endedAt) throw new Error(`cycle ${number} is ${found.state}: ${found.problem}`);
        return undefined;
      },
      withinMs,
    );
  }

  /** True once the monitor has judged a day's window by truth. */
  function judged(day: number): Promise<true> {
    const start = new Date(FIRST_DAY + day * DAY_MS).toISOString();
    return until(`the window of day ${day} is judged`, async () => {
      const { items } = await client.monitoring.listWindows({ monitor: "visits", limit: 100 });
      const window = items.find((one) => one.start === start);
      return window !== undefined && window.coverage.labelled >= perDay * 0.99 && window.performance !== null
        ? true
        : undefined;
    });
  }

  return { open, live, tell, follow, cycle, judged, succeeds };
}

/** Asks again until there is an answer. */
export async function until<Value>(
  what: string,
  ask: () => Promise<Value | undefined>,
  withinMs = 180_000,
): Promise<Value> {
  const endsAt = performance.now() + withinMs;
  for (;;) {
    const value = await ask();
    if (value !== undefined) return value;
    if (performance.now() > endsAt) throw new Error(`not within ${withinMs / 1000} s: ${what}`);
    await pause(100);
  }
}
