import { durationMs } from "@causeway/contract";
import { cyclesStore } from "../cycles-store.ts";
import { approvalPath } from "../retraining-paths.ts";
import { versionLink } from "./run-version.ts";
import { change, end, mark, type Station, wait, watching } from "./station.ts";

/** Asks for the alias, by the alias's rule or a person, bound to the candidate's digest. */
export const approve: Station = async (parts, visit) => {
  const { cycle, policy, call } = visit;
  const { candidate, challenger, champion, settings } = cycle;
  if (candidate === null) throw new Error("an approval needs a candidate");
  if (cycle.approval === null) {
    const summary = await summaryOf(parts, visit);
    await change(visit, async (tx, locked) => {
      const approval = await parts.registry.askApproval(tx, call, {
        model: policy.model,
        alias: settings.alias,
        version: candidate,
        ...(cycle.gate === null ? {} : { gate: cycle.gate }),
        ...(challenger === null || challenger === candidate ? {} : { judgedVersion: challenger }),
        summary,
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
  const reason = approval.reason ? `: ${approval.reason}` : "";
  switch (approval.state) {
    case "pending":
      return wait(parts, visit, {
        held: `Waits for a person's approval until ${approval.expiresAt.slice(0, 16).replace("T", " ")}`,
      });
    case "approved":
      return mark(parts, visit, {
        state: "done",
        text:
          approval.decidedBy?.kind === "policy"
            ? `Version ${candidate} is ${settings.alias} by the alias's rule`
            : `${by} approved version ${candidate} as ${settings.alias}${reason}`,
        links,
        cycle: { state: "running" },
      });
    case "rejected":
      return end(parts, visit, {
        state: "rejected",
        text: `${by} rejected version ${candidate}${reason}`,
        links,
      });
    case "expired":
      return end(parts, visit, {
        state: "expired",
        text: `Nobody decided on version ${candidate} in time; version ${champion ?? "none"} goes on serving`,
        links,
      });
    case "withdrawn":
      return end(parts, visit, {
        state: "cancelled",
        text: `The request for version ${candidate} was withdrawn`,
        links,
      });
    default:
      return approval.state satisfies never;
  }
};

/** What a person who decides wants to know first. */
async function summaryOf(
  { registry }: Parameters<Station>[0],
  { cycle, call }: Parameters<Station>[1],
): Promise<string> {
  const { trigger, candidate, champion, challenger, judging } = cycle;
  const gate = cycle.gate === null ? null : await registry.getGate({ gate: cycle.gate }, call);
  const judged =
    challenger === candidate
      ? `Version ${candidate}`
      : `Version ${challenger}, which version ${candidate} repeats on every row,`;
  const found = gate?.summary ?? "passed its gate";
  const against = champion === null ? "" : ` against version ${champion}`;
  return `${trigger.reason}. ${judged} was judged${against} on ${judging?.title ?? "held-out rows"}: ${found}`.slice(
    0,
    1_000,
  );
}
