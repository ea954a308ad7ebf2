import type { Gate, Judgement, RuleVerdict } from "@causeway/contract";

/** A gate in one sentence: what the first rule found where all passed, else why it was refused. */
export function summarizeVerdicts(verdicts: readonly RuleVerdict[]): string {
  const telling = tellingVerdicts(verdicts);
  return telling.length === 0 ? "no rule was asked" : telling.map(({ reason }) => reason).join("; ");
}

/** What says the same as figures. */
export function judgementOf({ champion, verdicts, summary }: Gate): Judgement {
  return { champion, verdicts: [...tellingVerdicts(verdicts)], summary };
}

function tellingVerdicts(verdicts: readonly RuleVerdict[]): readonly RuleVerdict[] {
  const refused = verdicts.filter(({ passed }) => !passed);
  if (refused.length > 0) return refused;
  const telling = verdicts.find(({ difference, challenger }) => (difference ?? challenger) !== null);
  return telling === undefined ? verdicts.slice(0, 1) : [telling];
}
