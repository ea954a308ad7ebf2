import { dataset, pipeline, step, z } from "causeway-ml";
import { evaluate, register, trainYdf } from "causeway-ml/steps";

/** The same visitor always falls on the same side. */
const split = step("split", {
  input: { visits: dataset() },
  params: { broken: z.boolean().default(false) },
  output: { train: dataset(), test: dataset() },
  async run({ visits, broken }, { data }) {
    if (broken) throw new Error("the warehouse is closed");
    return data.splitByHash(visits, { key: "visitor", shares: { train: 0.75, test: 0.25 } });
  },
});

export default pipeline("visits", {
  params: { visits: dataset("visits@latest"), broken: z.boolean().default(false) },
  steps({ visits, broken }) {
    const { train, test } = split({ visits, broken });
    const model = trainYdf({ rows: train, target: "buys", learner: "random-forest" });
    const report = evaluate({ model, rows: test, target: "buys" });
    register({ name: "visits", model, report });
  },
});
