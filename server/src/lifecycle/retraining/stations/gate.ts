import { type Gate, type GateRule, GateRule as GateRules } from "@causeway/contract";
import { judgementOf } from "../../registry/index.ts";
import { cyclesStore } from "../cycles-store.ts";
import { gatePath } from "../retraining-paths.ts";
import { untilPrepared, versionLink } from "./run-version.ts";
import {
  change,
  end,
  gateLink,
  gateOnce,
  judgedRows,
  mark,
  type Station,
  wait,
  watching,
} from "./station.ts";

/** Judges the challenger against what serves on the window that neither was trained on. */
export const gate: Station = async (parts, visit) => {
  const { cycle, policy, call } = visit;
  const { challenger, judging } = cycle;
  if (challenger === null || judging === null) throw new Error("a gate needs a challenger and rows");
  // The pipeline found the same version as before: nothing new to judge.
  if (challenger === cycle.champion) {
    return end(parts, visit, {
      state: "refused",
      fact: { says: "same-model", version: challenger },
    });
  }
  if (cycle.gate === null) {
    // Somebody may have had it prepared anew.
    const unprepared = await untilPrepared(parts, visit, challenger);
    if (unprepared !== undefined) return unprepared;
    const rules = await rulesOf(parts, visit);
    const started = await gateOnce(parts, visit, {
      model: policy.model,
      version: challenger,
      against: cycle.champion,
      rows: `${judging.dataset}@${judging.version}`,
      rules,
    });
    await change(visit, async (tx, locked) => {
      await cyclesStore(tx).update(locked, { gate: started.id, ...watching(locked, gatePath(started.id)) });
    });
    return "moved";
  }
  const judged = await parts.registry.getGate({ gate: cycle.gate }, call);
  if (!hasEnded(judged))
    return wait(parts, visit, {
      says: "compares",
      version: challenger,
      against: cycle.champion,
      judging: judgedRows(judging),
    });
  const links = [gateLink(judged), versionLink(visit, challenger)];
  if (judged.passed === null)
    return end(parts, visit, {
      state: "failed",
      fact: { says: "gate-failed", problem: judged.problem ?? judged.state },
      links,
    });
  const found = {
    version: challenger,
    judging: judgedRows(judging),
    judgement: judgementOf(judged),
  };
  return judged.passed
    ? mark(parts, visit, { state: "done", fact: { says: "passed", ...found }, links })
    : end(parts, visit, { state: "refused", fact: { says: "refused", ...found }, links });
};

/** The policy's rules; without any: better than what serves by the monitor's metric, beyond chance. */
async function rulesOf(
  { monitoring }: Parameters<Station>[0],
  { cycle, policy, call }: Parameters<Station>[1],
): Promise<GateRule[]> {
  if (cycle.settings.gate.length > 0) return cycle.settings.gate;
  const { items } = await monitoring.listWindows({ monitor: policy.monitor, limit: 200 }, call);
  const metric = items.find(({ performance }) => performance !== null)?.performance?.[0]?.metric;
  if (metric === undefined) throw new Error("a cycle that judges has a window with truth");
  return [GateRules.parse({ rule: "better", metric })];
}

/** True once a gate says no more. */
export function hasEnded({ state }: Pick<Gate, "state">): boolean {
  return state === "succeeded" || state === "failed" || state === "cancelled";
}
