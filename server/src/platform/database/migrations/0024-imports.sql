-- What was taken over from other trackers: the id there and the id here, so that an import can be done again and goes on where it
-- was cut off. target: a run, or a logged model. It may be named before it is made. complete_at: everything of it has come.
create table experiments_imports (
  project text not null,
  source text not null,
  source_id text not null,
  target text not null unique,
  complete_at timestamptz(3),
  primary key (project, source, source_id)
);
