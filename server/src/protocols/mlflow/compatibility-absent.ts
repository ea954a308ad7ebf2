/** Endpoints of MLflow that are not here. A path that ends in `*` names all that begin with it. */
export type AbsentEndpoint = {
  /** Without the prefix `/api` or `/ajax-api`, but where an address has neither. */
  readonly path: string;
  readonly what: string;
  /** Why it is not there, and what to use instead. */
  readonly reason: string;
};

const MODELS_OF_LANGUAGE =
  "Tools for applications of large language models are not part of Causeway; traces and logged models are.";

const PAGES_OF_MLFLOW = "Only MLflow's own web pages ask for it; Causeway has its own.";

const SUMS_OF_TRACES =
  "Traces are searched, read and exported one by one; sums over them are for their reader to make.";

const TOKENS =
  "Rights are held by tokens with permissions: npx --no causeway token create <name> --allow experiments:write";

/** What of MLflow's wire is not answered, in groups. */
export const ABSENT_ENDPOINTS: readonly AbsentEndpoint[] = [
  { path: "/3.0/mlflow/datasets*", what: "Evaluation datasets", reason: MODELS_OF_LANGUAGE },
  { path: "/3.0/mlflow/scorers*", what: "Scorers", reason: MODELS_OF_LANGUAGE },
  { path: "/3.0/mlflow/scorer/invoke", what: "Scorers run by the server", reason: MODELS_OF_LANGUAGE },
  { path: "/3.0/mlflow/label-schemas*", what: "Label schemas", reason: MODELS_OF_LANGUAGE },
  { path: "/3.0/mlflow/review-queues*", what: "Review queues", reason: MODELS_OF_LANGUAGE },
  { path: "/3.0/mlflow/issues*", what: "Issues found in traces", reason: MODELS_OF_LANGUAGE },
  { path: "/3.0/mlflow/prompt-optimization*", what: "Prompt optimization", reason: MODELS_OF_LANGUAGE },
  { path: "/3.0/mlflow/genai*", what: "Evaluation run by the server", reason: MODELS_OF_LANGUAGE },
  { path: "/3.0/mlflow/gateway*", what: "AI gateway", reason: MODELS_OF_LANGUAGE },
  { path: "/2.0/mlflow/gateway-proxy", what: "AI gateway", reason: MODELS_OF_LANGUAGE },
  { path: "/2.0/mlflow/runs/create-promptlab-run", what: "Prompt lab", reason: MODELS_OF_LANGUAGE },
  { path: "/2.0/mlflow/traces/link-prompts", what: "Prompts of a trace", reason: MODELS_OF_LANGUAGE },
  { path: "/3.0/mlflow/traces/metrics", what: "Sums over traces", reason: SUMS_OF_TRACES },
  {
    path: "/3.0/mlflow/traces/calculate-filter-correlation",
    what: "Correlation of two searches of traces",
    reason: SUMS_OF_TRACES,
  },
  {
    path: "/3.0/mlflow/jobs*",
    what: "Jobs of MLflow's server",
    reason: "Long work is a pipeline run here: npx --no causeway pipelines run",
  },
  { path: "/3.0/mlflow/demo*", what: "Demo data", reason: "Causeway has its own: npm run demo" },
  { path: "/3.0/mlflow/ui-telemetry", what: "Telemetry", reason: "Causeway sends nothing home." },
  { path: "/2.0/mlflow/unified-traces", what: "Traces of Databricks", reason: "Only Databricks answers it." },
  {
    path: "/2.0/mlflow/get-online-trace-details",
    what: "Traces of Databricks",
    reason: "Only Databricks answers it.",
  },
  {
    path: "/3.0/mlflow/workspaces*",
    what: "Management of workspaces",
    reason:
      "A workspace is a project of Causeway, named by MLFLOW_WORKSPACE; projects are made with POST /api/platform/projects.",
  },
  { path: "/2.0/mlflow/users*", what: "Users", reason: TOKENS },
  { path: "/3.0/mlflow/users*", what: "Users", reason: TOKENS },
  { path: "/3.0/mlflow/roles*", what: "Roles", reason: TOKENS },
  { path: "/2.0/mlflow/experiments/permissions*", what: "Permissions of experiments", reason: TOKENS },
  { path: "/2.0/mlflow/registered-models/permissions*", what: "Permissions of models", reason: TOKENS },
  { path: "/graphql", what: "GraphQL", reason: PAGES_OF_MLFLOW },
];

/** The absent endpoint that an address belongs to; undefined for an address that MLflow does not know either. */
export function findAbsent(
  pathname: string,
  absent: readonly AbsentEndpoint[] = ABSENT_ENDPOINTS,
): AbsentEndpoint | undefined {
  const path = pathname.replace(/^\/(api|ajax-api)(?=\/)/, "");
  return absent.find((one) =>
    one.path.endsWith("*") ? path.startsWith(one.path.slice(0, -1)) : path === one.path,
  );
}
