-- Small artifacts whose files are not yet known to be on the disk. Their bytes are here until they are: one commit keeps a small
-- file, where the syncs of its file and its folder would cost several times as much.
create table platform_artifact_journal (
  digest text primary key references platform_artifacts (digest) on delete cascade,
  content bytea not null
);

-- They are read and removed within seconds.
alter table platform_artifact_journal alter column content set storage external;
