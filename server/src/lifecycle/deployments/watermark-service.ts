import { notify, type Tx } from "../../platform/database/index.ts";
import type { DeploymentKey } from "./deployments-store.ts";
import { lateSpan, type Span } from "./touched-spans.ts";
import { type Change, trafficStore } from "./traffic-store.ts";

/** NOTIFY channel; payload `<project>/<environment>/<deployment>` whenever predictions or truth arrived. */
export const LOG_CHANNEL = "causeway_log";

/** A deployment with the short name of its rows. */
export type LogOwner = DeploymentKey & { readonly id: number };

/** Newly logged rows: between which event times they lie, and when the newest was received. */
export type NewlyLogged = {
  readonly firstOccurredAt: Date;
  readonly lastOccurredAt: Date;
  readonly receivedAt: Date;
};

/** Moves the watermark by newly logged rows, and notes those that came after it had passed them. */
export async function advanceWatermark(
  tx: Tx,
  owner: LogOwner,
  { logged, now }: { logged: NewlyLogged; now: Date },
): Promise<void> {
  const store = trafficStore(tx);
  const before = await store.lockWatermark(owner.id);
  const late = lateSpan(logged, before.lastOccurredAt);
  const position = before.position + (late === null ? 0 : 1);
  if (late !== null) await store.insertChanges(owner.id, [{ position, what: "predictions", ...late }], now);
  const { lastOccurredAt: occurredAt, receivedAt } = logged;
  await store.moveWatermark(owner.id, { occurredAt, receivedAt, position });
  await notifyLog(tx, owner);
}

/** Notes which event times new truth touched; the watermark's row is held from here to the end of the transaction. */
export async function noteTruth(
  tx: Tx,
  owner: LogOwner,
  { spans, now }: { spans: readonly Span[]; now: Date },
): Promise<void> {
  const store = trafficStore(tx);
  const before = await store.lockWatermark(owner.id);
  const changes = spans.map(
    ({ firstMs, lastMs }, index): Change => ({
      position: before.position + index + 1,
      what: "truth",
      firstAt: new Date(firstMs),
      lastAt: new Date(lastMs),
    }),
  );
  await store.insertChanges(owner.id, changes, now);
  const position = before.position + changes.length;
  await store.moveWatermark(owner.id, { occurredAt: null, receivedAt: null, position });
  await notifyLog(tx, owner);
}

async function notifyLog(tx: Tx, { project, environment, name }: DeploymentKey): Promise<void> {
  await notify(tx, { channel: LOG_CHANNEL, payload: `${project}/${environment}/${name}` });
}
