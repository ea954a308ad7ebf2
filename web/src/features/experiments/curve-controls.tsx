import { useView } from "../../components/go.tsx";
import { ChoiceOf } from "../../components/tabs.tsx";
import { useWords } from "../../lib/words.tsx";
import { ACROSS, type CurveView } from "./metric-chart.tsx";

/** How the curves are looked at; the choices stand in the address. */
export function useCurveView(): CurveView {
  const [across] = useView("across", "step");
  const [smooth] = useView("smooth", "0");
  const [scale] = useView("scale", "linear");
  const smoothing = Number.parseFloat(smooth);
  return {
    across: ACROSS.find((known) => known === across) ?? "step",
    smoothing: Number.isFinite(smoothing) ? Math.max(0, Math.min(0.99, smoothing)) : 0,
    log: scale === "log",
  };
}

/** Across steps or time, smoothing, linear or logarithmic. */
export function CurveControls() {
  const { t, format } = useWords();
  const { across, smoothing, log } = useCurveView();
  const [, setAcross] = useView("across", "step");
  const [, setSmooth] = useView("smooth", "0");
  const [, setScale] = useView("scale", "linear");
  return (
    <div className="filters">
      <span>
        <span className="second small">{t("experiments.across")}</span>{" "}
        <ChoiceOf
          label={t("experiments.across")}
          options={[
            ["step", t("experiments.step")],
            ["time", t("experiments.elapsed")],
          ]}
          value={across}
          onChange={setAcross}
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
          onChange={(event) => setSmooth(event.currentTarget.value)}
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
          onChange={setScale}
        />
      </span>
    </div>
  );
}
