import { useEffect, useState } from "react";
import { RELATIVE_LIMIT_MS } from "../lib/format.ts";
import { useWords } from "../lib/words.tsx";

/** The time now, told again every `everyMs`. */
export function useNow(everyMs: number): Date {
  const [now, setNow] = useState(() => new Date());
  useEffect(() => {
    const timer = setInterval(() => setNow(new Date()), everyMs);
    return () => clearInterval(timer);
  }, [everyMs]);
  return now;
}

/** How often relative times are told anew; what is newer than the last telling is "just now", not the future. */
const TICK_MS = 30_000;

/** A moment: relative while it is less than a day old, else the date; hovering tells second and zone. */
export function Moment({ at }: { at: string }) {
  const { t, format } = useWords();
  const now = useNow(TICK_MS);
  const date = new Date(at);
  const age = now.getTime() - date.getTime();
  const text =
    age > -TICK_MS && age < RELATIVE_LIMIT_MS
      ? age < 60_000
        ? t("shell.justNow")
        : t("shell.ago", { span: format.age(age) })
      : format.dateTime(date, now);
  return (
    <time dateTime={at} title={format.exact(date)}>
      {text}
    </time>
  );
}

/** How long something took, or has been taking since it began. */
export function Elapsed({ from, to }: { from: string; to: string | null }) {
  const { format } = useWords();
  const now = useNow(to === null ? 1_000 : 3_600_000);
  const end = to === null ? now.getTime() : Date.parse(to);
  return <>{format.duration(Math.max(0, end - Date.parse(from)))}</>;
}
