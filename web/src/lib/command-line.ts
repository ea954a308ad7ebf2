import type { Scope } from "./scope.ts";

/** A command as a person types it in the clone; project and environment are named where they are not what the CLI assumes. */
export function commandLine(scope: Scope, verb: string): string {
  const project = scope.project === "default" ? "" : ` --project ${scope.project}`;
  const environment = scope.environment === "dev" ? "" : ` --env ${scope.environment}`;
  return `npx --no causeway ${verb}${project}${environment}`;
}
