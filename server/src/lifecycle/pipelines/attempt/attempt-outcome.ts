import type { StepDefinition } from "@causeway/contract";
import type { ProcessOutcome } from "../../../platform/processes/index.ts";
import type { AttemptFailure } from "../retry-decision.ts";
import type { StepReport } from "./step-log.ts";

/** Why a process did not do its step, in words for people; null when it did. */
export function judgeOutcome(
  outcome: Pick<ProcessOutcome, "exitCode" | "signal" | "stoppedBy">,
  definition: Pick<StepDefinition, "timeoutMs" | "resources">,
  report: Pick<StepReport, "problem" | "lastError">,
): { readonly failure: AttemptFailure; readonly problem: string } | null {
  const { exitCode, signal, stoppedBy } = outcome;
  if (stoppedBy === "timeout") {
    return { failure: "timeout", problem: `it did not end within ${duration(definition.timeoutMs ?? 0)}` };
  }
  if (stoppedBy === "memory") {
    const limit = size(definition.resources.memoryBytes ?? 0);
    return { failure: "failed", problem: `it used more memory than resources.memory allows: ${limit}` };
  }
  if (stoppedBy === "disk") {
    const limit = size(definition.resources.diskBytes ?? 0);
    return { failure: "failed", problem: `its folder grew larger than resources.disk allows: ${limit}` };
  }
  if (signal === "SIGKILL" || signal === "SIGTERM") {
    const hint = signal === "SIGKILL" ? "; the system does that when memory runs out" : "";
    return { failure: "killed", problem: `it was killed from outside (${signal}${hint})` };
  }
  if (signal !== null) return { failure: "failed", problem: `it was ended by ${signal}` };
  if (exitCode === 0) return null;
  const reason = report.problem ?? report.lastError;
  return { failure: "failed", problem: reason ?? `it ended with exit code ${exitCode}` };
}

function duration(ms: number): string {
  const [unit, length] =
    ms % 3_600_000 === 0 ? ["h", 3_600_000] : ms % 60_000 === 0 ? ["min", 60_000] : ["s", 1_000];
  return `${ms / Number(length)} ${unit}`;
}

function size(bytes: number): string {
  const units = ["B", "KiB", "MiB", "GiB", "TiB"];
  let value = bytes;
  let unit = 0;
  while (value >= 1024 && unit < units.length - 1) {
    value /= 1024;
    unit += 1;
  }
  return `${Number(value.toFixed(1))} ${units[unit]}`;
}
