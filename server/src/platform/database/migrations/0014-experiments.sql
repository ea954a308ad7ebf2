-- Experiments as MLflow's clients know them: deletion that can be undone, tags, datasets, logged models, and series of
-- points under narrow keys, so that a thousand points are one cheap insert.

alter table experiments_experiments
  -- Narrow name of an experiment for the tables below.
  add column key bigint generated always as identity unique,
  -- Null: mlflow-artifacts:/<number>.
  add column artifact_location text,
  add column updated_at timestamptz(3) not null default now(),
  add column deleted_at timestamptz(3);

-- The greatest number that an experiment of a project ever had: one that is gone for good never gives its number away.
create table experiments_numbers (
  project text primary key,
  last integer not null
);
insert into experiments_numbers (project, last)
  select project, max(number) from experiments_experiments group by project;

create table experiments_experiment_tags (
  experiment_key bigint not null references experiments_experiments (key) on delete cascade,
  name text not null,
  value text not null,
  primary key (experiment_key, name)
);

-- What hangs on a run names it by a key of its own: it grows with time, so that rows of one time lie together in every
-- index, and it is a quarter as wide as the id. Params, tags and metrics have no reference to it, which would be looked up for
-- each of their rows: whoever writes them holds the run's row locked, and a clean-up removes them before the run.
alter table experiments_runs drop constraint experiments_runs_state_check;
alter table experiments_runs
  add constraint experiments_runs_state_check check (state in ('scheduled', 'running', 'finished', 'failed', 'killed')),
  add column key bigint generated always as identity unique,
  add column experiment_key bigint references experiments_experiments (key),
  -- Who ran it, as the client says.
  add column user_name text not null default '',
  -- Null: <artifact location of the experiment>/<run>/artifacts.
  add column artifact_uri text,
  add column deleted_at timestamptz(3),
  -- It was deleted with its experiment and comes back with it.
  add column deleted_with_experiment boolean not null default false;
update experiments_runs as run set experiment_key = experiment.key
  from experiments_experiments as experiment
  where experiment.project = run.project and experiment.number = run.experiment;
alter table experiments_runs alter column experiment_key set not null;
create index experiments_runs_of_experiment on experiments_runs (experiment_key, started_at desc, id desc);

alter table experiments_params add column run_key bigint, add column experiment_key bigint;
update experiments_params as param set run_key = run.key, experiment_key = run.experiment_key
  from experiments_runs as run where run.id = param.run;
alter table experiments_params
  drop constraint experiments_params_pkey,
  drop column run,
  alter column run_key set not null,
  alter column experiment_key set not null,
  add primary key (run_key, name);

alter table experiments_tags add column run_key bigint, add column experiment_key bigint;
update experiments_tags as tag set run_key = run.key, experiment_key = run.experiment_key
  from experiments_runs as run where run.id = tag.run;
alter table experiments_tags
  drop constraint experiments_tags_pkey,
  drop column run,
  alter column run_key set not null,
  alter column experiment_key set not null,
  add primary key (run_key, name);
-- A run's name is its tag mlflow.runName too.
insert into experiments_tags (run_key, experiment_key, name, value)
  select key, experiment_key, 'mlflow.runName', name from experiments_runs
  on conflict do nothing;
-- Nested runs of a run. A hash, because a tag may be longer than a tree's entry.
create index experiments_tags_parent on experiments_tags using hash (value) where name = 'mlflow.parentRunId';

-- A metric of a run is a series; its last point is the greatest by (step, time, value), NaN being the greatest value. Times
-- are milliseconds since 1970 as the client gave them. Rows change with every point: room is left for that in each page.
alter table experiments_metrics
  add column id bigint generated always as identity unique,
  add column run_key bigint,
  add column experiment_key bigint,
  add column last_at_ms bigint;
alter table experiments_metrics set (fillfactor = 80);
update experiments_metrics as metric
  set run_key = run.key, experiment_key = run.experiment_key,
    last_at_ms = (extract(epoch from metric.last_at) * 1000)::bigint
  from experiments_runs as run where run.id = metric.run;

-- A point that is written twice is one point: clients send again what they had no answer to.
alter table experiments_points rename to experiments_points_before;
alter index experiments_points_pkey rename to experiments_points_before_pkey;
create table experiments_points (
  series bigint not null,
  step bigint not null,
  at_ms bigint not null,
  value double precision not null,
  primary key (series, step, at_ms, value)
);
insert into experiments_points (series, step, at_ms, value)
  select metric.id, point.step, (extract(epoch from point.occurred_at) * 1000)::bigint, point.value
  from experiments_points_before as point
  join experiments_metrics as metric on metric.run = point.run and metric.name = point.name
  on conflict do nothing;
drop table experiments_points_before;
update experiments_metrics set points = counted.points
  from (select series, count(*) as points from experiments_points group by series) as counted
  where counted.series = id and counted.points <> experiments_metrics.points;

alter table experiments_metrics
  drop constraint experiments_metrics_pkey,
  drop column run,
  drop column last_at,
  alter column run_key set not null,
  alter column experiment_key set not null,
  alter column last_at_ms set not null,
  add primary key (run_key, name);

-- owner: a run, a logged model (m-…), a trace (tr-…), or `project:<name>` for files that belong to none of these.
alter table experiments_artifacts drop constraint experiments_artifacts_run_fkey;
alter table experiments_artifacts rename column run to owner;

create table experiments_datasets (
  id bigint generated always as identity primary key,
  experiment_key bigint not null references experiments_experiments (key) on delete cascade,
  name text not null,
  digest text not null,
  source_type text not null,
  source text not null,
  schema text,
  profile text,
  unique (experiment_key, name, digest)
);

create table experiments_run_datasets (
  run_key bigint not null references experiments_runs (key) on delete cascade,
  dataset bigint not null references experiments_datasets on delete cascade,
  position bigint generated always as identity,
  -- {name: value}; `mlflow.data.context` is what search calls the context.
  tags jsonb not null,
  primary key (run_key, dataset)
);
create index experiments_run_datasets_of_dataset on experiments_run_datasets (dataset);

create table experiments_models (
  id text primary key check (id ~ '^m-[0-9a-f]{32}$'),
  experiment_key bigint not null references experiments_experiments (key) on delete cascade,
  name text not null,
  model_type text,
  status text not null check (status in ('pending', 'ready', 'upload-failed')),
  status_message text,
  source_run text,
  artifact_uri text not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  deleted_at timestamptz(3),
  created_by jsonb not null
);
create index experiments_models_newest on experiments_models (experiment_key, created_at desc, id desc);
create index experiments_models_of_run on experiments_models (source_run);

create table experiments_model_params (
  model text not null references experiments_models on delete cascade,
  name text not null,
  value text not null,
  primary key (model, name)
);

create table experiments_model_tags (
  model text not null references experiments_models on delete cascade,
  name text not null,
  value text not null,
  primary key (model, name)
);

-- What runs measured of a logged model; the newest by (step, time, value) of each (name, dataset, run).
create table experiments_model_metrics (
  model text not null references experiments_models on delete cascade,
  name text not null,
  dataset_name text not null default '',
  dataset_digest text not null default '',
  run text not null,
  step bigint not null,
  at_ms bigint not null,
  value double precision not null,
  primary key (model, name, dataset_name, dataset_digest, run)
);

create table experiments_run_models (
  run_key bigint not null references experiments_runs (key) on delete cascade,
  model text not null references experiments_models on delete cascade,
  direction text not null check (direction in ('input', 'output')),
  step bigint not null default 0,
  position bigint generated always as identity,
  primary key (run_key, model, direction)
);
create index experiments_run_models_of_model on experiments_run_models (model);
