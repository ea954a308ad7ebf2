import type { Actor, Environment, Permission, Token } from "@causeway/contract";
import { type Selectable, sql } from "kysely";
import type { Db, Schema, Tx } from "../database/index.ts";
import type { Principal } from "./principal.ts";

/** A token before it is written; its secret is not among it. */
export type NewToken = {
  readonly id: string;
  readonly kind: "named" | "step";
  readonly name: string;
  readonly secretSha256: string;
  readonly permissions: readonly Permission[];
  readonly project: string | null;
  readonly environment: Environment | null;
  readonly actor: Actor | null;
  readonly attempt: string | null;
  readonly createdBy: Actor;
  readonly expiresAt: Date | null;
};

/** A grant that a sign-in link or a session carries. */
export type Grant = {
  readonly secretSha256: string;
  readonly principal: Principal;
  readonly expiresAt: Date;
};

const NOW = sql<Date>`clock_timestamp()`;

/** Statements on tokens, sign-in links and sessions. Whether one has expired is asked of the database's clock. */
export function accessStore(db: Db | Tx) {
  return {
    async insertToken(token: NewToken): Promise<Token> {
      const row = await db
        .insertInto("platform_tokens")
        .values({
          id: token.id,
          kind: token.kind,
          name: token.name,
          secret_sha256: token.secretSha256,
          permissions: JSON.stringify(token.permissions),
          project: token.project,
          environment: token.environment,
          actor: token.actor === null ? null : JSON.stringify(token.actor),
          attempt: token.attempt,
          created_by: JSON.stringify(token.createdBy),
          expires_at: token.expiresAt,
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      return tokenFromRow(row);
    },

    /** The holder of a live token; its last use is noted once a minute. */
    async findByToken(secretSha256: string): Promise<Principal | undefined> {
      const row = await db
        .selectFrom("platform_tokens")
        .selectAll()
        .select(
          sql<boolean>`coalesce(last_used_at < clock_timestamp() - interval '1 minute', true)`.as("unseen"),
        )
        .where("secret_sha256", "=", secretSha256)
        .where("revoked_at", "is", null)
        .where((where) => where.or([where("expires_at", "is", null), where("expires_at", ">", NOW)]))
        .executeTakeFirst();
      if (row === undefined) return undefined;
      if (row.unseen) {
        await db.updateTable("platform_tokens").set({ last_used_at: NOW }).where("id", "=", row.id).execute();
      }
      return {
        actor: row.actor ?? { kind: "token", id: row.id, name: row.name },
        permissions: new Set(row.permissions),
        project: row.project,
        environment: row.environment,
        ...(row.attempt === null ? {} : { attempt: row.attempt }),
      };
    },

    /** Named tokens, newest first; `after` is the id of the last of the page before. */
    async listNamed(after: string | undefined, limit: number): Promise<Token[]> {
      const rows = await db
        .selectFrom("platform_tokens")
        .selectAll()
        .where("kind", "=", "named")
        .$if(after !== undefined, (query) => query.where("id", "<", after ?? ""))
        .orderBy("id", "desc")
        .limit(limit)
        .execute();
      return rows.map(tokenFromRow);
    },

    /** Named tokens of an id or a name that are not revoked, at most two. */
    async findNamed(idOrName: string): Promise<Token[]> {
      const rows = await db
        .selectFrom("platform_tokens")
        .selectAll()
        .where("kind", "=", "named")
        .where((where) =>
          where.or([
            where(sql`id::text`, "=", idOrName),
            where.and([where("name", "=", idOrName), where("revoked_at", "is", null)]),
          ]),
        )
        .limit(2)
        .execute();
      return rows.map(tokenFromRow);
    },

    async revokeToken(id: string): Promise<Token> {
      const row = await db
        .updateTable("platform_tokens")
        .set({ revoked_at: sql<Date>`coalesce(revoked_at, clock_timestamp())` })
        .where("id", "=", id)
        .returningAll()
        .executeTakeFirstOrThrow();
      return tokenFromRow(row);
    },

    async deleteStepTokens(attempt: string): Promise<void> {
      await db
        .deleteFrom("platform_tokens")
        .where("kind", "=", "step")
        .where("attempt", "=", attempt)
        .execute();
    },

    async insertSignInCode({ secretSha256, principal, expiresAt }: Grant): Promise<void> {
      await db
        .insertInto("platform_sign_in_codes")
        .values({
          code_sha256: secretSha256,
          actor: JSON.stringify(principal.actor),
          permissions: JSON.stringify([...principal.permissions]),
          project: principal.project,
          environment: principal.environment,
          expires_at: expiresAt,
        })
        .execute();
    },

    /** Uses a link up: of two browsers that come with it at once, one gets in. */
    async useSignInCode(codeSha256: string): Promise<Principal | undefined> {
      const row = await db
        .updateTable("platform_sign_in_codes")
        .set({ used_at: NOW })
        .where("code_sha256", "=", codeSha256)
        .where("used_at", "is", null)
        .where("expires_at", ">", NOW)
        .returningAll()
        .executeTakeFirst();
      return row === undefined ? undefined : principalFromRow(row);
    },

    async insertSession(id: string, { secretSha256, principal, expiresAt }: Grant): Promise<void> {
      await db
        .insertInto("platform_sessions")
        .values({
          id,
          secret_sha256: secretSha256,
          actor: JSON.stringify(principal.actor),
          permissions: JSON.stringify([...principal.permissions]),
          project: principal.project,
          environment: principal.environment,
          expires_at: expiresAt,
        })
        .execute();
    },

    /** The holder of a live session; one that a named token opened ends with the token. */
    async findBySession(secretSha256: string): Promise<Principal | undefined> {
      const row = await db
        .selectFrom("platform_sessions")
        .selectAll()
        .where("secret_sha256", "=", secretSha256)
        .where("expires_at", ">", NOW)
        .where(
          sql<boolean>`not exists (select from platform_tokens as token
            where token.id::text = platform_sessions.actor ->> 'id' and token.revoked_at is not null)`,
        )
        .executeTakeFirst();
      return row === undefined ? undefined : principalFromRow(row);
    },

    /** Removes links, sessions and step tokens that have expired. */
    async deleteExpired(): Promise<void> {
      await db.deleteFrom("platform_sign_in_codes").where("expires_at", "<", NOW).execute();
      await db.deleteFrom("platform_sessions").where("expires_at", "<", NOW).execute();
      await db
        .deleteFrom("platform_tokens")
        .where("kind", "=", "step")
        .where("expires_at", "<", NOW)
        .execute();
    },
  };
}

function principalFromRow(
  row: Pick<Selectable<Schema["platform_sessions"]>, "actor" | "permissions" | "project" | "environment">,
): Principal {
  return {
    actor: row.actor,
    permissions: new Set(row.permissions),
    project: row.project,
    environment: row.environment,
  };
}

function tokenFromRow(row: Selectable<Schema["platform_tokens"]>): Token {
  return {
    id: row.id,
    name: row.name,
    permissions: row.permissions,
    project: row.project,
    environment: row.environment,
    createdAt: row.created_at.toISOString(),
    createdBy: row.created_by,
    expiresAt: row.expires_at?.toISOString() ?? null,
    lastUsedAt: row.last_used_at?.toISOString() ?? null,
    revokedAt: row.revoked_at?.toISOString() ?? null,
  };
}
