import { fail } from "@causeway/contract";
import type { FastifyInstance } from "fastify";
import type { Metrics } from "../../platform/metrics/index.ts";
import { MLFLOW_WIRE_VERSION } from "../mlflow/server-routes.ts";

const PLAIN = "text/plain; charset=utf-8";

/** What the routes for operators need. */
export type OperatorParts = {
  readonly metrics: Metrics;
  /** Throws when the program cannot do its work now. */
  readonly checkReady: () => Promise<void>;
};

/** Adds health, version and metrics: what supervisors, load balancers and Prometheus ask. */
export function addOperatorRoutes(app: FastifyInstance, { metrics, checkReady }: OperatorParts): void {
  app.get("/health/live", { config: { open: true } }, async () => ({ status: "live" }));

  app.get("/health/ready", { config: { open: true } }, async () => {
    try {
      await checkReady();
    } catch (cause) {
      throw fail("UNAVAILABLE", {
        message: `Control is not ready: ${cause instanceof Error ? cause.message : cause}`,
        help: "Ask again in a moment. Where it lasts: npx --no causeway logs control",
        cause,
      });
    }
    return { status: "ready" };
  });

  // What clients of MLflow ask a server for, in plain text: they switch abilities on by the release that they read.
  // Causeway's own version is told by /api/platform/about.
  app.get("/health", { config: { open: true } }, async (_request, reply) => reply.type(PLAIN).send("OK"));
  app.get("/version", { config: { open: true } }, async (_request, reply) =>
    reply.type(PLAIN).send(MLFLOW_WIRE_VERSION),
  );

  app.get("/metrics", { config: { permission: "platform:read" } }, async (_request, reply) =>
    reply.type(metrics.contentType).send(await metrics.render()),
  );
}
