import { ENVIRONMENTS, STAGES } from "@causeway/contract";
import { address, places } from "../lib/places.ts";
import type { Scope } from "../lib/scope.ts";
import type { Translate } from "../lib/words.tsx";

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
