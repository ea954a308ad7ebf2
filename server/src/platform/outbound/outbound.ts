import { lookup } from "node:dns/promises";
import { type ClientRequest, request as requestHttp } from "node:http";
import { request as requestHttps } from "node:https";
import { isIP } from "node:net";
import { fail } from "@causeway/contract";
import { isPublicAddress } from "./address-ranges.ts";

const TIME_LIMIT_MS = 10_000;
/** How much of an answer is read; the rest is not waited for. */
const ANSWER_BYTES = 4_096;

/** An address of a host as name resolution gives it. */
type HostAddress = { readonly address: string; readonly family: number };

/** How names become addresses; tests give their own. */
export type Resolve = (host: string) => Promise<readonly HostAddress[]>;

/** What an address answered to a message. */
export type OutboundAnswer = {
  readonly status: number;
  /** The beginning of the answer. */
  readonly text: string;
  /** Seconds after which the receiver wants to be asked again, where it says so. */
  readonly retryAfterSeconds: number | null;
};

/** Calls that leave the installation to addresses that people gave. */
export type Outbound = ReturnType<typeof createOutbound>;

/** Makes the way out. Unless `allowPrivate`, only public addresses are called. */
export function createOutbound(options: { readonly allowPrivate: boolean; readonly resolve?: Resolve }) {
  const { allowPrivate } = options;
  const resolve: Resolve = options.resolve ?? ((host) => lookup(host, { all: true, verbatim: true }));

  /** Refuses an address that may not be called. A name that does not resolve now passes: each call looks again. */
  async function check(url: URL): Promise<void> {
    if (url.protocol !== "https:" && url.protocol !== "http:") {
      throw fail("INVALID_FIELD", {
        message: `${url.protocol} addresses are not called`,
        field: "url",
        value: url.protocol,
        help: "Give an address that begins with https://.",
      });
    }
    if (url.username !== "" || url.password !== "") {
      throw fail("INVALID_FIELD", {
        message: "The address holds a user name or password",
        field: "url",
        value: url.host,
        help: "Give an address whose secret is part of its path or query.",
      });
    }
    const limit = AbortSignal.timeout(TIME_LIMIT_MS);
    const found = await within(limit, resolveHost(url)).catch(() => []);
    checkPublic(url, found);
  }

  /**
   * Posts JSON and answers what came back. The address that was checked is the one that is called, so that a name which
   * changes its meaning in between leads nowhere; redirects are not followed.
   */
  function postJson(url: URL, body: unknown, signal?: AbortSignal): Promise<OutboundAnswer> {
    return post(url, { content: JSON.stringify(body), headers: {} }, signal);
  }

  /** As `postJson`, with JSON that is written already and headers of its own, for messages that are signed. */
  async function post(
    url: URL,
    { content, headers }: { content: string; headers: Readonly<Record<string, string>> },
    signal?: AbortSignal,
  ): Promise<OutboundAnswer> {
    const limit = AbortSignal.timeout(TIME_LIMIT_MS);
    const over = signal === undefined ? limit : AbortSignal.any([limit, signal]);
    const found = await within(over, resolveHost(url));
    checkPublic(url, found);
    const [target] = found;
    if (target === undefined) throw new Error(`${url.hostname} has no address`);
    return send({ url, target, content, headers, signal: over });
  }

  async function resolveHost(url: URL): Promise<readonly HostAddress[]> {
    const host = bareHost(url);
    const family = isIP(host);
    return family === 0 ? resolve(host) : [{ address: host, family }];
  }

  function checkPublic(url: URL, found: readonly HostAddress[]): void {
    const closed = found.find(({ address }) => !isPublicAddress(address));
    if (allowPrivate || closed === undefined) return;
    throw fail("FORBIDDEN_ADDRESS", {
      message: `${url.host} is ${closed.address}, which is not a public address`,
      field: "url",
      value: url.host,
      help: "Start with --allow-private-channels (or CAUSEWAY_NOTIFY_PRIVATE=1) where messages may go to machines of your own network.",
    });
  }

  return { check, postJson, post, allowsPrivate: allowPrivate };
}

/** What is asked for, or the signal's reason where that comes first: a name server may leave one waiting. */
function within<Result>(signal: AbortSignal, asked: Promise<Result>): Promise<Result> {
  return new Promise((resolve, reject) => {
    const onAbort = () => reject(signal.reason);
    if (signal.aborted) onAbort();
    signal.addEventListener("abort", onAbort, { once: true });
    asked.then(resolve, reject).finally(() => signal.removeEventListener("abort", onAbort));
  });
}

function send(call: {
  url: URL;
  target: HostAddress;
  content: string;
  headers: Readonly<Record<string, string>>;
  signal: AbortSignal;
}): Promise<OutboundAnswer> {
  const { url, target, content, headers, signal } = call;
  const open = url.protocol === "https:" ? requestHttps : requestHttp;
  return new Promise((resolve, reject) => {
    const request: ClientRequest = open(
      url,
      {
        method: "POST",
        // No shared connections: each call goes to the address that was just checked.
        agent: false,
        lookup: (_host, options, done) => {
          if (options.all === true) done(null, [{ ...target }]);
          else done(null, target.address, target.family);
        },
        headers: {
          ...headers,
          "content-type": "application/json",
          "content-length": Buffer.byteLength(content),
          "user-agent": "causeway",
        },
        signal,
      },
      (response) => {
        const chunks: Buffer[] = [];
        let bytes = 0;
        const finish = () => {
          const text = Buffer.concat(chunks).subarray(0, ANSWER_BYTES).toString("utf8");
          const wait = Number(response.headers["retry-after"]);
          resolve({
            status: response.statusCode ?? 0,
            text,
            retryAfterSeconds: Number.isFinite(wait) && wait >= 0 ? wait : null,
          });
          request.destroy();
        };
        response.on("data", (chunk: Buffer) => {
          chunks.push(chunk);
          bytes += chunk.byteLength;
          if (bytes >= ANSWER_BYTES) finish();
        });
        response.once("end", finish);
        response.once("error", reject);
      },
    );
    request.once("error", (error) => reject(signal.aborted ? signal.reason : error));
    request.end(content);
  });
}

/** The host without the brackets of an IPv6 address. */
function bareHost({ hostname }: URL): string {
  return hostname.startsWith("[") ? hostname.slice(1, -1) : hostname;
}
