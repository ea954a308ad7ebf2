-- How far a version is on its way to being served; null for files that are ready at once. Preparation adds to a version what
-- its model says of itself: golden rows, task and classes. Files and digest stay what they were.
alter table registry_versions add column preparation jsonb;
