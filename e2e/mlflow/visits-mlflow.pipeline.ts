import { dataset, pipeline, python } from "causeway-ml";

const train = python("train", {
  script: "visits_mlflow.py",
  input: { visits: dataset() },
});

export default pipeline("visits", {
  params: { visits: dataset("visits@latest") },
  steps({ visits }) {
    train({ visits });
  },
});
