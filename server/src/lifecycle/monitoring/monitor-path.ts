import type { Environment } from "@causeway/contract";

/** REST path of a monitor, by which events and artifacts name it; paths of environments other than `dev` say which. */
export function monitorPath(monitor: { name: string; environment: Environment }): string {
  return inEnvironment(`/api/monitoring/monitors/${monitor.name}`, monitor.environment);
}

/** REST path of a window of a monitor. */
export function windowPath(window: { monitor: string; environment: Environment; start: string }): string {
  const { monitor, environment, start } = window;
  return inEnvironment(
    `/api/monitoring/monitors/${monitor}/windows/${encodeURIComponent(start)}`,
    environment,
  );
}

/** REST path of an alert. */
export function alertPath({ id }: { id: string }): string {
  return `/api/monitoring/alerts/${id}`;
}

function inEnvironment(path: string, environment: Environment): string {
  return environment === "dev" ? path : `${path}?environment=${environment}`;
}
