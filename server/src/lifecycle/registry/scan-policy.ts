import type { ScanFinding } from "@causeway/contract";

/** What is done about findings that are no danger: `warn` shows them, `block` waits for a person. */
export const SCAN_POLICIES = ["warn", "block"] as const;
export type ScanPolicy = (typeof SCAN_POLICIES)[number];

/**
 * Decides whether a version may be loaded. Danger always waits for a person who accepts it; warnings do under `block`. Gives
 * the sentence of what holds it, null where nothing does.
 */
export function judgeFindings(
  findings: readonly ScanFinding[],
  { policy, accepted }: { policy: ScanPolicy; accepted: boolean },
): string | null {
  if (accepted) return null;
  const held = findings.filter(
    ({ severity }) => severity === "danger" || (policy === "block" && severity === "warning"),
  );
  const [first] = held;
  if (first === undefined) return null;
  const more = held.length === 1 ? "" : `, and ${held.length - 1} more`;
  return `${first.path}: ${first.text}${more}`;
}
