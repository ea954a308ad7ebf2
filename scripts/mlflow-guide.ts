import {
  ABSENT_ENDPOINTS,
  type AbsentEndpoint,
} from "../server/src/protocols/mlflow/compatibility-absent.ts";
import type { MlflowRoute } from "../server/src/protocols/mlflow/route.ts";
import { MLFLOW_WIRE_VERSION } from "../server/src/protocols/mlflow/server-routes.ts";

const INTRODUCTION = `# What of MLflow's wire is there

Written by \`npm run generate\` from the tables that answer. The wire is that of MLflow ${MLFLOW_WIRE_VERSION}; how to come with
an unmodified client is told in [mlflow.md](mlflow.md). Where an endpoint is not there, the answer is a 404 in JSON
(\`ENDPOINT_NOT_FOUND\`) that says why.
`;

/** Parts of the wire by the first words of a path, in the order of the page. */
const AREAS = [
  ["Experiments", /^\/2\.0\/?mlflow\/experiments\//],
  ["Runs", /^\/2\.0\/mlflow\/runs(\/|$)/],
  ["Histories of metrics", /^\/2\.0\/mlflow\/metrics\//],
  ["Logged models", /^\/2\.0\/mlflow\/logged-models/],
  ["Registered models", /^\/2\.0\/mlflow\/registered-models/],
  ["Model versions", /^\/2\.0\/mlflow\/model-versions|^\/model-versions/],
  ["Webhooks", /^\/2\.0\/mlflow\/webhooks/],
  ["Artifacts", /artifact/],
  ["Traces", /traces/],
  ["Server", /^/],
] as const satisfies readonly (readonly [string, RegExp])[];

/** The page of compatibility: every endpoint that is answered with the test that proves it, and what is not there. */
export function mlflowGuide(
  routes: readonly MlflowRoute[],
  absent: readonly AbsentEndpoint[] = ABSENT_ENDPOINTS,
): string {
  const areas = AREAS.map(([title], index) => ({
    title,
    routes: routes.filter(({ path }) => AREAS.findIndex(([, pattern]) => pattern.test(path)) === index),
  }));
  const tables = areas
    .filter((area) => area.routes.length > 0)
    .map((area) => `## ${area.title}\n\n${routeTable(area.routes)}`);
  return [INTRODUCTION, ...tables, `## Not there\n\n${absentTable(absent)}`].join("\n");
}

function routeTable(routes: readonly MlflowRoute[]): string {
  const rows = routes
    .map(({ method, path, prefixes, test }) => ({ path, line: rowOf([method, path, prefixes, test]) }))
    .sort((a, b) => (a.path < b.path ? -1 : a.path > b.path ? 1 : a.line < b.line ? -1 : 1))
    .map(({ line }) => line);
  return `| endpoint | below | test |\n|---|---|---|\n${rows.join("\n")}\n`;
}

function rowOf([method, path, prefixes, test]: [string, string, readonly string[], string]): string {
  const below = prefixes.map((prefix) => (prefix === "" ? "the root" : `\`${prefix}\``)).join(", ");
  return `| ${method} \`${path}\` | ${below} | ${test} |`;
}

function absentTable(absent: readonly AbsentEndpoint[]): string {
  const rows = absent.map(({ path, what, reason }) => `| \`${path}\` | ${what} | ${reason} |`);
  return `| endpoint | what it is | why not, and what instead |\n|---|---|---|\n${rows.join("\n")}\n`;
}
