import type { NodeClient } from "@causeway/sdk";
import { WEEK_MS } from "./event-clock.ts";

/** What the log and its truth say of one week of one deployment. */
export type WeekFigures = {
  readonly rows: number;
  readonly labelled: number;
  /** Right answers over labelled ones; null without any. */
  readonly accuracy: number | null;
};

/** The figures of the whole run, as `--json` prints them. */
export type DemoFigures = {
  readonly weeks: readonly {
    readonly week: number;
    readonly with: number | null;
    readonly without: number | null;
    readonly labelled: number;
  }[];
  readonly changedAt: string | null;
  readonly noticedAt: string | null;
  readonly repairedAt: string | null;
  readonly trainings: number;
  readonly requests: { readonly sent: number; readonly failed: number };
  readonly wallSeconds: number;
};

const PAGE = 1000;

/** Reads a week back from the prediction log: nothing that the demonstration itself remembers is counted. */
export async function readWeek(
  client: NodeClient,
  { deployment, start, week }: { deployment: string; start: Date; week: number },
): Promise<WeekFigures> {
  const from = new Date(start.getTime() + (week - 1) * WEEK_MS);
  const until = new Date(from.getTime() + WEEK_MS);
  let [rows, labelled, right] = [0, 0, 0];
  for (let after: string | undefined; ; ) {
    const { items, next } = await client.deployments.listPredictions({
      deployment,
      from: from.toISOString(),
      until: until.toISOString(),
      limit: PAGE,
      ...(after === undefined ? {} : { after }),
    });
    for (const { prediction, truth } of items) {
      rows += 1;
      if (truth === null) continue;
      labelled += 1;
      if (String(prediction.value) === String(truth.value)) right += 1;
    }
    if (next === null) break;
    after = next;
  }
  return { rows, labelled, accuracy: labelled === 0 ? null : right / labelled };
}

/** When the loop noticed and repaired a change, in event time, and how often it trained, as the platform tells. */
export async function readLoop(
  client: NodeClient,
  { monitor, policy, changedAt }: { monitor: string; policy: string; changedAt: Date | null },
) {
  const [cycles, alerts] = await Promise.all([
    client.retraining.listCycles({ policy, limit: 100 }),
    client.monitoring.listAlerts({ monitor, limit: 100 }),
  ]);
  const isAfter = (time: string) => changedAt !== null && new Date(time) > changedAt;
  const noticed = [
    ...alerts.items.map(({ since }) => new Date(new Date(since).getTime() + WEEK_MS).toISOString()),
    ...cycles.items.map(({ noticedAt }) => noticedAt),
  ].filter(isAfter);
  const repaired = cycles.items.flatMap(({ switchedAt }) => switchedAt ?? []).filter(isAfter);
  return {
    noticedAt: noticed.toSorted()[0] ?? null,
    repairedAt: repaired.toSorted()[0] ?? null,
    /** A challenger and its refit on every row are one training. */
    trainings: cycles.items.flatMap(({ runs }) => runs).filter(({ purpose }) => purpose === "challenger")
      .length,
  };
}
