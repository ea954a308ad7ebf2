import type { Json } from "@causeway/contract";

/** The request that asks a deployment for one row, as a command line to copy. */
export function curlLine({
  deployment,
  url,
  record,
}: {
  deployment: string;
  url: string;
  record: Readonly<Record<string, Json>> | null;
}): string {
  const body = JSON.stringify(record ?? {}).replaceAll("'", "'\\''");
  return `curl -H "Authorization: Bearer $(npx --no causeway key ${deployment})" -H 'Content-Type: application/json' ${url} -d '${body}'`;
}
