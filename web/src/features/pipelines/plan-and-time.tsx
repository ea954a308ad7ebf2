import type { PipelineRun, StepRun } from "@causeway/contract";
import { useView } from "../../components/go.tsx";
import { useNow } from "../../components/moment.tsx";
import { Column } from "../../components/page-frame.tsx";
import { StatusMark } from "../../components/status-mark.tsx";
import { stepWhy } from "../../components/step-why.ts";
import { ChoiceOf } from "../../components/tabs.tsx";
import { stepStatus } from "../../components/work-status.ts";
import { useWords } from "../../lib/words.tsx";
import { BarsAxis, barsOf, StepBars } from "./step-bars.tsx";

/** Every step in one table: what it did, why, and when. */
export function PlanAndTime({
  run,
  chosen,
  choose,
}: {
  run: PipelineRun;
  chosen: string | undefined;
  choose: (step: string) => void;
}) {
  const { t } = useWords();
  const [form, setForm] = useView("form", "table");
  const count = (state: StepRun["state"]) => run.steps.filter((step) => step.state === state).length;
  return (
    <Column
      title={t("pipelines.planAndTime")}
      hint={t("pipelines.planOf", {
        ran: count("succeeded") + count("failed"),
        cached: count("cached"),
        left: count("waiting") + count("queued") + count("running"),
      })}
      right={
        <ChoiceOf
          label={t("pipelines.planAndTime")}
          options={[
            ["table", t("pipelines.table")],
            ["json", "JSON"],
          ]}
          value={form === "json" ? "json" : "table"}
          onChange={setForm}
        />
      }
    >
      {form === "json" ? (
        <pre className="log">{JSON.stringify(run, null, 2)}</pre>
      ) : (
        <StepTable run={run} chosen={chosen} choose={choose} />
      )}
    </Column>
  );
}

function StepTable({
  run,
  chosen,
  choose,
}: {
  run: PipelineRun;
  chosen: string | undefined;
  choose: (step: string) => void;
}) {
  const { t, format } = useWords();
  const isOver = run.endedAt !== null;
  const now = useNow(isOver ? 3_600_000 : 500).getTime();
  const start = Date.parse(run.startedAt ?? run.createdAt);
  const length = Math.max(500, (run.endedAt === null ? now : Date.parse(run.endedAt)) - start);
  return (
    <div className="scroll">
      <table className="table compact">
        <thead>
          <tr>
            <th scope="col">{t("words.step")}</th>
            <th scope="col">{t("pipelines.did")}</th>
            <th scope="col">{t("pipelines.why")}</th>
            <th scope="col" className="number">
              {t("pipelines.seconds")}
            </th>
            <th scope="col" className="bare">
              <span className="unseen">{t("words.time")}</span>
              <BarsAxis length={length} />
            </th>
          </tr>
        </thead>
        <tbody>
          {run.steps.map((step) => {
            const took = tookMs(step, now);
            return (
              // The step's name is a button; the row is a larger target for the mouse.
              <tr
                key={step.name}
                data-link
                data-open={step.name === chosen || undefined}
                onClick={() => choose(step.name)}
              >
                <td>
                  <button type="button" className="step-name" onClick={() => choose(step.name)}>
                    <StatusMark status={stepStatus(step.state)} size={12} />
                    <b>{step.name}</b>
                  </button>
                </td>
                <td className="second">
                  {t(`stepState.${step.state}`)}
                  {step.attempts.length > 1 ? (
                    <span className="quiet"> {t("pipelines.attempts", { count: step.attempts.length })}</span>
                  ) : null}
                </td>
                <td className="second small cut" title={stepWhy(step.why, t)}>
                  {stepWhy(step.why, t)}
                </td>
                <td className="number">{took === undefined ? "–" : format.metric(took / 1000, 1)}</td>
                <td className="bare">
                  <StepBars step={step} bars={barsOf(step, start, now)} length={length} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function tookMs(step: StepRun, now: number): number | undefined {
  if (step.state === "cached" || step.startedAt === null) return undefined;
  return (step.endedAt === null ? now : Date.parse(step.endedAt)) - Date.parse(step.startedAt);
}
