-- Models and versions as MLflow's clients know them: tags, registry stages, where a version came from, deletion, new names.

alter table registry_models
  -- {name: value}
  add column tags jsonb not null default '{}',
  add column updated_at timestamptz(3) not null default now();
update registry_models set updated_at = created_at;

-- stage: a label of old clients that moves no alias. source: the address that it was registered from. logged_model: the
-- logged model that its files are. deleted_at: a deleted version keeps its row, so that its number never comes again.
alter table registry_versions
  add column tags jsonb not null default '{}',
  add column stage text not null default 'none' check (stage in ('none', 'staging', 'production', 'archived')),
  add column source text,
  add column logged_model text,
  add column run_link text,
  add column updated_at timestamptz(3) not null default now(),
  add column deleted_at timestamptz(3);
update registry_versions set updated_at = created_at;
create index registry_versions_of_run on registry_versions (project, run);
create index registry_versions_by_digest on registry_versions (project, digest);

-- What hangs on a model follows its new name.
alter table registry_versions drop constraint registry_versions_project_model_fkey;
alter table registry_versions add constraint registry_versions_of_model
  foreign key (project, model) references registry_models (project, name) on update cascade;
alter table registry_aliases drop constraint registry_aliases_project_model_version_fkey;
alter table registry_aliases add constraint registry_aliases_to_version
  foreign key (project, model, version) references registry_versions (project, model, version) on update cascade;
alter table registry_gates drop constraint registry_gates_project_model_version_fkey;
alter table registry_gates add constraint registry_gates_on_version
  foreign key (project, model, version) references registry_versions (project, model, version) on update cascade;

-- Whom to tell of changes. The secret that messages are signed with is kept under the name `webhooks/<id>`.
create table registry_webhooks (
  id uuid primary key,
  project text not null,
  name text not null,
  url text not null,
  -- [event], each `<entity>.<action>`.
  events jsonb not null,
  description text not null default '',
  status text not null check (status in ('active', 'disabled')),
  signed boolean not null,
  created_at timestamptz(3) not null,
  updated_at timestamptz(3) not null,
  created_by jsonb not null
);
create index registry_webhooks_of_project on registry_webhooks (project, id desc);

-- Messages on their way. One that waits is due at not_before; whoever sends it moves that on first, so that a sender that
-- dies is followed by another.
create table registry_webhook_deliveries (
  id uuid primary key,
  project text not null,
  webhook uuid not null references registry_webhooks on delete cascade,
  event text not null,
  -- The message as it is sent and signed, byte by byte.
  body text not null,
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
  attempts integer not null default 0,
  -- Status of the last answer.
  status integer,
  problem text,
  not_before timestamptz(3) not null default clock_timestamp(),
  created_at timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3)
);
create index registry_webhook_deliveries_due on registry_webhook_deliveries (not_before) where state = 'queued';
create index registry_webhook_deliveries_newest on registry_webhook_deliveries (webhook, id desc);
