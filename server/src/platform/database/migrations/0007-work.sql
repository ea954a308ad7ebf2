-- The queue of long work: one row per piece, claimed under a lease.
create table platform_work (
  id uuid primary key,
  project text not null,
  environment text not null,
  kind text not null,
  -- REST path of the thing that the work is for.
  subject text not null,
  payload jsonb not null,
  state text not null default 'queued' check (state in ('queued', 'running', 'succeeded', 'failed', 'cancelled')),
  -- Claims so far, the running one included.
  attempt int not null default 0,
  max_attempts int not null,
  priority int not null default 0,
  not_before timestamptz(3) not null default clock_timestamp(),
  -- Grows at every claim: a result is taken only with the token of the newest claim.
  fencing bigint not null default 0,
  leased_by text,
  lease_expires_at timestamptz(3),
  cancel_requested boolean not null default false,
  progress jsonb,
  result jsonb,
  problem jsonb,
  actor jsonb not null,
  request_id text not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  started_at timestamptz(3),
  ended_at timestamptz(3)
);

create index platform_work_queued on platform_work (priority desc, not_before, id) where state = 'queued';
create index platform_work_leases on platform_work (lease_expires_at) where state = 'running';
create index platform_work_subject on platform_work (subject);
