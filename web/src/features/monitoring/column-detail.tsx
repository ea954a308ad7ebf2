import type { ColumnDrift, Monitor, MonitorWindow, MonitorWindowDetail } from "@causeway/contract";
import { notJudgedText } from "../../components/alert-words.ts";
import { ColumnPicture } from "../../components/column-picture.tsx";
import { Loaded, PictureSkeleton } from "../../components/loaded.tsx";
import { Facts, SectionHead } from "../../components/page-frame.tsx";
import { StatusWord } from "../../components/status-mark.tsx";
import { windowName } from "../../components/window-name.ts";
import { useAnswer } from "../../lib/api.ts";
import { useWords } from "../../lib/words.tsx";
import { ColumnRows } from "./column-rows.tsx";
import { isMostlySeason } from "./judgement.ts";

/** How one column moved in one window: its picture beside the reference, every test, the season, the rows. */
export function ColumnDetail({
  monitor,
  window,
  column,
}: {
  monitor: Monitor;
  window: MonitorWindow;
  /** The one that drifted most where the address names none. */
  column: string;
}) {
  const detail = useAnswer(["monitoring", "getWindow"], { monitor: monitor.name, start: window.start });
  return (
    <Loaded answer={detail} skeleton={<PictureSkeleton height={300} />}>
      {(known) => <KnownColumn monitor={monitor} window={known} column={column} />}
    </Loaded>
  );
}

function KnownColumn({
  monitor,
  window,
  column,
}: {
  monitor: Monitor;
  window: MonitorWindowDetail;
  column: string;
}) {
  const { t, format } = useWords();
  const name = windowName(window.title, { t, format });
  const found = columnOf(window, column);
  if (found === undefined)
    return <p className="quiet">{notJudgedText(window.drift, { t, format }) || t("monitoring.noColumn")}</p>;
  return (
    <div>
      <SectionHead
        title={found.column}
        hint={found.kind === "numeric" ? t("columnType.double") : t("columnType.string")}
        right={<span className="tag">{name}</span>}
      />
      <p className="keys">
        <span className="key">
          <svg width="16" height="10" aria-hidden="true">
            <path d="M0 9V4H8V1H16" fill="none" stroke="var(--reference)" strokeWidth="2" />
          </svg>
          {t("monitoring.referenceRows", { count: found.referenceRows })}
        </span>
        <span className="key">
          <i className="swatch" style={{ background: "var(--live)" }} />
          {t("monitoring.current", { count: found.rows })}
        </span>
      </p>
      <ColumnPicture
        column={found.column}
        shape={found.shape}
        label={t("monitoring.picture", { column: found.column, window: name })}
      />
      <Tests column={found} />
      <Season column={found} />
      <Quality column={found} />
      <ColumnRows monitor={monitor} window={window} column={found.column} />
    </div>
  );
}

/** The column that the address names, else the one whose change is largest, else the first. */
function columnOf(window: MonitorWindowDetail, name: string): ColumnDrift | undefined {
  const all = [...(window.predictionDrift === null ? [] : [window.predictionDrift]), ...window.columns];
  return (
    all.find(({ column }) => column === name) ??
    window.columns.find(({ column }) => column === window.drift.largest?.column) ??
    all[0]
  );
}

function Tests({ column }: { column: ColumnDrift }) {
  const { t, format } = useWords();
  const p = (value: number) => (value < 0.001 ? `< ${format.metric(0.001)}` : format.metric(value));
  const verdict = (isDrift: boolean, words: { yes: string; no: string }) => (
    <StatusWord status={isDrift ? "warn" : "idle"}>{isDrift ? words.yes : words.no}</StatusWord>
  );
  const limits = { yes: t("monitoring.beyond"), no: t("monitoring.within") };
  return (
    // A region that scrolls must be reachable by keyboard.
    // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable region
    <section className="scroll" tabIndex={0} aria-label={t("monitoring.test")}>
      <table className="table compact tight">
        <thead>
          <tr>
            <th scope="col">{t("monitoring.test")}</th>
            <th scope="col" className="number">
              {t("monitoring.score")}
            </th>
            <th scope="col" className="number">
              {t("monitoring.limit")}
            </th>
            <th scope="col" className="number">
              p
            </th>
            <th scope="col">{t("monitoring.verdict")}</th>
          </tr>
        </thead>
        <tbody>
          <tr title={t("monitoring.effectHint")}>
            <td className="strong">{t("monitoring.effect")}</td>
            <td className="number strong">{format.metric(column.effect)}</td>
            <td className="number quiet">{format.metric(column.effectLimit)}</td>
            <td className="number">{p(column.adjustedP)}</td>
            <td>{verdict(column.drifted, { yes: t("monitoring.drifted"), no: t("monitoring.steady") })}</td>
          </tr>
          {column.scores.map(({ method, score, limit, pValue, exactness, errorBound }) => (
            <tr key={method}>
              <td>
                {method}{" "}
                {exactness === "exact" ? null : (
                  <span className="quiet" title={errorBound === null ? "" : `± ${format.plain(errorBound)}`}>
                    {t("monitoring.sketched")}
                  </span>
                )}
              </td>
              <td className="number">{format.metric(score)}</td>
              <td className="number quiet">{limit === null ? "–" : format.plain(limit)}</td>
              <td className="number">{pValue === null ? "–" : p(pValue)}</td>
              <td>
                {limit === null ? <span className="quiet">–</span> : verdict(Number(score) > limit, limits)}
              </td>
            </tr>
          ))}
          {column.season === null ? null : (
            <tr>
              <td>{t("monitoring.againstSeason", { start: seasonName(column.season.start) })}</td>
              <td className="number">{format.metric(column.season.psi)}</td>
              <td className="number quiet">–</td>
              <td className="number">–</td>
              <td>
                {verdict(column.season.drifted, {
                  yes: t("monitoring.drifted"),
                  no: t("monitoring.steady"),
                })}
              </td>
            </tr>
          )}
        </tbody>
      </table>
    </section>
  );
}

/** Seasonal honesty: how much of the shift the same period a year before shows as well. */
function Season({ column }: { column: ColumnDrift }) {
  const { t, format } = useWords();
  const psi = column.scores.find(({ method }) => method === "psi");
  if (column.season === null || psi === undefined || !column.drifted) return null;
  const values = {
    start: seasonName(column.season.start),
    season: format.metric(column.season.psi, 2),
    psi: format.metric(psi.score, 2),
  };
  return (
    <p className="note info season">
      {isMostlySeason(Number(psi.score), column.season.psi)
        ? t("monitoring.seasonMost", values)
        : t("monitoring.seasonNot", { start: values.start, season: values.season })}
    </p>
  );
}

function Quality({ column: { missing, outside } }: { column: ColumnDrift }) {
  const { t, format } = useWords();
  if (missing.share === 0 && missing.referenceShare === 0 && outside.rows === 0) return null;
  return (
    <div className="column-quality">
      <Facts
        of={[
          [
            t("monitoring.missing"),
            missing.share === 0 && missing.referenceShare === 0 ? null : (
              <span key="missing" className={missing.drifted ? "is-warn" : undefined}>
                {t("monitoring.missingShare", {
                  now: format.percent(missing.share),
                  reference: format.percent(missing.referenceShare),
                })}
              </span>
            ),
          ],
          [
            t("monitoring.outside"),
            outside.rows === 0 ? null : (
              <span key="outside">
                {t("monitoring.outsideShare", {
                  count: outside.rows,
                  now: format.percent(outside.share),
                  reference: format.percent(outside.referenceShare),
                })}
                {outside.examples.length === 0 ? null : (
                  <>
                    {": "}
                    <code>{outside.examples.slice(0, 5).join(", ")}</code>
                  </>
                )}
              </span>
            ),
          ],
        ]}
      />
    </div>
  );
}

/** A start is told as a day; a title as it is. */
function seasonName(start: string): string {
  return /^\d{4}-\d{2}-\d{2}T/.test(start) ? start.slice(0, 10) : start;
}
