-- Tables of platform: every name starts with platform_.

-- The scopes of names and rights.
create table platform_projects (
  name text primary key,
  created_at timestamptz(3) not null default clock_timestamp(),
  created_by jsonb not null
);

insert into platform_projects (name, created_by)
values ('default', '{"kind": "system", "id": "setup", "name": "setup"}');

-- Tokens made by people (`named`) and those of running step attempts (`step`). Only the digest of a secret is kept.
create table platform_tokens (
  id uuid primary key,
  kind text not null check (kind in ('named', 'step')),
  name text not null,
  secret_sha256 text not null unique,
  permissions jsonb not null,
  -- Null: every project, every environment.
  project text,
  environment text,
  -- Whom a step token acts for; null for a named token, which acts for itself.
  actor jsonb,
  -- The attempt that a step token lives and dies with.
  attempt text,
  created_at timestamptz(3) not null default clock_timestamp(),
  created_by jsonb not null,
  expires_at timestamptz(3),
  last_used_at timestamptz(3),
  revoked_at timestamptz(3)
);

create index platform_tokens_attempt on platform_tokens (attempt) where attempt is not null;

-- Links that sign one browser in, once.
create table platform_sign_in_codes (
  code_sha256 text primary key,
  actor jsonb not null,
  permissions jsonb not null,
  project text,
  environment text,
  created_at timestamptz(3) not null default clock_timestamp(),
  expires_at timestamptz(3) not null,
  used_at timestamptz(3)
);

-- Signed-in browsers.
create table platform_sessions (
  id uuid primary key,
  secret_sha256 text not null unique,
  actor jsonb not null,
  permissions jsonb not null,
  project text,
  environment text,
  created_at timestamptz(3) not null default clock_timestamp(),
  expires_at timestamptz(3) not null
);

-- Who changed what: written in the transaction of the change.
create table platform_audit (
  id uuid primary key,
  recorded_at timestamptz(3) not null default clock_timestamp(),
  actor jsonb not null,
  action text not null,
  -- REST path of the thing.
  subject text not null,
  project text not null,
  environment text,
  request_id text,
  data jsonb not null default '{}'
);

create index platform_audit_newest on platform_audit (project, id desc);
create index platform_audit_subject on platform_audit (project, subject, id desc);
create index platform_audit_request on platform_audit (request_id) where request_id is not null;

-- The outbox: what happened, written in the transaction of the change. Positions are given out after the commit, in
-- one order for all readers, so that a reader who goes by position never passes over a transaction that commits late.
create sequence platform_event_positions;

create table platform_events (
  id uuid primary key,
  position bigint unique,
  type text not null,
  occurred_at timestamptz(3) not null,
  recorded_at timestamptz(3) not null default clock_timestamp(),
  project text not null,
  environment text,
  actor jsonb not null,
  subject text not null,
  data jsonb not null
);

create index platform_events_unplaced on platform_events (id) where position is null;
create index platform_events_newest on platform_events (project, id desc);
create index platform_events_subject on platform_events (project, subject, id desc);

-- How far each consumer of events has come.
create table platform_event_cursors (
  consumer text primary key,
  position bigint not null default 0
);

-- Content in the artifact folder. `touched_at` moves whenever the same bytes are written again.
create table platform_artifacts (
  digest text primary key,
  bytes bigint not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  touched_at timestamptz(3) not null default clock_timestamp()
);

-- Who needs an artifact, by REST path. Without an owner it is removed after a day.
create table platform_artifact_owners (
  project text not null,
  owner text not null,
  digest text not null references platform_artifacts (digest),
  primary key (project, owner, digest)
);

create index platform_artifact_owners_digest on platform_artifact_owners (digest);

-- What was made from what. A node is named by its REST path within its project.
create table platform_lineage_nodes (
  project text not null,
  subject text not null,
  kind text not null,
  title text not null,
  primary key (project, subject)
);

-- Edges point from effect to cause.
create table platform_lineage_edges (
  project text not null,
  effect text not null,
  cause text not null,
  relation text not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  primary key (project, effect, cause, relation)
);

create index platform_lineage_edges_cause on platform_lineage_edges (project, cause);

-- Answers to requests that carried an Idempotency-Key. The key's digest names the row; the answer is sealed with the
-- key itself and the caller's secret, neither of which is kept here.
create table platform_idempotency_keys (
  key_sha256 text primary key,
  -- Digest of method, path, scope and body.
  request_sha256 text not null,
  -- Finds the change in the audit trail when the program ended before the answer was kept.
  request_id text not null,
  answer bytea,
  created_at timestamptz(3) not null default clock_timestamp(),
  answered_at timestamptz(3)
);

create index platform_idempotency_keys_age on platform_idempotency_keys (created_at);
