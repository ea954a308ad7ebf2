import { type CausewayError, fail } from "@causeway/contract";

/** The names of this machine that a browser or a client on it uses. */
const LOOPBACK_NAMES = ["localhost", "127.0.0.1", "[::1]"];

/** What of a request tells where it came from. */
export type RequestOrigin = {
  readonly host: string | undefined;
  readonly origin: string | undefined;
  /** `sec-fetch-site`, which browsers set and pages cannot. */
  readonly fetchSite: string | undefined;
};

/**
 * Refuses requests that a foreign page made this browser send: a name that was rebound to this machine shows in Host,
 * a page of another site in Origin. The port is left out of the Host check, so that a forwarded port works.
 */
export function checkOrigin(
  { host, origin }: RequestOrigin,
  allowedHosts: readonly string[],
): CausewayError | undefined {
  const name = hostName(host);
  if (name === undefined || ![...LOOPBACK_NAMES, ...allowedHosts].includes(name)) {
    return fail("FOREIGN_HOST", {
      message: `The Host header names ${host ?? "nothing"}, which is not this server`,
      field: "Host",
      value: host ?? null,
      help: "Call 127.0.0.1 or localhost, or allow the name where control is started: CAUSEWAY_ALLOWED_HOSTS=<name>",
    });
  }
  if (origin !== undefined && !isSameOrigin(origin, host ?? "")) {
    return fail("FOREIGN_ORIGIN", {
      message: `The Origin header names ${origin}, which is another site than ${host}`,
      field: "Origin",
      value: origin,
      help: "Pages of other sites cannot call Causeway; call it from a program of your own with a token.",
    });
  }
  return undefined;
}

/** Refuses a cookie that another site's page made the browser send along. */
export function checkCookieUse({ fetchSite }: RequestOrigin): CausewayError | undefined {
  if (fetchSite === undefined || fetchSite === "same-origin" || fetchSite === "none") return undefined;
  return fail("FOREIGN_ORIGIN", {
    message: `A page of another site (${fetchSite}) made this request with the browser's session`,
    field: "Sec-Fetch-Site",
    value: fetchSite,
    help: "Open Causeway's own pages, or use a token.",
  });
}

/** The name without the port, in lower case; undefined for what is no host. */
function hostName(host: string | undefined): string | undefined {
  const match = /^(\[[0-9a-f:.]+\]|[^\s:/@]+)(?::\d{1,5})?$/i.exec(host ?? "");
  return match?.[1]?.toLowerCase();
}

function isSameOrigin(origin: string, host: string): boolean {
  // A proxy may speak https where we speak http, so the scheme does not count.
  return URL.canParse(origin) && new URL(origin).host === host.toLowerCase();
}
