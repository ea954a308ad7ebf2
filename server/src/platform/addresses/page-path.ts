import type { Scope } from "@causeway/contract";

/** The path of a page of control, for links in messages: `/<project>/<environment>/<segments>`, the default project left out. */
export function pagePath(
  { project, environment }: Scope,
  segments: readonly (string | number)[],
  view: Readonly<Record<string, string>> = {},
): string {
  const path = [...(project === "default" ? [] : [project]), environment, ...segments]
    .map((segment) => encodeURIComponent(segment))
    .join("/");
  const query = new URLSearchParams(view).toString();
  return `/${path}${query === "" ? "" : `?${query}`}`;
}
