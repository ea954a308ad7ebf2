-- What stations and lines of a story say, as figures, so that a page can say it in any language. Older rows have only their sentence.
alter table retraining_cycles add column problem_fact jsonb;
alter table retraining_cycle_steps add column fact jsonb;
alter table retraining_entries add column fact jsonb;
