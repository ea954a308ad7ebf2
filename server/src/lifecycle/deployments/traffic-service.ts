import { fail, type TrafficPoint } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Database, Tx } from "../../platform/database/index.ts";
import { deploymentsStore } from "./deployments-store.ts";
import { noDeployment } from "./serving-service.ts";
import { planSpans, trafficPoints } from "./traffic-spans.ts";
import { type HeardTraffic, trafficStore } from "./traffic-store.ts";
import { advanceWatermark, type LogOwner } from "./watermark-service.ts";

const HOUR_MS = 3_600_000;

/** Makes the service that adds up what gateways count. */
export function createTrafficService({ database, now }: { database: Pick<Database, "db">; now: () => Date }) {
  const { db } = database;

  /** Takes what a gateway counted, each report once, and moves the watermarks by what was logged. */
  async function takeTraffic(tx: Tx, gateway: string, heard: readonly HeardTraffic[]): Promise<void> {
    if (heard.length === 0) return;
    const store = trafficStore(tx);
    const owners = await store.findIds(heard.map((one) => ({ ...one, name: one.deployment })));
    // In the order of their ids, so that two gateways never wait for each other.
    for (const owner of owners) {
      for (const report of heard.filter((one) => isOf(owner, one)).toSorted(byTime)) {
        const { revision, from } = report;
        if (!(await store.takeReport({ gateway, deployment: owner.id, revision, from }))) continue;
        if (report.requests > 0) await store.addTraffic(owner.id, report);
        if (report.lastOccurredAt === null) continue;
        const logged = {
          firstOccurredAt: new Date(report.firstOccurredAt ?? report.lastOccurredAt),
          lastOccurredAt: new Date(report.lastOccurredAt),
          receivedAt: new Date(report.until),
        };
        await advanceWatermark(tx, owner, { logged, now: now() });
      }
    }
  }

  /** Requests, errors and latency over server time. */
  async function getTraffic(
    input: {
      deployment: string;
      from?: string | undefined;
      until?: string | undefined;
      spans: number;
    },
    call: Call,
  ): Promise<{ items: TrafficPoint[] }> {
    const key = { ...call.scope, name: input.deployment };
    const found = await deploymentsStore(db).find(key);
    if (found === undefined) throw noDeployment(key);
    const until = input.until === undefined ? now() : new Date(input.until);
    const from = input.from === undefined ? new Date(until.getTime() - HOUR_MS) : new Date(input.from);
    if (from >= until) throw emptySpan(input.from ?? from.toISOString());
    const spans = planSpans({ from, until, most: input.spans });
    const counted = await trafficStore(db).listTraffic({ deployment: found.id, ...spans });
    return { items: trafficPoints(spans, counted) };
  }

  return { takeTraffic, getTraffic };
}

function isOf(owner: LogOwner, { project, environment, deployment }: HeardTraffic): boolean {
  return owner.project === project && owner.environment === environment && owner.name === deployment;
}

function byTime(a: HeardTraffic, b: HeardTraffic): number {
  return a.from < b.from ? -1 : 1;
}

function emptySpan(from: string): Error {
  return fail("INVALID_FIELD", {
    message: `from is not before until: ${from}`,
    field: "from",
    value: from,
    help: "Give a from that lies before until, or leave both out for the last hour.",
  });
}
