-- Attributes of spans as text by name, for searches: the content of a span may hold what jsonb cannot, and is kept as it came.
alter table experiments_spans add column attributes jsonb not null default '{}';
