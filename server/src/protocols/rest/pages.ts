import { randomBytes } from "node:crypto";
import { readFile } from "node:fs/promises";
import { join } from "node:path";
import type { FastifyInstance, FastifyReply, FastifyRequest } from "fastify";
import { notice } from "./notice.ts";
import { pagePolicy } from "./security-headers.ts";

const NONCE_PLACE = "__CSP_NONCE__";

/** Files whose name holds a digest of their content never change. */
const IMMUTABLE_PREFIX = "/assets/";
const IMMUTABLE_MS = 365 * 24 * 3_600_000;

/** Adds the pages: files of the built web folder, and `index.html` for every address of a page. */
export function addPages(app: FastifyInstance, { folder }: { folder: string }): void {
  app.route({
    method: ["GET", "HEAD"],
    url: "/*",
    config: { open: true },
    handler: async (request, reply) => {
      const { pathname } = new URL(request.url, "http://localhost");
      // The API's own addresses that do not exist are no pages.
      // `/go/<id>` is a page that finds what an id names; only `/go/sign-in` is answered here.
      if (
        /^\/(api|ajax-api|v1|v2|health|metrics|graphql|get-artifact|model-versions|go\/sign-in)(\/|$)/.test(
          pathname,
        )
      )
        return reply.callNotFound();
      const isFile = /\.[a-z0-9]+$/i.test(pathname) && !pathname.endsWith(".html");
      if (isFile) {
        const sent = await sendFile({ request, reply, folder, pathname });
        if (sent !== undefined) return sent;
        // A name may look like a file: `/data/sales.2024`. Only a browser that wants a page gets one.
        if (!(request.headers.accept ?? "").includes("text/html")) return reply.callNotFound();
      }
      return sendIndex(reply, folder);
    },
  });
}

async function sendFile(asked: {
  request: FastifyRequest;
  reply: FastifyReply;
  folder: string;
  pathname: string;
}): Promise<FastifyReply | undefined> {
  const { request, reply, folder, pathname } = asked;
  // Loaded with the first page: a server that nobody looks at starts without it.
  const { send } = await import("@fastify/send");
  const immutable = pathname.startsWith(IMMUTABLE_PREFIX);
  const file = await send(request.raw, pathname, {
    root: folder,
    index: false,
    dotfiles: "ignore",
    ...(immutable ? { immutable, maxAge: IMMUTABLE_MS } : { maxAge: 0 }),
  });
  if (file.type !== "file") return undefined;
  return reply.status(file.statusCode).headers(file.headers).send(file.stream);
}

async function sendIndex(reply: FastifyReply, folder: string): Promise<FastifyReply> {
  const html = await readFile(join(folder, "index.html"), "utf8").catch(() => undefined);
  if (html === undefined) {
    return notice(reply, {
      status: 503,
      title: "The pages are not built yet",
      text: "The API works; the browser's part of it was never built in this clone. Build it and load this page again:",
      command: "npm run build",
    });
  }
  const nonce = randomBytes(16).toString("base64");
  return reply
    .type("text/html; charset=utf-8")
    .headers({ "content-security-policy": pagePolicy(nonce), "cache-control": "no-store" })
    .send(html.replaceAll(NONCE_PLACE, nonce));
}
