import { useNow } from "../components/moment.tsx";
import { StatusMark } from "../components/status-mark.tsx";
import { connectNow, STALE_AFTER_MS, useConnection } from "../lib/live.ts";
import { useWords } from "../lib/words.tsx";

/** Says since when values may be old, once events have been missing for ten seconds. */
export function StaleStrip() {
  const { t, format } = useWords();
  const { lostAt, retryAt } = useConnection();
  const now = useNow(1_000).getTime();
  if (lostAt === null || now - lostAt < STALE_AFTER_MS) return null;
  const span = format.duration(Math.floor((now - lostAt) / 1000) * 1000);
  const wait = retryAt === null ? 0 : Math.ceil((retryAt - now) / 1000) * 1000;
  const time = format.exactTime(new Date(lostAt));
  return (
    <div className="strip" role="status">
      <StatusMark status="warn" />
      <span>
        {wait > 0
          ? t("shell.stale", { span, wait: format.duration(wait), time })
          : t("shell.staleTrying", { span, time })}
      </span>
      <button type="button" className="link-button" onClick={connectNow}>
        {t("shell.tryNow")}
      </button>
    </div>
  );
}
