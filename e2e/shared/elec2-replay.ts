import { startCauseway } from "../src/causeway.ts";
import { areaUnderCurve, mean } from "./area-under-curve.ts";
import { readElec2 } from "./real-stream.ts";
import { createReplay, type ScoredRow } from "./replay.ts";

/** What the benchmark prints: mean AUC of the weeks, trainings, and the worst four weeks of the policy against frozen. */
export type Elec2Figures = {
  readonly frozen: number;
  readonly policy: number;
  readonly trainings: number;
  readonly worstMonth: number;
};

const POLICY = "elec2";

/** Lives week after week with truth a week late, under a policy with its default settings. */
export async function runElec2(say: (line: string) => void): Promise<Elec2Figures> {
  const running = await startCauseway();
  try {
    const { client } = running;
    const stream = readElec2();
    const replay = createReplay(running, stream);
    await replay.keep("replayed", stream.past);
    await replay.train("elec2", "replayed");
    await client.registry.assignAlias({ model: "elec2", alias: "champion", version: 1 });
    await replay.serve("elec2", "elec2@champion");
    await replay.serve("elec2-frozen", "elec2@1");
    await client.monitoring.createMonitor({
      name: POLICY,
      deployment: "elec2",
      settings: { window: "1 week" },
    });
    await client.retraining.createPolicy({
      name: POLICY,
      deployment: "elec2",
      monitor: POLICY,
      settings: { retrain: "replayed", params: { model: "elec2" } },
    });
    const [frozen, policy]: [number[], number[]] = [[], []];
    let ahead: ScoredRow[] = [];
    let late: { rows: readonly ScoredRow[]; start: Date } | null = null;
    for (const [index, { title, start, end, rows }] of stream.windows.entries()) {
      const scored = [...ahead, ...(await replay.ask("elec2", rows.slice(ahead.length)))];
      policy.push(areaUnderCurve(scored));
      frozen.push(areaUnderCurve(await replay.ask("elec2-frozen", rows)));
      const next = stream.windows[index + 1];
      if (next === undefined) break;
      ahead = await replay.ask("elec2", next.rows.slice(0, 1));
      await replay.window(POLICY, start, false);
      if (late !== null) {
        await replay.tell("elec2", late.rows, end);
        await replay.window(POLICY, late.start, true);
        await replay.settled(POLICY, late.start);
      }
      late = { rows: scored, start };
      const { newest } = await client.retraining.getPolicy({ policy: POLICY });
      const told = newest === null ? "" : `   cycle ${newest.number} ${newest.state}`;
      say(`  ${title}   policy ${policy.at(-1)?.toFixed(3)}   frozen ${frozen.at(-1)?.toFixed(3)}${told}`);
    }
    const { items: cycles } = await client.retraining.listCycles({ policy: POLICY, limit: 1000 });
    const differences = policy.map((auc, week) => auc - (frozen[week] ?? Number.NaN));
    const months = Array.from({ length: Math.floor(differences.length / 4) }, (_, month) =>
      mean(differences.slice(4 * month, 4 * month + 4)),
    );
    return {
      frozen: rounded(mean(frozen)),
      policy: rounded(mean(policy)),
      trainings: cycles.flatMap(({ runs }) => runs).filter(({ purpose }) => purpose === "challenger").length,
      worstMonth: rounded(Math.min(...months)),
    };
  } finally {
    await running.stop();
  }
}

function rounded(value: number): number {
  return Math.round(value * 10_000) / 10_000;
}
