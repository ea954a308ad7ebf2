import { ENVIRONMENTS, STAGES } from "@causeway/contract";
import { useLocation } from "@tanstack/react-router";
import { Go } from "../components/go.tsx";
import { address, places } from "../lib/places.ts";
import { type Scope, useScope } from "../lib/scope.ts";
import { type Translate, useWords } from "../lib/words.tsx";

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

/** The parts of a path inside its project, each with its words and its address. */
export function readAloud(pathname: string, scope: Scope, t: Translate): { text: string; to: string }[] {
  const segments = pathname
    .split("/")
    .filter((segment) => segment !== "")
    .map((segment) => decodeURIComponent(segment));
  if (segments[0] === "settings" || segments[0] === "go") {
    return [
      { text: scope.environment, to: address(scope, []) },
      { text: t("shell.settings"), to: places.settings(scope, "tokens") },
    ];
  }
  if (!ENVIRONMENTS.some((environment) => environment === segments[0])) {
    return [
      { text: scope.environment, to: address(scope, []) },
      { text: t("shell.notFound"), to: pathname },
    ];
  }
  const inside = segments.slice(1);
  const first = { text: segments[0] ?? scope.environment, to: address(scope, []) };
  if (inside.length === 0) return [first, { text: t("shell.home"), to: `${first.to}#home` }];
  return [
    first,
    ...inside.map((segment, position) => ({
      text: wordOf(segment, position, t),
      to: address(scope, inside.slice(0, position + 1)),
    })),
  ];
}

function wordOf(segment: string, position: number, t: Translate): string {
  const stage = STAGES.find((known) => known === segment);
  if (position === 0 && stage !== undefined) return t(`stages.${stage}`);
  if (segment === "compare") return t("experiments.compare");
  if (segment === "predictions") return t("deployments.predictions");
  if (/^[0-9a-f]{8}-[0-9a-f-]{27}/.test(segment)) return `…${segment.slice(-6)}`;
  return /^[0-9a-f]{12,}$/.test(segment) ? segment.slice(0, 6) : segment;
}
