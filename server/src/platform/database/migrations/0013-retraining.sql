-- Tables of retraining: every name starts with retraining_.

-- Dataset versions are also made of the prediction log of a deployment joined with its truth.
alter table data_versions drop constraint data_versions_source_kind_check;
alter table data_versions add constraint data_versions_source_kind_check
  check (source_kind in ('file', 'step', 'split', 'log'));

-- A deleted policy keeps its row: its cycles and its story stay.
-- considered_at: server time up to which schedules were looked at. held: what was told of a trigger that is held back, so
-- that it is told once. gathered: the Parquet file of every labelled row that was seen, which outlives the log's retention.
create table retraining_policies (
  id uuid primary key,
  project text not null,
  environment text not null,
  name text not null,
  deployment text not null,
  monitor text not null,
  model text not null,
  settings jsonb not null,
  paused boolean not null default false,
  cycles integer not null default 0,
  held text,
  held_reason text,
  gathered text,
  considered_at timestamptz(3) not null,
  created_at timestamptz(3) not null,
  created_by jsonb not null,
  deleted_at timestamptz(3)
);

create unique index retraining_policies_by_name on retraining_policies (project, environment, name)
  where deleted_at is null;

create index retraining_policies_by_monitor on retraining_policies (project, environment, monitor)
  where deleted_at is null;

-- One way round the loop. settings: those of the policy when it began. watches: REST paths of what it waits for.
-- anchored_at: event time from which the cooldown counts. evidence_until: end of the newest window that it used up.
-- learned_from: event time from which rows were learned, where older ones contradict them.
-- trained_until: event time before which all rows may be in the candidate's training data; later ones can judge it.
-- work: the advance that is queued or runs; again: something happened meanwhile, so that it must look once more.
create table retraining_cycles (
  policy uuid not null references retraining_policies (id),
  number integer not null check (number > 0),
  project text not null,
  environment text not null,
  state text not null,
  settings jsonb not null,
  trigger jsonb not null,
  champion integer,
  challenger integer,
  candidate integer,
  runs jsonb not null default '[]',
  dataset jsonb,
  judging jsonb,
  gate uuid,
  refit_gate uuid,
  approval uuid,
  watched jsonb not null default '[]',
  problem text,
  watches text[] not null default '{}',
  work uuid,
  again boolean not null default false,
  noticed_at timestamptz(3) not null,
  anchored_at timestamptz(3) not null,
  evidence_until timestamptz(3),
  learned_from timestamptz(3),
  trained_until timestamptz(3),
  switched_at timestamptz(3),
  started_at timestamptz(3) not null,
  ended_at timestamptz(3),
  touched_at timestamptz(3) not null default now(),
  started_by jsonb not null,
  primary key (policy, number)
);

-- One cycle of a policy at a time, whoever starts it.
create unique index retraining_cycles_under_way on retraining_cycles (policy) where ended_at is null;

create index retraining_cycles_newest on retraining_cycles (project, environment, started_at desc);

create table retraining_cycle_steps (
  policy uuid not null,
  number integer not null,
  name text not null,
  state text not null check (state in ('waiting', 'running', 'held', 'done', 'skipped', 'failed')),
  text text,
  started_at timestamptz(3),
  ended_at timestamptz(3),
  occurred_at timestamptz(3),
  links jsonb not null default '[]',
  primary key (policy, number, name),
  foreign key (policy, number) references retraining_cycles (policy, number)
);

-- The story of a policy, a line each time something happened; ids grow with time.
create table retraining_entries (
  id uuid primary key,
  policy uuid not null references retraining_policies (id),
  cycle integer,
  kind text not null,
  text text not null,
  actor jsonb not null,
  links jsonb not null default '[]',
  recorded_at timestamptz(3) not null,
  occurred_at timestamptz(3)
);

create index retraining_entries_newest on retraining_entries (policy, id desc);
