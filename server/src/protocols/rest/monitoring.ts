import { monitoring as endpoints } from "@causeway/contract";
import type { Monitoring } from "../../lifecycle/monitoring/index.ts";
import { type BoundRoute, bind } from "./bind.ts";

/** The routes of monitoring. */
export function monitoringRoutes(monitoring: Monitoring): BoundRoute[] {
  return bind(endpoints, {
    createMonitor: monitoring.createMonitor,
    updateMonitor: monitoring.updateMonitor,
    deleteMonitor: monitoring.deleteMonitor,
    listMonitors: monitoring.listMonitors,
    getMonitor: monitoring.getMonitor,
    listWindows: monitoring.listWindows,
    getWindow: monitoring.getWindow,
    listColumns: monitoring.listColumns,
    listAlerts: monitoring.listAlerts,
    getAlert: monitoring.getAlert,
    acknowledgeAlert: monitoring.acknowledgeAlert,
    resolveAlert: monitoring.resolveAlert,
  });
}
