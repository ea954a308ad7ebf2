import { setTimeout as sleep } from "node:timers/promises";
import { fail } from "@causeway/contract";
import { type Database, isConnectionLost, type Tx } from "../database/index.ts";
import type { Claim, Work } from "./work.ts";
import { workStore } from "./work-store.ts";

/** How long a commit is tried again while the database is away; a restart takes a second or two. */
const DATABASE_ABSENCE_MS = 60_000;
const PAUSE_MS = 250;

type ClaimedTransaction<Result> = {
  readonly database: Database;
  readonly claim: Claim;
  /** May run again when the connection breaks, so it touches nothing but the transaction. */
  readonly commit: (tx: Tx, work: Work) => Promise<Result>;
  /** Says whether the row, read after a broken connection, shows that the commit had gone through after all. */
  readonly hadCommitted?: (work: Work) => boolean;
};

/**
 * Runs a transaction that holds only while the claim stands, and refuses it with LEASE_LOST otherwise. A broken
 * connection is not a failure of the work: the transaction is tried again until the database is back.
 */
export async function claimedTransaction<Result>(
  options: ClaimedTransaction<Result>,
): Promise<Result | undefined> {
  const { database, claim, commit, hadCommitted = () => false } = options;
  const deadline = performance.now() + DATABASE_ABSENCE_MS;
  for (let broken = false; ; ) {
    try {
      return await database.db.transaction().execute(async (tx) => {
        const store = workStore(tx);
        const work = await store.lockClaimed(claim);
        if (work !== undefined) return commit(tx, work);
        if (broken) {
          const current = await store.find(claim.id);
          if (current !== undefined && current.fencing === claim.fencing && hadCommitted(current))
            return undefined;
        }
        throw leaseLost(claim);
      });
    } catch (error) {
      if (!isConnectionLost(error) || performance.now() > deadline) throw error;
      broken = true;
      await sleep(PAUSE_MS);
    }
  }
}

/** The refusal of a claim that another one has replaced. */
export function leaseLost(claim: Claim): Error {
  return fail("LEASE_LOST", {
    message: `The work ${claim.id} was taken over by another worker; the result of claim ${claim.fencing} is not kept`,
    value: claim.id,
    help: "Nothing is to be done: the other worker's result counts.",
  });
}
