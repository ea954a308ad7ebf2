-- A registered version judged on rows with truth after it was made: the newest evaluation of each. work: the piece of work that
-- does it. reference: the document that the last one that succeeded gave its version, so that another may replace it.
create table registry_evaluations (
  project text not null,
  model text not null,
  version integer not null,
  id uuid not null unique,
  environment text not null,
  work uuid not null,
  dataset text not null,
  dataset_version text not null,
  target text not null,
  positive text,
  state text not null default 'queued',
  problem text,
  reference text,
  created_at timestamptz(3) not null,
  created_by jsonb not null,
  ended_at timestamptz(3),
  primary key (project, model, version),
  foreign key (project, model, version) references registry_versions (project, model, version)
    on update cascade on delete cascade
);
