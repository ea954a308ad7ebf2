import { CausewayError, type CYCLE_STEPS } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import { defineWork, type Job, type WorkDefinition } from "../../platform/work/index.ts";
import { ADVANCE_KIND, type AdvancePayload } from "./advance-payload.ts";
import { type CycleRow, cyclesStore } from "./cycles-store.ts";
import { createJournal } from "./journal-service.ts";
import { policiesStore } from "./policies-store.ts";
import { policyCall } from "./policy-call.ts";
import { createSituationReader } from "./situation-reader.ts";
import { approve } from "./stations/approve.ts";
import { confirm } from "./stations/confirm.ts";
import { gate } from "./stations/gate.ts";
import { prepare } from "./stations/prepare.ts";
import { refit } from "./stations/refit.ts";
import { CycleOver, type Station, type StationParts, type Visit } from "./stations/station.ts";
import { switchOver } from "./stations/switch-over.ts";
import { train } from "./stations/train.ts";

/** The stations in order; `noticed` is done when a cycle begins. */
const STATIONS: Readonly<Record<(typeof CYCLE_STEPS)[number], Station | null>> = {
  noticed: null,
  prepared: prepare,
  trained: train,
  gated: gate,
  refitted: refit,
  approved: approve,
  switched: switchOver,
  confirmed: confirm,
};

/** Something happened while the cycle was looked at. */
class LookAgain extends Error {}

/**
 * The work that moves one cycle on: it does what the station asks for, as far as it can without waiting, and ends; events
 * enqueue it again. Whatever a station starts elsewhere is written down with it or found again, so that the work may die at
 * any moment and be done over.
 */
export function defineCycleAdvance(parts: Omit<StationParts, "journal" | "readSituation">): WorkDefinition {
  const journal = createJournal(parts);
  const readSituation = createSituationReader(parts);
  const stationParts: StationParts = { ...parts, journal, readSituation };
  const { database } = parts;

  async function run(job: Job<AdvancePayload>): Promise<void> {
    const policy = await policiesStore(database.db).get(job.payload.policy);
    const call = policyCall(policy, job.call);
    for (;;) {
      job.signal.throwIfAborted();
      try {
        await look(job);
        await moveOn(job, call);
        return await settle(job);
      } catch (error) {
        if (error instanceof CycleOver) return job.finish(async () => null);
        if (!(error instanceof LookAgain)) throw error;
      }
    }
  }

  /** What happened until now will be seen; what happens from now on asks for another look. */
  async function look(job: Job<AdvancePayload>): Promise<void> {
    await job.record(async (tx) => {
      const store = cyclesStore(tx);
      const cycle = await store.lock(job.payload);
      if (cycle.endedAt !== null) throw new CycleOver();
      await store.update(cycle, { again: false });
    });
  }

  /** Goes from station to station until one has to wait. */
  async function moveOn(job: Job<AdvancePayload>, call: Call): Promise<void> {
    for (;;) {
      job.signal.throwIfAborted();
      const store = cyclesStore(database.db);
      const cycle = await store.find(job.payload);
      if (cycle === undefined || cycle.endedAt !== null) throw new CycleOver();
      const steps = await store.listSteps(cycle);
      const step = steps.find(({ state }) => state !== "done" && state !== "skipped");
      if (step === undefined) throw new CycleOver();
      const station = STATIONS[step.name];
      if (station === null) throw new Error(`the station ${step.name} cannot be open`);
      const policy = await policiesStore(database.db).get(cycle.policy);
      const visit: Visit = { job, call, policy, cycle, step };
      try {
        if ((await station(stationParts, visit)) === "wait") return;
      } catch (error) {
        await failByRefusal(visit, error);
      }
    }
  }

  /** What the platform refuses with a reason ends the cycle with that reason; all else is a failure of the work itself. */
  async function failByRefusal({ job, call, policy, step }: Visit, error: unknown): Promise<void> {
    const isRefusal =
      error instanceof CausewayError &&
      error.status < 500 &&
      error.code !== "LEASE_LOST" &&
      !job.signal.aborted;
    if (!isRefusal) throw error;
    const text = error.help === undefined ? error.message : `${error.message}. ${error.help}`;
    await job.record(async (tx) => {
      const cycle = await cyclesStore(tx).lock(job.payload);
      if (cycle.endedAt !== null) throw new CycleOver();
      const place = { tx, call, policy, cycle };
      await journal.mark({ ...place, step: step.name }, { state: "failed", text });
      await journal.end(place, { state: "failed", text: error.message, occurredAt: null });
    });
    throw new CycleOver();
  }

  /** Ends the work, unless somebody asked for another look meanwhile. */
  async function settle(job: Job<AdvancePayload>): Promise<void> {
    await job.finish(async (tx) => {
      const store = cyclesStore(tx);
      const cycle = await store.lock(job.payload);
      if (cycle.again) throw new LookAgain();
      if (cycle.work === job.id) await store.update(cycle, { work: null });
      return null;
    });
  }

  return defineWork<AdvancePayload>({
    kind: ADVANCE_KIND,
    run,
    ended: async (tx, work, { problem }) => {
      const key = work.payload as AdvancePayload; // what `wake` enqueued
      const store = cyclesStore(tx);
      const cycle: CycleRow = await store.lock(key);
      if (cycle.endedAt !== null) return;
      const policy = await policiesStore(tx).get(key.policy);
      const signal = new AbortController().signal;
      const call = policyCall(policy, { requestId: work.requestId, signal });
      await journal.end(
        { tx, call, policy, cycle },
        {
          state: "failed",
          text: problem.detail,
          occurredAt: null,
        },
      );
    },
  });
}
