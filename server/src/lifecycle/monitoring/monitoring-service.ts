import type { WorkQueue } from "../../platform/work/index.ts";
import { type AlertsParts, createAlertsService } from "./alerts-service.ts";
import { createGaugesService } from "./gauges-service.ts";
import { createLogLoop, type LogLoopParts } from "./log-loop.ts";
import { createMonitorsService, type MonitorsParts } from "./monitors-service.ts";
import { createWake } from "./wake-service.ts";

/** What monitoring is made from. */
export type MonitoringParts = AlertsParts &
  Omit<MonitorsParts, "wake"> &
  Omit<LogLoopParts, "wake"> & { readonly work: Pick<WorkQueue, "enqueue"> };

/** Monitors, their windows and alerts. */
export type Monitoring = ReturnType<typeof createMonitoring>;

/** Makes the stage. */
export function createMonitoring(parts: MonitoringParts) {
  const wake = createWake(parts);
  return {
    ...createMonitorsService({ ...parts, wake }),
    ...createAlertsService(parts),
    ...createLogLoop({ ...parts, wake }),
    gauges: createGaugesService(parts),
  };
}
