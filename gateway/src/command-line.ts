import { resolve } from "node:path";
import { parseArgs } from "node:util";
import { fail, ModelFormat, Name } from "@causeway/contract";

export type ServeCommand = {
  readonly kind: "serve";
  readonly name: string;
  readonly dataDir: string;
  readonly controlUrl: string;
  readonly host: string;
  readonly port: number;
  readonly sharePort: boolean;
  readonly noAuth: boolean;
  readonly hosts: readonly string[];
  readonly logLevel: LogLevel;
  readonly token: string | null;
};

export type ModelCommand = {
  readonly kind: "score" | "inspect";
  readonly format: ModelFormat;
  readonly model: string;
  /** Path of a JSON file; always given for `score`, and for `inspect` of Python models. */
  readonly signature: string | null;
  /** The interpreter of a Python model. */
  readonly python: string | null;
};

/** `trial` is started by the gateway itself, to try a model in a process of its own. */
export type Command = ServeCommand | ModelCommand | { readonly kind: "trial" };

const LOG_LEVELS = ["debug", "info", "warn", "error"] as const;
type LogLevel = (typeof LOG_LEVELS)[number];

const LOOPBACK = new Set(["127.0.0.1", "localhost", "::1"]);
const EVERY_ADDRESS = new Set(["0.0.0.0", "::"]);

const USAGE = `serve --data-dir <folder> --control-url <url> [--port 7421] [--name g1] [--host 127.0.0.1]
        [--share-port] [--allow-host <name>]... [--no-auth] [--log-level info]
score --format onnx|ydf|mlflow --model <file or folder> --signature <file> [--python <interpreter>]
inspect --format onnx|ydf|mlflow --model <file or folder> [--signature <file>] [--python <interpreter>]`;

const OPTIONS = {
  "data-dir": { type: "string" },
  "control-url": { type: "string" },
  port: { type: "string", default: "7421" },
  name: { type: "string", default: "g1" },
  host: { type: "string", default: "127.0.0.1" },
  "share-port": { type: "boolean", default: false },
  "allow-host": { type: "string", multiple: true },
  "no-auth": { type: "boolean", default: false },
  "log-level": { type: "string", default: "info" },
  format: { type: "string" },
  model: { type: "string" },
  signature: { type: "string" },
  python: { type: "string" },
} as const;

/** Reads the command line; everything wrong with it is told at once. */
export function parseCommand(
  args: readonly string[],
  variables: { readonly token: string | undefined },
): Command {
  const [kind, ...rest] = args;
  if (kind !== "serve" && kind !== "score" && kind !== "inspect" && kind !== "trial") {
    throw invalid([`${kind ?? "nothing"}: expected serve, score or inspect`]);
  }
  const values = readFlags(rest);
  if (kind === "trial") return { kind };
  const problems: string[] = [];
  const must = (flag: "data-dir" | "control-url" | "model" | "format" | "signature"): string => {
    const value = values[flag];
    if (value === undefined) problems.push(`--${flag}: the value is missing`);
    return value ?? "";
  };

  if (kind !== "serve") {
    const format = ModelFormat.safeParse(must("format"));
    if (!format.success && values.format !== undefined) {
      problems.push(`--format: expected ${ModelFormat.options.join(" or ")}, got ${values.format}`);
    }
    const model = must("model");
    const signature = kind === "score" ? must("signature") : (values.signature ?? null);
    if (problems.length > 0 || !format.success) throw invalid(problems);
    return { kind, format: format.data, model, signature, python: values.python ?? null };
  }

  const dataDir = resolve(must("data-dir"));
  const controlUrl = must("control-url");
  if (controlUrl !== "" && !/^https?:\/\//.test(controlUrl)) {
    problems.push(`--control-url: expected an address that begins with http://, got ${controlUrl}`);
  }
  const port = Number(values.port);
  if (!Number.isInteger(port) || port < 0 || port > 65_535) {
    problems.push(`--port: expected a whole number from 0 (any free one) to 65535, got ${values.port}`);
  }
  if (!Name.safeParse(values.name).success) {
    problems.push(`--name: expected lower-case letters, digits, '.', '_' or '-', got ${values.name}`);
  }
  const logLevel = LOG_LEVELS.find((level) => level === values["log-level"]);
  if (!logLevel)
    problems.push(`--log-level: expected one of ${LOG_LEVELS.join(", ")}, got ${values["log-level"]}`);
  const noAuth = values["no-auth"];
  if (noAuth && !LOOPBACK.has(values.host)) {
    problems.push(`--no-auth: lets everybody in, so it needs --host 127.0.0.1, not ${values.host}`);
  }
  const token = variables.token ?? null;
  if (token === null && !noAuth)
    problems.push("CAUSEWAY_GATEWAY_TOKEN: the variable is missing; `causeway up` sets it");
  if (problems.length > 0 || !logLevel) throw invalid(problems);
  const own = EVERY_ADDRESS.has(values.host) ? [] : [values.host];
  return {
    kind,
    name: values.name,
    dataDir,
    controlUrl,
    host: values.host,
    port,
    sharePort: values["share-port"],
    noAuth,
    hosts: [...own, ...(values["allow-host"] ?? [])],
    logLevel,
    token,
  };
}

function readFlags(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options: OPTIONS, strict: true }).values;
  } catch (cause) {
    throw invalid([cause instanceof Error ? cause.message : String(cause)], cause);
  }
}

function invalid(problems: readonly string[], cause?: unknown) {
  return fail("CONFIG_INVALID", {
    message: `the gateway's command line is not valid: ${problems.join("; ")}`,
    help: USAGE,
    cause,
  });
}
