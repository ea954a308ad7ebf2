/** How a station of a cycle stands. */
export const cycleFact = {
  laterHalf: "the later half of {window}",
  rows: {
    all: "all rows",
    last: "rows of the last {bound}",
    since: "rows since {bound}",
  },
  earlierHalf: "{rows} and the earlier half of {window}",
  awaitsTruth:
    "Waits for truth of {window}: {labelled, number} of {rows, plural, one {# row has} other {# rows have}} it",
  awaitsAnyTruth: "Waits for truth",
  awaitsLaterTruth:
    "Waits for truth of a window after {window}, of which the version that serves has learned",
  awaitsRows:
    "Waits for more truth: {rows, plural, one {# row} other {# rows}} to learn from that are new to what serves; {needed, number} are needed",
  noTruthCame: "No truth came within {within}: there is nothing to train on or to judge by",
  gathers: "Gathers {rows} without {judging}, which is to judge",
  gathered:
    "{learned, plural, one {# row} other {# rows}} to learn from ({rows}; {logged, number} from the log), {judged, plural, one {# row} other {# rows}} of {judging} to judge by",
  deploymentGone: "The deployment {deployment} or its monitor {monitor} is gone",
  pipelineRuns: "Pipeline {pipeline} runs",
  pipelineRefits: "Pipeline {pipeline} trains on every row",
  runCancelled: "Run {run} of {pipeline} was cancelled",
  runFailed: "Run {run} of {pipeline} failed: {problem}",
  noReason: "no reason was given",
  trained: "Version {version} was trained by run {run} of {pipeline}",
  preparing: "Version {version} is prepared: {step}",
  waitsForWorker: "waits for a worker",
  preparationFailed: "Version {version} cannot be asked: its preparation failed: {problem}",
  preparationBlocked: "Version {version} cannot be asked: its preparation is blocked: {problem}",
  sameModel: "Version {version} serves already: training on the fresh rows gave the same model",
  compares: "Versions {version} and {against} are compared",
  comparesOn: "Versions {version} and {against} are compared on {judging}",
  none: "none",
  passed: "On {judging} version {version} passed: {found}",
  refused: "On {judging} version {version} was refused: {found}",
  gateFailed: "The gate failed: {problem}",
  goesOnJudged: "Version {version} goes on as it was judged",
  addsRows: "The rows of {judging} are added",
  refitSame: "Every row gave version {version} again",
  refitLeft: "Version {version}, trained on every row, is left: {found}; version {challenger} goes on",
  refitRepeats: "Version {version} repeats version {challenger} of {model} on every row: {found}",
  awaitsApproval: "Waits for a person’s approval until {until}",
  approvedByRule: "Version {version} is {alias} by the alias’s rule",
  approved: "{by} approved version {version} as {alias}",
  rejected: "{by} rejected version {version}",
  because: "{what}: “{reason}”",
  undecided: "Nobody decided on version {version} in time; version {champion} goes on serving",
  withdrawn: "The request for version {version} was withdrawn",
  moves: "{deployment} moves to version {version}",
  serves: "{deployment} serves version {version}",
  servesInstead: "{deployment} serves version {version} instead of version {champion}",
  aliasTaken: "The alias {alias} was given to another version before {deployment} served version {version}",
  unservable: "Version {version} cannot be served: {problem}; version {champion} goes on serving",
  gatewayRefused: "a gateway refused it",
  nothingToCompare: "There is no version before to compare with",
  nothingWatched: "No window is watched",
  watches: "Watches the first {windows, plural, one {window} other {# windows}} with truth after the switch",
  nothingLeft: "The deployment {deployment} or its monitor is gone: nothing more to watch",
  awaitsWindow: "Waits for the first window of the new version",
  awaitsWindowTruth: "Waits for the truth of {window}",
  notCompared:
    "No truth of {window} came within {within}: version {version} serves on without having been compared",
  comparesAfter: "The versions before and after are compared on {window}",
  notWorse: "Version {version} is not worse than version {champion} in {windows}",
  worse:
    "In {window} version {champion} is better than version {version}: {found}; {alias} goes back to version {champion}",
  cancelled: "{by} cancelled the cycle",
  givenBack: "{by} gave {alias} back from version {version} to version {champion}",
} as const;

/** Lines of a policy's story that are not a station's. */
export const storyFact = {
  held: "{reason}; held back: {held}",
  ended: "{title}: {what}",
  told: "Told {channels}: {title}",
  notTold: "{channel} was not reached: {problem}",
  window: "{window}: {rows, plural, one {# row} other {# rows}}; {measured}{alarms}",
  restated: "{line} (computed anew)",
  measured: "{metric} {value}; ",
  measuredAgainst: "{metric} {value}, reference {reference}; ",
  noAlarm: "no alarm",
  alarms: "alarms: {alarms}",
  alert: "Alert: {title}",
  resolved: "Resolved: {title}",
  end: {
    confirmed: "{deployment}: cycle {cycle} is confirmed",
    refused: "{deployment}: the gate refused the challenger of cycle {cycle}",
    failed: "{deployment}: cycle {cycle} failed",
    rejected: "{deployment}: the new version of cycle {cycle} was rejected",
    expired: "{deployment}: nobody decided on the new version of cycle {cycle}",
    "rolled-back": "{deployment}: cycle {cycle} was rolled back",
    cancelled: "{deployment}: cycle {cycle} was cancelled",
  },
} as const;

/** What a person who decides on an alias reads first. */
export const approvalFact = {
  becomes: "{alias} becomes version {version}",
  moves: "{alias} moves from version {from} to {version}",
  judgedMove: "{move}: {found}",
  cycle: "{reason}. {version} was judged on {judging}: {found}",
  cycleAgainst: "{reason}. {version} was judged against version {champion} on {judging}: {found}",
  version: "Version {version}",
  refit: "Version {judged}, which version {version} repeats on every row,",
  heldOut: "held-out rows",
  passed: "passed its gate",
} as const;

/** What links of the story lead to. */
export const storyLink = {
  alert: "Alert",
  approval: "Approval",
  gate: "Gate",
  cycle: "Cycle {number}",
  run: "{pipeline} run {run}",
  version: "{model} version {version}",
} as const;
