import { type CycleFact, GateRule } from "@causeway/contract";
import { attemptOf } from "../../../platform/processes/index.ts";
import { judgementOf } from "../../registry/index.ts";
import { cyclesStore } from "../cycles-store.ts";
import type { StepOutcome } from "../journal-service.ts";
import { gatePath } from "../retraining-paths.ts";
import { hasEnded } from "./gate.ts";
import { runLink, untilPrepared, versionLink, versionOf } from "./run-version.ts";
import {
  change,
  end,
  gateLink,
  gateOnce,
  judgedRows,
  mark,
  type Station,
  type StationParts,
  type Visit,
  wait,
  watching,
} from "./station.ts";
import { begin, failureOf, isOver } from "./train.ts";

/**
 * Trains the winner once more with the window that judged it, and sees that the two answer alike: then the refit goes on. One
 * that does not was not judged by anything, so that the winner itself goes on.
 */
export const refit: Station = async (parts, visit) => {
  const { cycle, call, policy } = visit;
  const { challenger, judging } = cycle;
  if (challenger === null || judging === null)
    throw new Error("a refit needs a challenger and the rows that judged it");
  if (!cycle.settings.refit)
    return keepJudged(parts, visit, { fact: { says: "goes-on-judged", version: challenger } });
  const run = cycle.runs.find(({ purpose }) => purpose === "refit");
  if (run === undefined) {
    if (cycle.trainedUntil?.toISOString() !== judging.end) return addJudgingRows(parts, visit);
    return begin(parts, visit, "refit");
  }
  const state = await parts.pipelines.getRun(run, call);
  if (!isOver(state))
    return wait(parts, visit, { says: "pipeline-runs", pipeline: run.pipeline, refit: true });
  if (state.state !== "succeeded")
    return end(parts, visit, { state: "failed", fact: failureOf(state), links: [runLink(run)] });
  const version = await versionOf(parts, visit, state);
  if (version === challenger)
    return keepJudged(parts, visit, { fact: { says: "refit-same", version: challenger } });
  if (cycle.refitGate === null) {
    const unprepared = await untilPrepared(parts, visit, version);
    if (unprepared !== undefined) return unprepared;
    const started = await compare(parts, visit, {
      version,
      challenger,
      rows: `${judging.dataset}@${judging.version}`,
    });
    await change(visit, async (tx, locked) => {
      await cyclesStore(tx).update(locked, { refitGate: started, ...watching(locked, gatePath(started)) });
    });
    return "moved";
  }
  const judged = await parts.registry.getGate({ gate: cycle.refitGate }, call);
  if (!hasEnded(judged))
    return wait(parts, visit, { says: "compares", version, against: challenger, judging: null });
  const links = [runLink(run), gateLink(judged), versionLink(visit, version)];
  if (judged.passed !== true) {
    return keepJudged(parts, visit, {
      fact: {
        says: "refit-left",
        version,
        challenger,
        judgement: judgementOf(judged),
        problem: judged.problem,
      },
      links,
    });
  }
  return mark(parts, visit, {
    state: "done",
    fact: {
      says: "refit-repeats",
      version,
      challenger,
      model: policy.model,
      judgement: judgementOf(judged),
    },
    links,
    cycle: { candidate: version },
  });
};

/** The judged version itself becomes the candidate: it knows nothing of the rows that judged it. */
function keepJudged(
  parts: StationParts,
  visit: Visit,
  { fact, links = [] }: { readonly fact: CycleFact; readonly links?: StepOutcome["links"] },
): Promise<"moved"> {
  const { challenger, judging } = visit.cycle;
  return mark(parts, visit, {
    state: "skipped",
    fact,
    links,
    cycle: {
      candidate: challenger,
      ...(judging === null ? {} : { trainedUntil: new Date(judging.start) }),
    },
  });
}

/** The challenger's rows with those that judged it, as a version of the dataset. */
async function addJudgingRows(parts: StationParts, visit: Visit): Promise<"moved"> {
  const { datasets } = parts;
  const { cycle, call, job, policy } = visit;
  const { dataset, judging } = cycle;
  if (dataset === null || judging === null) throw new Error("a refit needs the rows of its challenger");
  await wait(parts, visit, { says: "adds-rows", judging: judgedRows(judging) });
  const base = await datasets.base({ dataset: dataset.dataset, version: dataset.version }, call);
  const added = await datasets.base({ dataset: judging.dataset, version: judging.version }, call);
  const prepared = await datasets.prepare(
    { paths: added.parts.map(({ path }) => path), key: base.key, name: `${dataset.dataset}.refit`, base },
    { attempt: attemptOf(job), signal: job.signal },
  );
  await change(visit, async (tx, locked) => {
    const stored = await datasets.store(tx, call, {
      dataset: dataset.dataset,
      prepared,
      source: { kind: "log", name: policy.deployment, digest: null },
      parent: dataset.version,
    });
    await cyclesStore(tx).update(locked, {
      dataset: { dataset: dataset.dataset, version: stored.id, rows: stored.rows },
      trainedUntil: new Date(judging.end),
    });
  });
  return "moved";
}

/** Notes what the refit repeats, and has both score the same rows. */
async function compare(
  parts: StationParts,
  visit: Visit,
  { version, challenger, rows }: { version: number; challenger: number; rows: string },
): Promise<string> {
  const { model } = visit.policy;
  await change(visit, (tx) =>
    parts.registry.markRefit(tx, visit.call, { model, version, refitOf: challenger }),
  );
  const rules = [GateRule.parse({ rule: "agrees" })];
  const gate = await gateOnce(parts, visit, { model, version, against: challenger, rows, rules });
  return gate.id;
}
