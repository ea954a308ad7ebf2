import type { PolicySettings, Signature } from "@causeway/contract";

/**
 * The column that holds the truth. Models of MLflow's clients name none in their signature: theirs is the one that the policy
 * keeps.
 */
export function truthColumn(
  { target }: Pick<Signature, "target">,
  settings: Pick<PolicySettings, "target">,
): string | null {
  return target ?? settings.target ?? null;
}
