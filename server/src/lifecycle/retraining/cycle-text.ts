import type { CycleFact, JudgedRows, Judgement, LearnedRows } from "@causeway/contract";
import { counted } from "./figure-text.ts";

/** A fact of a cycle with its sentence, as stations and the story keep the two. */
export function said(fact: CycleFact): { readonly text: string; readonly fact: CycleFact } {
  return { text: cycleText(fact), fact };
}

/** How a station stands, as messages and the command line say it: one sentence with its figures. */
export function cycleText(fact: CycleFact): string {
  switch (fact.says) {
    case "awaits-truth":
      return fact.window === null
        ? "Waits for truth"
        : `Waits for truth of ${fact.window}: ${fact.labelled} of ${fact.rows} rows have it`;
    case "awaits-later-truth":
      return `Waits for truth of a window after ${fact.window}, of which the version that serves has learned`;
    case "awaits-rows":
      return `Waits for more truth: ${counted(fact.rows, "row")} to learn from that are new to what serves, ${counted(fact.needed, "row")} are needed`;
    case "no-truth-came":
      return `No truth came within ${fact.within}: there is nothing to train on or to judge by`;
    case "gathers":
      return `Gathers ${learned(fact.rows)} without ${judged(fact.judging)}, which is to judge`;
    case "gathered":
      return `${counted(fact.learned, "row")} to learn from (${learned(fact.rows)}; ${counted(fact.logged, "row")} from the log), ${counted(fact.judged, "row")} of ${judged(fact.judging)} to judge by`;
    case "deployment-gone":
      return `The deployment ${fact.deployment} or its monitor ${fact.monitor} is gone`;
    case "pipeline-runs":
      return fact.refit ? `Pipeline ${fact.pipeline} trains on every row` : `Pipeline ${fact.pipeline} runs`;
    case "run-cancelled":
      return `Run ${fact.run} of ${fact.pipeline} was cancelled`;
    case "run-failed":
      return `Run ${fact.run} of ${fact.pipeline} failed: ${fact.problem ?? "no reason was given"}`;
    case "trained":
      return `Version ${fact.version} was trained by run ${fact.run} of ${fact.pipeline}`;
    case "preparing":
      return `Version ${fact.version} is prepared: ${fact.step ?? "waits for a worker"}`;
    case "unprepared":
      return `Version ${fact.version} cannot be asked: its preparation ${fact.blocked ? "is blocked" : "failed"}: ${fact.problem ?? "no reason was given"}`;
    case "same-model":
      return `Version ${fact.version} serves already: training on the fresh rows gave the same model`;
    case "compares": {
      const on = fact.judging === null ? "" : ` on ${judged(fact.judging)}`;
      return `Versions ${fact.version} and ${fact.against ?? "none"} are compared${on}`;
    }
    case "passed":
      return `On ${judged(fact.judging)} version ${fact.version} passed: ${found(fact.judgement, "every rule holds")}`;
    case "refused":
      return `On ${judged(fact.judging)} version ${fact.version} was refused: ${found(fact.judgement, "a rule does not hold")}`;
    case "gate-failed":
      return `The gate failed: ${fact.problem ?? "no reason was given"}`;
    case "goes-on-judged":
      return `Version ${fact.version} goes on as it was judged`;
    case "adds-rows":
      return `The rows of ${judged(fact.judging)} are added`;
    case "refit-same":
      return `Every row gave version ${fact.version} again`;
    case "refit-left":
      return `Version ${fact.version}, trained on every row, is left: ${found(fact.judgement, fact.problem ?? "it answers otherwise")}; version ${fact.challenger} goes on`;
    case "refit-repeats":
      return `Version ${fact.version} repeats version ${fact.challenger} of ${fact.model} on every row: ${found(fact.judgement, "they agree")}`;
    default:
      return decidedText(fact);
  }
}

type Decided = Extract<
  CycleFact,
  {
    says:
      | "awaits-approval"
      | "approved-by-rule"
      | "approved"
      | "rejected"
      | "undecided"
      | "withdrawn"
      | "moves"
      | "serves"
      | "alias-taken"
      | "unservable"
      | "nothing-to-compare"
      | "nothing-watched"
      | "watches"
      | "nothing-left"
      | "awaits-window"
      | "awaits-window-truth"
      | "not-compared"
      | "compares-after"
      | "not-worse"
      | "worse"
      | "cancelled"
      | "given-back";
  }
>;

/** From the approval on. */
function decidedText(fact: Decided): string {
  switch (fact.says) {
    case "awaits-approval":
      return `Waits for a person's approval until ${fact.until.slice(0, 16).replace("T", " ")}`;
    case "approved-by-rule":
      return `Version ${fact.version} is ${fact.alias} by the alias's rule`;
    case "approved":
      return `${fact.by} approved version ${fact.version} as ${fact.alias}${because(fact.reason)}`;
    case "rejected":
      return `${fact.by} rejected version ${fact.version}${because(fact.reason)}`;
    case "undecided":
      return `Nobody decided on version ${fact.version} in time; version ${fact.champion ?? "none"} goes on serving`;
    case "withdrawn":
      return `The request for version ${fact.version} was withdrawn`;
    case "moves":
      return `${fact.deployment} moves to version ${fact.version}`;
    case "serves":
      return `${fact.deployment} serves version ${fact.version}${fact.champion === null ? "" : ` instead of version ${fact.champion}`}`;
    case "alias-taken":
      return `The alias ${fact.alias} was given to another version before ${fact.deployment} served version ${fact.version}`;
    case "unservable":
      return `Version ${fact.version} cannot be served: ${fact.problem ?? "a gateway refused it"}; version ${fact.champion ?? "none"} goes on serving`;
    case "nothing-to-compare":
      return "There is no version before to compare with";
    case "nothing-watched":
      return "No window is watched";
    case "watches":
      return `Watches the first ${fact.windows === 1 ? "window" : `${fact.windows} windows`} with truth after the switch`;
    case "nothing-left":
      return "The deployment or its monitor is gone: nothing more to watch";
    case "awaits-window":
      return "Waits for the first window of the new version";
    case "awaits-window-truth":
      return `Waits for the truth of ${fact.window}`;
    case "not-compared":
      return `No truth of ${fact.window} came within ${fact.within}: version ${fact.version} serves on without having been compared`;
    case "compares-after":
      return `The versions before and after are compared on ${fact.window}`;
    case "not-worse":
      return `Version ${fact.version} is not worse than version ${fact.champion} in ${fact.windows.join(", ")}`;
    case "worse":
      return `In ${fact.window} version ${fact.champion} is better than version ${fact.version}: ${found(fact.judgement, "")}; ${fact.alias} goes back to version ${fact.champion}`;
    case "cancelled":
      return `${fact.by} cancelled the cycle`;
    case "given-back":
      return `${fact.by} gave ${fact.alias} back from version ${fact.version} to version ${fact.champion}${because(fact.reason)}`;
    default:
      return fact satisfies never;
  }
}

/** "all rows", "rows since 2017-W09 and the earlier half of 2017-W12". */
function learned({ of, bound, half }: LearnedRows): string {
  const rows =
    of === "all" ? "all rows" : of === "last" ? `rows of the last ${bound}` : `rows since ${bound}`;
  return half === null ? rows : `${rows} and the earlier half of ${half}`;
}

/** Rows that judge, by the name of their window. */
export function judged({ window, half }: JudgedRows): string {
  return half ? `the later half of ${window}` : window;
}

function found({ summary }: Judgement, otherwise: string): string {
  return summary ?? otherwise;
}

function because(reason: string | null): string {
  return reason === null || reason === "" ? "" : `: ${reason}`;
}
