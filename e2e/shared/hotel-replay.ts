import { type Running, startCauseway } from "../src/causeway.ts";
import { areaUnderCurve, mean } from "./area-under-curve.ts";
import { readHotel } from "./real-stream.ts";
import { createReplay, type ScoredRow } from "./replay.ts";

/** What the benchmark prints. AUCs are means over the months. */
export type HotelFigures = {
  readonly trainer: string;
  readonly frozen: number;
  readonly monthly: number;
  readonly policy: number;
  /** After the first model; a challenger and its refit are one. */
  readonly trainings: number;
  /** (policy - frozen) / (monthly - frozen) */
  readonly share: number;
  /** The same for as many evenly spaced trainings. */
  readonly schedule: number;
  /** Champions with a lower AUC than their predecessor on the rows that judged them. */
  readonly worseAssigned: number;
};

const POLICY = "hotel";

/** What living under the policy left. */
export type LivedUnderPolicy = {
  readonly frozen: readonly number[];
  readonly policy: readonly number[];
  readonly trainings: number;
  readonly worseAssigned: number;
  /** Wall time of predictions, truth and monitor, trainings apart. */
  readonly replaySeconds: number;
};

/** Lives through the months with a frozen model and under a policy with its default settings. */
export async function liveUnderPolicy(
  running: Running,
  months: number,
  say: (line: string) => void,
): Promise<LivedUnderPolicy> {
  const { client } = running;
  const stream = readHotel(months);
  const replay = createReplay(running, stream);
  await replay.keep("replayed", stream.past);
  await replay.train("hotel", "replayed");
  await client.registry.assignAlias({ model: "hotel", alias: "champion", version: 1 });
  await replay.serve("hotel", "hotel@champion");
  await replay.serve("hotel-frozen", "hotel@1");
  const monitor = POLICY;
  await client.monitoring.createMonitor({
    name: monitor,
    deployment: "hotel",
    settings: { window: "1 month" },
  });
  await client.retraining.createPolicy({
    name: POLICY,
    deployment: "hotel",
    monitor,
    settings: { retrain: "replayed", params: { model: "hotel" } },
  });
  const seen = new Map<string, ScoredRow>();
  const [frozen, policy]: [number[], number[]] = [[], []];
  let replayMs = 0;
  let told = 0;
  /** Rows of a month that were sent ahead: they moved the watermark past the end of the month before. */
  let ahead: ScoredRow[] = [];
  for (const [index, { title, start, end, rows }] of stream.windows.entries()) {
    const startedAt = performance.now();
    const scored = [...ahead, ...(await replay.ask("hotel", rows.slice(ahead.length)))];
    const still = await replay.ask("hotel-frozen", rows);
    policy.push(areaUnderCurve(scored));
    frozen.push(areaUnderCurve(still));
    for (const row of scored) seen.set(row.record.row, row);
    const next = stream.windows[index + 1];
    ahead = next === undefined ? [] : await replay.ask("hotel", next.rows.slice(0, 1));
    if (next !== undefined) {
      await replay.window(monitor, start, false);
      await replay.tell("hotel", scored, end);
      await replay.window(monitor, start, true);
    }
    replayMs += performance.now() - startedAt;
    say(`  ${title}   policy ${policy.at(-1)?.toFixed(3)}   frozen ${frozen.at(-1)?.toFixed(3)}`);
    if (next === undefined) break;
    await replay.settled(POLICY, start);
    const { newest } = await client.retraining.getPolicy({ policy: POLICY });
    if (newest !== null && newest.number !== told) {
      told = newest.number;
      const problem = newest.problem === null ? "" : ` (${newest.problem})`;
      say(`  ${title}   cycle ${newest.number} ${newest.state}: ${newest.trigger.reason}${problem}`);
    }
  }
  const { items: cycles } = await client.retraining.listCycles({ policy: POLICY, limit: 100 });
  const trainings = cycles
    .flatMap(({ runs }) => runs)
    .filter(({ purpose }) => purpose === "challenger").length;
  let worseAssigned = 0;
  for (const { switchedAt, challenger, gate, number } of cycles) {
    if (switchedAt === null || challenger === null || gate === null) continue;
    const judged = await judgedRows(running, gate, seen);
    await replay.serve("hotel-judge", `hotel@${challenger}`);
    const won = areaUnderCurve(await replay.ask("hotel-judge", judged));
    const before = areaUnderCurve(judged);
    say(
      `  cycle ${number}: on ${judged.length} raw rows the challenger has ${won.toFixed(4)}, its predecessor ${before.toFixed(4)}`,
    );
    if (won < before) worseAssigned += 1;
  }
  return { frozen, policy, trainings, worseAssigned, replaySeconds: replayMs / 1000 };
}

/** The rows that judged, as the champion of their time scored them, by the key in the gate's dataset version. */
async function judgedRows(
  { client }: Running,
  gate: string,
  seen: ReadonlyMap<string, ScoredRow>,
): Promise<ScoredRow[]> {
  const { dataset, datasetVersion: version } = await client.registry.getGate({ gate });
  const judged: ScoredRow[] = [];
  for (let offset = 0; ; offset += 1000) {
    const { columns, rows, total } = await client.data.preview({ dataset, version, offset, limit: 1000 });
    const place = columns.findIndex(({ name }) => name === "row");
    for (const row of rows) {
      const found = seen.get(String(row[place]));
      if (found === undefined)
        throw new Error(`gate ${gate} judged a row that was never asked: ${row[place]}`);
      judged.push(found);
    }
    if (offset + 1000 >= total) return judged;
  }
}

/** The AUC of each month under a model retrained at the end of every month, and what any spacing of them would have had. */
export async function liveRetrained(running: Running, say: (line: string) => void) {
  const stream = readHotel();
  const replay = createReplay(running, stream);
  await replay.keep("history", stream.past);
  /** `aucs[e][t]`: trained on all before month e, asked in month t. */
  const aucs: number[][] = [];
  for (const [trainedBefore, { rows }] of stream.windows.entries()) {
    const version = await replay.train("hotel-monthly", "history");
    await replay.serve("hotel-monthly", `hotel-monthly@${version}`);
    const row: number[] = [];
    for (const [month, window] of stream.windows.entries())
      if (month >= trainedBefore) row[month] = areaUnderCurve(await replay.ask("hotel-monthly", window.rows));
    aucs.push(row);
    say(`  trained before ${stream.windows[trainedBefore]?.title}: ${row[trainedBefore]?.toFixed(3)}`);
    await replay.keep("history", rows, true);
  }
  return {
    monthly: mean(stream.windows.map((_, month) => aucs[month]?.[month] ?? Number.NaN)),
    /** Mean AUC with trainings at so many evenly spaced month ends. */
    spaced(trainings: number): number {
      const at = Array.from({ length: trainings }, (_, index) =>
        Math.round(((index + 1) * stream.windows.length) / (trainings + 1)),
      );
      return mean(
        stream.windows.map(
          (_, month) => aucs[at.filter((one) => one <= month).at(-1) ?? 0]?.[month] ?? Number.NaN,
        ),
      );
    },
  };
}

/** Runs the whole benchmark on a Causeway of its own. */
export async function runHotel(say: (line: string) => void): Promise<HotelFigures> {
  const running = await startCauseway();
  try {
    say("hotel: frozen, and under a policy with its default settings");
    const lived = await liveUnderPolicy(running, 14, say);
    say(`  replay of predictions, truth and monitor, trainings apart: ${lived.replaySeconds.toFixed(1)} s`);
    say("hotel: retrained at the end of every month");
    const { monthly, spaced } = await liveRetrained(running, say);
    const [frozen, policy] = [mean(lived.frozen), mean(lived.policy)];
    const share = (auc: number) => rounded((auc - frozen) / (monthly - frozen));
    return {
      trainer: "train-ydf gradient-boosted-trees",
      frozen: rounded(frozen),
      monthly: rounded(monthly),
      policy: rounded(policy),
      trainings: lived.trainings,
      share: share(policy),
      schedule: share(spaced(lived.trainings)),
      worseAssigned: lived.worseAssigned,
    };
  } finally {
    await running.stop();
  }
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
