-- refit_of: the version that was judged and that this one repeats on all rows. reference: artifact of the profile that
-- monitors compare with.
alter table registry_versions add column refit_of integer;
alter table registry_versions add column reference text;

-- Who may move an alias. No row: anybody who may write.
create table registry_alias_rules (
  project text not null,
  environment text not null,
  model text not null,
  alias text not null,
  rule jsonb not null,
  changed_at timestamptz(3) not null,
  changed_by jsonb not null,
  primary key (project, environment, model, alias)
);

-- A version judged against another on the same rows.
create table registry_gates (
  id uuid primary key,
  project text not null,
  environment text not null,
  model text not null,
  version integer not null,
  digest text not null,
  champion integer,
  champion_digest text,
  dataset text not null,
  dataset_version text not null,
  target text not null,
  rules jsonb not null,
  state text not null default 'queued',
  rows integer not null default 0,
  passed boolean,
  verdicts jsonb not null default '[]',
  summary text,
  problem text,
  created_at timestamptz(3) not null,
  created_by jsonb not null,
  ended_at timestamptz(3),
  foreign key (project, model, version) references registry_versions (project, model, version)
);

create index registry_gates_of_version on registry_gates (project, environment, model, version, id desc);

-- Questions to people. What is asked stands in `details` for the stage that asks; digest binds the answer to content.
create table platform_approvals (
  id uuid primary key,
  project text not null,
  environment text not null,
  -- REST path of what would change, and of the thing that it belongs to.
  subject text not null,
  parent text not null,
  digest text not null,
  summary text not null,
  details jsonb not null,
  state text not null default 'pending'
    check (state in ('pending', 'approved', 'rejected', 'expired', 'withdrawn')),
  four_eyes boolean not null,
  not_by jsonb not null,
  requested_at timestamptz(3) not null default clock_timestamp(),
  requested_by jsonb not null,
  expires_at timestamptz(3) not null,
  decided_at timestamptz(3),
  decided_by jsonb,
  reason text
);

create index platform_approvals_newest on platform_approvals (project, environment, id desc);
create index platform_approvals_pending on platform_approvals (project, environment, subject) where state = 'pending';
create index platform_approvals_expiring on platform_approvals (expires_at) where state = 'pending';
