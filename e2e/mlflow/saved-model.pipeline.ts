import { dataset, model, pipeline, python, report, step } from "causeway-ml";
import { evaluate, register } from "causeway-ml/steps";

const split = step("split", {
  input: { flowers: dataset() },
  output: { train: dataset(), test: dataset() },
  async run({ flowers }, { data }) {
    // Every third flower; which one does not matter, as long as it is the same each time.
    const third = "round(sepal_length * 10)::int % 3 = 0";
    return {
      train: await data.query(`select * from flowers where not (${third})`, { flowers }),
      test: await data.query(`select * from flowers where ${third}`, { flowers }),
    };
  },
});

const train = python("train", {
  script: "saved_model.py",
  input: { rows: dataset() },
  output: { model: model("mlflow") },
});

const look = python("look", {
  script: "saved_model_look.py",
  input: { model: model("mlflow") },
  output: { seen: report() },
});

const pass = step("pass", {
  input: { model: model("mlflow") },
  output: { model: model("mlflow") },
  run: ({ model: given }) => ({ model: given.path }),
});

export default pipeline("saved", {
  params: { flowers: dataset("flowers@latest") },
  steps({ flowers }) {
    const { train: rows, test } = split({ flowers });
    const { model: saved } = train({ rows });
    look({ model: saved });
    const { model: same } = pass({ model: saved });
    const judged = evaluate({ model: saved, rows: test, target: "species" });
    register({ name: "judged", model: saved, report: judged });
    register({ name: "unjudged", model: same });
  },
});
