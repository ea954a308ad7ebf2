import { describeCases } from "./run-cases.ts";

/** What each case of the scripts promises, by its function's name. */
const CLAIMS = {
  endpoints:
    "E1/client every address of MLflow's own server is answered, or a JSON 404 says why it is not there",
  rights:
    "X3/tokens of a user's name and password or alone, for readers, writers and one project, as MLflow's client sends them",
  fluent: "E1/fluent runs, parameters, metrics, tags and searches of the fluent interface",
  resumed: "E1/fluent a run that is taken up again goes on where it was",
  in_the_background: "E1/fluent what is logged without waiting is there when the run ends",
  nested: "E1/fluent E2/nested nested runs know their parent and are found by it",
  experiments: "E1/client experiments are made, found, renamed, tagged, deleted and restored",
  runs: "E1/client runs are made, changed, ended, deleted and restored, and take nothing while deleted",
  values:
    "E1/client E2/exact E2/non-finite values come back as they were given: NaN and infinities too, long ones cut as MLflow cuts",
  histories: "E1/client a history of 30,000 points comes back whole, at once or page by page",
  errors: "E1/client what is not there and what is not understood fails at once, with MLflow's code and text",
  writers: "E1/client 16 writers at once lose nothing and double nothing",
  datasets: "E1/datasets of a run are kept with their schema, source and context, and runs are found by them",
  search: "E1/search by metrics, parameters, tags and attributes, in any order, page by page",
  logged_models: "E1/logged-models are made, measured, finished, found, tagged and deleted",
  autolog: "E1/autolog of scikit-learn logs parameters, metrics, datasets and a model that loads again",
} as const;

describeCases("the unmodified MLflow client", {
  scripts: ["tracking_cases.py", "client_cases.py"],
  claims: CLAIMS,
});
