import type { DatasetVersion, Finding } from "@causeway/contract";

/** What a reader should know before trusting a version: warnings first, then the rest. */
export function orderedFindings(findings: readonly Finding[]): Finding[] {
  const rank = { warning: 0, info: 1 } as const;
  return [...findings].sort((a, b) => rank[a.severity] - rank[b.severity] || b.rows - a.rows);
}

/** Findings that are more than information. */
export function warningsOf(version: { findings: readonly Finding[] }): Finding[] {
  return version.findings.filter(({ severity }) => severity === "warning");
}

/** Rows that were kept beside the version because they could not be read. */
export function rowsAsideOf(version: Pick<DatasetVersion, "quarantine">): number {
  return version.quarantine?.rows ?? 0;
}
