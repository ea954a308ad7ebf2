/** Words of the home page, the loop and the activity. */
export const home = {
  title: "Home",
  welcome: "Nothing is here yet. It begins with a table.",
  quiet: "All is well. Nothing waits for you.",
  failures: "{count, plural, one {# failure is open} other {# failures are open}}",
  decisions: "{count, plural, one {# decision waits for you} other {# decisions wait for you}}",
  findings: "{count, plural, one {# table has rows set aside} other {# tables have rows set aside}}",
  sentence: "{parts}.",
  sub: "{deployments, plural, one {# deployment serves} other {# deployments serve}}, {models, plural, one {# model} other {# models}}, {datasets, plural, one {# dataset} other {# datasets}}",
  needs: "Needs you",
  needsNothing: "Nothing in {environment} waits for a person.",
  open: "Open",
  review: "Review",
  deploymentFailed: "{deployment} does not serve",
  deploymentFailedText: "No gateway could load the version it was asked for.",
  pipelineFailed: "{pipeline} {number} failed",
  pipelineFailedAt: "At step {step}.",
  noChampion: "{model} has no champion in {environment}",
  noChampionText: "Version {version} is registered. Look at its report, then assign the alias.",
  newerVersion: "{model} v{version} is newer than the champion",
  newerVersionText: "Champion in {environment} is v{champion}. Compare the two and decide.",
  setAside: "{dataset}: {count, plural, one {# row set aside} other {# rows set aside}}",
  setAsideText: "Each row is kept with its line and the reason.",
  deploymentsIn: "Deployments in {environment}",
  recentRuns: "Latest pipeline runs",
  noRuns: "No pipeline has run yet.",
  activity: "Activity",
  noActivity: "Nothing has happened yet.",
  mine: "Mine",
  today: "Today",
  yesterday: "Yesterday",
  times: "{count, plural, other {# times}}",
  firstSteps: "From a table to an answered prediction",
  firstStepsHint: "run each line in the terminal that Causeway was started in",
  notFound: "Nothing is called {id}",
  notFoundText:
    "Runs, predictions, data versions and model versions are found by their id, or by its first six digits or more.",
} as const;

export const first = {
  data: "Import the table that your model learns from",
  experiments: "Log a run from a notebook or script",
  pipelines: "Train in a pipeline; it registers what it trained",
  registry: "Choose the version that should serve",
  deployments: "Serve it",
} as const;

export const loop = {
  name: "The loop: seven stages from data to retraining",
  wayBack: "fresh rows with their labels",
  nothing: "Nothing yet",
  unbuilt: "not in this version",
  setAside: "{count, plural, one {# row set aside} other {# rows set aside}}",
  datasets: "{count, plural, one {# dataset} other {# datasets}}",
  running: "{count, plural, other {# running}}",
  failed: "{count, plural, other {# failed}}",
  runsToday: "{count, plural, one {# run today} other {# runs today}}",
  inAll: "{count, plural, other {# in all}}",
  runs: "{count, plural, one {# run} other {# runs}}",
  of: "{done} of {all}",
  decide: "Waits for you",
  models: "{count, plural, one {# model} other {# models}}",
  versionOf: "{model} v{version}",
  championOf: "{model} v{version} is champion",
  serving: "{count, plural, other {# serving}}",
} as const;

export const kinds = {
  deployment: "deployment",
  model: "model",
  modelWith: "model, {count, plural, one {# version} other {# versions}}",
  dataset: "dataset",
  datasetAt: "dataset, version {version}",
  pipelineRun: "pipeline run",
  run: "run",
} as const;

/** One sentence per event type; `thing` is what it happened to. */
export const events = {
  data: {
    importStarted: "Import into {thing} started",
    importFailed: "Import into {thing} failed; nothing was written",
    versionCreated: "{thing} was imported",
    versionRestored: "{thing} is the newest again: the same rows were imported",
  },
  experiments: {
    runStarted: "Run {name} {thing} started",
    runEnded: "Run {name} {thing} ended: {outcome}",
  },
  pipelines: {
    versionDeployed: "Pipeline {thing} was deployed",
    runStarted: "{thing} started",
    runEnded: "{thing} {outcome}",
    stepEnded: "{thing}: step {name} {outcome}",
  },
  registry: {
    versionRegistered: "{thing} was registered",
    versionAssigned: "{thing} is v{version} now",
    aliasRemoved: "{thing} was removed",
  },
  deployments: {
    deploymentCreated: "Deployment {thing} was created",
    deploymentChanged: "Deployment {thing} switches version",
    deploymentReady: "Deployment {thing} serves",
    deploymentFailed: "Deployment {thing} could not load its version",
    deploymentDeleted: "Deployment {thing} was deleted",
    keyCreated: "A key for {thing} was made",
    keyRevoked: "A key of {thing} was revoked",
  },
  platform: {
    projectCreated: "Project {thing} was made",
    tokenCreated: "Token {name} was made",
    tokenRevoked: "Token {name} was revoked",
    started: "Causeway started",
  },
} as const;

/** How something ended, as the end of a sentence. */
export const outcome = {
  succeeded: "succeeded",
  finished: "finished",
  failed: "failed",
  cancelled: "was cancelled",
  killed: "stopped by a person",
  cached: "came from the cache",
  skipped: "was skipped",
  lost: "lost its worker",
} as const;
