import type { Alert, Cycle, Monitor, MonitorWindow } from "@causeway/contract";
import { useEffect, useState } from "react";
import { useView } from "../../components/go.tsx";
import { HeatLegend, HeatStrip } from "../../components/heat-strip.tsx";
import { PictureSkeleton, Slowly } from "../../components/loaded.tsx";
import { Column, SectionHead } from "../../components/page-frame.tsx";
import { ChoiceOf } from "../../components/tabs.tsx";
import { useWidth } from "../../components/use-width.ts";
import { windowAxis } from "../../components/window-axis.ts";
import { windowName } from "../../components/window-name.ts";
import { useAnswer } from "../../lib/api.ts";
import { useWords } from "../../lib/words.tsx";
import { ColumnDetail } from "./column-detail.tsx";
import { nameOfWindow, SHOWN_WINDOWS } from "./judgement.ts";
import { PerformanceChart } from "./performance-chart.tsx";
import { RowBars } from "./row-bars.tsx";
import { WindowFacts } from "./window-facts.tsx";

const FEW_COLUMNS = 12;
/** Below this width the names stand closer and fewer windows are shown. */
const NARROW = 560;
const WIDE_GUTTER = { left: 200, right: 66 };
const NARROW_GUTTER = { left: 118, right: 36 };
const LEAST_CELL = 20;
/** As many as the API tells of at once. */
const MOST_COLUMNS_WINDOWS = 200;

/** Performance, drift and rows of the newest windows on one axis, and beside them one column of one window. */
export function MonitorOverview({
  monitor,
  windows,
  window,
  alerts,
  cycles,
}: {
  monitor: Monitor;
  /** The oldest first. */
  windows: readonly MonitorWindow[];
  window: MonitorWindow;
  alerts: readonly Alert[];
  cycles: readonly Cycle[];
}) {
  const { t } = useWords();
  const [, setWindow] = useView("window");
  const [column, setColumn] = useView("column");
  const [shown, setShown] = useView("show", SHOWN_WINDOWS[1]);
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const isNarrow = useWidth(element) < NARROW;
  const select = (start: string) => {
    const next = windows.find((each) => each.start === start);
    if (next !== undefined) setWindow(nameOfWindow(next));
  };
  useWindowKeys(windows, window, select);
  const byCount = typeof monitor.settings.window !== "string";
  return (
    <div className="columns open">
      <Column>
        <div ref={setElement}>
          <PerformanceChart
            monitor={monitor}
            windows={windows}
            alerts={alerts}
            cycles={cycles}
            selected={window.start}
            select={select}
            gutter={isNarrow ? { left: 40, right: 62 } : WIDE_GUTTER}
            byCount={byCount}
            right={
              <ChoiceOf
                label={t("monitoring.windows")}
                options={SHOWN_WINDOWS.map((count) => [count, count])}
                value={SHOWN_WINDOWS.find((each) => each === shown) ?? SHOWN_WINDOWS[1]}
                onChange={setShown}
              />
            }
          />
          <DriftStrip
            monitor={monitor}
            windows={windows}
            window={window}
            byCount={byCount}
            isNarrow={isNarrow}
            column={column}
            choose={(choice) => {
              if (choice.window !== undefined) select(choice.window);
              if (choice.row !== undefined) setColumn(choice.row);
            }}
          />
          <RowBars
            windows={windows}
            byCount={byCount}
            selected={window.start}
            gutter={isNarrow ? { left: 40, right: 62 } : WIDE_GUTTER}
          />
        </div>
      </Column>
      <Column className="stack">
        <ColumnDetail monitor={monitor} window={window} column={column} />
        <WindowFacts window={window} />
      </Column>
    </div>
  );
}

function DriftStrip({
  monitor,
  windows,
  window,
  byCount,
  isNarrow,
  column,
  choose,
}: {
  monitor: Monitor;
  windows: readonly MonitorWindow[];
  window: MonitorWindow;
  byCount: boolean;
  isNarrow: boolean;
  column: string;
  choose: (choice: { window?: string; row?: string }) => void;
}) {
  const { t, format } = useWords();
  const [isWhole, setWhole] = useState(false);
  const [element, setElement] = useState<HTMLDivElement | null>(null);
  const width = useWidth(element);
  const gutter = isNarrow ? NARROW_GUTTER : WIDE_GUTTER;
  // The strip is asked for from the newest window on, so far back as the shown ones reach.
  const newer = monitor.newest === null ? 0 : windowsBetween(windows.at(-1), monitor.newest);
  const reach = windows.length + newer;
  const columns = useAnswer(["monitoring", "listColumns"], {
    monitor: monitor.name,
    windows: Math.min(MOST_COLUMNS_WINDOWS, reach),
  });
  const fits = isNarrow
    ? Math.max(1, Math.floor((width - gutter.left - gutter.right) / LEAST_CELL))
    : windows.length;
  const shown = windows.slice(-fits);
  const known = columns.data;
  const places = new Map((known?.windows ?? []).map(({ start }, index) => [start, index]));
  const rows = (known?.columns ?? []).map(({ column: name, isPrediction, psi, drifted }) => ({
    name,
    isFirst: isPrediction,
    scores: shown.map(({ start }) => psi[places.get(start) ?? -1] ?? null),
    drifted: shown.map(({ start }) => drifted[places.get(start) ?? -1] ?? false),
  }));
  const few = rows.filter((row, index) => isWhole || index < FEW_COLUMNS || row.name === column);
  return (
    <div ref={setElement} className="under-chart">
      <SectionHead
        title={t("monitoring.drift")}
        hint={t("monitoring.driftHint", {
          drifted: window.drift.drifted.length,
          columns: window.drift.columns,
          window: windowName(window.title, { t, format }),
        })}
        right={<HeatLegend />}
      />
      {known === undefined ? (
        <Slowly>
          <PictureSkeleton height={260} />
        </Slowly>
      ) : rows.length === 0 ? (
        <p className="quiet">{t("monitoring.driftNothing")}</p>
      ) : (
        <HeatStrip
          label={t("monitoring.driftLabel")}
          rows={few}
          axis={windowAxis(shown, { byCount })}
          gutter={gutter}
          selected={{ window: window.start, row: column }}
          choose={choose}
        />
      )}
      {rows.length <= FEW_COLUMNS ? null : (
        <button type="button" className="link-button" onClick={() => setWhole(!isWhole)}>
          {isWhole ? t("monitoring.fewerColumns") : t("monitoring.allColumns", { count: rows.length })}
        </button>
      )}
    </div>
  );
}

/** About how many windows of this length lie between two. */
function windowsBetween(last: MonitorWindow | undefined, newest: MonitorWindow): number {
  if (last === undefined) return 0;
  const length = Math.max(1, Date.parse(last.end) - Date.parse(last.start));
  return Math.max(0, Math.ceil((Date.parse(newest.start) - Date.parse(last.start)) / length));
}

/** `[` and `]` step to the window before and after. */
function useWindowKeys(
  windows: readonly MonitorWindow[],
  window: MonitorWindow,
  select: (start: string) => void,
): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      const step = { "[": -1, "]": 1 }[event.key];
      const isTyping =
        event.target instanceof HTMLElement && event.target.closest("input, textarea, select") !== null;
      if (step === undefined || isTyping || event.ctrlKey || event.metaKey) return;
      const next = windows[windows.findIndex(({ start }) => start === window.start) + step];
      if (next !== undefined) select(next.start);
    };
    document.addEventListener("keydown", onKey);
    return () => document.removeEventListener("keydown", onKey);
  }, [windows, window, select]);
}
