import type { Actor, Approval, ApprovalState, Identity, Permission } from "@causeway/contract";
import type { Status } from "../../components/status-mark.tsx";

/** Why someone may not decide: a right that is missing, or that they asked for it themselves. */
export type NotYou = { kind: "right"; permission: Permission } | { kind: "four-eyes"; who: string };

/** Why this session may not decide on an approval; undefined where it may. */
export function whyNotYou(
  { fourEyes, notBy }: Pick<Approval, "fourEyes" | "notBy">,
  { actor, permissions }: Pick<Identity, "actor" | "permissions">,
): NotYou | undefined {
  if (!permissions.includes("registry:approve")) return { kind: "right", permission: "registry:approve" };
  const own = fourEyes ? notBy.find((each) => isSame(each, actor)) : undefined;
  return own === undefined ? undefined : { kind: "four-eyes", who: own.name };
}

function isSame(a: Actor, b: Actor): boolean {
  return a.kind === b.kind && a.id === b.id;
}

/** The shape of an approval's state. */
export function approvalStatus(state: ApprovalState): Status {
  switch (state) {
    case "pending":
      return "waiting";
    case "approved":
      return "ok";
    case "rejected":
      return "crit";
    case "expired":
      return "warn";
    case "withdrawn":
      return "blocked";
    default:
      return state satisfies never;
  }
}

/** The request that a version's page speaks of: the one its address names, else the pending one, else the newest. */
export function approvalInQuestion(
  approvals: readonly Approval[],
  { chosen, version }: { chosen: string; version: number },
): Approval | undefined {
  const own = approvals.filter((each) => each.version === version);
  return approvals.find(({ id }) => id === chosen) ?? own.find(({ state }) => state === "pending") ?? own[0];
}
