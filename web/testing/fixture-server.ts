import { readFile } from "node:fs/promises";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import { extname, join } from "node:path";
import { Readable } from "node:stream";
import { ENDPOINTS, type Endpoint, fail, type JudgedPrediction, toProblem } from "@causeway/contract";
import { fixtures } from "./fixtures.ts";
import { loopFixtures } from "./loop-fixtures.ts";
import { monitoringFixtures } from "./monitoring-fixtures.ts";

const TYPES: Record<string, string> = {
  ".css": "text/css",
  ".html": "text/html; charset=utf-8",
  ".js": "text/javascript",
  ".svg": "image/svg+xml",
  ".woff2": "font/woff2",
};

type Asked = Record<string, string>;

/** How the server answers: as a full installation, as an empty one, as one that knows no session, or not at all. */
export type Mood = "full" | "empty" | "signed-out" | "broken";

/** Answers of every route that the pages read, by table and name. */
export function answers(now: Date, mood: Mood): Record<string, (asked: Asked) => unknown> {
  const known = fixtures(now);
  const watched = monitoringFixtures(now);
  const loop = loopFixtures(now, watched);
  const page = <Item>(items: readonly Item[], asked: Asked) => ({
    items: mood === "empty" ? [] : items.slice(0, Number(asked["limit"] ?? 100)),
    next: null,
  });
  const one = <Item>(item: Item | undefined, what: string): Item => {
    if (item === undefined) throw fail("NOT_FOUND", { message: `there is no ${what}`, field: what });
    return item;
  };
  const versionsOf = (asked: Asked) =>
    Object.entries(known.versions).find(([name]) => name === asked["dataset"])?.[1] ?? [];
  const versionOf = (asked: Asked) =>
    one(
      versionsOf(asked).find(
        ({ id }) => asked["version"] === "latest" || id.startsWith(asked["version"] ?? "-"),
      ),
      "dataset version",
    );
  const predicted = (asked: Asked): JudgedPrediction[] =>
    known.predictions.filter(({ deployment }) => deployment === asked["deployment"]);
  const ofMonitor = <Item extends { monitor: string; deployment?: string; state?: string }>(
    items: readonly Item[],
    asked: Asked,
  ) =>
    items.filter(
      (item) =>
        (asked["monitor"] === undefined || item.monitor === asked["monitor"]) &&
        (asked["deployment"] === undefined || item.deployment === asked["deployment"]) &&
        (asked["state"] === undefined || item.state === asked["state"]),
    );
  const windowsOf = (asked: Asked) => watched.windows[asked["monitor"] ?? ""] ?? [];
  return {
    "monitoring.listMonitors": (asked) =>
      page(
        watched.monitors.filter(
          ({ environment, deployment }) =>
            environment === (asked["environment"] ?? "dev") &&
            (asked["deployment"] === undefined || deployment === asked["deployment"]),
        ),
        asked,
      ),
    "monitoring.getMonitor": (asked) =>
      one(
        watched.monitors.find(({ name }) => name === asked["monitor"]),
        "monitor",
      ),
    "monitoring.listWindows": (asked) => page(windowsOf(asked), asked),
    "monitoring.getWindow": (asked) =>
      watched.detailOf(
        one(
          windowsOf(asked).find(({ start }) => start === asked["start"]),
          "window",
        ),
      ),
    "monitoring.listColumns": (asked) => watched.columns(asked["monitor"] ?? ""),
    "monitoring.listAlerts": (asked) =>
      page(asked["environment"] === "prod" ? [] : ofMonitor(watched.alerts, asked), asked),
    "monitoring.getAlert": (asked) =>
      one(
        watched.alerts.find(({ id }) => id === asked["alert"]),
        "alert",
      ),
    "retraining.listPolicies": (asked) =>
      page(
        watched.policies.filter(
          ({ environment, deployment }) =>
            environment === (asked["environment"] ?? "dev") &&
            (asked["deployment"] === undefined || deployment === asked["deployment"]),
        ),
        asked,
      ),
    "retraining.getPolicy": (asked) =>
      one(
        watched.policies.find(({ name }) => name === asked["policy"]),
        "policy",
      ),
    "retraining.listCycles": (asked) => page(loop.cycles, asked),
    "retraining.getCycle": (asked) =>
      one(
        loop.cycles.find(({ number }) => String(number) === asked["number"]),
        "cycle",
      ),
    "retraining.getTimeline": (asked) =>
      page(
        loop.timeline.filter(({ cycle }) => asked["cycle"] === undefined || String(cycle) === asked["cycle"]),
        asked,
      ),
    "registry.getApproval": (asked) =>
      one(
        watched.approvals.find(({ id }) => id === asked["approval"]),
        "approval",
      ),
    "registry.getAliasRule": (asked) => ({
      approval: asked["alias"] === "champion" ? "person" : "automatic",
      fourEyes: asked["alias"] === "champion",
      expiresAfter: "7 days",
    }),
    "registry.listGates": (asked) => page(asked["version"] === "3" ? loop.gates : [], asked),
    "registry.getGate": (asked) =>
      one(
        loop.gates.find(({ id }) => id === asked["gate"]),
        "gate",
      ),
    "platform.listNotifications": (asked) => page(loop.notifications, asked),
    "deployments.getTraffic": (asked) => ({
      items: mood === "empty" ? [] : loop.traffic(Number(asked["spans"] ?? 60)),
    }),
    "deployments.getLog": () => loop.log,
    "deployments.listTruths": (asked) => ({
      items: known.predictions.find(({ id }) => id === asked["prediction"])?.truth == null ? [] : loop.truths,
    }),
    "registry.listApprovals": (asked) =>
      page(asked["environment"] === "prod" ? [] : watched.approvals, asked),
    "platform.listChannels": (asked) => page(loop.channels, asked),
    "platform.about": () => known.about,
    "platform.whoAmI": () => known.identity,
    "platform.listProjects": (asked) => page(known.projects, asked),
    "platform.listTokens": (asked) => page(known.tokens, asked),
    "platform.listEvents": (asked) => page(known.events, asked),
    "platform.listAudit": (asked) =>
      page(
        known.events.map(({ id, recordedAt, actor, type, subject, project, environment, data }) => ({
          id,
          recordedAt,
          actor,
          action: type,
          subject,
          project,
          environment,
          requestId: id.slice(0, 8),
          data,
        })),
        asked,
      ),
    "platform.getLineage": () => (mood === "empty" ? { nodes: [], edges: [] } : known.lineage),
    "data.listDatasets": (asked) => page(known.datasets, asked),
    "data.listVersions": (asked) => page(versionsOf(asked), asked),
    "data.listImports": (asked) => page(asked["dataset"] === "customers" ? known.imports : [], asked),
    "data.getVersion": versionOf,
    "data.getProfile": () => known.profile,
    "data.preview": () => ({
      columns: known.schema,
      rows: Array.from({ length: 50 }, (_, row) => [
        `${1000 + row}-ORFBO`,
        row % 72,
        "Month-to-month",
        "Mailed check",
        29.85 + row,
        row === 3 ? null : 1889.5,
        row % 5 === 0,
        "2021-03-04T00:00:00.000Z",
        row % 3 === 0 ? "Yes" : "No",
      ]),
      total: 7043,
    }),
    "data.listQuarantine": () => ({
      rows: [
        {
          file: "bookings.csv",
          line: 490,
          column: "adr",
          value: "n/a",
          reason: "expected a number",
          text: "City Hotel,n/a",
        },
      ],
      total: 14,
    }),
    "experiments.listExperiments": (asked) => page(known.experiments, asked),
    "experiments.listRuns": (asked) => page(asked["experiment"] === "0" ? [] : known.runs, asked),
    "experiments.getRun": (asked) =>
      one(
        known.runs.find(({ id }) => id.startsWith(asked["run"] ?? "-")),
        "run",
      ),
    "experiments.getExperiment": (asked) =>
      one(
        known.experiments.find(({ id, name }) => id === asked["experiment"] || name === asked["experiment"]),
        "experiment",
      ),
    "experiments.searchRuns": (asked) =>
      page(asked["filter"]?.includes("IS NOT NULL") ? [] : known.runs, asked),
    "experiments.listSearchKeys": () => ({
      metrics: ["valid.auc", "valid.logloss", "rows"],
      params: ["learning_rate", "trees", "min_examples", "seed"],
      tags: ["causeway.step"],
    }),
    "experiments.sampleCurves": (asked) => ({
      curves: known.runs
        .map(({ id }, index) => ({ id, index }))
        .filter(({ id }) => asked["runs"]?.includes(id) ?? true)
        .flatMap(({ id, index }) =>
          (asked["metrics"] ?? "valid.auc").split(",").map((metric) => {
            const points = known.curve(index, metric);
            const first = Date.parse(points[0]?.occurredAt ?? now.toISOString());
            return {
              run: id,
              metric,
              points: points.length,
              sampled: points.map((point) => ({
                ...point,
                relativeMs: Date.parse(point.occurredAt) - first,
              })),
            };
          }),
        ),
    }),
    "experiments.listViews": (asked) =>
      page(
        [
          {
            id: known.tokens[0]!.id,
            name: "deep trees",
            experiment: "churn",
            view: {
              filter: "params.trees = '500'",
              orderBy: ["metrics.valid.auc DESC"],
              columns: ["metrics.valid.auc@course", "params.trees"],
              life: "active" as const,
              page: {},
            },
            createdAt: known.tokens[0]!.createdAt,
            createdBy: known.identity.actor,
          },
        ],
        asked,
      ),
    "experiments.listLoggedModels": (asked) =>
      page(
        known.runs
          .flatMap((run) => run.models.map((model) => ({ run, model })))
          .filter(({ run }) => asked["run"] === undefined || run.id === asked["run"])
          .map(({ run, model }) => ({
            id: model.id,
            name: model.name,
            experiment: run.experiment,
            modelType: null,
            state: "ready" as const,
            run: run.id,
            params: {},
            tags: {},
            versions: [{ model: "churn", version: 3 }],
            createdAt: run.startedAt,
          })),
        asked,
      ),
    "experiments.metricHistory": (asked) => ({
      items: known.curve(
        known.runs.findIndex(({ id }) => id === asked["run"]),
        asked["name"] ?? "",
      ),
      next: null,
    }),
    "experiments.listArtifacts": (asked) =>
      page([{ path: "model/model.onnx", digest: known.modelVersions[0]!.digest, bytes: 1_240_000 }], asked),
    "pipelines.listPipelines": (asked) => page(known.pipelines, asked),
    "pipelines.getPipeline": (asked) =>
      one(
        known.pipelines.find(({ name }) => name === asked["pipeline"]),
        "pipeline",
      ),
    "pipelines.listVersions": (asked) => page([known.pipelineVersion], asked),
    "pipelines.listRuns": (asked) =>
      page(
        known.pipelineRuns.filter(
          ({ pipeline }) => asked["pipeline"] === undefined || pipeline === asked["pipeline"],
        ),
        asked,
      ),
    "pipelines.getRun": (asked) =>
      one(
        known.pipelineRuns.find(
          ({ pipeline, number }) => pipeline === asked["pipeline"] && String(number) === asked["number"],
        ),
        "pipeline run",
      ),
    "registry.listModels": (asked) => page(known.models, asked),
    "registry.getModel": (asked) =>
      one(
        known.models.find(({ name }) => name === asked["model"]),
        "model",
      ),
    "registry.listVersions": (asked) => page(known.modelVersions, asked),
    "registry.getVersion": (asked) =>
      one(
        known.modelVersions.find(({ version }) => String(version) === asked["version"]),
        "model version",
      ),
    "registry.getCard": () => ({
      markdown:
        "# churn v3\n\nPredicts **Churn** for one customer.\n\n## Data\n\n| column | type |\n|---|---|\n| tenure | integer |\n| Contract | string |\n\n- trained on `customers 9f31c2`\n- evaluated on 1,409 rows\n",
    }),
    "deployments.listDeployments": (asked) =>
      page(
        known.deployments.filter(({ environment }) => environment === asked["environment"]),
        asked,
      ),
    "deployments.getDeployment": (asked) =>
      one(
        known.deployments.find(({ name }) => name === asked["deployment"]),
        "deployment",
      ),
    "deployments.listRevisions": (asked) =>
      page(
        known.deployments
          .slice(0, 1)
          .flatMap(({ revision }) => [revision, { ...revision, number: 1, version: 1 }]),
        asked,
      ),
    "deployments.listKeys": (asked) =>
      page(
        [
          {
            id: known.tokens[0]!.id,
            deployment: "churn",
            name: "shop",
            createdAt: known.tokens[0]!.createdAt,
            createdBy: known.identity.actor,
            revokedAt: null,
          },
        ],
        asked,
      ),
    "deployments.listPredictions": (asked) => page(predicted(asked), asked),
    "deployments.getPrediction": (asked) => ({
      rows: [
        one(
          known.predictions.find(({ id }) => id === asked["prediction"]),
          "prediction",
        ),
      ],
    }),
  };
}

/** Serves the built pages and the fixtures, under the same content policy as control. */
export function fixtureServer({
  dist,
  mood = "full",
  now = new Date(),
}: {
  dist: string;
  mood?: Mood;
  now?: Date;
}) {
  const table = answers(now, mood);
  const lines = fixtures(now).lines;
  const server = createServer((request, response) => {
    void answer(request, response).catch((error: unknown) => {
      response.writeHead(500, { "content-type": "text/plain" }).end(String(error));
    });
  });
  const answer = async (request: IncomingMessage, response: ServerResponse) => {
    const url = new URL(request.url ?? "/", "http://fixture");
    if (!url.pathname.startsWith("/api/")) return asset(url.pathname, response);
    const route = routeOf(request.method ?? "GET", url);
    if (mood === "signed-out")
      return refuse(
        response,
        fail("UNAUTHENTICATED", { message: "no valid session", help: "npx --no causeway token link" }),
      );
    if (mood === "broken")
      return refuse(response, fail("INTERNAL", { message: "the database did not answer" }));
    if (route?.endpoint.answer === "events") return stream(route.name, route.asked, response);
    const found = route === undefined ? undefined : table[route.name];
    if (found === undefined || route === undefined)
      return refuse(
        response,
        fail("NOT_FOUND", { message: `no fixture for ${request.method} ${url.pathname}` }),
      );
    try {
      const given = request.method === "GET" ? {} : await bodyOf(request);
      const body = JSON.stringify(found({ ...route.asked, ...given }));
      response.writeHead(200, { "content-type": "application/json" }).end(body);
    } catch (error) {
      refuse(response, error);
    }
  };
  const stream = (name: string, asked: Asked, response: ServerResponse) => {
    response.writeHead(200, { "content-type": "text/event-stream", "cache-control": "no-store" });
    response.write(": open\n\n");
    if (name !== "pipelines.followRun") return;
    for (const line of lines)
      response.write(`data: ${JSON.stringify({ kind: "log", line, text: line.text })}\n\n`);
    const run = table["pipelines.getRun"]?.(asked);
    response.write(`data: ${JSON.stringify({ kind: "run", run, text: "" })}\n\n`);
  };
  const asset = async (path: string, response: ServerResponse) => {
    const file = path.startsWith("/assets/") || path === "/causeway.svg" ? path : "/index.html";
    const body = await readFile(join(dist, file));
    const nonce = "fixture-nonce";
    const policy = `default-src 'none'; script-src 'self'; style-src 'self' 'nonce-${nonce}'; img-src 'self' data: blob:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'`;
    response.writeHead(200, {
      "content-type": TYPES[extname(file)] ?? "application/octet-stream",
      "content-security-policy": policy,
    });
    response.end(file === "/index.html" ? body.toString().replace("__CSP_NONCE__", nonce) : body);
  };
  return server;
}

/** The fields of a request's JSON, each as text. */
async function bodyOf(request: IncomingMessage): Promise<Asked> {
  const text = await new Response(Readable.toWeb(request) as ReadableStream).text(); // the two types differ in name only
  const fields: Record<string, unknown> = text === "" ? {} : JSON.parse(text);
  return Object.fromEntries(Object.entries(fields).map(([key, value]) => [key, String(value)]));
}

function refuse(response: ServerResponse, error: unknown): void {
  const problem = toProblem(error, "0198f3c2");
  response
    .writeHead(problem.status, { "content-type": "application/problem+json" })
    .end(JSON.stringify(problem));
}

/** The contract's route of a request, with its path and query fields. */
function routeOf(method: string, url: URL): { name: string; endpoint: Endpoint; asked: Asked } | undefined {
  for (const [stage, routes] of Object.entries(ENDPOINTS)) {
    for (const [name, endpoint] of Object.entries(routes as Record<string, Endpoint>)) {
      const pattern = new RegExp(`^${endpoint.path.replace(/:([A-Za-z]+)/g, "(?<$1>[^/]+)")}$`);
      const match = pattern.exec(url.pathname);
      if (endpoint.method !== method || match === null) continue;
      const inPath = Object.fromEntries(
        Object.entries(match.groups ?? {}).map(([key, value]) => [key, decodeURIComponent(value)]),
      );
      return {
        name: `${stage}.${name}`,
        endpoint,
        asked: { ...Object.fromEntries(url.searchParams), ...inPath },
      };
    }
  }
  return undefined;
}
