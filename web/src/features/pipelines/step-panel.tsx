import type { LogLine, PipelineDefinition, PipelineRun, StepRun } from "@causeway/contract";
import { useEffect, useMemo, useRef } from "react";
import { saveText } from "../../components/csv.ts";
import { ErrorNote } from "../../components/error-note.tsx";
import { Go, useView } from "../../components/go.tsx";
import { Column, Facts } from "../../components/page-frame.tsx";
import { stepWhy } from "../../components/step-why.ts";
import { ChoiceOf } from "../../components/tabs.tsx";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { workOf } from "./run-graph.ts";
import { StepOutputs } from "./step-outputs.tsx";

const VIEWS = ["logs", "why", "files"] as const;

/** One step of a run: what it printed, why it ran, what it made. */
export function StepPanel({
  run,
  step,
  definition,
  lines,
  error,
}: {
  run: PipelineRun;
  step: StepRun;
  definition: PipelineDefinition | undefined;
  lines: readonly LogLine[];
  error: Error | null;
}) {
  const { t } = useWords();
  const [viewText, setView] = useView("panel", "logs");
  const view = VIEWS.find((known) => known === viewText) ?? "logs";
  const own = useMemo(() => lines.filter((line) => line.step === step.name), [lines, step.name]);
  return (
    <Column
      title={step.name}
      hint={step.attempts.length > 1 ? t("pipelines.attempts", { count: step.attempts.length }) : undefined}
      right={
        <ChoiceOf
          label={step.name}
          options={VIEWS.map((key) => [key, t(`pipelines.panel.${key}`)] as const)}
          value={view}
          onChange={setView}
        />
      }
    >
      {error === null ? null : <ErrorNote error={error} />}
      <StepFacts step={step} definition={definition} />
      {view === "logs" ? <Logs run={run} step={step} lines={own} /> : null}
      {view === "why" ? <Why step={step} /> : null}
      {view === "files" ? <StepOutputs run={run} step={step} /> : null}
    </Column>
  );
}

function StepFacts({ step, definition }: { step: StepRun; definition: PipelineDefinition | undefined }) {
  const { t, format } = useWords();
  const scope = useScope();
  const declared = definition?.steps.find(({ name }) => name === step.name);
  const last = step.attempts.at(-1);
  const usage = last?.usage ?? undefined;
  return (
    <Facts
      of={[
        [t("pipelines.because"), step.why === null ? null : stepWhy(step.why, t)],
        [t("pipelines.runs"), declared === undefined ? null : workOf(declared)],
        [t("pipelines.result"), step.summary],
        [t("pipelines.problem"), last?.problem ?? null],
        [
          t("pipelines.used"),
          usage === undefined
            ? null
            : t("drivers.used", {
                cpu: format.duration(usage.cpuSeconds * 1000),
                memory: format.memory(usage.peakMemoryBytes),
                read: format.bytes(usage.readBytes),
                written: format.bytes(usage.writtenBytes),
              }),
        ],
        [
          t("words.run"),
          last?.run == null ? null : (
            <Go key="run" to={places.go(scope, last.run)}>
              <code>{last.run.slice(0, 8)}</code>
            </Go>
          ),
        ],
      ]}
    />
  );
}

function Logs({ run, step, lines }: { run: PipelineRun; step: StepRun; lines: readonly LogLine[] }) {
  const { t, format } = useWords();
  const box = useRef<HTMLPreElement>(null);
  const isAtEnd = useRef(true);
  // biome-ignore lint/correctness/useExhaustiveDependencies: new lines move the end
  useEffect(() => {
    if (isAtEnd.current && box.current !== null) box.current.scrollTop = box.current.scrollHeight;
  }, [lines.length]);
  if (lines.length === 0) {
    return (
      <p className="quiet log-empty">
        {t(step.state === "cached" ? "pipelines.noLogCached" : "pipelines.noLog")}
      </p>
    );
  }
  const text = () => lines.map((line) => `${line.at} ${line.text}`).join("\n");
  return (
    <>
      <pre
        ref={box}
        className="log step-log"
        // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable region
        tabIndex={0}
        onScroll={({ currentTarget: { scrollTop, scrollHeight, clientHeight } }) => {
          isAtEnd.current = scrollHeight - scrollTop - clientHeight < 24;
        }}
      >
        {lines.map((line) => (
          <div key={line.position} className={line.stream === "stderr" ? "warned" : undefined}>
            <i>{format.exactTime(new Date(line.at))}</i> {line.text}
          </div>
        ))}
      </pre>
      <p className="quiet small">
        {t("pipelines.lines", { count: lines.length })} ·{" "}
        <button
          type="button"
          className="link-button"
          onClick={() =>
            saveText(`${run.pipeline}-${run.number}-${step.name}.log`, `${text()}\n`, "text/plain")
          }
        >
          {t("shell.download")}
        </button>
      </p>
    </>
  );
}

function Why({ step }: { step: StepRun }) {
  const { t } = useWords();
  return (
    <table className="table compact">
      <thead>
        <tr>
          <th scope="col">{t("pipelines.attempt")}</th>
          <th scope="col">{t("words.state")}</th>
          <th scope="col">{t("pipelines.worker")}</th>
          <th scope="col" className="number">
            {t("pipelines.exit")}
          </th>
        </tr>
      </thead>
      <tbody>
        {step.attempts.map((attempt) => (
          <tr key={attempt.number} title={attempt.problem ?? ""}>
            <td>{attempt.number}</td>
            <td>{t(`attemptState.${attempt.state}`)}</td>
            <td className="cut">{attempt.worker}</td>
            <td className="number">{attempt.exitCode ?? ""}</td>
          </tr>
        ))}
      </tbody>
    </table>
  );
}
