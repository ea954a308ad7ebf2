import { useRef } from "react";
import { useWords } from "../lib/words.tsx";
import { useNow } from "./moment.tsx";

/** Work that takes over a second: how far it is, and how long it still takes. */
export function ProgressBar({
  name,
  done,
  total,
  unit,
}: {
  name: string;
  done: number;
  total: number | null;
  unit: string;
}) {
  const { t, format } = useWords();
  const began = useRef({ at: Date.now(), done });
  const now = useNow(1_000).getTime();
  const share = total === null || total === 0 ? null : Math.min(1, done / total);
  const rate = (done - began.current.done) / Math.max(1, now - began.current.at);
  const left = total === null || rate <= 0 ? null : (total - done) / rate;
  return (
    <div className="progress">
      <div>
        <b>{name}</b>
        <span className="quiet number">
          {total === null
            ? format.count(done)
            : t("progress.of", { done: format.count(done), total: format.count(total) })}{" "}
          {unit}
          {left === null
            ? null
            : ` · ${t("progress.left", { span: format.duration(Math.max(0, Math.ceil(left / 1000) * 1000)) })}`}
        </span>
      </div>
      <div
        className="bar"
        role="progressbar"
        aria-label={name}
        aria-valuemin={0}
        aria-valuemax={100}
        aria-valuenow={share === null ? undefined : Math.round(share * 100)}
      >
        <i style={{ width: share === null ? "8%" : `${share * 100}%` }} />
      </div>
    </div>
  );
}
