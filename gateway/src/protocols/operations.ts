import { sendJson } from "../http/respond.ts";
import type { Route } from "../http/route.ts";
import type { Metrics } from "../metrics.ts";

/** Health, version and metrics. */
export function operationRoutes(options: {
  readonly ready: () => boolean;
  readonly version: string;
  readonly metrics: Metrics;
}): Route[] {
  const { ready, version, metrics } = options;
  const get = (path: string, access: Route["access"], handle: Route["handle"]): Route => ({
    method: "GET",
    path,
    access,
    errors: "problem",
    protocol: "operations",
    handle,
  });
  return [
    get("/health/live", "open", ({ response }) => sendJson(response, '{"live":true}')),
    get("/health/ready", "open", ({ response }) =>
      sendJson(response, JSON.stringify({ ready: ready() }), ready() ? 200 : 503),
    ),
    get("/version", "open", ({ response }) =>
      sendJson(response, JSON.stringify({ name: "causeway-gateway", version, node: process.version })),
    ),
    get("/metrics", "operator", ({ response }) => {
      response.writeHead(200, { "content-type": "text/plain; version=0.0.4; charset=utf-8" });
      response.end(metrics.render());
    }),
  ];
}
