import { dataset, pipeline, step, z } from "causeway-ml";
import { evaluate, register, trainYdf } from "causeway-ml/steps";

/** A tenth of the rows, always the same ones, is kept for the evaluation. */
const split = step("split", {
  input: { rows: dataset() },
  output: { train: dataset(), test: dataset() },
  async run({ rows }, { data }) {
    return data.splitByHash(rows, { key: "row", shares: { train: 0.9, test: 0.1 } });
  },
});

export default pipeline("replayed", {
  params: { rows: dataset("replayed@latest"), model: z.string().default("replayed") },
  steps({ rows, model: name }) {
    const { train, test } = split({ rows });
    const model = trainYdf({ rows: train, target: "target" });
    const report = evaluate({ model, rows: test, target: "target", positive: "1" });
    register({ name, model, report });
  },
});
