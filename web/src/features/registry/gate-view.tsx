import type { Gate, ModelVersion, RuleVerdict } from "@causeway/contract";
import { CopyId } from "../../components/copy.tsx";
import { ErrorNote } from "../../components/error-note.tsx";
import { failureError } from "../../components/error-words.ts";
import { Go } from "../../components/go.tsx";
import { Column } from "../../components/page-frame.tsx";
import { StatusMark, StatusWord } from "../../components/status-mark.tsx";
import { gateSummary, verdictText } from "../../components/verdict-words.ts";
import { shortDigest } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { diamond } from "./diamond.ts";
import { RulePicture } from "./rule-picture.tsx";
import { ruleSubject, ruleText } from "./rule-words.ts";
import { SliceDumbbells } from "./slice-dumbbells.tsx";

/** What a gate found: its verdict as a sentence, each rule's difference with its interval, and for whom. */
export function GateView({ gate, version }: { gate: Gate; version: ModelVersion }) {
  const { t, format } = useWords();
  const scope = useScope();
  const passed = gate.verdicts.filter((verdict) => verdict.passed).length;
  const isOther = gate.version !== version.version;
  return (
    <Column
      className="stack"
      title={
        gate.verdicts.length === 0
          ? t("registry.gate")
          : t("registry.gateVerdict", { passed, count: gate.verdicts.length })
      }
      hint={
        <>
          {t("registry.gateRows", { rows: gate.rows })}{" "}
          <Go to={places.datasetVersion(scope, { dataset: gate.dataset, id: gate.datasetVersion })}>
            {gate.dataset} <code>{shortDigest(gate.datasetVersion)}</code>
          </Go>
        </>
      }
      right={<Keys gate={gate} />}
    >
      <p className="verdict">
        <GateState gate={gate} /> {gateSummary(gate, { t, format })}
      </p>
      {isOther ? (
        <p className="note info">
          {t("registry.judgedOther", { judged: gate.version, version: version.version })}{" "}
          <Go to={places.modelVersion(scope, { model: gate.model, version: gate.version })}>
            {gate.model} v{gate.version}
          </Go>{" "}
          <CopyId id={gate.digest} short={shortDigest(gate.digest)} />
        </p>
      ) : null}
      {gate.problem === null ? null : <ErrorNote error={failureError(gate.failure, gate.problem)} />}
      {gate.verdicts.length === 0 ? null : <RuleTable gate={gate} />}
      {gate.verdicts.map((verdict) =>
        verdict.slices === null ? null : (
          <SliceDumbbells key={JSON.stringify(verdict.rule)} verdict={verdict} slices={verdict.slices} />
        ),
      )}
      <p className="quiet small">
        {t("registry.judgedBy", { who: gate.createdBy.name, at: format.dateTime(new Date(gate.createdAt)) })}
      </p>
    </Column>
  );
}

/** Whether a gate passed, in shape and word. */
export function GateState({ gate: { state, passed } }: { gate: Gate }) {
  const { t } = useWords();
  if (state === "queued" || state === "running")
    return <StatusWord status="running">{t("registry.gateRuns")}</StatusWord>;
  if (state !== "succeeded" || passed === null)
    return <StatusWord status="crit">{t("registry.gateFailed")}</StatusWord>;
  return passed ? (
    <StatusWord status="ok">{t("registry.gatePassed")}</StatusWord>
  ) : (
    <StatusWord status="crit">{t("registry.gateRefused")}</StatusWord>
  );
}

function Keys({ gate }: { gate: Gate }) {
  const { t } = useWords();
  return (
    <>
      {gate.champion === null ? null : (
        <span className="key">
          <svg width="12" height="12" aria-hidden="true">
            <circle cx="6" cy="6" r="4.5" fill="var(--live)" />
          </svg>
          v{gate.champion} {t("registry.champion")}
        </span>
      )}
      <span className="key">
        <svg width="12" height="12" aria-hidden="true">
          <path d={diamond(6, 6, 5.5)} fill="var(--candidate)" />
        </svg>
        v{gate.version} {t("registry.challenger")}
      </span>
    </>
  );
}

function RuleTable({ gate }: { gate: Gate }) {
  const { t } = useWords();
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable region
    <section className="scroll" tabIndex={0} aria-label={t("registry.gate")}>
      <table className="table rules">
        <thead>
          <tr>
            <th scope="col">{t("words.metric")}</th>
            {gate.champion === null ? null : (
              <th scope="col" className="number">
                v{gate.champion}
              </th>
            )}
            <th scope="col" className="number">
              v{gate.version}
            </th>
            <th scope="col" className="number">
              {t("data.rowChange")}
            </th>
            <th scope="col" className="bare">
              {t("registry.ruleHead")}
            </th>
            <th scope="col">{t("registry.ruleAsks")}</th>
            <th scope="col">{t("registry.result")}</th>
          </tr>
        </thead>
        <tbody>
          {gate.verdicts.map((verdict) => (
            <RuleRow key={JSON.stringify(verdict.rule)} verdict={verdict} gate={gate} />
          ))}
        </tbody>
      </table>
    </section>
  );
}

function RuleRow({ verdict, gate }: { verdict: RuleVerdict; gate: Gate }) {
  const { t, format } = useWords();
  const hasChampion = gate.champion !== null;
  const { rule, champion, challenger, difference, passed } = verdict;
  const hasFigures = challenger !== null;
  return (
    <>
      <tr className="rule-row">
        <td>
          <b>{ruleSubject(rule, t)}</b>
        </td>
        {hasChampion ? (
          <td className="number live">{champion === null ? "" : format.metric(champion.value)}</td>
        ) : null}
        <td className="number strong candidate">{hasFigures ? format.metric(challenger.value) : ""}</td>
        <td className="number">{difference === null ? "" : format.signed(difference.value)}</td>
        <td className="bare">
          <RulePicture verdict={verdict} />
        </td>
        <td>{ruleText(rule, { t, format })}</td>
        <td>
          <span className={passed ? "status is-ok" : "status is-crit"}>
            <StatusMark status={passed ? "ok" : "crit"} />
            <span>{passed ? t("registry.pass") : t("registry.refuse")}</span>
          </span>
        </td>
      </tr>
      <tr className="rule-reason">
        <td colSpan={hasChampion ? 7 : 6}>{verdictText(verdict, gate, { t, format })}</td>
      </tr>
    </>
  );
}
