import type { LogLine, PipelineRun, StepRun } from "@causeway/contract";

/** One line for people about a step that changed. */
export function stepText(step: StepRun): string {
  const tail = [step.summary, step.why].filter((text) => text !== null).join("   ");
  switch (step.state) {
    case "waiting":
    case "queued":
      return `${step.name}  ${step.state}`;
    case "running":
      return `${step.name}  running  ${step.why ?? ""}`.trimEnd();
    case "cached":
      return `${step.name}  cached  ${tail}`.trimEnd();
    case "succeeded":
      return `${step.name}  ran  ${seconds(step)}  ${tail}`.trimEnd();
    case "failed":
      return `${step.name}  failed  ${step.attempts.at(-1)?.problem ?? ""}`.trimEnd();
    case "skipped":
      return `${step.name}  skipped  what it needs did not come`;
    case "cancelled":
      return `${step.name}  cancelled`;
    default:
      return step.state satisfies never;
  }
}

/** One line for people about a run that changed. */
export function runText(run: PipelineRun): string {
  const problem = run.problem === null ? "" : `: ${run.problem}`;
  return `run ${run.number} of ${run.pipeline} ${run.state}${problem}`;
}

/** One log line as it is printed. */
export function logText(line: LogLine): string {
  return `${line.step} | ${line.text}`;
}

function seconds({ startedAt, endedAt }: StepRun): string {
  if (startedAt === null || endedAt === null) return "";
  return `${((Date.parse(endedAt) - Date.parse(startedAt)) / 1000).toFixed(1)} s`;
}
