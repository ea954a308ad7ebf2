-- Tables of data: every name starts with data_.

create table data_datasets (
  project text not null,
  name text not null,
  -- The id of the newest version; null until the first import succeeds.
  latest text,
  versions integer not null default 0,
  created_at timestamptz(3) not null default now(),
  primary key (project, name)
);

-- A part is named by its values, so that versions share it; `artifact` names the Parquet file that holds it.
create table data_parts (
  project text not null,
  digest text not null,
  artifact text not null,
  rows bigint not null,
  bytes bigint not null,
  -- Counts and moments by column, merged into the profile of every version that holds the part.
  columns jsonb not null,
  primary key (project, digest)
);

create table data_versions (
  project text not null,
  dataset text not null,
  id text not null,
  -- Counts from 1 in the dataset: the order of creation.
  number integer not null,
  rows bigint not null,
  bytes bigint not null,
  schema jsonb not null,
  key text,
  findings jsonb not null,
  quarantine_rows bigint,
  quarantine_artifact text,
  parent text,
  source_kind text not null check (source_kind in ('file', 'step', 'split')),
  source_name text not null,
  source_digest text,
  profile jsonb not null,
  created_at timestamptz(3) not null default now(),
  created_by jsonb not null,
  primary key (project, dataset, id),
  unique (project, dataset, number),
  foreign key (project, dataset) references data_datasets,
  check ((quarantine_rows is null) = (quarantine_artifact is null))
);

create table data_version_parts (
  project text not null,
  dataset text not null,
  version text not null,
  position integer not null,
  part text not null,
  primary key (project, dataset, version, position),
  foreign key (project, dataset, version) references data_versions,
  foreign key (project, part) references data_parts
);

create table data_uploads (
  project text not null,
  digest text not null,
  bytes bigint not null,
  created_at timestamptz(3) not null default now(),
  primary key (project, digest)
);

-- `outcome` is null while the work of the same id is still to be done.
create table data_imports (
  id uuid primary key,
  project text not null,
  dataset text not null,
  file text not null,
  upload text not null,
  options jsonb not null,
  work uuid not null,
  outcome text check (outcome in ('succeeded', 'failed')),
  version text,
  unchanged boolean not null default false,
  problem jsonb,
  bad_rows jsonb,
  created_at timestamptz(3) not null default now(),
  ended_at timestamptz(3),
  created_by jsonb not null
);
create index data_imports_newest on data_imports (project, dataset, created_at desc, id desc);

create table data_splits (
  id uuid primary key,
  project text not null,
  dataset text not null,
  version text not null,
  request jsonb not null,
  work uuid not null,
  outcome text check (outcome in ('succeeded', 'failed')),
  -- [{ name, dataset, version }] once it succeeded.
  parts jsonb not null default '[]',
  problem jsonb,
  created_at timestamptz(3) not null default now(),
  created_by jsonb not null
);
