-- Why a version was not judged, whole: code, sentence and way out, where problem has the sentence alone. Null of what was judged,
-- and of what failed before.
alter table registry_evaluations add column failure jsonb;
alter table registry_gates add column failure jsonb;
