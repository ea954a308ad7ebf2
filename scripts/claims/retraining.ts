import type { Capabilities } from "./capability.ts";

export const retrainingClaims: Capabilities = {
  T1: {
    title: "Triggers",
    claims: {
      schedule: "schedule",
      drift: "drift",
      performance: "measured or estimated performance",
      labels: "new labelled rows",
      manual: "manual",
    },
  },
  T2: {
    title: "Policy",
    claims: {
      cooldown: "cooldown",
      budget: "budget",
      "quiet-hours": "quiet hours",
      window: "data window",
      storm: "storm protection",
    },
  },
  T3: {
    title: "The loop",
    claims: {
      train: "fresh data to pipeline to gates",
      approval: "approval, automatic or human",
      rollout: "rollout",
      confirm: "confirm or roll back",
      timeline: "one timeline tells the whole story",
      demo: "a simulated shop whose world changes is noticed and repaired, in any week; one that stays is left alone",
      hotel:
        "on real bookings a policy with its default settings beats a frozen model and assigns no worse one",
      mlflow: "a model that an MLflow client registered inside of a step is retrained by the same loop",
      stable: "nothing is retrained while nothing changes",
    },
  },
  T4: {
    title: "Backtest of a policy",
    claims: { history: "what it would have done, at what cost and accuracy" },
  },
  T5: {
    title: "Delivery figures",
    claims: {
      lead: "idea to production",
      notice: "time to notice",
      repair: "time to repair",
      failed: "failed rollouts",
    },
  },
};
