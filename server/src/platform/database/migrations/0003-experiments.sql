-- Tables of experiments: every name starts with experiments_.

-- `number` 0 is the experiment Default; every project has it from its first run on.
create table experiments_experiments (
  project text not null,
  number integer not null,
  name text not null,
  created_at timestamptz(3) not null default now(),
  primary key (project, number),
  unique (project, name)
);

create table experiments_runs (
  id text primary key check (id ~ '^[0-9a-f]{32}$'),
  project text not null,
  experiment integer not null,
  name text not null,
  state text not null check (state in ('running', 'finished', 'failed', 'killed')),
  record jsonb not null,
  -- The pipeline step that opened the run, or null.
  step jsonb,
  started_at timestamptz(3) not null,
  ended_at timestamptz(3),
  created_by jsonb not null,
  foreign key (project, experiment) references experiments_experiments
);
create index experiments_runs_newest on experiments_runs (project, started_at desc, id desc);
create index experiments_runs_newest_of_one on experiments_runs (project, experiment, started_at desc, id desc);

create table experiments_params (
  run text not null references experiments_runs,
  name text not null,
  value text not null,
  primary key (run, name)
);

create table experiments_tags (
  run text not null references experiments_runs,
  name text not null,
  value text not null,
  primary key (run, name)
);

-- What a reader asks for most, kept by each write: the last point (greatest step, then time), the least and greatest
-- finite value, the number of points.
create table experiments_metrics (
  run text not null references experiments_runs,
  name text not null,
  last_value double precision not null,
  last_step bigint not null,
  last_at timestamptz(3) not null,
  min double precision,
  max double precision,
  points bigint not null,
  primary key (run, name)
);

-- `double precision` keeps NaN and the infinities as they are.
create table experiments_points (
  run text not null references experiments_runs,
  name text not null,
  step bigint not null,
  occurred_at timestamptz(3) not null,
  position bigint generated always as identity,
  value double precision not null,
  primary key (run, name, step, occurred_at, position)
);

create table experiments_artifacts (
  run text not null references experiments_runs,
  path text not null,
  digest text not null,
  bytes bigint not null,
  created_at timestamptz(3) not null default now(),
  primary key (run, path)
);

create table experiments_usage (
  run text not null references experiments_runs,
  attempt integer not null,
  cpu_seconds double precision not null,
  peak_memory_bytes bigint not null,
  read_bytes bigint not null,
  written_bytes bigint not null,
  primary key (run, attempt)
);
