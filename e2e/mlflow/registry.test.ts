import { describeCases } from "./run-cases.ts";

/** What each case of the script promises, by its function's name. */
const CLAIMS = {
  registered:
    "E1/registry a model that is logged is registered, loaded by version, and registered again from its run",
  files: "E1/registry the files of a version stay what they were, whatever is logged to its model later",
  models: "R1/models are made, described, tagged, renamed with what hangs on them, and deleted",
  aliases: "R1/aliases move, are found, refuse reserved names, and go with the version they point at",
  stages: "R1/stages label versions for old clients, and archive what was there before",
  versions: "R1/tags and descriptions of versions, their copies, and searches page by page",
  sources: "E1/registry a version is made from what its run logged, and from no other place of the server",
  prompts: "E1/registry prompts are registered, loaded by version and alias, and kept apart from models",
  webhooks: "R8/webhooks reach a receiver with a signature that it can check",
} as const;

describeCases("the registry of the unmodified MLflow client", {
  scripts: ["registry_cases.py"],
  claims: CLAIMS,
  args: ["--allow-private-channels"],
});
