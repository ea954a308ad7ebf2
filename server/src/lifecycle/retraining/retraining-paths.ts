import type { Environment } from "@causeway/contract";

/** REST path of a policy, by which events and messages name it; environments other than `dev` say which. */
export function policyPath({ name, environment }: { name: string; environment: Environment }): string {
  return inEnvironment(`/api/retraining/policies/${name}`, environment);
}

/** REST path of a cycle of a policy. */
export function cyclePath(policy: { name: string; environment: Environment }, number: number): string {
  return inEnvironment(`/api/retraining/policies/${policy.name}/cycles/${number}`, policy.environment);
}

/** REST path of a gate. */
export function gatePath(gate: string): string {
  return `/api/registry/gates/${gate}`;
}

/** REST path of a request for approval. */
export function approvalPath(approval: string): string {
  return `/api/registry/approvals/${approval}`;
}

/** REST path of an alert. */
export function alertPath(alert: string): string {
  return `/api/monitoring/alerts/${alert}`;
}

/** REST path of a run of a pipeline. */
export function runPath({ pipeline, number }: { pipeline: string; number: number }): string {
  return `/api/pipelines/pipelines/${encodeURIComponent(pipeline)}/runs/${number}`;
}

/** REST path of a monitor. */
export function monitorPath(monitor: string, environment: Environment): string {
  return inEnvironment(`/api/monitoring/monitors/${monitor}`, environment);
}

/** REST path of a window of a monitor. */
export function windowPath(monitor: string, environment: Environment, start: string): string {
  return inEnvironment(
    `/api/monitoring/monitors/${monitor}/windows/${encodeURIComponent(start)}`,
    environment,
  );
}

/** REST path of a deployment. */
export function deploymentPath(deployment: string, environment: Environment): string {
  return inEnvironment(`/api/deployments/deployments/${deployment}`, environment);
}

/** The version of a model that a REST path names; undefined when it is one of something else. */
export function parseVersionPath(subject: string): { model: string; version: number } | undefined {
  const match = /^\/api\/registry\/models\/([^/]+)\/versions\/([0-9]+)$/.exec(subject);
  return match === null
    ? undefined
    : { model: decodeURIComponent(match[1] ?? ""), version: Number(match[2]) };
}

function inEnvironment(path: string, environment: Environment): string {
  return environment === "dev" ? path : `${path}?environment=${environment}`;
}
