-- id: a short name of the deployment for rows of which there are many. key: the column that names what a prediction is
-- about. retention_days: how long log and truth are kept; null for ever.
alter table deployments_deployments add column id integer generated always as identity;
alter table deployments_deployments add column key text;
alter table deployments_deployments add column retention_days integer;
alter table deployments_deployments add unique (id);

-- columns: the model inputs that stand in typed columns beside the JSON; null in files of before, which hold no key either
-- and may mix revisions. The occurred times are event times of the rows within, both ends included; null in files of before.
alter table deployments_prediction_files add column columns text[];
alter table deployments_prediction_files add column first_occurred_at timestamptz(3);
alter table deployments_prediction_files add column last_occurred_at timestamptz(3);

-- How far the event time of a deployment has come. position: counts what changed; a change takes its number while it holds
-- this row, so that numbers become visible in their order.
create table deployments_watermarks (
  deployment integer primary key references deployments_deployments (id),
  last_occurred_at timestamptz(3),
  last_received_at timestamptz(3),
  position bigint not null default 0
);

-- Spans of event time that truth or late predictions touched: what was computed from them before is out of date.
create table deployments_changes (
  deployment integer not null references deployments_deployments (id),
  position bigint not null,
  what text not null check (what in ('truth', 'predictions')),
  first_at timestamptz(3) not null,
  last_at timestamptz(3) not null,
  recorded_at timestamptz(3) not null,
  primary key (deployment, position)
);

-- What gateways counted, by minute of server time. latency: requests per class of LATENCY_BOUNDS_MS.
create table deployments_traffic (
  deployment integer not null references deployments_deployments (id),
  minute timestamptz(3) not null,
  revision integer not null,
  requests bigint not null,
  rows bigint not null,
  errors bigint not null,
  refused bigint not null,
  latency integer[] not null,
  primary key (deployment, minute, revision)
);

-- Where each gateway's counting has come to: a report that comes again is counted once.
create table deployments_traffic_reports (
  gateway text not null,
  deployment integer not null references deployments_deployments (id),
  revision integer not null,
  counted_from timestamptz(3) not null,
  primary key (gateway, deployment, revision)
);

-- Truth that came together: one call or one import.
create table deployments_truth_batches (
  id bigint generated always as identity primary key,
  deployment integer not null references deployments_deployments (id),
  recorded_at timestamptz(3) not null,
  recorded_by jsonb not null
);

-- The newest truth of each row of the log. value: null where an earlier truth was taken back. predicted_at: event time of
-- the prediction; version: what answered.
create table deployments_truths (
  deployment integer not null,
  request uuid not null,
  row integer not null,
  batch bigint not null,
  value jsonb,
  occurred_at timestamptz(3) not null,
  predicted_at timestamptz(3) not null,
  version integer not null,
  primary key (deployment, request, row)
);

create index deployments_truths_by_time on deployments_truths (deployment, predicted_at, request, row);

-- What newer truth replaced.
create table deployments_truth_history (
  deployment integer not null,
  request uuid not null,
  row integer not null,
  batch bigint not null,
  value jsonb,
  occurred_at timestamptz(3) not null,
  primary key (deployment, request, row, batch)
);

-- Truth of predictions whose log line may still be on its way. row: null where the request alone was named.
create table deployments_held_truths (
  deployment integer not null references deployments_deployments (id),
  request uuid not null,
  row integer,
  batch bigint not null,
  value jsonb,
  occurred_at timestamptz(3) not null,
  unique nulls not distinct (deployment, request, row)
);

-- Bulks of truth. source: `{"upload", "file", "format"}` or `{"dataset"}`; columns: which hold what.
create table deployments_truth_imports (
  id uuid primary key,
  deployment integer not null references deployments_deployments (id),
  source jsonb not null,
  columns jsonb not null,
  work uuid not null,
  outcome text check (outcome in ('succeeded', 'failed', 'cancelled')),
  receipt jsonb,
  problem jsonb,
  bad_lines jsonb,
  created_at timestamptz(3) not null,
  created_by jsonb not null,
  ended_at timestamptz(3)
);

create index deployments_truth_imports_of_deployment on deployments_truth_imports (deployment, created_at desc);
