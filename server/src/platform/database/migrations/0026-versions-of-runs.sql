-- Which version a run of a pipeline registered.
create index registry_versions_of_pipeline_run on registry_versions (project, model, pipeline, pipeline_run)
  where pipeline is not null;
