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
  const bearer = /^bearer\s+(\S+)$/i.exec(credentials.authorization ?? "")?.[1];
  if (bearer !== undefined) {
    const principal = await access.identifyToken(bearer);
    if (principal !== undefined) return { principal, secret: bearer };
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
