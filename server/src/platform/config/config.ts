import { resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { fail } from "@causeway/contract";
import { z } from "zod";
import { LOG_LEVELS } from "../log/index.ts";

const Port = z.coerce
  .number<string>({ error: "a port is a whole number" })
  .int("a port is a whole number")
  .min(0, "a port is between 0 (any free one) and 65535")
  .max(65_535, "a port is between 0 (any free one) and 65535");

const Url = (scheme: RegExp, words: string) =>
  z.string().refine((text) => URL.canParse(text) && scheme.test(text), words);

const WebUrl = Url(/^https?:/, "an address that begins with http:// or https://");
const DatabaseUrl = Url(/^postgres(ql)?:/, "an address that begins with postgres://");

/** A folder, also as a file:// address; other stores come later. */
const ArtifactRoot = z
  .string()
  .min(1, "a folder")
  .transform((given, context) => {
    const [, scheme] = /^([a-z][a-z0-9+.-]+):/i.exec(given) ?? [];
    if (scheme === undefined) return resolve(given);
    if (scheme.toLowerCase() === "file" && URL.canParse(given) && new URL(given).host === "")
      return fileURLToPath(given);
    context.addIssue(
      scheme.toLowerCase() === "s3"
        ? "a folder or a file:// address (S3 and its like come in a later release)"
        : "a folder or a file:// address of this machine",
    );
    return z.NEVER;
  });

/** Everything that a program of the server can be told, nested by what it is about. */
export const Config = z.object({
  dataDir: z.string().min(1, "a folder").default(".causeway"),
  http: z
    .object({
      host: z.string().min(1, "an address to listen on").default("127.0.0.1"),
      port: Port.default(7420),
      /** Names by which control may be called, beside the loopback ones. */
      allowedHosts: z.array(z.string().min(1)).default([]),
      /** What links begin with, where a proxy stands before control. */
      publicUrl: WebUrl.optional(),
      noAuth: z.boolean().default(false),
    })
    .prefault({}),
  database: z
    .object({
      /** The team's PostgreSQL; absent: the embedded one of the data folder. */
      url: DatabaseUrl.optional(),
    })
    .prefault({}),
  artifacts: z
    .object({
      /** Folder of the files that the platform keeps; absent: `artifacts` in the data folder. */
      root: ArtifactRoot.optional(),
    })
    .prefault({}),
  worker: z
    .object({
      controlUrl: WebUrl.optional(),
      concurrency: z.coerce
        .number<string>({ error: "a whole number of 1 or more" })
        .int("a whole number of 1 or more")
        .min(1, "a whole number of 1 or more")
        .optional(),
    })
    .prefault({}),
  models: z
    .object({
      /** What is done about findings in a model's files that are no danger: `warn` tells, `block` waits for a person. */
      scan: z.enum(["warn", "block"], "warn or block").default("warn"),
      /** Interpreters that have packages already, and are taken where they have all that a lock or a model asks for. */
      pythonEnvironments: z.array(z.string().min(1)).default([]),
    })
    .prefault({}),
  notifications: z
    .object({
      /** True: channels may be in the team's own network. */
      allowPrivate: z
        .union([z.boolean(), z.stringbool({ error: "1 or 0" })], { error: "1 or 0" })
        .default(false),
    })
    .prefault({}),
  log: z
    .object({ level: z.enum(LOG_LEVELS, `one of ${LOG_LEVELS.join(", ")}`).default("info") })
    .prefault({}),
});
export type Config = z.infer<typeof Config>;

/** Where a setting comes from: a flag first, then the variables in their order. */
type Setting = {
  readonly path: readonly [string, ...string[]];
  readonly flag: string;
  readonly variables: readonly string[];
  readonly kind?: "switch" | "list";
};

const SETTINGS: readonly Setting[] = [
  { path: ["dataDir"], flag: "data-dir", variables: ["CAUSEWAY_DATA_DIR"] },
  { path: ["http", "host"], flag: "host", variables: ["CAUSEWAY_HOST"] },
  { path: ["http", "port"], flag: "port", variables: ["CAUSEWAY_PORT"] },
  { path: ["http", "allowedHosts"], flag: "allow-host", variables: ["CAUSEWAY_ALLOWED_HOSTS"], kind: "list" },
  { path: ["http", "publicUrl"], flag: "public-url", variables: ["CAUSEWAY_PUBLIC_URL"] },
  { path: ["http", "noAuth"], flag: "no-auth", variables: [], kind: "switch" },
  { path: ["database", "url"], flag: "database-url", variables: ["CAUSEWAY_DATABASE_URL", "DATABASE_URL"] },
  { path: ["artifacts", "root"], flag: "artifact-root", variables: ["CAUSEWAY_ARTIFACT_ROOT"] },
  { path: ["worker", "controlUrl"], flag: "control-url", variables: ["CAUSEWAY_CONTROL_URL"] },
  { path: ["worker", "concurrency"], flag: "concurrency", variables: ["CAUSEWAY_WORKER_CONCURRENCY"] },
  { path: ["models", "scan"], flag: "model-scan", variables: ["CAUSEWAY_MODEL_SCAN"] },
  {
    path: ["models", "pythonEnvironments"],
    flag: "python-environment",
    variables: ["CAUSEWAY_PYTHON_ENVIRONMENTS"],
    kind: "list",
  },
  {
    path: ["notifications", "allowPrivate"],
    flag: "allow-private-channels",
    variables: ["CAUSEWAY_NOTIFY_PRIVATE"],
    kind: "switch",
  },
  { path: ["log", "level"], flag: "log-level", variables: ["CAUSEWAY_LOG_LEVEL"] },
];

/** Addresses that only this machine reaches. */
const LOOPBACK = ["127.0.0.1", "::1", "localhost"];

/** Reads flags and variables into one value; every failure is named in one error. */
export function parseConfig(
  args: readonly string[],
  variables: Readonly<Record<string, string | undefined>>,
): Config {
  const { values, failures } = readFlags(args);
  const raw: Record<string, unknown> = {};
  for (const setting of SETTINGS) {
    const value = values[setting.flag] ?? readVariable(setting, variables);
    if (value !== undefined) place(raw, setting.path, value);
  }
  const parsed = Config.safeParse(raw);
  for (const issue of parsed.error?.issues ?? []) {
    const setting = SETTINGS.find(({ path }) => path.every((part, index) => issue.path[index] === part));
    const given = setting && (values[setting.flag] ?? readVariable(setting, variables));
    failures.push(
      `${setting === undefined ? issue.path.join(".") : nameOf(setting)}: ${issue.message}, not ${given}`,
    );
  }
  if (parsed.success && parsed.data.http.noAuth && !LOOPBACK.includes(parsed.data.http.host)) {
    failures.push(
      `--no-auth: lets everybody in, so it works on 127.0.0.1 or ::1 only, not on --host ${parsed.data.http.host}`,
    );
  }
  if (parsed.success && failures.length === 0) return parsed.data;
  throw fail("CONFIG_INVALID", {
    message: `The configuration is not valid:\n${failures.map((failure) => `  ${failure}`).join("\n")}`,
    help: "Mend every line above; flags come before variables.",
    cause: parsed.error,
  });
}

function readFlags(args: readonly string[]): {
  values: Record<string, string | boolean | string[] | undefined>;
  failures: string[];
} {
  const { tokens, values } = parseArgs({
    args: [...args],
    options: Object.fromEntries(
      SETTINGS.map(({ flag, kind }) => [
        flag,
        kind === "switch"
          ? { type: "boolean" as const }
          : { type: "string" as const, multiple: kind === "list" },
      ]),
    ),
    strict: false,
    allowPositionals: true,
    tokens: true,
  });
  const failures = tokens.flatMap((token) => {
    if (token.kind === "positional") return [`${token.value}: what is this for?`];
    if (token.kind !== "option") return [];
    const setting = SETTINGS.find(({ flag }) => flag === token.name);
    if (setting === undefined) return [`${token.rawName}: there is no such flag`];
    if (setting.kind !== "switch" && token.value === undefined)
      return [`${token.rawName}: the value is missing`];
    return [];
  });
  // Not strict: a flag without its value reads as true, which is reported above.
  const switches = SETTINGS.filter(({ kind }) => kind === "switch").map(({ flag }) => flag);
  const given = Object.entries(values).filter(([name, value]) => value !== true || switches.includes(name));
  return { values: Object.fromEntries(given), failures };
}

function readVariable(
  { variables, kind }: Setting,
  given: Readonly<Record<string, string | undefined>>,
): string | string[] | undefined {
  const text = variables.map((name) => given[name]).find((value) => value !== undefined && value !== "");
  return kind === "list" ? text?.split(",").map((part) => part.trim()) : text;
}

function nameOf({ flag, variables }: Setting): string {
  return `--${flag}${variables.length === 0 ? "" : ` (${variables.join(" or ")})`}`;
}

function place(
  target: Record<string, unknown>,
  [head, ...rest]: readonly [string, ...string[]],
  value: unknown,
): void {
  const [next, ...further] = rest;
  if (next === undefined) {
    target[head] = value;
    return;
  }
  const inner = (target[head] ?? {}) as Record<string, unknown>; // only this function fills the object
  target[head] = inner;
  place(inner, [next, ...further], value);
}
