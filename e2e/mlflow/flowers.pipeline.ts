import { dataset, pipeline, python } from "causeway-ml";

const train = python("train", {
  script: "flowers.py",
  input: { flowers: dataset() },
});

export default pipeline("flowers", {
  params: { flowers: dataset("flowers@latest") },
  steps({ flowers }) {
    train({ flowers });
  },
});
