import { dataset, pipeline, step, z } from "causeway-ml";
import { evaluate, register, trainYdf } from "causeway-ml/steps";

/** The same customer always falls on the same side, whatever else the table holds. */
const split = step("split", {
  input: { customers: dataset() },
  params: { testShare: z.number().min(0).max(0.5).default(0.2), seed: z.int().default(0) },
  output: { train: dataset(), test: dataset() },
  async run({ customers, testShare, seed }, { data }) {
    const shares = { train: 1 - testShare, test: testShare };
    return data.splitByHash(customers, { key: "customerID", shares, seed });
  },
});

export default pipeline("churn", {
  params: {
    customers: dataset("customers@latest"),
    testShare: z.number().min(0).max(0.5).default(0.2),
    seed: z.int().default(0),
    learner: z.enum(["gradient-boosted-trees", "random-forest"]).default("gradient-boosted-trees"),
  },
  steps({ customers, testShare, seed, learner }) {
    const { train, test } = split({ customers, testShare, seed });
    const model = trainYdf({ rows: train, target: "Churn", learner });
    const report = evaluate({ model, rows: test, target: "Churn" });
    register({ name: "churn", model, report });
  },
});
