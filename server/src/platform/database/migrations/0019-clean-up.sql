-- Permanent deletion of runs. A run goes with all that is about it in one commit; its points, of which there may be millions,
-- are only noted there and go in commits of their own, also after a crash.
create table experiments_doomed_series (
  series bigint primary key
);
create index experiments_runs_deleted on experiments_runs (project, key) where deleted_at is not null;
create index experiments_models_deleted on experiments_models (experiment_key, id) where deleted_at is not null;
