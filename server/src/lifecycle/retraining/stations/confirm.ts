import { durationMs, GateRule } from "@causeway/contract";
import type { WatchedWindow } from "../../../platform/database/rows/retraining.ts";
import { attemptOf } from "../../../platform/processes/index.ts";
import { judgementOf } from "../../registry/index.ts";
import { type CycleRow, cyclesStore } from "../cycles-store.ts";
import { gatePath } from "../retraining-paths.ts";
import type { Known } from "../situation-reader.ts";
import { isSettled, type WindowFact } from "../window-fact.ts";
import { hasEnded } from "./gate.ts";
import { gatherRows, newestOwn } from "./gather-rows.ts";
import {
  change,
  end,
  gateLink,
  gateOnce,
  mark,
  type Station,
  type StationParts,
  type Visit,
  wait,
  watching,
} from "./station.ts";

/**
 * Watches the first windows with truth after the switch: on the rows of each, the version before and the new one are compared.
 * Where the version before is better beyond chance it gets the alias back.
 */
export const confirm: Station = async (parts, visit) => {
  const { cycle } = visit;
  const { candidate, champion, settings, watched } = cycle;
  const { windows: wanted } = settings.confirm;
  if (champion === null || wanted === 0) {
    const says = champion === null ? "nothing-to-compare" : "nothing-watched";
    return end(parts, visit, { state: "confirmed", fact: { says }, step: "skipped" });
  }
  if (cycle.state !== "watching") return startWatching(parts, visit);
  const open = watched.find(({ worse }) => worse === null);
  if (open !== undefined) return settle(parts, visit, open);
  const worse = watched.find((one) => one.worse === true);
  if (worse !== undefined) return rollBack(parts, visit, worse);
  if (watched.length >= wanted) {
    const windows = watched.map(({ title }) => title);
    return end(parts, visit, {
      state: "confirmed",
      fact: { says: "not-worse", version: candidate, champion, windows },
      step: "done",
      links: watched.map(({ gate }) => gateLink({ id: gate })),
    });
  }
  return watchNext(parts, visit);
};

async function startWatching(parts: StationParts, visit: Visit): Promise<"moved"> {
  const { windows } = visit.cycle.settings.confirm;
  const fact = { says: "watches" as const, windows };
  return mark(parts, visit, { state: "running", fact, cycle: { state: "watching" } });
}

/** Takes the next window of the new version alone whose truth has come. */
async function watchNext(parts: StationParts, visit: Visit): Promise<"moved" | "wait"> {
  const { cycle, policy, call } = visit;
  const known = await parts.readSituation(policy, call);
  if (known === undefined)
    return end(parts, visit, {
      state: "confirmed",
      step: "skipped",
      fact: { says: "nothing-left", deployment: policy.deployment },
    });
  const next = nextWindow(cycle, known);
  if (next === undefined) return waitForTruth(parts, visit, known);
  const { dataset, version } = await rowsOf(parts, visit, next);
  const rows = `${dataset}@${version}`;
  const gate = await compare(parts, visit, { rows, window: next });
  await change(visit, async (tx, locked) => {
    const window: WatchedWindow = { start: next.start.toISOString(), title: next.title, gate, worse: null };
    if (locked.watched.some(({ start }) => start === window.start)) return;
    await cyclesStore(tx).update(locked, {
      watched: [...locked.watched, window],
      ...watching(locked, gatePath(gate)),
    });
  });
  return "moved";
}

function nextWindow({ switchedAt, watched }: CycleRow, { situation }: Known): WindowFact | undefined {
  const seen = new Set(watched.map(({ start }) => start));
  return situation.windows
    .filter(
      (window) => switchedAt !== null && window.start >= switchedAt && !seen.has(window.start.toISOString()),
    )
    .filter((window) => isSettled(window, situation.watermark))
    .at(-1);
}

/** Truth that never comes must not keep a policy from its next cycle. */
async function waitForTruth(
  parts: StationParts,
  visit: Visit,
  { situation, monitor }: Known,
): Promise<"moved" | "wait"> {
  const { cycle } = visit;
  const first = situation.windows
    .filter(({ start }) => cycle.switchedAt !== null && start >= cycle.switchedAt)
    .at(-1);
  const within = durationMs(monitor.truth.within) ?? 0;
  if (first !== undefined && situation.watermark.getTime() > first.end.getTime() + within) {
    return end(parts, visit, {
      state: "confirmed",
      fact: {
        says: "not-compared",
        window: first.title,
        within: monitor.truth.within,
        version: cycle.candidate,
      },
      step: "skipped",
    });
  }
  return wait(
    parts,
    visit,
    first === undefined ? { says: "awaits-window" } : { says: "awaits-window-truth", window: first.title },
  );
}

/** The rows of a watched window as a version of the judging dataset. */
async function rowsOf(
  parts: StationParts,
  visit: Visit,
  window: WindowFact,
): Promise<{ dataset: string; version: string }> {
  const { cycle, call, job, policy } = visit;
  const { judging } = cycle;
  if (judging === null) throw new Error("a cycle that switched was judged");
  const own = await newestOwn(parts, visit);
  const span = { from: window.start.toISOString(), until: window.end.toISOString() };
  return gatherRows(parts, visit, {
    spans: { judge: span },
    own,
    use: async ({ spans }) => {
      const claim = { attempt: attemptOf(job), signal: job.signal };
      const rows = { paths: [spans.judge.path], key: own.version.key, name: judging.dataset };
      const prepared = await parts.datasets.prepare(rows, claim);
      const source = { kind: "log" as const, name: policy.deployment, digest: null };
      const stored = await job.record((tx) =>
        parts.datasets.store(tx, call, { dataset: judging.dataset, prepared, source }),
      );
      return { dataset: stored.dataset, version: stored.id };
    },
  });
}

/** A gate that the version before passes only where it is better than the new one beyond chance. */
async function compare(
  parts: StationParts,
  visit: Visit,
  { rows, window }: { rows: string; window: WindowFact },
): Promise<string> {
  const { cycle, policy } = visit;
  if (cycle.champion === null || cycle.candidate === null) throw new Error("two versions are compared");
  const metric =
    cycle.settings.gate.flatMap((rule) => ("metric" in rule ? [rule.metric] : []))[0] ??
    window.metrics[0]?.metric;
  if (metric === undefined) throw new Error("a window whose truth has come has its metric");
  const rules = [GateRule.parse({ rule: "better", metric })];
  const gate = await gateOnce(parts, visit, {
    model: policy.model,
    version: cycle.champion,
    against: cycle.candidate,
    rows,
    rules,
  });
  return gate.id;
}

async function settle(parts: StationParts, visit: Visit, open: WatchedWindow): Promise<"moved" | "wait"> {
  const judged = await parts.registry.getGate({ gate: open.gate }, visit.call);
  if (!hasEnded(judged)) return wait(parts, visit, { says: "compares-after", window: open.title });
  await change(visit, async (tx, locked) => {
    const watched = locked.watched.map((one) =>
      one.start === open.start ? { ...one, worse: judged.passed === true } : one,
    );
    await cyclesStore(tx).update(locked, { watched });
  });
  return "moved";
}

async function rollBack(parts: StationParts, visit: Visit, worse: WatchedWindow): Promise<"moved"> {
  const { cycle, policy, call } = visit;
  const { champion, candidate, settings } = cycle;
  const judged = await parts.registry.getGate({ gate: worse.gate }, call);
  return end(parts, visit, {
    state: "rolled-back",
    fact: {
      says: "worse",
      version: candidate,
      champion,
      window: worse.title,
      alias: settings.alias,
      judgement: judgementOf(judged),
    },
    links: [gateLink(judged)],
    also: async (tx) => {
      if (champion === null) return;
      await parts.registry.moveAlias(tx, call, {
        model: policy.model,
        alias: settings.alias,
        version: champion,
      });
    },
  });
}
