import { CURVE_AXES } from "@causeway/contract";
import { TextInput } from "@mantine/core";
import { useMemo, useState } from "react";
import { useView, useViewChange } from "../../components/go.tsx";
import { ChoiceOf } from "../../components/tabs.tsx";
import { useWords } from "../../lib/words.tsx";
import type { CurveView } from "./metric-chart.tsx";

/** How the curves are looked at; the choices stand in the address. */
export function useCurveView(): { view: CurveView; zoom: (from: number, until: number) => void } {
  const [across] = useView("across", "step");
  const [smooth] = useView("smooth", "0");
  const [scale] = useView("scale", "linear");
  const [from] = useView("from");
  const [until] = useView("until");
  const set = useViewChange();
  const smoothing = Number.parseFloat(smooth);
  const view = useMemo(
    () => ({
      across: CURVE_AXES.find((known) => known === across) ?? ("step" as const),
      smoothing: Number.isFinite(smoothing) ? Math.max(0, Math.min(0.99, smoothing)) : 0,
      log: scale === "log",
      from: numberIn(from),
      until: numberIn(until),
    }),
    [across, smoothing, scale, from, until],
  );
  // Steps are whole; a span dragged between two of them is widened to both.
  const zoom = useMemo(
    () => (low: number, high: number) =>
      set({ from: String(Math.floor(low)), until: String(Math.ceil(high)) }),
    [set],
  );
  return { view, zoom };
}

function numberIn(text: string): number | undefined {
  const number = Number(text);
  return text === "" || !Number.isFinite(number) ? undefined : number;
}

/** Across steps, time or time since the start; smoothing; linear or logarithmic; the span that is zoomed into. */
export function CurveControls() {
  const { t, format } = useWords();
  const { view } = useCurveView();
  const { across, smoothing, log } = view;
  const set = useViewChange();
  return (
    <div className="filters">
      <span>
        <span className="second small">{t("experiments.across")}</span>{" "}
        <ChoiceOf
          label={t("experiments.across")}
          options={CURVE_AXES.map((axis) => [axis, t(`experiments.axis.${axis}`)] as const)}
          value={across}
          // A span in another unit means nothing.
          onChange={(axis) => set({ across: axis === "step" ? "" : axis, from: "", until: "" })}
        />
      </span>
      <label>
        {t("experiments.smoothing")}
        <input
          type="range"
          min="0"
          max="0.95"
          step="0.05"
          value={smoothing}
          onChange={(event) =>
            set({ smooth: event.currentTarget.value === "0" ? "" : event.currentTarget.value }, "instead")
          }
        />
        <span className="number">{format.metric(smoothing, 2)}</span>
      </label>
      <span>
        <span className="second small">{t("experiments.scale")}</span>{" "}
        <ChoiceOf
          label={t("experiments.scale")}
          options={[
            ["linear", t("experiments.linear")],
            ["log", t("experiments.log")],
          ]}
          value={log ? "log" : "linear"}
          onChange={(scale) => set({ scale: scale === "linear" ? "" : scale })}
        />
      </span>
      <Span key={`${across} ${view.from} ${view.until}`} view={view} />
    </div>
  );
}

/** The span of the axis: dragged over a chart, or typed in steps or seconds. */
function Span({ view: { across, from, until } }: { view: CurveView }) {
  const { t } = useWords();
  const set = useViewChange();
  const unit = across === "relative" ? 1_000 : 1;
  const shown = (value: number | undefined) => (value === undefined ? "" : String(value / unit));
  const [low, setLow] = useState(shown(from));
  const [high, setHigh] = useState(shown(until));
  const apply = () => {
    const [a, b] = [numberIn(low), numberIn(high)];
    set({
      from: a === undefined ? "" : String(a * unit),
      until: b === undefined ? "" : String(b * unit),
    });
  };
  const isZoomed = from !== undefined || until !== undefined;
  return (
    <form
      className="span-form"
      onSubmit={(event) => {
        event.preventDefault();
        apply();
      }}
    >
      {across === "time" ? (
        <span className="second small">{t("curves.drag")}</span>
      ) : (
        <>
          <span className="second small">
            {t(across === "step" ? "curves.spanSteps" : "curves.spanSeconds")}
          </span>
          <TextInput
            aria-label={t("curves.from")}
            placeholder={t("curves.start")}
            inputMode="decimal"
            w={72}
            value={low}
            onChange={(event) => setLow(event.currentTarget.value)}
            onBlur={() => (low === shown(from) ? undefined : apply())}
          />
          <TextInput
            aria-label={t("curves.until")}
            placeholder={t("curves.end")}
            inputMode="decimal"
            w={72}
            value={high}
            onChange={(event) => setHigh(event.currentTarget.value)}
            onBlur={() => (high === shown(until) ? undefined : apply())}
          />
        </>
      )}
      {isZoomed ? (
        <button type="button" className="link-button" onClick={() => set({ from: "", until: "" })}>
          {t("curves.whole")}
        </button>
      ) : null}
      <button type="submit" className="unseen" tabIndex={-1}>
        {t("curves.apply")}
      </button>
    </form>
  );
}
