-- Tables of deployments: every name starts with deployments_.

-- A deleted deployment keeps its row, so that revision numbers go on and old predictions stay unambiguous when the
-- name is taken again. revision: what was asked for last; serving: what answers now. given_up: the revision failed in a way
-- that another try cannot mend, and gateways are asked for the serving one again.
create table deployments_deployments (
  project text not null,
  environment text not null,
  name text not null,
  serve text not null,
  state text not null check (state in ('pending', 'ready', 'failed')),
  revision integer not null check (revision > 0),
  serving integer,
  given_up boolean not null default false,
  created_at timestamptz(3) not null,
  created_by jsonb not null,
  deleted_at timestamptz(3),
  primary key (project, environment, name)
);

-- Found by the model reference when an alias moves.
create index deployments_deployments_by_serve on deployments_deployments (project, environment, serve)
  where deleted_at is null;

create table deployments_revisions (
  project text not null,
  environment text not null,
  deployment text not null,
  number integer not null check (number > 0),
  model text not null,
  version integer not null,
  digest text not null,
  created_at timestamptz(3) not null,
  created_by jsonb not null,
  primary key (project, environment, deployment, number),
  foreign key (project, environment, deployment)
    references deployments_deployments (project, environment, name)
);

-- Gateways report every few seconds, also when they have nothing to tell; seen_at says which are alive.
create table deployments_gateways (
  name text primary key,
  seen_at timestamptz(3) not null
);

create table deployments_reports (
  project text not null,
  environment text not null,
  deployment text not null,
  revision integer not null,
  gateway text not null references deployments_gateways (name) on delete cascade,
  state text not null check (state in ('loading', 'ready', 'failed')),
  golden_equal integer,
  golden_rows integer,
  load_ms double precision,
  problem text,
  reported_at timestamptz(3) not null,
  primary key (project, environment, deployment, revision, gateway),
  foreign key (project, environment, deployment, revision)
    references deployments_revisions (project, environment, deployment, number)
);

create table deployments_keys (
  id uuid primary key,
  project text not null,
  environment text not null,
  deployment text not null,
  name text not null,
  sha256 text not null unique,
  created_at timestamptz(3) not null,
  created_by jsonb not null,
  revoked_at timestamptz(3),
  foreign key (project, environment, deployment)
    references deployments_deployments (project, environment, name)
);

create index deployments_keys_of_deployment on deployments_keys (project, environment, deployment, id desc);

-- A closed spool segment whose rows stand in Parquet; its primary key is what makes compaction happen once.
create table deployments_segments (
  gateway text not null,
  segment text not null,
  rows integer not null,
  compacted_at timestamptz(3) not null default now(),
  primary key (gateway, segment)
);

-- Parquet files of the prediction log, relative to the data folder's predictions/. The times are those of the ids
-- within (UUIDv7), both ends included.
create table deployments_prediction_files (
  path text primary key,
  project text not null,
  environment text not null,
  deployment text not null,
  rows integer not null,
  bytes bigint not null,
  first_at timestamptz(3) not null,
  last_at timestamptz(3) not null
);

create index deployments_prediction_files_by_time
  on deployments_prediction_files (project, environment, deployment, last_at desc);
