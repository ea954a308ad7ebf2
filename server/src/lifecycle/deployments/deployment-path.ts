import type { Environment } from "@causeway/contract";

/**
 * REST path of a deployment, by which events and lineage name it. Environments other than the default one, `dev`, hold
 * deployments of the same names, so their paths say which is meant.
 */
export function deploymentPath({ name, environment }: { name: string; environment: Environment }): string {
  const path = `/api/deployments/deployments/${name}`;
  return environment === "dev" ? path : `${path}?environment=${environment}`;
}

/** Where a gateway answers for a deployment; scopes other than the default one stand before it. */
export function predictPath(deployment: { project: string; environment: Environment; name: string }): string {
  const { project, environment, name } = deployment;
  const isDefault = project === "default" && environment === "dev";
  return `${isDefault ? "" : `/@${project}/${environment}`}/predict/${name}`;
}

/** REST path of a bulk of truth. */
export function truthImportPath(id: string): string {
  return `/api/deployments/truth-imports/${id}`;
}
