import { dataset, model, pipeline, python, step, table, z } from "causeway-ml";
import { evaluate, register } from "causeway-ml/steps";

const split = step("split", {
  input: { customers: dataset() },
  params: { testShare: z.number().min(0).max(0.5).default(0.4) },
  output: { train: dataset(), test: dataset() },
  async run({ customers, testShare }, { data }) {
    const shares = { train: 1 - testShare, test: testShare };
    return data.splitByHash(customers, { key: "customerID", shares });
  },
});

const train = python("train", {
  script: "train.py",
  lock: "train.lock",
  input: { train: dataset(), check: dataset() },
  params: { strength: z.number().positive().default(1) },
  output: { model: model("onnx"), parity: table() },
  retries: 1,
  timeout: "30 min",
});

export default pipeline("churn-python", {
  params: { customers: dataset("customers@latest"), strength: z.number().positive().default(1) },
  steps({ customers, strength }) {
    const { train: rows, test } = split({ customers });
    const { model: trained } = train({ train: rows, check: test, strength });
    const report = evaluate({ model: trained, rows: test, target: "Churn" });
    register({ name: "churn-python", model: trained, report });
  },
});
