import { CausewayError, type MonitorSettings } from "@causeway/contract";
import type { Call } from "../../platform/access/index.ts";
import type { Tx } from "../../platform/database/index.ts";
import { cyclesStore } from "./cycles-store.ts";
import type { RetrainingParts } from "./parts/retraining-parts.ts";
import type { PolicyRow } from "./policies-store.ts";
import type { Situation } from "./start-decision.ts";
import { factOf } from "./window-fact.ts";

/** Windows and cycles that decisions look back over. */
const WINDOWS = 200;
const CYCLES = 400;

/** A policy's situation with what else belongs to it. */
export type Known = {
  readonly situation: Situation;
  readonly monitor: MonitorSettings;
  /** True once an event time is known. */
  readonly hasTraffic: boolean;
};

/** Makes what reads a policy's situation: its windows, its cycles, what serves, and both clocks. */
export function createSituationReader(
  parts: Pick<RetrainingParts, "database" | "monitoring" | "deployments" | "now">,
) {
  const { database, monitoring, deployments, now } = parts;

  /** Undefined where the deployment or the monitor is gone. */
  return async function read(
    policy: PolicyRow,
    call: Call,
    tx: Tx | undefined = undefined,
  ): Promise<Known | undefined> {
    try {
      const [monitor, windows, deployment, mark, cycles] = [
        await monitoring.getMonitor({ monitor: policy.monitor }, call),
        await monitoring.listWindows({ monitor: policy.monitor, limit: WINDOWS }, call),
        await deployments.getDeployment({ deployment: policy.deployment }, call),
        await deployments.log.watermark({ ...call.scope, name: policy.deployment }),
        await cyclesStore(tx ?? database.db).listBriefs(policy.id, CYCLES),
      ];
      const { window } = monitor.settings;
      const newestEnd = windows.items[0]?.end;
      const seen = mark.lastOccurredAt ?? (newestEnd === undefined ? null : new Date(newestEnd));
      return {
        monitor: monitor.settings,
        hasTraffic: seen !== null,
        situation: {
          settings: policy.settings,
          paused: policy.paused,
          windowSpan: typeof window === "string" ? window : null,
          windows: windows.items.map(factOf),
          cycles,
          champion: (deployment.serving ?? deployment.revision).version,
          watermark: seen ?? now(),
          now: now(),
          consideredAt: policy.consideredAt,
        },
      };
    } catch (error) {
      if (error instanceof CausewayError && error.code === "NOT_FOUND") return undefined;
      throw error;
    }
  };
}

/** What reads situations. */
export type SituationReader = ReturnType<typeof createSituationReader>;
