import type {
  Approval,
  Cycle,
  CycleFact,
  CycleStep,
  JudgedRows,
  Judgement,
  LearnedRows,
  StoryFact,
  TimelineEntry,
  TriggerFact,
} from "@causeway/contract";
import type { Format } from "../lib/format.ts";
import type { Translate } from "../lib/words.tsx";
import { alertTitle } from "./alert-words.ts";
import { heldText, triggerReason } from "./policy-words.ts";
import { gateSummary } from "./verdict-words.ts";
import { windowName } from "./window-name.ts";

type Words = { t: Translate; format: Format };

/** How a station of a cycle stands in the reader's language; the server's own words where it keeps no figures. */
export function stationText({ text, fact }: Pick<CycleStep, "text" | "fact">, words: Words): string {
  return fact === undefined ? (text ?? "") : cycleSentence(fact, words);
}

/** Why a cycle ended, likewise; null where nothing went wrong. */
export function cycleProblem(
  { problem, problemFact }: Pick<Cycle, "problem" | "problemFact">,
  words: Words,
): string | null {
  return problemFact === undefined ? problem : cycleSentence(problemFact, words);
}

/** A line of a policy's story, likewise. */
export function storyText({ text, fact }: Pick<TimelineEntry, "text" | "fact">, words: Words): string {
  return fact === undefined ? text : storySentence(fact, words);
}

/** What a person who decides on an alias reads first, likewise. */
export function approvalText(approval: Approval, words: Words): string {
  const { t } = words;
  const { fact, summary, alias, version, judgedVersion } = approval;
  switch (fact?.says) {
    case undefined:
      return summary;
    case "moves": {
      const { from, judgement } = fact;
      const move =
        from === null
          ? t("approvalFact.becomes", { alias, version: String(version) })
          : t("approvalFact.moves", { alias, from: String(from), version: String(version) });
      return judgement === null
        ? move
        : t("approvalFact.judgedMove", { move, found: foundText(judgement, words) });
    }
    case "cycle": {
      const { champion, judging, judgement } = fact;
      const values = {
        reason: sentenceCase(reasonOf(fact, words)),
        version:
          judgedVersion === null
            ? t("approvalFact.version", { version: String(version) })
            : t("approvalFact.refit", { judged: String(judgedVersion), version: String(version) }),
        champion: String(champion),
        judging: judging === null ? t("approvalFact.heldOut") : judgingText(judging, words),
        found: judgement === null ? t("approvalFact.passed") : foundText(judgement, words),
      };
      return t(champion === null ? "approvalFact.cycle" : "approvalFact.cycleAgainst", values);
    }
    default:
      return fact satisfies never;
  }
}

/** Why a request ended as it did: the server's own reasons in the reader's language, a person's as they were written. */
export function approvalReason({ reason, decidedBy }: Approval, { t }: Words): string {
  const who = decidedBy?.name ?? "";
  switch (reason) {
    case null:
      return "";
    case "The alias's rule is automatic":
      return t("approvalFact.byRule");
    case "A later request took its place":
      return t("approvalFact.replaced");
    case `${who} no longer asks for it`:
      return t("approvalFact.takenBack", { who });
    default:
      return reason;
  }
}

function storySentence(fact: StoryFact, words: Words): string {
  const { t, format } = words;
  switch (fact.says) {
    case "station":
      return cycleSentence(fact.station, words);
    case "noticed":
      return sentenceCase(reasonOf(fact, words));
    case "held":
      return t("storyFact.held", {
        reason: sentenceCase(reasonOf(fact, words)),
        held: heldText({ held: null, heldBy: fact.held }, words) ?? "",
      });
    case "ended":
      return t("storyFact.ended", {
        title: endText(fact, words),
        what: fact.station === null ? fact.problem : cycleSentence(fact.station, words),
      });
    case "told":
      return t("storyFact.told", { channels: fact.channels.join(", "), title: endText(fact, words) });
    case "not-told":
      return t("storyFact.notTold", { channel: fact.channel, problem: fact.problem });
    case "window":
      return windowLine(fact, words);
    case "alert": {
      const title = alertTitle({ title: "", facts: { title: fact.title, evidence: [] } }, { t, format });
      return t(fact.resolved ? "storyFact.resolved" : "storyFact.alert", { title });
    }
    default:
      return fact satisfies never;
  }
}

function windowLine(fact: Extract<StoryFact, { says: "window" }>, { t, format }: Words): string {
  const { window, rows, measured, alarms, restated } = fact;
  const line = t("storyFact.window", {
    window: windowName(window, { t, format }),
    rows,
    measured:
      measured === null
        ? ""
        : t(measured.reference === null ? "storyFact.measured" : "storyFact.measuredAgainst", {
            metric: measured.metric,
            value: format.metric(measured.value),
            reference: format.metric(measured.reference ?? 0),
          }),
    alarms:
      alarms.length === 0
        ? t("storyFact.noAlarm")
        : t("storyFact.alarms", { alarms: alarms.map((alarm) => t(`alertKind.${alarm}`)).join(", ") }),
  });
  return restated ? t("storyFact.restated", { line }) : line;
}

function endText(
  { end, deployment, cycle }: Extract<StoryFact, { says: "ended" | "told" }>,
  { t }: Words,
): string {
  return t(`storyFact.end.${end}`, { deployment, cycle: String(cycle) });
}

/** Why a cycle began; a person's own words where a person asked. */
function reasonOf(
  { reason, trigger }: { reason: string; trigger: TriggerFact | null },
  words: Words,
): string {
  // Only the reason and its figures are read.
  const told = { kind: "manual" as const, reason, alert: null, window: null };
  return triggerReason({ trigger: trigger === null ? told : { ...told, fact: trigger } }, words);
}

function sentenceCase(text: string): string {
  return `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
}

function cycleSentence(fact: CycleFact, words: Words): string {
  const { t, format } = words;
  // Numbers of versions, runs and cycles are names: they are not grouped.
  const version = "version" in fact ? named(fact.version, words) : "";
  const champion = "champion" in fact ? named(fact.champion, words) : "";
  const judging = "judging" in fact && fact.judging !== null ? judgingText(fact.judging, words) : "";
  const found = "judgement" in fact ? foundText(fact.judgement, words) : "";
  const problem = "problem" in fact ? (fact.problem ?? t("cycleFact.noReason")) : "";
  const window = "window" in fact && fact.window !== null ? windowName(fact.window, words) : "";
  const run = "run" in fact ? String(fact.run) : "";
  const because = (what: string, reason: string | null) =>
    reason === null || reason === "" ? what : t("cycleFact.because", { what, reason });
  switch (fact.says) {
    case "awaits-truth":
      return fact.window === null
        ? t("cycleFact.awaitsAnyTruth")
        : t("cycleFact.awaitsTruth", { window, labelled: fact.labelled, rows: fact.rows });
    case "awaits-later-truth":
      return t("cycleFact.awaitsLaterTruth", { window });
    case "awaits-rows":
      return t("cycleFact.awaitsRows", { rows: fact.rows, needed: fact.needed });
    case "no-truth-came":
      return t("cycleFact.noTruthCame", { within: format.span(fact.within) });
    case "gathers":
      return t("cycleFact.gathers", { rows: learnedText(fact.rows, words), judging });
    case "gathered":
      return t("cycleFact.gathered", {
        rows: learnedText(fact.rows, words),
        judging,
        learned: fact.learned,
        logged: fact.logged,
        judged: fact.judged,
      });
    case "deployment-gone":
      return t("cycleFact.deploymentGone", { deployment: fact.deployment, monitor: fact.monitor });
    case "pipeline-runs":
      return t(fact.refit ? "cycleFact.pipelineRefits" : "cycleFact.pipelineRuns", {
        pipeline: fact.pipeline,
      });
    case "run-cancelled":
      return t("cycleFact.runCancelled", { run, pipeline: fact.pipeline });
    case "run-failed":
      return t("cycleFact.runFailed", { run, pipeline: fact.pipeline, problem });
    case "trained":
      return t("cycleFact.trained", { version, run, pipeline: fact.pipeline });
    case "preparing":
      return t("cycleFact.preparing", { version, step: fact.step ?? t("cycleFact.waitsForWorker") });
    case "unprepared":
      return t(fact.blocked ? "cycleFact.preparationBlocked" : "cycleFact.preparationFailed", {
        version,
        problem,
      });
    case "same-model":
      return t("cycleFact.sameModel", { version });
    case "compares":
      return t(fact.judging === null ? "cycleFact.compares" : "cycleFact.comparesOn", {
        version,
        against: named(fact.against, words),
        judging,
      });
    case "passed":
    case "refused":
      return t(`cycleFact.${fact.says}`, { judging, version, found });
    case "gate-failed":
      return t("cycleFact.gateFailed", { problem });
    case "goes-on-judged":
      return t("cycleFact.goesOnJudged", { version });
    case "adds-rows":
      return t("cycleFact.addsRows", { judging });
    case "refit-same":
      return t("cycleFact.refitSame", { version });
    case "refit-left":
      return t("cycleFact.refitLeft", {
        version,
        challenger: String(fact.challenger),
        found: found === "" ? problem : found,
      });
    case "refit-repeats":
      return t("cycleFact.refitRepeats", {
        version,
        challenger: String(fact.challenger),
        model: fact.model,
        found,
      });
    case "awaits-approval":
      return t("cycleFact.awaitsApproval", { until: format.dateTime(new Date(fact.until)) });
    case "approved-by-rule":
      return t("cycleFact.approvedByRule", { version, alias: fact.alias });
    case "approved":
      return because(t("cycleFact.approved", { by: fact.by, version, alias: fact.alias }), fact.reason);
    case "rejected":
      return because(t("cycleFact.rejected", { by: fact.by, version }), fact.reason);
    case "undecided":
      return t("cycleFact.undecided", { version, champion });
    case "withdrawn":
      return t("cycleFact.withdrawn", { version });
    case "moves":
      return t("cycleFact.moves", { deployment: fact.deployment, version });
    case "serves":
      return t(fact.champion === null ? "cycleFact.serves" : "cycleFact.servesInstead", {
        deployment: fact.deployment,
        version,
        champion,
      });
    case "alias-taken":
      return t("cycleFact.aliasTaken", { alias: fact.alias, deployment: fact.deployment, version });
    case "unservable":
      return t("cycleFact.unservable", {
        version,
        champion,
        problem: fact.problem ?? t("cycleFact.gatewayRefused"),
      });
    case "nothing-to-compare":
      return t("cycleFact.nothingToCompare");
    case "nothing-watched":
      return t("cycleFact.nothingWatched");
    case "watches":
      return t("cycleFact.watches", { windows: fact.windows });
    case "nothing-left":
      return t("cycleFact.nothingLeft", { deployment: fact.deployment });
    case "awaits-window":
      return t("cycleFact.awaitsWindow");
    case "awaits-window-truth":
      return t("cycleFact.awaitsWindowTruth", { window });
    case "not-compared":
      return t("cycleFact.notCompared", { window, within: format.span(fact.within), version });
    case "compares-after":
      return t("cycleFact.comparesAfter", { window });
    case "not-worse":
      return t("cycleFact.notWorse", {
        version,
        champion,
        windows: fact.windows.map((title) => windowName(title, words)).join(", "),
      });
    case "worse":
      return t("cycleFact.worse", { window, version, champion, found, alias: fact.alias });
    case "cancelled":
      return t("cycleFact.cancelled", { by: fact.by });
    case "given-back":
      return because(
        t("cycleFact.givenBack", { by: fact.by, alias: fact.alias, version, champion }),
        fact.reason,
      );
    default:
      return fact satisfies never;
  }
}

function named(version: number | null, { t }: Words): string {
  return version === null ? t("cycleFact.none") : String(version);
}

function judgingText({ window, half }: JudgedRows, words: Words): string {
  const name = windowName(window, words);
  return half ? words.t("cycleFact.laterHalf", { window: name }) : name;
}

function learnedText({ of, bound, half }: LearnedRows, words: Words): string {
  const { t, format } = words;
  const edge = bound === null ? "" : of === "last" ? format.span(bound) : windowName(bound, words);
  const rows = t(`cycleFact.rows.${of}`, { bound: edge });
  return half === null ? rows : t("cycleFact.earlierHalf", { rows, window: windowName(half, words) });
}

function foundText(judgement: Judgement, words: Words): string {
  return gateSummary(judgement, words);
}

/** What a link of a story leads to: the path says it, the server's title only where it is a name. */
export function linkTitle({ title, subject }: TimelineEntry["links"][number], words: Words): string {
  const { t } = words;
  const [, stage, nouns = "", name = "", child, id = ""] = subject.split("/").filter((part) => part !== "");
  const parent = decodeURIComponent(name);
  switch (child === undefined ? `${stage}/${nouns}` : `${stage}/${nouns}/${child}`) {
    case "registry/gates":
      return t("storyLink.gate");
    case "registry/approvals":
      return t("storyLink.approval");
    case "monitoring/alerts":
      return t("storyLink.alert");
    case "pipelines/pipelines/runs":
      return t("storyLink.run", { pipeline: parent, run: id });
    case "registry/models/versions":
      return t("storyLink.version", { model: parent, version: id });
    case "retraining/policies/cycles":
      return t("storyLink.cycle", { number: id });
    case "monitoring/monitors/windows":
      return windowName(title, words);
    default:
      return title;
  }
}
