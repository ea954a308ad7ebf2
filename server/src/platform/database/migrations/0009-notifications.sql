-- Secrets, encrypted with the key of the data folder. environment null: shared by the environments of the project.
create table platform_secrets (
  project text not null,
  environment text,
  name text not null,
  -- Beginning of the sha256 of the key that sealed it, so that a wrong key is told from a changed row.
  key_id text not null,
  -- Nonce (12 bytes), tag (16 bytes), ciphertext: AES-256-GCM over the value, bound to project, environment and name.
  sealed bytea not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  unique nulls not distinct (project, environment, name)
);

-- Where messages go. The address is a secret under the name `channels/<name>`; only its host stands here.
create table platform_channels (
  project text not null,
  name text not null,
  kind text not null,
  host text not null,
  created_at timestamptz(3) not null default clock_timestamp(),
  created_by jsonb not null,
  primary key (project, name)
);

-- Messages on their way. A message that waits is due at not_before; whoever sends it moves that on first, so that a
-- sender that dies is followed by another.
create table platform_notifications (
  id uuid primary key,
  project text not null,
  environment text not null,
  channel text not null,
  -- REST path of what the message is about.
  subject text not null,
  -- Tells repeats of one message apart from other messages on the same subject; null where each is its own.
  key text,
  message jsonb not null,
  state text not null default 'queued' check (state in ('queued', 'sent', 'failed')),
  attempts integer not null default 0,
  problem text,
  not_before timestamptz(3) not null default clock_timestamp(),
  created_at timestamptz(3) not null default clock_timestamp(),
  ended_at timestamptz(3),
  unique (project, environment, channel, subject, key)
);

create index platform_notifications_due on platform_notifications (not_before) where state = 'queued';
create index platform_notifications_newest on platform_notifications (project, environment, id desc);
create index platform_notifications_of_channel on platform_notifications (project, channel, ended_at desc);
