/** The rule of a policy as a sentence. */
export const policyRule = {
  sentence:
    "Retrains {deployment} by the pipeline {pipeline} when {causes}; {often}, {pause}. A challenger must pass its gate, {who}, and {watch}.",
  asked: "somebody asks for it",
  or: ", or ",
  often: {
    day: "at most {count, plural, one {# time} other {# times}} a day",
    week: "at most {count, plural, one {# time} other {# times}} a week",
    month: "at most {count, plural, one {# time} other {# times}} a month",
    year: "at most {count, plural, one {# time} other {# times}} a year",
  },
  twoWindows: "two windows apart",
  apart: "{cooldown} apart",
  person: "a person approves",
  fourEyes: "a person approves, who did not write this policy",
  byRule: "it moves by the alias’s rule",
  watch:
    "{windows, plural, =0 {it is not watched afterwards} one {the first window with truth can send it back} other {the first # windows with truth can send it back}}",
  monitorMetric: "the monitor’s metric",
  when: {
    drift: "columns or predictions drift",
    performance:
      "{metric} is worse than in the reference, and than the model’s own scores promise, by more than {drop} beyond chance on at least {rows, plural, one {# row} other {# rows}}",
    labels: "{rows, plural, one {# new row has its} other {# new rows have their}} truth",
    schedule: "the schedule {cron} ({zone}) is due",
  },
} as const;

/** Why a cycle began. */
export const triggerFact = {
  drifted: {
    columns: "{columns} drifted in {window}",
    predictions: "the predictions drifted in {window}",
    both: "{columns}, and the predictions drifted in {window}",
  },
  andMore: "{columns} and {count, number} more",
  performance: "{metric} was {now} in {window}; the reference is {reference}",
  promise: "{metric} was {now} in {window}; its scores promise {promised}, the reference is {reference}",
  labels:
    "{rows, plural, one {# row} other {# rows}} with truth came since the training data was put together",
  schedule: "its schedule {cron} ({zone}) was due",
} as const;

/** What holds a policy back. */
export const heldBy = {
  gone: "the deployment {deployment} or its monitor {monitor} is gone",
  paused: "the policy is paused",
  cycle: "cycle {cycle} is under way",
  cooldown: "cooldown until {until} after cycle {cycle}",
  budget: {
    day: "the budget of {count, plural, one {# training} other {# trainings}} per day is used up",
    week: "the budget of {count, plural, one {# training} other {# trainings}} per week is used up",
    month: "the budget of {count, plural, one {# training} other {# trainings}} per month is used up",
    year: "the budget of {count, plural, one {# training} other {# trainings}} per year is used up",
  },
  refusals:
    "the gate refused {refusals, plural, one {# time} other {# times}} in a row; waits for {wanted, plural, one {# new window} other {# new windows}} with truth, {windows, number} so far",
  fewRows:
    "fewer than {rows, plural, one {# row} other {# rows}} with truth in a window are too few to replace a model by; give the monitor longer windows, or the trigger fewer rows",
} as const;
