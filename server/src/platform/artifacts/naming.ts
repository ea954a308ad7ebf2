import type { Statement } from "../database/index.ts";

/** A statement that keeps an artifact and names it in a caller's table; `values` is how many values of its own it takes. */
export type Naming = { readonly statement: Statement; readonly values: number };

/** What the statement is told of an artifact, behind the caller's own values. */
export type Keeping = {
  readonly digest: string;
  readonly bytes: number;
  readonly blocks: Buffer | null;
  /** Bytes that the disk may not have yet; null where it has them. */
  readonly content: Buffer | null;
  readonly project: string;
  readonly subject: string;
};

/**
 * Builds the one statement that keeps an artifact, names it, and lets go of what its owner needed before. `text` inserts what it
 * selects from `kept (digest, bytes)`, with its own values as $1 and on, and returns a row where it could. Where it could not,
 * nobody owns the artifact, and it has its day.
 */
export function createNaming({ name, values, text }: { name: string; values: number; text: string }): Naming {
  const [digest, bytes, blocks, content, project, subject] = [1, 2, 3, 4, 5, 6].map(
    (place) => `$${values + place}`,
  );
  return {
    values,
    statement: {
      name: `artifacts-keep-${name}`,
      text: `with kept as (
        insert into platform_artifacts (digest, bytes, blocks) values (${digest}::text, ${bytes}::bigint, ${blocks}::bytea)
        on conflict (digest) do update set touched_at = clock_timestamp(), blocks = coalesce(excluded.blocks, platform_artifacts.blocks)
        returning digest, bytes
      ), written as (
        insert into platform_artifact_journal (digest, content)
        select digest, ${content}::bytea from kept where ${content}::bytea is not null on conflict do nothing
      ), named as (
        ${text}
      ), released as (
        delete from platform_artifact_owners
        where project = ${project}::text and owner = ${subject}::text and digest <> ${digest}::text
          and exists (select from named)
        returning digest
      ), touched as (
        update platform_artifacts set touched_at = clock_timestamp()
        where digest = any(array(select digest from released))
      ), owned as (
        insert into platform_artifact_owners (project, owner, digest)
        select ${project}::text, ${subject}::text, ${digest}::text from named on conflict do nothing
      ) select exists (select from named) as named`,
    },
  };
}

/** The statement's values in their order. */
export function namingValues(own: readonly unknown[], keeping: Keeping): unknown[] {
  const { digest, bytes, blocks, content, project, subject } = keeping;
  return [...own, digest, bytes, blocks, content, project, subject];
}
