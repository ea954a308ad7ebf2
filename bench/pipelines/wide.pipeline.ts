import { dataset, pipeline, step } from "causeway-ml";
import { evaluate, register, trainYdf } from "causeway-ml/steps";

const split = step("split", {
  input: { rows: dataset() },
  output: { train: dataset(), test: dataset() },
  async run({ rows }, { data }) {
    return data.splitByHash(rows, { key: "row", shares: { train: 0.5, test: 0.5 } });
  },
});

/** A small model with the reference that monitors compare with. */
export default pipeline("wide", {
  params: { rows: dataset("wide@latest") },
  steps({ rows }) {
    const { train, test } = split({ rows });
    const model = trainYdf({ rows: train, target: "y", learner: "gradient-boosted-trees" });
    const report = evaluate({ model, rows: test, target: "y" });
    register({ name: "wide", model, report });
  },
});
