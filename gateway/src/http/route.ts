import type { IncomingMessage, ServerResponse } from "node:http";
import type { Environment } from "@causeway/contract";
import type { LiveDeployment } from "../desired/switcher.ts";

/** One request with what the server found out before its handler runs. */
export type Exchange = {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly parameters: Readonly<Record<string, string>>;
  /** From the prefix `/@<project>/<environment>`, else `default` and `dev`. */
  readonly project: string;
  readonly environment: string;
  /** Set for routes of access `deployment` and `own`. */
  readonly deployment: LiveDeployment | null;
  /** On the clock of `performance.now()`. */
  readonly startedMs: number;
  /** The revision that answers; set by the protocol as soon as it is known. */
  revision: number | null;
};

/**
 * Who may call a route: anybody (`open`), holders of a key of the deployment in the path (`deployment`), of any deployment's
 * key (`any`), of the one deployment that the key opens (`own`), or those who may look after the gateway (`operator`). The gateway's own token opens all of them.
 */
export type Access = "open" | "deployment" | "any" | "own" | "operator";

/** How a refusal is written: problem+json, the Open Inference Protocol's `{"error"}`, or MLflow's `{"error_code", "message"}`. */
export type ErrorShape = "problem" | "inference" | "mlflow";

export type Route = {
  readonly method: "GET" | "POST";
  /** `/predict/:deployment`. */
  readonly path: string;
  readonly access: Access;
  readonly errors: ErrorShape;
  /** For metrics: `predict`, `inference`, `invocations` or `operations`. */
  readonly protocol: string;
  readonly handle: (exchange: Exchange) => void | Promise<void>;
};

export type Matched = { readonly route: Route; readonly parameters: Record<string, string> };

/** What a path leads to: a route, or the methods that it would take, or nothing. */
export type Match = Matched | { readonly allow: readonly string[] } | null;

export type Router = {
  find(method: string, path: string): Match;
};

const SCOPE = /^\/@([^/]+)\/([^/]+)(\/.*)$/;

/** Takes the scope off a path. */
export function splitScope(path: string): {
  project: string;
  environment: Environment | string;
  rest: string;
} {
  if (path.charCodeAt(1) !== 0x40) return { project: "default", environment: "dev", rest: path };
  const [, project, environment, rest] = SCOPE.exec(path) ?? [];
  if (!project || !environment || !rest) return { project: "default", environment: "dev", rest: path };
  return { project, environment, rest };
}

/** Finds routes by their path's segments; a trailing slash changes nothing. */
export function createRouter(routes: readonly Route[]): Router {
  const compiled = routes.map((route) => ({ route, segments: route.path.split("/").slice(1) }));
  return {
    find(method, path) {
      const trimmed = path.length > 1 && path.endsWith("/") ? path.slice(0, -1) : path;
      const given = trimmed.split("/").slice(1);
      const allow: string[] = [];
      for (const { route, segments } of compiled) {
        const parameters = segments.length === given.length ? match(segments, given) : null;
        if (!parameters) continue;
        if (route.method === method || (route.method === "GET" && method === "HEAD"))
          return { route, parameters };
        allow.push(route.method);
      }
      return allow.length > 0 ? { allow } : null;
    },
  };
}

function match(segments: readonly string[], given: readonly string[]): Record<string, string> | null {
  const parameters: Record<string, string> = {};
  for (let index = 0; index < segments.length; index++) {
    const segment = segments[index] ?? "";
    const text = given[index] ?? "";
    if (segment.startsWith(":")) parameters[segment.slice(1)] = text.includes("%") ? decoded(text) : text;
    else if (segment !== text) return null;
  }
  return parameters;
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
}
