import type { Json, Monitor, MonitorWindow } from "@causeway/contract";
import { Go } from "../../components/go.tsx";
import { Loaded, RowsSkeleton } from "../../components/loaded.tsx";
import { SectionHead } from "../../components/page-frame.tsx";
import { windowName } from "../../components/window-name.ts";
import { useAnswer } from "../../lib/api.ts";
import { middle } from "../../lib/format.ts";
import { places } from "../../lib/places.ts";
import { useScope } from "../../lib/scope.ts";
import { useWords } from "../../lib/words.tsx";
import { rowsPlace } from "./monitor-head.tsx";

const SHOWN = 4;

/** A few rows of the window, wrong ones where truth has come: what the column held, what was answered, what was true. */
export function ColumnRows({
  monitor,
  window,
  column,
}: {
  monitor: Monitor;
  window: MonitorWindow;
  column: string;
}) {
  const { t, format } = useWords();
  const scope = useScope();
  const rows = useAnswer(["deployments", "listPredictions"], {
    deployment: monitor.deployment,
    from: window.start,
    until: window.end,
    limit: SHOWN,
    ...(window.coverage.labelled > 0 ? { truth: "wrong" as const } : {}),
  });
  const show = (value: Json | undefined) =>
    typeof value === "number"
      ? format.plain(value)
      : value === undefined || value === null
        ? "–"
        : String(value);
  return (
    <div className="under-chart">
      <SectionHead
        title={t("monitoring.behind")}
        right={
          <Go to={rowsPlace(scope, monitor, window)}>
            {t("monitoring.openRows", { window: windowName(window.title, { t, format }) })}
          </Go>
        }
      />
      <Loaded answer={rows} skeleton={<RowsSkeleton rows={SHOWN} columns={4} />}>
        {({ items }) =>
          items.length === 0 ? (
            <p className="quiet">{t("monitoring.noRows")}</p>
          ) : (
            // A region that scrolls must be reachable by keyboard.
            // biome-ignore lint/a11y/noNoninteractiveTabindex: scrollable region
            <section className="scroll" tabIndex={0} aria-label={t("monitoring.behind")}>
              <table className="table compact tight">
                <thead>
                  <tr>
                    <th scope="col">{t("words.request")}</th>
                    <th scope="col" className="number">
                      {column}
                    </th>
                    <th scope="col">{t("monitoring.prediction")}</th>
                    <th scope="col">{t("monitoring.truth")}</th>
                  </tr>
                </thead>
                <tbody>
                  {items.slice(0, SHOWN).map((row) => (
                    <tr key={row.id}>
                      <td>
                        <Go to={places.prediction(scope, row.deployment, row.id)}>
                          <code>{middle(row.id, 4)}</code>
                        </Go>
                      </td>
                      <td className="number">{show(row.record[column])}</td>
                      <td>{show(row.prediction.value)}</td>
                      <td>{show(row.truth?.value)}</td>
                    </tr>
                  ))}
                </tbody>
              </table>
            </section>
          )
        }
      </Loaded>
    </div>
  );
}
