import type { Language } from "../../lib/preferences.ts";
import type { Translate } from "../../lib/words.tsx";
import type { Need } from "./stage-state.ts";

/** The state of everything in one sentence, decisions first: "1 decision waits for you and 1 alert is open." */
export function headline(
  open: readonly Pick<Need, "kind" | "status">[],
  t: Translate,
  language: Language,
): string {
  if (open.length === 0) return t("home.quiet");
  const count = (fits: (need: Pick<Need, "kind" | "status">) => boolean) => open.filter(fits).length;
  const parts = [
    { key: "home.decisions", count: count(({ status }) => status === "waiting") },
    { key: "home.alerts", count: count(({ kind }) => kind === "alert") },
    { key: "home.failures", count: count(({ kind, status }) => kind !== "alert" && status === "crit") },
    { key: "home.findings", count: count(({ kind, status }) => kind !== "alert" && status === "warn") },
  ] as const;
  const said = parts.filter((part) => part.count > 0).map((part) => t(part.key, { count: part.count }));
  return t("home.sentence", { parts: new Intl.ListFormat(language, { type: "conjunction" }).format(said) });
}
