import type { Status } from "../../components/status-mark.tsx";
import type { Language } from "../../lib/preferences.ts";
import type { Translate } from "../../lib/words.tsx";

/** The state of everything in one sentence, the worst first: "1 failure is open and 2 decisions wait for you." */
export function headline(open: readonly Status[], t: Translate, language: Language): string {
  if (open.length === 0) return t("home.quiet");
  const count = (status: Status) => open.filter((each) => each === status).length;
  const parts = [
    { key: "home.failures", count: count("crit") },
    { key: "home.decisions", count: count("waiting") },
    { key: "home.findings", count: count("warn") },
  ] as const;
  const said = parts.filter((part) => part.count > 0).map((part) => t(part.key, { count: part.count }));
  return t("home.sentence", { parts: new Intl.ListFormat(language, { type: "conjunction" }).format(said) });
}
