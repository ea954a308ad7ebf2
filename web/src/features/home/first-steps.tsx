import { Command } from "../../components/copy.tsx";
import { Column } from "../../components/page-frame.tsx";
import { StatusMark } from "../../components/status-mark.tsx";
import { useWords } from "../../lib/words.tsx";
import { BUILT_STAGES, type BuiltStage, isReached, type Overview } from "./stage-state.ts";

/** The command that brings each stage to life, as the command line has it. */
export const FIRST_COMMANDS: Readonly<Record<BuiltStage, string>> = {
  data: "npx --no causeway data import customers customers.csv",
  experiments: "npx --no causeway env",
  pipelines: "npx --no causeway pipelines run churn.pipeline.ts",
  registry: "npx --no causeway registry assign churn@champion 1",
  deployments: "npx --no causeway deployments create churn --serve churn@champion",
};

/** The way from a table to an answered prediction; steps that are done are ticked. */
export function FirstSteps({ overview }: { overview: Overview }) {
  const { t } = useWords();
  const steps = BUILT_STAGES.filter((stage) => stage !== "experiments");
  const next = steps.find((stage) => !isReached(stage, overview));
  return (
    <Column title={t("home.firstSteps")} hint={t("home.firstStepsHint")}>
      <ol className="steps">
        {steps.map((stage) => {
          const done = isReached(stage, overview);
          return (
            <li key={stage}>
              <StatusMark status={done ? "ok" : stage === next ? "waiting" : "idle"} />
              <div>
                <b className={done ? "quiet" : ""}>{t(`first.${stage}`)}</b>
                {stage === next ? <Command line={FIRST_COMMANDS[stage]} /> : null}
              </div>
            </li>
          );
        })}
      </ol>
    </Column>
  );
}
