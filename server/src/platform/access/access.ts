import { fail, GRANTABLE_PERMISSIONS, type Permission, type Scope, type Token } from "@causeway/contract";
import type { Audit } from "../audit/index.ts";
import type { Database } from "../database/index.ts";
import type { Events } from "../events/index.ts";
import { keysetPage, uuidCursor } from "../paging/index.ts";
import { accessStore } from "./access-store.ts";
import type { Call } from "./call.ts";
import { ADMIN, GATEWAY, type Principal } from "./principal.ts";
import { createPrincipalCache } from "./principal-cache.ts";
import { digestSecret, newCode, newSecret, secretMatcher } from "./secret.ts";

const SIGN_IN_MS = 10 * 60_000;
const SESSION_MS = 7 * 24 * 3_600_000;

/** What access control is made of. The two secrets are those of the data folder's files. */
export type AccessParts = {
  readonly database: Database;
  readonly events: Events;
  readonly audit: Audit;
  readonly adminToken: string;
  readonly gatewayToken: string;
  readonly now: () => Date;
  readonly newId: () => string;
};

/** Who may do what: tokens, sign-in links, sessions. */
export type Access = ReturnType<typeof createAccess>;

/** Makes access control. */
export function createAccess(parts: AccessParts) {
  const { database, events, audit, adminToken, gatewayToken, now, newId } = parts;
  const { db } = database;
  const principals = createPrincipalCache({ now });
  const isAdmin = secretMatcher(adminToken);
  const isGateway = secretMatcher(gatewayToken);

  /** Whose bearer token this is; undefined for nobody's. */
  async function identifyToken(secret: string): Promise<Principal | undefined> {
    if (isAdmin(secret)) return ADMIN;
    if (isGateway(secret)) return GATEWAY;
    const digest = digestSecret(secret);
    return principals.find(digest, () => accessStore(db).findByToken(digest));
  }

  /** Whose session cookie this is; undefined for nobody's. */
  function identifySession(secret: string): Promise<Principal | undefined> {
    return accessStore(db).findBySession(digestSecret(secret));
  }

  async function whoAmI(_input: object, call: Call) {
    return { actor: call.actor, permissions: [...call.permissions], ...call.scope };
  }

  async function listTokens(input: { limit: number; after?: string | undefined }) {
    const rows = await accessStore(db).listNamed(uuidCursor(input.after), input.limit + 1);
    return keysetPage(rows, input.limit, ({ id }) => id);
  }

  async function createToken(
    input: {
      name: string;
      permissions: Permission[];
      onlyProject: string | null;
      onlyEnvironment: Scope["environment"] | null;
      expiresAt: string | null;
    },
    call: Call,
  ): Promise<{ token: Token; secret: string }> {
    const internal = input.permissions.find((permission) => !GRANTABLE_PERMISSIONS.includes(permission));
    if (internal !== undefined) {
      throw fail("INVALID_FIELD", {
        message: `${internal} cannot be given to a named token`,
        field: "permissions",
        value: internal,
        help: `Choose among ${GRANTABLE_PERMISSIONS.join(", ")}.`,
      });
    }
    if (
      input.permissions.includes("platform:admin") &&
      (input.onlyProject ?? input.onlyEnvironment) !== null
    ) {
      throw fail("INVALID_FIELD", {
        message: "platform:admin is for the whole installation, not for one project or environment",
        field: "permissions",
        value: "platform:admin",
        help: "Leave onlyProject and onlyEnvironment out, or give the permissions of the stages instead.",
      });
    }
    if (input.expiresAt !== null && new Date(input.expiresAt) <= now()) {
      throw fail("INVALID_FIELD", {
        message: `The token would expire before it is made: ${input.expiresAt}`,
        field: "expiresAt",
        value: input.expiresAt,
        help: "Give a time to come, or leave it out for a token that does not expire.",
      });
    }
    const secret = newSecret("named");
    const token = await db.transaction().execute(async (tx) => {
      const made = await accessStore(tx).insertToken({
        id: newId(),
        kind: "named",
        name: input.name,
        secretSha256: digestSecret(secret),
        permissions: [...new Set(input.permissions)],
        project: input.onlyProject,
        environment: input.onlyEnvironment,
        actor: null,
        attempt: null,
        createdBy: call.actor,
        expiresAt: input.expiresAt === null ? null : new Date(input.expiresAt),
      });
      const { name, permissions, project, environment } = made;
      await events.record(tx, call, {
        type: "platform.token-created",
        subject: `/api/platform/tokens/${made.id}`,
        data: { name, permissions, project, environment },
      });
      return made;
    });
    return { token, secret };
  }

  /** Ends a token by its id, or by its name where one live token has it. */
  async function revokeToken(input: { token: string }, call: Call): Promise<Token> {
    const ended = await db.transaction().execute(async (tx) => {
      const store = accessStore(tx);
      const [found, another] = await store.findNamed(input.token);
      if (found === undefined) {
        throw fail("NOT_FOUND", {
          message: `There is no live token ${input.token}`,
          field: "token",
          value: input.token,
          help: "npx --no causeway token list",
        });
      }
      if (another !== undefined) {
        throw fail("CONFLICT", {
          message: `More than one live token is named ${input.token}`,
          field: "token",
          value: input.token,
          help: "Give the token's id: npx --no causeway token list",
        });
      }
      if (found.revokedAt !== null) return found;
      const revoked = await store.revokeToken(found.id);
      await events.record(tx, call, {
        type: "platform.token-revoked",
        subject: `/api/platform/tokens/${found.id}`,
        data: { name: found.name },
      });
      return revoked;
    });
    principals.clear();
    return ended;
  }

  /** Makes a code that signs one browser in as the caller, once. */
  async function createSignInCode(call: Call): Promise<{ code: string; expiresAt: Date }> {
    const code = newCode();
    const expiresAt = new Date(now().getTime() + SIGN_IN_MS);
    const principal = { actor: call.actor, permissions: call.permissions, project: null, environment: null };
    await db.transaction().execute(async (tx) => {
      await accessStore(tx).insertSignInCode({ secretSha256: digestSecret(code), principal, expiresAt });
      await audit.record(tx, call, {
        action: "platform.sign-in-link-created",
        subject: "/api/platform/sign-in-links",
      });
    });
    return { code, expiresAt };
  }

  /** Turns a code into a session; undefined where the code is wrong, used, or too old. */
  async function signIn(
    code: string,
    requestId: string,
  ): Promise<{ secret: string; expiresAt: Date } | undefined> {
    return db.transaction().execute(async (tx) => {
      const store = accessStore(tx);
      const principal = await store.useSignInCode(digestSecret(code));
      if (principal === undefined) return undefined;
      const secret = newCode();
      const expiresAt = new Date(now().getTime() + SESSION_MS);
      const id = newId();
      await store.insertSession(id, { secretSha256: digestSecret(secret), principal, expiresAt });
      const scope = { project: "default", environment: "dev" } as const;
      const call = { ...principal, scope, requestId, signal: new AbortController().signal };
      await audit.record(tx, call, {
        action: "platform.browser-signed-in",
        subject: `/api/platform/sessions/${id}`,
      });
      return { secret, expiresAt };
    });
  }

  const sweepExpired = (): Promise<void> => accessStore(db).deleteExpired();

  return {
    identifyToken,
    identifySession,
    whoAmI,
    listTokens,
    createToken,
    revokeToken,
    createSignInCode,
    signIn,
    sweepExpired,
  };
}
