import type { Json } from "@causeway/contract";
import { commandLine } from "../../lib/command-line.ts";
import type { Scope } from "../../lib/scope.ts";

/** The request that asks a deployment for one row, as a command line to copy. */
export function curlLine({
  scope,
  deployment,
  url,
  record,
}: {
  scope: Scope;
  deployment: string;
  url: string;
  record: Readonly<Record<string, Json>> | null;
}): string {
  const body = JSON.stringify(record ?? {}).replaceAll("'", "'\\''");
  return `curl -H "Authorization: Bearer $(${commandLine(scope, `key ${deployment}`)})" -H 'Content-Type: application/json' ${url} -d '${body}'`;
}
