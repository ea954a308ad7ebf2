import type { Database } from "../../platform/database/index.ts";
import type { GaugeSource } from "../../platform/metrics/index.ts";
import { gaugesStore } from "./gauges-store.ts";
import { MONITOR_GAUGES, MOST_COLUMNS, MOST_MONITORS, sampleMonitors } from "./monitor-gauges.ts";

/** Makes what metrics tell of monitors: the newest window of each. */
export function createGaugesService({ database }: { database: Pick<Database, "db"> }): GaugeSource {
  const limits = { monitors: MOST_MONITORS, columns: MOST_COLUMNS };
  return {
    gauges: MONITOR_GAUGES,
    read: async () => sampleMonitors(await gaugesStore(database.db).listNewest(limits)),
  };
}
