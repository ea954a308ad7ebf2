import { dataset, pipeline, step, z } from "causeway-ml";
import { evaluate, trainYdf } from "causeway-ml/steps";

/** Five folds by the hash of the customer's id; the one asked for is judged, the other four are trained on. */
const folds = step("folds", {
  input: { customers: dataset() },
  output: { f0: dataset(), f1: dataset(), f2: dataset(), f3: dataset(), f4: dataset() },
  async run({ customers }, { data }) {
    const shares = { f0: 0.2, f1: 0.2, f2: 0.2, f3: 0.2, f4: 0.2 };
    return data.splitByHash(customers, { key: "customerID", shares });
  },
});

const part = step("part", {
  input: { f0: dataset(), f1: dataset(), f2: dataset(), f3: dataset(), f4: dataset() },
  params: { fold: z.int().min(0).max(4) },
  output: { train: dataset(), test: dataset() },
  async run({ f0, f1, f2, f3, f4, fold }) {
    const all = [f0, f1, f2, f3, f4];
    const train = all.filter((_, index) => index !== fold).flatMap(({ paths }) => paths);
    return { train: { paths: train }, test: { paths: all[fold]?.paths ?? [] } };
  },
});

export default pipeline("folds", {
  params: { customers: dataset("customers@latest"), fold: z.int().min(0).max(4).default(0) },
  steps({ customers, fold }) {
    const { f0, f1, f2, f3, f4 } = folds({ customers });
    const { train, test } = part({ f0, f1, f2, f3, f4, fold });
    const model = trainYdf({ rows: train, target: "Churn" });
    evaluate({ model, rows: test, target: "Churn" });
  },
});
