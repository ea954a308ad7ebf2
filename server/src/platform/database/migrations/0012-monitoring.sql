-- Tables of monitoring: every name starts with monitoring_.

-- watermark_at: greatest event time that was looked at, less the lateness. log_position: up to where changes of the log
-- were followed. work_id: the work that looks now; wanted: something came meanwhile, so it looks once more.
create table monitoring_monitors (
  project text not null,
  environment text not null,
  name text not null,
  deployment text not null,
  settings jsonb not null,
  paused boolean not null default false,
  watermark_at timestamptz(3),
  open_start_at timestamptz(3),
  open_end_at timestamptz(3),
  open_title text,
  log_position jsonb,
  restated_at timestamptz(3),
  problem text,
  work_id uuid,
  wanted boolean not null default false,
  created_at timestamptz(3) not null,
  created_by jsonb not null,
  primary key (project, environment, name)
);

create index monitoring_monitors_by_deployment on monitoring_monitors (project, environment, deployment);

-- summary: the window as lists show it. detail: its columns. profile: counts of every column, from which a year later
-- the same season is compared, without the rows.
create table monitoring_windows (
  project text not null,
  environment text not null,
  monitor text not null,
  start_at timestamptz(3) not null,
  end_at timestamptz(3) not null,
  summary jsonb not null,
  detail jsonb not null,
  profile jsonb not null,
  primary key (project, environment, monitor, start_at),
  foreign key (project, environment, monitor)
    references monitoring_monitors (project, environment, name) on delete cascade
);

create table monitoring_alerts (
  id uuid primary key,
  project text not null,
  environment text not null,
  monitor text not null,
  deployment text not null,
  kind text not null,
  severity text not null check (severity in ('warning', 'critical')),
  state text not null check (state in ('open', 'acknowledged', 'resolved')),
  title text not null,
  evidence jsonb not null,
  data jsonb not null,
  model text not null,
  version integer not null,
  since_at timestamptz(3) not null,
  until_at timestamptz(3) not null,
  windows integer not null,
  raised_at timestamptz(3) not null,
  acknowledged_at timestamptz(3),
  acknowledged_by jsonb,
  resolved_at timestamptz(3),
  resolved_by jsonb,
  note text,
  foreign key (project, environment, monitor)
    references monitoring_monitors (project, environment, name) on delete cascade
);

-- One alert of a kind at a time, however many windows show it.
create unique index monitoring_alerts_unresolved on monitoring_alerts (project, environment, monitor, kind)
  where state <> 'resolved';

create index monitoring_alerts_by_scope on monitoring_alerts (project, environment, id desc);
