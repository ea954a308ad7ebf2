import { PredictAnswer } from "@causeway/contract";
import type { NodeClient } from "@causeway/sdk";
import type { Outcome } from "../../examples/shop/world.ts";
import { WEEK_MS } from "./event-clock.ts";

/** Customers of one week. */
export const CUSTOMERS = 800;
/** Requests that wait for their answer at most: a slow machine is asked more slowly. */
const MOST_OPEN = 48;
/** Truth comes one to four days after the question. */
const DAY_MS = 86_400_000;
const LEAST_LAG_MS = DAY_MS;
const MORE_LAG_MS = 3 * DAY_MS;
/** How much event time of truth is gathered before it is posted. */
const POST_EVERY_MS = DAY_MS / 2;

type Truth = { readonly predictionId: string; readonly value: string; readonly occurredAt: string };

/** What becomes known of a customer, and when. */
type Due = { readonly at: number; readonly deployment: string; readonly truth: Truth };

/**
 * The shop's own application: asks every deployment about every customer, one request each, and tells days later what the
 * customer did. Counts what it sent and what was not answered.
 */
export async function createTraffic(
  client: NodeClient,
  world: {
    readonly deployments: readonly string[];
    readonly start: Date;
    /** Event time from which the other law holds; null: never. */
    readonly changesAt: Date | null;
    next(changed: boolean): Outcome;
  },
) {
  const targets = await Promise.all(
    world.deployments.map(async (deployment) => ({
      deployment,
      url: (await client.deployments.getDeployment({ deployment })).url,
      key: (await client.deployments.createKey({ deployment, name: "shop" })).secret,
    })),
  );
  const requests = { sent: 0, failed: 0 };
  const failures: string[] = [];
  const open = new Set<Promise<void>>();
  let due: Due[] = [];
  let customers = 0;
  let postedUntil = world.start.getTime();
  let posting: Promise<void> = Promise.resolve();
  let posts = 0;

  const begin = (work: Promise<void>) => {
    const running = work.finally(() => open.delete(running));
    open.add(running);
  };

  async function ask(
    target: (typeof targets)[number],
    { customer, leaves }: Outcome,
    at: Date,
  ): Promise<void> {
    requests.sent += 1;
    try {
      const response = await fetch(target.url, {
        method: "POST",
        headers: { authorization: `Bearer ${target.key}`, "content-type": "application/json" },
        body: JSON.stringify({ ...customer, occurredAt: at.toISOString() }),
      });
      const text = await response.text();
      if (!response.ok) throw new Error(`${response.status} ${text}`);
      const { id } = PredictAnswer.parse(JSON.parse(text));
      if (id === null) throw new Error("the answer was not logged");
      const knownAt = at.getTime() + LEAST_LAG_MS + MORE_LAG_MS * lagShare(customer.customerId);
      due.push({
        at: knownAt,
        deployment: target.deployment,
        truth: { predictionId: id, value: leaves, occurredAt: new Date(knownAt).toISOString() },
      });
    } catch (error) {
      requests.failed += 1;
      if (failures.length < 5) failures.push(error instanceof Error ? error.message : String(error));
    }
  }

  async function post(until: number): Promise<void> {
    const known = due.filter(({ at }) => at <= until);
    due = due.filter(({ at }) => at > until);
    for (const deployment of world.deployments) {
      const records = known.filter((one) => one.deployment === deployment).map(({ truth }) => truth);
      if (records.length > 0) await client.deployments.recordTruth({ deployment, records });
    }
  }

  return {
    requests,
    /** The first few reasons of failed requests. */
    failures,
    /** Sends what happened until a moment of event time. */
    advance(now: Date): void {
      for (;;) {
        const at = new Date(world.start.getTime() + (customers / CUSTOMERS) * WEEK_MS);
        if (at > now || open.size >= MOST_OPEN) break;
        customers += 1;
        const outcome = world.next(world.changesAt !== null && at >= world.changesAt);
        for (const target of targets) begin(ask(target, outcome, at));
      }
      if (now.getTime() - postedUntil < POST_EVERY_MS) return;
      postedUntil = now.getTime();
      posts += 1;
      posting = posting
        .then(() => post(postedUntil))
        .finally(() => {
          posts -= 1;
        });
    },
    /** True while answers or the taking of truth are waited for: then no event time should pass. */
    isFull: () => open.size >= MOST_OPEN || posts > 1,
    /** Rejects when truth could not be posted. */
    settled: () => posting,
    /** Waits for every answer, and posts what is still to become known. */
    async finish(): Promise<void> {
      await Promise.all(open);
      await posting;
      await post(Number.POSITIVE_INFINITY);
    },
  };
}

/** Where between the least and the greatest lag a customer's truth comes: spread evenly by the number in the id. */
function lagShare(customerId: string): number {
  return ((Number(customerId.slice(-6)) * 7919) % 997) / 997;
}
