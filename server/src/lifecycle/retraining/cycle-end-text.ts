import type { CYCLE_ENDS } from "@causeway/contract";

/** A state in which a cycle has ended. */
export type EndState = (typeof CYCLE_ENDS)[number];

/** What people are told when a cycle ends: a title, and whether it is good news. */
export function endTitle(
  state: EndState,
  { deployment, cycle }: { readonly deployment: string; readonly cycle: number },
): { readonly title: string; readonly good: boolean } {
  switch (state) {
    case "confirmed":
      return { title: `${deployment}: cycle ${cycle} is confirmed`, good: true };
    case "refused":
      return { title: `${deployment}: the gate refused the challenger of cycle ${cycle}`, good: false };
    case "failed":
      return { title: `${deployment}: cycle ${cycle} failed`, good: false };
    case "rejected":
      return { title: `${deployment}: the new version of cycle ${cycle} was rejected`, good: false };
    case "expired":
      return { title: `${deployment}: nobody decided on the new version of cycle ${cycle}`, good: false };
    case "rolled-back":
      return { title: `${deployment}: cycle ${cycle} was rolled back`, good: false };
    case "cancelled":
      return { title: `${deployment}: cycle ${cycle} was cancelled`, good: false };
    default:
      return state satisfies never;
  }
}
