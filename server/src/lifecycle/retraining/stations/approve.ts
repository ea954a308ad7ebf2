import { type ApprovalFact, durationMs } from "@causeway/contract";
import { judgementOf } from "../../registry/index.ts";
import { judged } from "../cycle-text.ts";
import { cyclesStore } from "../cycles-store.ts";
import { approvalPath } from "../retraining-paths.ts";
import { versionLink } from "./run-version.ts";
import { change, end, judgedRows, mark, type Station, wait, watching } from "./station.ts";

type CycleApproval = Extract<ApprovalFact, { says: "cycle" }>;

/** Asks for the alias, by the alias's rule or a person, bound to the candidate's digest. */
export const approve: Station = async (parts, visit) => {
  const { cycle, policy, call } = visit;
  const { candidate, challenger, champion, settings } = cycle;
  if (candidate === null) throw new Error("an approval needs a candidate");
  if (cycle.approval === null) {
    const fact = await approvalFact(parts, visit);
    await change(visit, async (tx, locked) => {
      const approval = await parts.registry.askApproval(tx, call, {
        model: policy.model,
        alias: settings.alias,
        version: candidate,
        ...(cycle.gate === null ? {} : { gate: cycle.gate }),
        ...(challenger === null || challenger === candidate ? {} : { judgedVersion: challenger }),
        summary: summaryText(fact, { candidate, challenger }),
        fact,
        person: settings.approve.by === "person",
        fourEyes: settings.approve.fourEyes,
        expiresAfterMs: durationMs(settings.approve.expiresAfter) ?? 0,
        notBy: [policy.createdBy],
        notify: settings.notify,
      });
      const pending = approval.state === "pending";
      await cyclesStore(tx).update(locked, {
        approval: approval.id,
        state: pending ? "waiting-for-approval" : "running",
        ...watching(locked, approvalPath(approval.id)),
      });
    });
    return "moved";
  }
  const approval = await parts.registry.getApproval({ approval: cycle.approval }, call);
  const links = [{ title: "Approval", subject: approvalPath(approval.id) }, versionLink(visit, candidate)];
  const by = approval.decidedBy?.name ?? "nobody";
  const { reason } = approval;
  switch (approval.state) {
    case "pending":
      return wait(parts, visit, { held: { says: "awaits-approval", until: approval.expiresAt } });
    case "approved":
      return mark(parts, visit, {
        state: "done",
        fact:
          approval.decidedBy?.kind === "policy"
            ? { says: "approved-by-rule", version: candidate, alias: settings.alias }
            : { says: "approved", version: candidate, alias: settings.alias, by, reason },
        links,
        cycle: { state: "running" },
      });
    case "rejected":
      return end(parts, visit, {
        state: "rejected",
        fact: { says: "rejected", version: candidate, by, reason },
        links,
      });
    case "expired":
      return end(parts, visit, {
        state: "expired",
        fact: { says: "undecided", version: candidate, champion },
        links,
      });
    case "withdrawn":
      return end(parts, visit, {
        state: "cancelled",
        fact: { says: "withdrawn", version: candidate },
        links,
      });
    default:
      return approval.state satisfies never;
  }
};

/** What a person who decides wants to know first. */
async function approvalFact(
  { registry }: Parameters<Station>[0],
  { cycle, call }: Parameters<Station>[1],
): Promise<CycleApproval> {
  const { trigger, champion, judging } = cycle;
  const gate = cycle.gate === null ? null : await registry.getGate({ gate: cycle.gate }, call);
  return {
    says: "cycle",
    reason: trigger.reason,
    trigger: trigger.fact ?? null,
    champion,
    judging: judging === null ? null : judgedRows(judging),
    judgement: gate === null ? null : judgementOf(gate),
  };
}

function summaryText(
  { reason, champion, judging, judgement }: CycleApproval,
  { candidate, challenger }: Pick<Parameters<Station>[1]["cycle"], "candidate" | "challenger">,
): string {
  const version =
    challenger === candidate
      ? `Version ${candidate}`
      : `Version ${challenger}, which version ${candidate} repeats on every row,`;
  const found = judgement?.summary ?? "passed its gate";
  const against = champion === null ? "" : ` against version ${champion}`;
  const on = judging === null ? "held-out rows" : judged(judging);
  return `${reason}. ${version} was judged${against} on ${on}: ${found}`.slice(0, 1_000);
}
