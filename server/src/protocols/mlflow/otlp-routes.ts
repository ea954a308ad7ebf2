import type { IncomingHttpHeaders } from "node:http";
import type { Readable } from "node:stream";
import { promisify } from "node:util";
import { gunzip, inflate } from "node:zlib";
import { z } from "zod";
import type { Span, Traces } from "../../lifecycle/experiments/index.ts";
import { mlflowError } from "./errors.ts";
import { readExport, readJsonExport } from "./otlp-spans.ts";
import { readWhole } from "./read-whole.ts";
import { type MlflowRoute, mlflowRoute, WireReply } from "./route.ts";

/** Largest batch of spans, before and after it is unpacked, in bytes. */
const LARGEST_BATCH = 64 * 1024 * 1024;
const unpack = { gzip: promisify(gunzip), deflate: promisify(inflate) };

/** Traces as exporters of OpenTelemetry send them. */
export function otlpRoutes({ traces }: { traces: Traces }): MlflowRoute[] {
  return [
    mlflowRoute({
      method: "POST",
      path: "/v1/traces",
      prefixes: [""],
      permission: "experiments:write",
      input: z.object({}),
      body: "bytes",
      async handle(_input, call, { body, headers }) {
        const experiment = one(headers["x-mlflow-experiment-id"]);
        if (experiment === undefined) {
          throw mlflowError(
            "INVALID_PARAMETER_VALUE",
            "Missing header 'x-mlflow-experiment-id': it names the experiment of the spans.",
          );
        }
        const spans = await readSpans(body, headers);
        await traces.logSpans({ experiment, spans }, call);
        const run = one(headers["x-mlflow-run-id"]);
        const ended = [...new Set(spans.filter(({ parent }) => parent === null).map(({ trace }) => trace))];
        if (run !== undefined && ended.length > 0) await traces.linkToRun({ run, ids: ended }, call);
        // The empty answer of the protocol: nothing was refused.
        return new WireReply({
          headers: { "content-type": "application/x-protobuf" },
          body: Buffer.alloc(0),
        });
      },
      test: "E1/traces",
    }),
  ];
}

async function readSpans(body: Readable, headers: IncomingHttpHeaders): Promise<Span[]> {
  const mediaType = headers["content-type"]?.split(";")[0]?.trim();
  if (mediaType !== "application/x-protobuf" && mediaType !== "application/json") {
    throw mlflowError(
      "BAD_REQUEST",
      `Invalid Content-Type: ${mediaType ?? "none"}. Expected: application/x-protobuf or application/json`,
    );
  }
  const bytes = await unpacked(await readWhole(body, LARGEST_BATCH, tooLarge), headers["content-encoding"]);
  try {
    return mediaType === "application/json" ? readJsonExport(bytes.toString("utf8")) : readExport(bytes);
  } catch (cause) {
    throw mlflowError("BAD_REQUEST", `Invalid OpenTelemetry format: ${reasonOf(cause)}`, cause);
  }
}

async function unpacked(bytes: Buffer, encoding: string | undefined): Promise<Buffer> {
  const name = encoding?.trim().toLowerCase();
  if (name === undefined || name === "" || name === "identity") return bytes;
  if (name !== "gzip" && name !== "deflate") {
    throw mlflowError("BAD_REQUEST", `Unsupported Content-Encoding: ${name}. Send gzip, deflate or nothing.`);
  }
  try {
    return await unpack[name](bytes, { maxOutputLength: LARGEST_BATCH });
  } catch (cause) {
    throw mlflowError("BAD_REQUEST", `The body cannot be unpacked as ${name}: ${reasonOf(cause)}`, cause);
  }
}

const tooLarge = () =>
  mlflowError(
    "INVALID_PARAMETER_VALUE",
    `The batch of spans is larger than ${LARGEST_BATCH} bytes. Send fewer spans at once.`,
  );

function reasonOf(cause: unknown): string {
  if (cause instanceof z.ZodError) return z.prettifyError(cause).slice(0, 300);
  return cause instanceof Error ? cause.message : String(cause);
}

const one = (header: string | string[] | undefined): string | undefined => {
  const [value] = [header].flat();
  return value === undefined || value === "" ? undefined : value;
};
