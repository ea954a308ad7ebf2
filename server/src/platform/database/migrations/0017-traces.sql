-- Files and traces as MLflow's clients know them: ranges that are verified, folders that are listed without reading them
-- whole, uploads in parts, traces with their spans.

alter table platform_artifacts
  -- sha256 of each MiB, one after the other; null for a file of one block, and for files that came before this.
  add column blocks bytea;

-- Folders are walked by the bytes of their paths, whatever the collation of the database.
alter table experiments_artifacts alter column path type text collate "C";

-- A file that comes in parts. Who knows its id may add parts to it: the id is 256 random bits.
create table experiments_uploads (
  id text primary key,
  project text not null,
  path text not null,
  parts integer not null check (parts between 1 and 10000),
  created_by jsonb not null,
  created_at timestamptz(3) not null default now()
);

create table experiments_upload_parts (
  upload text not null references experiments_uploads on delete cascade,
  number integer not null,
  digest text not null,
  bytes bigint not null,
  primary key (upload, number)
);

create table experiments_traces (
  project text not null,
  -- tr- and 32 hexadecimal digits, or what the client calls it.
  id text not null,
  experiment_key bigint not null references experiments_experiments (key) on delete cascade,
  client_request_id text,
  state text not null check (state in ('unspecified', 'ok', 'error', 'in-progress')),
  request_at_ms bigint not null,
  duration_ms bigint,
  request_preview text,
  response_preview text,
  artifact_uri text not null,
  created_at timestamptz(3) not null default now(),
  primary key (project, id)
);
create index experiments_traces_newest on experiments_traces (experiment_key, request_at_ms desc, id desc);

-- kind: `tag` can change, `metadata` is what the trace was made with.
create table experiments_trace_texts (
  project text not null,
  trace text not null,
  kind text not null check (kind in ('tag', 'metadata')),
  name text not null,
  value text not null,
  primary key (project, trace, kind, name),
  foreign key (project, trace) references experiments_traces on delete cascade
);

create table experiments_spans (
  project text not null,
  trace text not null,
  id text not null,
  parent text,
  name text not null,
  type text,
  status text not null,
  start_ns numeric not null,
  end_ns numeric,
  -- The span as MLflow's clients write it.
  content json not null,
  primary key (project, trace, id),
  foreign key (project, trace) references experiments_traces on delete cascade
);

create table experiments_assessments (
  project text not null,
  id text not null,
  trace text not null,
  name text not null,
  valid boolean not null,
  -- The assessment as MLflow's clients write it.
  content json not null,
  created_at timestamptz(3) not null default now(),
  primary key (project, id),
  foreign key (project, trace) references experiments_traces on delete cascade
);
create index experiments_assessments_of_trace on experiments_assessments (project, trace);

create table experiments_trace_runs (
  project text not null,
  trace text not null,
  run text not null,
  primary key (project, trace, run),
  foreign key (project, trace) references experiments_traces on delete cascade
);
create index experiments_trace_runs_of_run on experiments_trace_runs (run);
