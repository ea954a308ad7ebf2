import { type CausewayError, fail } from "@causeway/contract";
import { type Access, ANYBODY, type Principal } from "../../platform/access/index.ts";
import { checkCookieUse, type RequestOrigin } from "./request-guard.ts";

/** What of a request tells who sent it. */
export type Credentials = RequestOrigin & {
  readonly authorization: string | undefined;
  readonly cookie: string | undefined;
};

/** Somebody, and the secret that they came with. */
export type Authenticated = { readonly principal: Principal; readonly secret: string };

/** How callers are told apart. */
export type Authentication = {
  readonly access: Pick<Access, "identifyToken" | "identifySession">;
  readonly cookieName: string;
  readonly noAuth: boolean;
};

/** Finds out who sends a request, or throws UNAUTHENTICATED. */
export async function authenticate(
  { access, cookieName, noAuth }: Authentication,
  credentials: Credentials,
): Promise<Authenticated> {
  const token = tokenOf(credentials.authorization);
  if (token !== undefined) {
    const principal = await access.identifyToken(token);
    if (principal !== undefined) return { principal, secret: token };
    if (!noAuth) throw unauthenticated("The token is not valid, has expired or was revoked");
  }
  const session = cookieValue(credentials.cookie, cookieName);
  if (session !== undefined) {
    const foreign = checkCookieUse(credentials);
    if (foreign !== undefined) throw foreign;
    const principal = await access.identifySession(session);
    if (principal !== undefined) return { principal, secret: session };
    if (!noAuth) throw unauthenticated("The browser's session has ended");
  }
  if (noAuth) return { principal: ANYBODY, secret: "" };
  throw unauthenticated("No token was sent");
}

/** The token of an Authorization header: a bearer's, or the password of clients that know only names and passwords. */
export function tokenOf(authorization: string | undefined): string | undefined {
  const [, scheme = "", text = ""] = /^(bearer|basic)\s+(\S+)$/i.exec(authorization ?? "") ?? [];
  if (scheme.toLowerCase() !== "basic") return text === "" ? undefined : text;
  const pair = Buffer.from(text, "base64").toString("utf8");
  const colon = pair.indexOf(":");
  // Without a password there is nothing to know anybody by, but something was sent that must not pass for nothing.
  return colon === -1 ? pair : pair.slice(colon + 1);
}

function unauthenticated(message: string): CausewayError {
  return fail("UNAUTHENTICATED", {
    message,
    field: "Authorization",
    help: "Send `Authorization: Bearer <token>` (npx --no causeway env prints it), or open a sign-in link in the browser: npx --no causeway token link",
  });
}

/** The value of one cookie of a Cookie header. */
export function cookieValue(header: string | undefined, name: string): string | undefined {
  for (const pair of header?.split(";") ?? []) {
    const [key, value] = pair.trim().split("=", 2);
    if (key === name && value !== undefined && value !== "") return value;
  }
  return undefined;
}
