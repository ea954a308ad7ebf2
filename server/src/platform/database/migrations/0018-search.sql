-- What searches of runs go over, and views that are kept under a name.

-- A comparison of a search is one range of one of these: every value of a name in an experiment lies together, with the run's
-- key beside it, so that the table itself is not read. Measured on one core with 100,000 runs x 20 metrics x 20 params x 4 tags:
-- an equality or a range of 5,000 values 1 ms, all 100,000 values of a name 10 to 20 ms, with LIKE '%…%' 20 to 40 ms (a trigram
-- index would make the rarest of them 1 ms, and writing every text several times dearer). The metrics' tree also gives an order
-- by a metric: 100 of 100,000 runs in 2 ms, 390 ms without it.
-- What they cost: 40 bytes a value, and 2 us where one is new. A metric's last value changes with each batch that is logged:
-- 55 us instead of 34 us for a row of its own, which is once per series and batch, 5 % of a batch of 20 series x 50 steps.
create index experiments_metrics_search on experiments_metrics (experiment_key, name, last_value, run_key);
-- A tree holds no entry beyond 2,704 bytes. Longer texts are few and lie in a tree without their values.
create index experiments_params_search on experiments_params (experiment_key, name, value, run_key)
  where octet_length(value) <= 500;
create index experiments_params_long on experiments_params (experiment_key, name) where octet_length(value) > 500;
create index experiments_tags_search on experiments_tags (experiment_key, name, value, run_key)
  where octet_length(value) <= 500;
create index experiments_tags_long on experiments_tags (experiment_key, name) where octet_length(value) > 500;

-- experiment_key: null for a view of all experiments.
create table experiments_views (
  id uuid primary key,
  project text not null,
  experiment_key bigint references experiments_experiments (key) on delete cascade,
  name text not null,
  view jsonb not null,
  created_at timestamptz(3) not null,
  created_by jsonb not null,
  unique nulls not distinct (project, experiment_key, name)
);
