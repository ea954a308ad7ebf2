import { fail, type PipelineRun, type StepRun } from "@causeway/contract";
import { duration } from "../formats.ts";
import type { Session } from "../session.ts";

/** How many of a failed step's last lines are shown. */
const LAST_LINES = 20;

/** Prints what each step did as it ends, and the run at its end; a run that does not succeed is an error. */
export async function followToEnd(
  { client, out }: Session,
  started: PipelineRun,
  { logs }: { logs: boolean },
): Promise<void> {
  const width = Math.max(...started.steps.map((step) => step.name.length));
  const shown = new Set<string>();
  const lastLines = new Map<string, string[]>();
  const startedAt = performance.now();
  let last = started;
  const show = (step: StepRun) => {
    if (shown.has(step.name) || !hasEnded(step)) return;
    shown.add(step.name);
    if (!out.json) out.result(stepLine(step, width));
  };
  for await (const event of client.pipelines.follow(started)) {
    if (event.kind === "step") show(event.step);
    if (event.kind === "log") {
      const lines = lastLines.get(event.line.step) ?? [];
      lastLines.set(event.line.step, [...lines, event.line.text].slice(-LAST_LINES));
      if (logs) out.note(`  ${event.line.step} │ ${event.line.text}`);
    }
    if (event.kind === "run") {
      last = event.run;
      for (const step of last.steps) show(step);
      const running = last.steps.filter((step) => step.state === "running").map((step) => step.name);
      out.progress.update(
        `  ${running.join(", ") || last.state}  ${duration(performance.now() - startedAt)}`,
      );
    }
  }
  out.progress.done();
  if (last.state === "succeeded") return out.json ? out.answer(last, () => "") : undefined;
  if (out.json) out.answer(last, () => "");
  const failed = last.steps.find((step) => step.state === "failed");
  if (failed !== undefined && !logs)
    for (const line of lastLines.get(failed.name) ?? []) out.note(`  │ ${line}`);
  throw fail("STEP_FAILED", {
    message: `${last.pipeline} ${last.number} ${last.state}${last.problem === null ? "" : `: ${last.problem}`}`,
    help: `causeway pipelines logs ${last.pipeline} ${last.number}${failed === undefined ? "" : ` ${failed.name}`}`,
  });
}

function hasEnded(step: StepRun): boolean {
  return ["succeeded", "cached", "failed", "skipped", "cancelled"].includes(step.state);
}

function stepLine(step: StepRun, width: number): string {
  const did = step.state === "succeeded" ? "ran" : step.state;
  const ran = step.startedAt !== null && step.endedAt !== null && step.state !== "cached";
  const took = ran ? duration(Date.parse(step.endedAt ?? "") - Date.parse(step.startedAt ?? "")) : "";
  const parts = [
    step.name.padEnd(width),
    did.padEnd(8),
    took.padStart(8),
    (step.why ?? "").padEnd(24),
    step.summary ?? "",
  ];
  return `  ${parts.join("  ")}`.trimEnd();
}
