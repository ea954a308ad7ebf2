import type { PolicySettings } from "@causeway/contract";
import { sayTrigger } from "./triggers/index.ts";

/** The rule of a policy as a sentence. */
export function policySentence(settings: PolicySettings, deployment: string): string {
  const { when, budget, cooldown, approve, retrain, confirm } = settings;
  const causes = when.length === 0 ? "somebody asks for it" : when.map(sayTrigger).join(", or ");
  const often = `at most ${budget.trainings} ${budget.trainings === 1 ? "time" : "times"} a ${budget.per}`;
  const pause = cooldown === null ? "two windows apart" : `${cooldown} apart`;
  const who =
    approve.by === "person"
      ? `a person approves${approve.fourEyes ? ", who did not write this policy" : ""}`
      : "it moves by the alias's rule";
  const watch =
    confirm.windows === 0
      ? "it is not watched afterwards"
      : `the first ${confirm.windows === 1 ? "window" : `${confirm.windows} windows`} with truth can send it back`;
  return `Retrains ${deployment} by the pipeline ${retrain} when ${causes}; ${often}, ${pause}. A challenger must pass its gate, ${who}, and ${watch}.`;
}
