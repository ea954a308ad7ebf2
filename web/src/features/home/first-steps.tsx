import { STAGES, type Stage } from "@causeway/contract";
import { Command } from "../../components/copy.tsx";
import { Column } from "../../components/page-frame.tsx";
import { StatusMark } from "../../components/status-mark.tsx";
import { commandLine } from "../../lib/command-line.ts";
import { type Scope, useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { isReached, type Overview } from "./stage-state.ts";

/** The command that brings each stage to life, as the command line has it. */
export const FIRST_COMMANDS: Readonly<Record<Stage, string>> = {
  data: "data import customers customers.csv",
  experiments: "env",
  pipelines: "pipelines run churn.pipeline.ts",
  registry: "registry assign churn@champion 1",
  deployments: "deployments create churn --serve churn@champion",
  monitoring: "monitoring create churn",
  retraining: "retraining create churn --when performance",
};

/** The way from a table to an answered prediction; steps that are done are ticked. */
export function FirstSteps({ overview }: { overview: Overview }) {
  const { t } = useWords();
  const scope = useScope();
  const steps = STAGES.filter((stage) => stage !== "experiments");
  const isDone = (stage: Stage) =>
    stage === "registry" ? hasChampion(overview, scope) : isReached(stage, overview);
  const next = steps.find((stage) => !isDone(stage));
  return (
    <Column title={t("home.firstSteps")} hint={t("home.firstStepsHint")}>
      <ol className="steps">
        {steps.map((stage) => {
          const done = isDone(stage);
          return (
            <li key={stage}>
              <StatusMark status={done ? "ok" : stage === next ? "waiting" : "idle"} />
              <div>
                <b className={done ? "quiet" : ""}>{t(`first.${stage}`)}</b>
                {stage === next ? <Command line={commandLine(scope, FIRST_COMMANDS[stage])} /> : null}
              </div>
            </li>
          );
        })}
      </ol>
    </Column>
  );
}

/** Whether any model has its champion in the environment: then a version was chosen. */
function hasChampion({ models }: Overview, { environment }: Scope): boolean {
  return models.some(({ aliases }) =>
    aliases.some((alias) => alias.alias === "champion" && alias.environment === environment),
  );
}
