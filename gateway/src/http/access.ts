import { hash, timingSafeEqual } from "node:crypto";
import type { IncomingHttpHeaders } from "node:http";
import { fail } from "@causeway/contract";
import { deploymentKey, type LiveDeployment, type Switcher } from "../desired/switcher.ts";
import type { Access } from "./route.ts";

export type Asked = {
  readonly access: Access;
  readonly headers: IncomingHttpHeaders;
  readonly project: string;
  readonly environment: string;
  readonly deployment: string | undefined;
};

/** Lets a request through to the deployment that it names, or refuses it. */
export type Gatekeeper = (asked: Asked) => LiveDeployment | null;

const MOST_KNOWN_DIGESTS = 256;

const LOOPBACK = ["localhost", "127.0.0.1", "[::1]"];

/**
 * Checks Host (against rebinding), Origin (against other sites' pages) and the bearer token, in this order. Without `token`
 * checking is off: `serve` allows that on loopback alone.
 */
export function createGatekeeper(options: {
  readonly switcher: Pick<Switcher, "find" | "list" | "readers">;
  readonly token: string | null;
  readonly hosts: readonly string[];
}): Gatekeeper {
  const { switcher, token } = options;
  const hosts = new Set([...LOOPBACK, ...options.hosts.map((host) => host.toLowerCase())]);
  const own = token === null ? null : digestOf(token);

  const digests = new Map<string, Buffer>();

  /** The digest of the bearer token; callers send the same one over and over. */
  function presented(authorization: string | undefined): Buffer | null {
    if (authorization?.slice(0, 7).toLowerCase() !== "bearer ") return null;
    const known = digests.get(authorization);
    if (known) return known;
    if (digests.size >= MOST_KNOWN_DIGESTS) digests.clear();
    const digest = digestOf(authorization.slice(7).trim());
    digests.set(authorization, digest);
    return digest;
  }

  function checkHost({ headers }: Asked): void {
    const { host, origin } = headers;
    if (host === undefined || !hosts.has(hostName(host))) {
      throw fail("FOREIGN_HOST", {
        message: `the Host header names ${host ?? "nothing"}, which is not this gateway`,
        field: "Host",
        value: host ?? "",
        help: "call the gateway by the name it was started with, or start it with --allow-host <name>",
      });
    }
    if (origin !== undefined && !hosts.has(hostName(origin.replace(/^[a-z]+:\/\//, "")))) {
      throw fail("FOREIGN_ORIGIN", {
        message: `a page of ${origin} may not call this gateway`,
        field: "Origin",
        value: origin,
        help: "call it from a server, or start it with --allow-host <name>",
      });
    }
  }

  function authorize(asked: Asked, live: LiveDeployment | undefined): void {
    if (own === null) return;
    const digest = presented(asked.headers.authorization);
    if (digest === null) throw unauthenticated("no key was sent");
    if (timingSafeEqual(digest, own)) return;
    if (asked.access === "operator") {
      if (holds(switcher.readers(), digest)) return;
    } else if (asked.access === "deployment" && live && holds(live.keys(), digest)) return;
    const known =
      switcher.list().some((other) => holds(other.keys(), digest)) || holds(switcher.readers(), digest);
    if (!known) throw unauthenticated("the key is not known, or was revoked");
    if (asked.access === "any" || (asked.access === "deployment" && !live)) return;
    throw fail("PERMISSION_DENIED", {
      message: "the key does not open this",
      help:
        asked.access === "operator"
          ? "send a token with the permission platform:read"
          : `make a key: causeway key ${asked.deployment ?? ""}`,
    });
  }

  /** The one deployment that a key opens; the gateway's own token opens every one of the scope. */
  function findOwn({ headers, project, environment }: Asked): LiveDeployment {
    const digest = presented(headers.authorization);
    const all = switcher.list();
    const isMaster = own === null || (digest !== null && timingSafeEqual(digest, own));
    const opened = all.filter((live) =>
      isMaster ? isIn(live, { project, environment }) : digest !== null && holds(live.keys(), digest),
    );
    const [only] = opened;
    if (only !== undefined && opened.length === 1) return only;
    if (!isMaster && opened.length === 0)
      throw unauthenticated(digest === null ? "no key was sent" : "the key is not known, or was revoked");
    const paths = opened.map((live) => `/predict/${live.desired().name}/invocations`);
    throw fail(opened.length === 0 ? "NOT_FOUND" : "BAD_REQUEST", {
      message:
        opened.length === 0
          ? `no deployment in ${project}, ${environment}`
          : `several deployments could be meant; the path says which: ${paths.join(", ")}`,
      field: "path",
      help:
        opened.length === 0 ? "causeway deployments list" : "send the request to the path of the deployment",
    });
  }

  return (asked) => {
    if (asked.access === "open") return null;
    checkHost(asked);
    if (asked.access === "own") return findOwn(asked);
    const { project, environment, deployment: name } = asked;
    const live =
      name === undefined ? undefined : switcher.find(deploymentKey({ project, environment, name }));
    authorize(asked, live);
    if (asked.access !== "deployment" || live) return live ?? null;
    throw fail("NOT_FOUND", {
      message: `no deployment ${name} in ${project}, ${environment}`,
      field: "deployment",
      value: name,
      help: "causeway deployments list",
    });
  };
}

function isIn(live: LiveDeployment, scope: Pick<Asked, "project" | "environment">): boolean {
  const { project, environment } = live.desired();
  return project === scope.project && environment === scope.environment;
}

function digestOf(text: string): Buffer {
  return hash("sha256", text, "buffer");
}

function holds(digests: readonly Buffer[], digest: Buffer): boolean {
  let found = false;
  // Every one is compared, so that the time does not tell which one was near.
  for (const known of digests) found = timingSafeEqual(known, digest) || found;
  return found;
}

function hostName(host: string): string {
  const port = host.startsWith("[") ? host.indexOf("]:") + 1 : host.indexOf(":");
  return (port > 0 ? host.slice(0, port) : host).toLowerCase();
}

function unauthenticated(message: string) {
  return fail("UNAUTHENTICATED", {
    message,
    help: "send the header Authorization: Bearer <key>; causeway key <deployment> makes one",
  });
}
