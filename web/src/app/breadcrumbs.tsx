import { useLocation } from "@tanstack/react-router";
import { Go } from "../components/go.tsx";
import { useScope } from "../lib/scope.ts";
import { useWords } from "../lib/words.tsx";
import { readAloud } from "./crumbs.ts";

/** The address read aloud: `prod / Data / customers / 9f31c2`. The last part is where one is, not a link. */
export function Breadcrumbs() {
  const { t } = useWords();
  const scope = useScope();
  const { pathname } = useLocation();
  const crumbs = readAloud(pathname, scope, t);
  return (
    <nav className="crumbs" aria-label={t("shell.breadcrumb")}>
      {crumbs.map(({ text, to }, position) => (
        <span key={to} className={position > 0 && position < crumbs.length - 2 ? "crumb desk-only" : "crumb"}>
          {position === crumbs.length - 1 ? <b aria-current="page">{text}</b> : <Go to={to}>{text}</Go>}
        </span>
      ))}
    </nav>
  );
}
