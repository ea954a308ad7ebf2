import { pipeline, python, z } from "causeway-ml";

const train = python("train", {
  script: "tracked_step.py",
  params: { foreign: z.string() },
});

export default pipeline("tracked", {
  params: { foreign: z.string() },
  steps({ foreign }) {
    train({ foreign });
  },
});
