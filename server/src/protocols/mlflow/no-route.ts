import { findAbsent } from "./compatibility-absent.ts";
import { mlflowError, WireError } from "./errors.ts";
import type { MlflowRoute } from "./route.ts";

const PAGE = "What is there, and what is not, stands in docs/guide/mlflow-compatibility.md.";

/** Tells an address that is not there from one that is, under another method. */
export function noMlflowRoute(
  { method, url }: { readonly method: string; readonly url: string },
  routes: readonly MlflowRoute[],
): WireError {
  const { pathname } = new URL(url, "http://localhost");
  const absent = findAbsent(pathname);
  if (absent !== undefined) return nothingAt(method, pathname, ` ${absent.what}: ${absent.reason}`);
  const methods = routes
    .filter(({ prefixes, path }) => prefixes.some((prefix) => fits(`${prefix}${path}`, pathname)))
    .map((route) => route.method);
  if (methods.length === 0) return nothingAt(method, pathname);
  const taken = [...new Set(methods)].join(", ");
  return new WireError("ENDPOINT_NOT_FOUND", `${pathname} takes ${taken}, not ${method}`, { status: 405 });
}

function nothingAt(method: string, pathname: string, reason = ""): WireError {
  return mlflowError("ENDPOINT_NOT_FOUND", `There is nothing at ${method} ${pathname}.${reason} ${PAGE}`);
}

/** True where an address is one of a route's: parameters stand for one part, a star for the rest. */
function fits(path: string, pathname: string): boolean {
  const given = pathname.split("/");
  const wanted = path.split("/");
  const isOpen = wanted.at(-1) === "*";
  if (isOpen ? given.length < wanted.length : given.length !== wanted.length) return false;
  return wanted.every((part, index) => part === "*" || part.startsWith(":") || part === given[index]);
}
