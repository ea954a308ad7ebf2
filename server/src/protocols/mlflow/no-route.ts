import { matchPath } from "../rest/match-path.ts";
import { mlflowError, WireError } from "./errors.ts";
import type { MlflowRoute } from "./route.ts";

/** Tells an address that is not there from one that is, under another method. */
export function noMlflowRoute(
  { method, url }: { readonly method: string; readonly url: string },
  routes: readonly MlflowRoute[],
): WireError {
  const { pathname } = new URL(url, "http://localhost");
  const methods = routes
    .filter(({ prefixes, path }) =>
      prefixes.some((prefix) => matchPath(`${prefix}${path}`, pathname) !== undefined),
    )
    .map((route) => route.method);
  if (methods.length === 0)
    return mlflowError("ENDPOINT_NOT_FOUND", `There is nothing at ${method} ${pathname}`);
  return new WireError(
    "ENDPOINT_NOT_FOUND",
    `${pathname} takes ${[...new Set(methods)].join(", ")}, not ${method}`,
    { status: 405 },
  );
}
