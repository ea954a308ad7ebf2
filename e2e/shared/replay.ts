import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { type Cycle, PredictAnswer } from "@causeway/contract";
import type { Running } from "../src/causeway.ts";
import { ROOT } from "../src/causeway.ts";
import type { RealStream, StreamRow } from "./real-stream.ts";

const PIPELINE = join(ROOT, "e2e", "shared", "replayed.pipeline.ts");
const AT_WORK: readonly string[] = ["running", "waiting-for-approval"];
/** A policy that has begun nothing for this long after a window was judged begins nothing. */
const QUIET_MS = 3000;
const LOOK_MS = 150;
const LONGEST_MS = 900_000;

/** A row with the score that a deployment gave it. */
export type ScoredRow = StreamRow & { readonly score: number; readonly id: string };

/** Lives through a real stream by the public API. */
export function createReplay(running: Running, stream: RealStream) {
  const { client } = running;
  const keys = new Map<string, Promise<{ url: string; secret: string }>>();
  const target = (deployment: string) => {
    const known =
      keys.get(deployment) ??
      Promise.all([
        client.deployments.getDeployment({ deployment }),
        client.deployments.createKey({ deployment, name: "replay" }),
      ]).then(([{ url }, { secret }]) => ({ url, secret }));
    keys.set(deployment, known);
    return known;
  };

  /** Imports rows as a version of a dataset. */
  async function keep(dataset: string, rows: readonly StreamRow[], append = false): Promise<void> {
    const names = Object.keys(rows[0]?.record ?? {});
    const file = join(running.dataDir, `${dataset}.csv`);
    const cell = (value: string | number | null | undefined) =>
      value === null || value === undefined
        ? ""
        : /[",]/.test(String(value))
          ? `"${String(value)}"`
          : String(value);
    const lines = rows.map(({ record, target: label }) =>
      [...names.map((name) => cell(record[name])), label].join(","),
    );
    await writeFile(file, `${[...names, "target"].join(",")}\n${lines.join("\n")}\n`);
    await client.data.importFile(dataset, file, {
      key: "row",
      columns: { row: "string", ...stream.types },
      append,
    });
  }

  /** Trains a version of a model on the newest rows of a dataset. */
  async function train(model: string, dataset: string): Promise<number> {
    const ran = await running.cli(
      "pipelines",
      "run",
      PIPELINE,
      "--rows",
      `${dataset}@latest`,
      "--model",
      model,
    );
    if (ran.code !== 0) throw new Error(`training ended with ${ran.code}: ${ran.stdout}${ran.stderr}`);
    const { items } = await client.registry.listVersions({ model, limit: 1 });
    return items[0]?.version ?? 0;
  }

  /** Serves a version or an alias under a name and waits until it answers. */
  async function serve(name: string, what: string): Promise<void> {
    const { items } = await client.deployments.listDeployments();
    const wanted = items.some((one) => one.name === name)
      ? await client.deployments.updateDeployment({ deployment: name, serve: what })
      : await client.deployments.createDeployment({ name, serve: what, key: "row" });
    await until(`${name} serves ${what}`, async () => {
      const { serving } = await client.deployments.getDeployment({ deployment: name });
      return serving !== null && serving.number === wanted.revision.number ? true : undefined;
    });
  }

  /** Asks about rows, those of one moment together. */
  async function ask(deployment: string, rows: readonly StreamRow[]): Promise<ScoredRow[]> {
    const { url, secret } = await target(deployment);
    const scored: ScoredRow[] = [];
    for (const batch of batchesOf(rows)) {
      const response = await fetch(url, {
        method: "POST",
        headers: { authorization: `Bearer ${secret}`, "content-type": "application/json" },
        body: JSON.stringify({
          records: batch.map(({ record }) => record),
          occurredAt: batch[0]?.at.toISOString(),
        }),
      });
      if (!response.ok)
        throw new Error(`${deployment} answered ${response.status}: ${await response.text()}`);
      const { id, predictions } = PredictAnswer.parse(await response.json());
      for (const [index, row] of batch.entries())
        scored.push({ ...row, id: `${id}.${index}`, score: predictions[index]?.scores?.["1"] ?? Number.NaN });
    }
    return scored;
  }

  /** Tells what turned out. */
  async function tell(deployment: string, rows: readonly ScoredRow[], at: Date): Promise<void> {
    for (let first = 0; first < rows.length; first += 10_000) {
      await client.deployments.recordTruth({
        deployment,
        records: rows
          .slice(first, first + 10_000)
          .map(({ id, target: value }) => ({ predictionId: id, value, occurredAt: at.toISOString() })),
      });
    }
  }

  /** Waits until a window of the monitor is closed and, where asked, judged with truth. */
  async function window(monitor: string, start: Date, judged: boolean): Promise<void> {
    await until(
      `window ${start.toISOString()} of ${monitor} is ${judged ? "judged" : "closed"}`,
      async () => {
        const { items } = await client.monitoring.listWindows({ monitor, limit: 5 });
        const found = items.find((one) => new Date(one.start).getTime() === start.getTime());
        if (found === undefined) return undefined;
        return !judged || found.performance !== null ? true : undefined;
      },
    );
  }

  /** Waits until the policy has nothing more to do with a window that was judged. */
  async function settled(policy: string, start: Date): Promise<void> {
    let quietSince = performance.now();
    await until(`policy ${policy} has settled`, async () => {
      const { newest } = await client.retraining.getPolicy({ policy });
      if (newest !== null && (AT_WORK.includes(newest.state) || isToConfirm(newest, start)))
        quietSince = performance.now();
      return performance.now() - quietSince >= QUIET_MS ? true : undefined;
    });
  }

  return { keep, train, serve, ask, tell, window, settled };
}

/** True for a switch whose first window is the one that was judged: it is confirmed or rolled back next. */
function isToConfirm({ state, switchedAt }: Cycle, start: Date): boolean {
  return state === "watching" && switchedAt !== null && new Date(switchedAt) <= start;
}

/** Rows in groups of one moment, or of a day where there are many moments. */
function batchesOf(rows: readonly StreamRow[]): StreamRow[][] {
  const groups = Map.groupBy(rows, ({ at }) => at.toISOString().slice(0, 10));
  return [...groups.values()];
}

async function until<T>(what: string, look: () => Promise<T | undefined>): Promise<T> {
  const startedAt = performance.now();
  for (;;) {
    const found = await look();
    if (found !== undefined) return found;
    if (performance.now() - startedAt > LONGEST_MS)
      throw new Error(`waited ${LONGEST_MS / 1000} s in vain: ${what}`);
    await pause(LOOK_MS);
  }
}
