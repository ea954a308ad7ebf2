import type { RuleVerdict } from "@causeway/contract";

/** A gate in one sentence: what the first rule found where all passed, else why it was refused. */
export function summarizeVerdicts(verdicts: readonly RuleVerdict[]): string {
  const refused = verdicts.filter(({ passed }) => !passed);
  if (refused.length > 0) return refused.map(({ reason }) => reason).join("; ");
  const telling = verdicts.find(({ difference, challenger }) => (difference ?? challenger) !== null);
  return (telling ?? verdicts[0])?.reason ?? "no rule was asked";
}
