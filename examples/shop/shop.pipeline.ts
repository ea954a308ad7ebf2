import { dataset, pipeline, step, z } from "causeway-ml";
import { evaluate, register, trainYdf } from "causeway-ml/steps";

/** The same customer always falls on the same side, so that a refit is judged on the rows that its judge never saw. */
const split = step("split", {
  input: { customers: dataset() },
  params: { testShare: z.number().min(0.05).max(0.5).default(0.2) },
  output: { train: dataset(), test: dataset() },
  async run({ customers, testShare }, { data }) {
    return data.splitByHash(customers, {
      key: "customerId",
      shares: { train: 1 - testShare, test: testShare },
    });
  },
});

export default pipeline("shop", {
  params: { customers: dataset("shop-customers@latest") },
  steps({ customers }) {
    const { train, test } = split({ customers });
    const model = trainYdf({ rows: train, target: "leaves" });
    const report = evaluate({ model, rows: test, target: "leaves", positive: "yes" });
    register({ name: "shop", model, report });
  },
});
