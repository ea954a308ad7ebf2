import { type CycleFact, type DatasetVersion, durationMs } from "@causeway/contract";
import { attemptOf } from "../../../platform/processes/index.ts";
import { versionPath } from "../../data/index.ts";
import { cycleOfVersion } from "../cycle-brief.ts";
import { judged as judgedTitle, said } from "../cycle-text.ts";
import { cyclesStore } from "../cycles-store.ts";
import { chooseJudgingWindow } from "../judging-window.ts";
import { policiesStore } from "../policies-store.ts";
import { deploymentPath, policyPath } from "../retraining-paths.ts";
import { chooseTraining, type TrainingChoice } from "../training-window.ts";
import { gatherRows, newestOwn } from "./gather-rows.ts";
import { change, end, type Station, type StationParts, type Visit, wait, watermarkOf } from "./station.ts";

type Rows = Extract<TrainingChoice, { kind: "rows" }>;

/**
 * Makes the rows that the challenger learns from and those that judge it: the log joined with its truth, added to the
 * pipeline's dataset as a new version, without the window that judges, which becomes a version of its own.
 */
export const prepare: Station = async (parts, visit) => {
  const choice = await chooseRows(parts, visit);
  if (choice === undefined) return end(parts, visit, gone(visit));
  if (choice.kind === "wait") {
    if (!choice.over) return wait(parts, visit, { held: choice.why });
    return end(parts, visit, {
      state: "failed",
      fact: { says: "no-truth-came", within: choice.within },
    });
  }
  await wait(parts, visit, { says: "gathers", rows: choice.what, judging: choice.judging.rows });
  return gather(parts, visit, choice);
};

type Waiting = {
  readonly kind: "wait";
  readonly why: CycleFact;
  readonly over: boolean;
  readonly within: string;
};

async function chooseRows(
  { readSituation }: StationParts,
  { policy, call, cycle }: Visit,
): Promise<Rows | Waiting | undefined> {
  const known = await readSituation(policy, call);
  if (known === undefined) return undefined;
  const { windows, watermark, cycles } = known.situation;
  const made = cycleOfVersion(cycles, cycle.champion);
  const { within } = known.monitor.truth;
  const waiting = (why: CycleFact): Waiting => {
    const since = cycle.trigger.window === null ? cycle.noticedAt : cycle.anchoredAt;
    const over = watermark.getTime() > since.getTime() + (durationMs(within) ?? 0);
    return { kind: "wait", why, over, within };
  };
  const judging = chooseJudgingWindow({
    windows,
    watermark,
    trainedUntil: made?.trainedUntil ?? null,
    shownBy: cycle.trigger.window === null ? null : new Date(cycle.trigger.window),
  });
  if (judging.kind === "wait") return waiting(judging.why);
  const { window } = judging;
  const choice = chooseTraining({
    data: cycle.settings.data,
    judging: window,
    labelled: windows.filter(({ metrics, start }) => metrics.length > 0 && start <= window.start),
    trainedUntil: made?.trainedUntil ?? null,
    learnedFrom: made?.learnedFrom ?? null,
  });
  return choice.kind === "wait" ? waiting(choice.why) : choice;
}

async function gather(parts: StationParts, visit: Visit, choice: Rows): Promise<"moved"> {
  const { datasets, keepFile } = parts;
  const { job, call, policy } = visit;
  const own = await newestOwn(parts, visit);
  const bounds = [own.after, choice.from].flatMap((bound) => bound?.getTime() ?? []);
  const spans = {
    train: {
      from: bounds.length === 0 ? null : new Date(Math.max(...bounds)).toISOString(),
      until: choice.until.toISOString(),
    },
    judge: { from: choice.judging.start.toISOString(), until: choice.judging.end.toISOString() },
  };
  return gatherRows(parts, visit, {
    spans,
    own,
    use: async (gathered) => {
      const { train, judge } = gathered.spans;
      const { dataset } = own;
      const { key } = own.version;
      const claim = { attempt: attemptOf(job), signal: job.signal };
      const base =
        choice.from === null ? await datasets.base({ dataset, version: own.version.id }, call) : undefined;
      const rows = { paths: [train.path], key, name: dataset };
      const training = await datasets.prepare(base === undefined ? rows : { ...rows, base }, claim);
      const judged = await datasets.prepare({ paths: [judge.path], key, name: `${dataset}.judge` }, claim);
      const all = await keepFile(gathered.all.path);
      const occurredAt = await watermarkOf(parts, visit);
      await change(visit, async (tx, locked) => {
        const source = { kind: "log" as const, name: policy.deployment, digest: null };
        const madeFrom = [{ to: deploymentNode(visit), relation: "logged-by" }];
        const parent = base === undefined ? {} : { parent: base.id };
        const made = await datasets.store(tx, call, {
          dataset,
          prepared: training,
          source,
          madeFrom,
          ...parent,
        });
        const judging = await datasets.store(tx, call, {
          dataset: `${dataset}.judge`,
          prepared: judged,
          source,
          madeFrom,
        });
        const owner = { project: policy.project, subject: policyPath(policy) };
        await parts.artifacts.release(tx, owner);
        await parts.artifacts.retain(tx, owner, [all.digest]);
        await policiesStore(tx).update(policy.id, { gathered: all.digest });
        await cyclesStore(tx).update(locked, {
          dataset: { dataset, version: made.id, rows: made.rows },
          judging: {
            dataset: judging.dataset,
            version: judging.id,
            rows: judging.rows,
            start: choice.judging.start.toISOString(),
            end: choice.judging.end.toISOString(),
            title: judgedTitle(choice.judging.rows),
            ...(choice.judging.rows.half ? { halfOf: choice.judging.rows.window } : {}),
          },
          learnedFrom: choice.from,
          trainedUntil: choice.until,
          evidenceUntil: later(locked.evidenceUntil, choice.judging.end),
        });
        await parts.journal.mark(
          { tx, call, policy, cycle: locked, step: "prepared" },
          {
            state: "done",
            ...said({
              says: "gathered",
              rows: choice.what,
              judging: choice.judging.rows,
              learned: made.rows,
              logged: train.rows,
              judged: judging.rows,
            }),
            links: [datasetLink(made), datasetLink(judging)],
            occurredAt,
          },
        );
      });
      return "moved" as const;
    },
  });
}

function datasetLink({ dataset, id }: Pick<DatasetVersion, "dataset" | "id">) {
  return { title: `${dataset}@${id.slice(0, 6)}`, subject: versionPath(dataset, id) };
}

function later(a: Date | null, b: Date): Date {
  return a !== null && a > b ? a : b;
}

function deploymentNode({ policy }: Visit) {
  const { deployment, environment } = policy;
  return {
    kind: "deployment" as const,
    subject: deploymentPath(policy.deployment, environment),
    title: `${deployment} in ${environment}`,
  };
}

function gone({ policy }: Visit) {
  return {
    state: "failed" as const,
    fact: {
      says: "deployment-gone" as const,
      deployment: policy.deployment,
      monitor: policy.monitor,
    },
  };
}
