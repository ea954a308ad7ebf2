-- Tables of registry: every name starts with registry_.

-- versions: the number given to the newest version. It is raised under the row's lock, so numbers have no gaps.
create table registry_models (
  project text not null,
  name text not null,
  description text not null default '',
  versions integer not null default 0,
  created_at timestamptz(3) not null default now(),
  created_by jsonb not null,
  primary key (project, name)
);

-- A version never changes. digest: sha256 of canonical JSON of format, files and signature.
create table registry_versions (
  project text not null,
  model text not null,
  version integer not null check (version > 0),
  digest text not null,
  format text not null,
  files jsonb not null,
  bytes bigint not null,
  signature jsonb not null,
  golden jsonb not null,
  report jsonb,
  run text,
  pipeline text,
  pipeline_run integer,
  record jsonb not null,
  description text not null default '',
  created_at timestamptz(3) not null default now(),
  created_by jsonb not null,
  primary key (project, model, version),
  foreign key (project, model) references registry_models (project, name),
  check ((pipeline is null) = (pipeline_run is null))
);

create table registry_aliases (
  project text not null,
  environment text not null,
  model text not null,
  alias text not null,
  version integer not null,
  assigned_at timestamptz(3) not null,
  assigned_by jsonb not null,
  primary key (project, environment, model, alias),
  foreign key (project, model, version) references registry_versions (project, model, version)
);

create index registry_aliases_of_version on registry_aliases (project, model, version);

-- Where an alias pointed, and since when. version null: the alias was removed.
create table registry_alias_changes (
  id uuid primary key,
  project text not null,
  environment text not null,
  model text not null,
  alias text not null,
  version integer,
  previous integer,
  changed_at timestamptz(3) not null,
  changed_by jsonb not null
);

create index registry_alias_changes_of_alias
  on registry_alias_changes (project, environment, model, alias, id desc);
