-- Tables of pipelines: every name starts with pipelines_.

create table pipelines_pipelines (
  id uuid primary key,
  project text not null,
  name text not null,
  -- Number of the newest run; runs count from 1.
  last_run int not null default 0,
  created_at timestamptz(3) not null default now(),
  unique (project, name)
);

create table pipelines_versions (
  id uuid primary key,
  pipeline uuid not null references pipelines_pipelines,
  -- sha256 of the bundle.
  digest text not null,
  definition jsonb not null,
  created_at timestamptz(3) not null,
  created_by jsonb not null,
  unique (pipeline, digest)
);

create table pipelines_runs (
  id uuid primary key,
  pipeline uuid not null references pipelines_pipelines,
  number int not null,
  project text not null,
  environment text not null,
  version text not null,
  state text not null,
  params jsonb not null,
  -- Dataset params with the version that they meant when the run was made.
  datasets jsonb not null,
  -- What the client knew of the code that it sent: commit, difference, machine.
  record jsonb not null,
  -- Runs every step, whatever the cache holds.
  fresh boolean not null,
  problem text,
  -- Position of the newest log line. Taken under the row's lock, so that positions appear in their order.
  log_position bigint not null default 0,
  created_at timestamptz(3) not null,
  created_by jsonb not null,
  started_at timestamptz(3),
  ended_at timestamptz(3),
  unique (pipeline, number)
);

create index pipelines_runs_newest on pipelines_runs (project, id desc);

create table pipelines_steps (
  run uuid not null references pipelines_runs,
  name text not null,
  -- Place in the order in which each step comes after all that it needs.
  position int not null,
  state text not null,
  -- Validated, with defaults.
  params jsonb not null,
  why text,
  cached_from int,
  summary text,
  work uuid,
  cache_key text,
  -- What the key was made of, to explain the next miss.
  ingredients jsonb,
  outputs jsonb not null default '{}',
  problem text,
  -- Failures so far that count against the step's retries, and processes that were killed from outside.
  failures int not null default 0,
  kills int not null default 0,
  started_at timestamptz(3),
  ended_at timestamptz(3),
  primary key (run, name)
);

create table pipelines_attempts (
  run uuid not null,
  step text not null,
  number int not null,
  state text not null,
  worker text not null,
  -- The claim that it ran under: names its processes, its folder and its token.
  mark text not null,
  experiment_run text,
  started_at timestamptz(3) not null,
  ended_at timestamptz(3),
  exit_code int,
  problem text,
  usage jsonb,
  primary key (run, step, number),
  foreign key (run, step) references pipelines_steps (run, name)
);

-- The cache: the newest result of everything that determines one.
create table pipelines_results (
  pipeline uuid not null references pipelines_pipelines,
  cache_key text not null,
  run uuid not null references pipelines_runs,
  number int not null,
  step text not null,
  outputs jsonb not null,
  summary text,
  created_at timestamptz(3) not null,
  primary key (pipeline, cache_key)
);

create table pipelines_logs (
  run uuid not null references pipelines_runs,
  position bigint not null,
  step text not null,
  attempt int not null,
  stream text not null,
  at timestamptz(3) not null,
  text text not null,
  primary key (run, position)
);

create index pipelines_logs_step on pipelines_logs (run, step, position);
