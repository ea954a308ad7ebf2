import { CausewayError, type CycleFact, type Gate, type JudgedRows } from "@causeway/contract";
import type { Call } from "../../../platform/access/index.ts";
import type { Tx } from "../../../platform/database/index.ts";
import type { RunTask } from "../../../platform/processes/index.ts";
import type { Job } from "../../../platform/work/index.ts";
import type { DatasetDoor } from "../../data/index.ts";
import type { AdvancePayload } from "../advance-payload.ts";
import type { EndState } from "../cycle-end-text.ts";
import { cycleText, said } from "../cycle-text.ts";
import { type CycleChange, type CycleRow, cyclesStore, type StepRow } from "../cycles-store.ts";
import type { Journal, StepOutcome } from "../journal-service.ts";
import type { RetrainingParts } from "../parts/retraining-parts.ts";
import { type PolicyRow, policiesStore } from "../policies-store.ts";
import { gatePath } from "../retraining-paths.ts";
import type { SituationReader } from "../situation-reader.ts";
import { truthColumn } from "../truth-column.ts";

/** What stations work with: the stage's parts and a worker's means. */
export type StationParts = RetrainingParts & {
  readonly journal: Journal;
  readonly readSituation: SituationReader;
  readonly datasets: Pick<DatasetDoor, "base" | "prepare" | "store">;
  /** Puts a file into the store. */
  readonly keepFile: (path: string) => Promise<{ digest: string; bytes: number }>;
  /** Path of a stored file. */
  readonly filePath: (digest: string) => string;
  readonly runTask: RunTask;
  readonly dataDir: string;
};

/** A cycle at a station. */
export type Visit = {
  readonly job: Job<AdvancePayload>;
  /** Acts as the policy. */
  readonly call: Call;
  readonly policy: PolicyRow;
  readonly cycle: CycleRow;
  readonly step: StepRow;
};

/** Does what can be done now. `moved`: the cycle changed, look again; `wait`: an event will tell. */
export type Station = (parts: StationParts, visit: Visit) => Promise<"moved" | "wait">;

/** The cycle has ended meanwhile: what was being done for it is not kept. */
export class CycleOver extends Error {
  override readonly name = "CycleOver";
}

/** Changes the cycle in one transaction that the work's claim protects; where it has ended, nothing is changed. */
export function change(visit: Visit, apply: (tx: Tx, cycle: CycleRow) => Promise<void>): Promise<void> {
  return visit.job.record(async (tx) => {
    // A policy is locked before its cycles, by everyone.
    await policiesStore(tx).lock(visit.policy.id);
    const cycle = await cyclesStore(tx).lock(visit.cycle);
    if (cycle.endedAt !== null) throw new CycleOver();
    await apply(tx, cycle);
  });
}

/** Shows how the visited station stands, and changes the cycle with it. */
export async function mark(
  parts: StationParts,
  visit: Visit,
  outcome: Omit<StepOutcome, "text"> & { readonly fact: CycleFact; readonly cycle?: CycleChange },
): Promise<"moved"> {
  const { cycle: changed, fact, ...rest } = outcome;
  const given = { ...rest, ...said(fact) };
  const isOver = given.state === "done" || given.state === "skipped";
  const shown =
    isOver && given.occurredAt === undefined
      ? { ...given, occurredAt: await watermarkOf(parts, visit) }
      : given;
  await change(visit, async (tx, cycle) => {
    if (changed !== undefined) await cyclesStore(tx).update(cycle, changed);
    await parts.journal.mark({ ...visit, tx, step: visit.step.name }, shown);
  });
  return "moved";
}

/** Shows what the visited station waits for; `held` where that may take long. */
export async function wait(
  parts: StationParts,
  visit: Visit,
  waiting: CycleFact | { readonly held: CycleFact },
): Promise<"wait"> {
  const { step } = visit;
  const [fact, state] = "held" in waiting ? [waiting.held, "held" as const] : [waiting, "running" as const];
  if (step.text !== cycleText(fact) || step.state !== state) await mark(parts, visit, { state, fact });
  return "wait";
}

/** Ends the cycle at the visited station. */
export async function end(
  parts: StationParts,
  visit: Visit,
  ending: {
    readonly state: EndState;
    readonly fact: CycleFact;
    readonly links?: StepOutcome["links"];
    /** What the station shows where it is not the failure itself. */
    readonly step?: "done" | "failed" | "skipped";
    readonly cycle?: CycleChange;
    /** Further changes in the same transaction. */
    readonly also?: (tx: Tx, cycle: CycleRow) => Promise<void>;
  },
): Promise<"moved"> {
  const { journal } = parts;
  const occurredAt = await watermarkOf(parts, visit);
  const { state, fact, links = [], step = "failed", cycle: changed, also } = ending;
  await change(visit, async (tx, cycle) => {
    if (changed !== undefined) await cyclesStore(tx).update(cycle, changed);
    await also?.(tx, cycle);
    const place = { ...visit, tx, cycle };
    await journal.mark(
      { ...place, step: visit.step.name },
      { state: step, ...said(fact), links, occurredAt },
    );
    await journal.end(place, { state, ...said(fact), occurredAt });
  });
  return "moved";
}

/** How far event time has come; null where the deployment is gone. */
export async function watermarkOf(
  { deployments }: StationParts,
  { call, policy }: Visit,
): Promise<Date | null> {
  try {
    const mark = await deployments.log.watermark({ ...call.scope, name: policy.deployment });
    return mark.lastOccurredAt;
  } catch (error) {
    if (error instanceof CausewayError && error.code === "NOT_FOUND") return null;
    throw error;
  }
}

/** Adds what the cycle waits for. */
export function watching(cycle: Pick<CycleRow, "watches">, subject: string): { watches: readonly string[] } {
  return { watches: [...new Set([...cycle.watches, subject])] };
}

/** The column by which both the rows and the gates of a cycle are told what turned out. */
export async function targetOf(
  { deployments }: StationParts,
  { call, policy, cycle }: Visit,
): Promise<string | null> {
  const { signature } = await deployments.getDeployment({ deployment: policy.deployment }, call);
  return truthColumn(signature, cycle.settings);
}

/** A gate of this cycle on the same rows against the same version that was started and not written down, or a new one. */
export async function gateOnce(
  parts: StationParts,
  visit: Visit,
  wanted: Parameters<StationParts["registry"]["startGate"]>[0] & { readonly against: number | null },
): Promise<Gate> {
  const { registry } = parts;
  const { call } = visit;
  const { model, version, against, rows, rules } = wanted;
  const { items } = await registry.listGates({ model, version, limit: 100 }, call);
  const known = items.find(
    (gate) =>
      gate.champion === against &&
      `${gate.dataset}@${gate.datasetVersion}` === rows &&
      gate.createdBy.kind === "policy" &&
      gate.createdBy.id === call.actor.id &&
      // The same question: a refit is asked other things than a challenger.
      (gate.verdicts.length === 0 ||
        gate.verdicts.every(({ rule }, index) => rule.rule === rules[index]?.rule)),
  );
  if (known !== undefined) return known;
  const target = await targetOf(parts, visit);
  return registry.startGate({ ...wanted, ...(target === null ? {} : { target }) }, call);
}

/** The rows that judge a cycle, by the name of their window. */
export function judgedRows({ title, halfOf }: NonNullable<CycleRow["judging"]>): JudgedRows {
  return halfOf === undefined ? { window: title, half: false } : { window: halfOf, half: true };
}

/** A link to a gate. */
export function gateLink(gate: Pick<Gate, "id">) {
  return { title: "Gate", subject: gatePath(gate.id) };
}
