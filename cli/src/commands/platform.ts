import { createReadStream } from "node:fs";
import { chmod, mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { fail, GRANTABLE_PERMISSIONS, Permission, STAGES } from "@causeway/contract";
import { findUp } from "@causeway/sdk/discovery";
import type { Command } from "commander";
import { action, all, type Session, type SharedOptions } from "../session.ts";
import { table } from "../table.ts";
import { addChannelCommands } from "./channels.ts";

/** The verbs that belong to no stage: `env`, `key`, `logs`, `events`, `token`, `channels`. */
export function addPlatformCommands(program: Command): void {
  program
    .command("env")
    .description('print the variables that other clients need, for: eval "$(causeway env)"')
    .action(
      action(async ({ client, out }: Session) => {
        const { url, token } = client.connection;
        const variables = {
          CAUSEWAY_URL: url,
          ...(token === undefined ? {} : { CAUSEWAY_TOKEN: token }),
          // The unmodified client of MLflow finds its server and its rights by these.
          MLFLOW_TRACKING_URI: url,
          ...(token === undefined ? {} : { MLFLOW_TRACKING_TOKEN: token }),
        };
        out.answer(variables, () =>
          Object.entries(variables)
            .map(([name, value]) => `export ${name}='${value}'`)
            .join("\n"),
        );
      }),
    );
  program
    .command("key <deployment>")
    .description("print an API key for a deployment; made once and kept in the data folder")
    .action(action(printKey));
  program
    .command("logs [process]")
    .description("print the log of control, worker or a gateway from the data folder")
    .option("--lines <count>", "how many of the newest", "100")
    .action(async (name: string | undefined, options: { lines: string }, command: Command) => {
      await printLog(name ?? "control", Number(options.lines), command.optsWithGlobals());
    });
  program
    .command("events")
    .description("what happened, newest first")
    .option("--limit <count>", "how many", "30")
    .action(
      action(async ({ client, out }: Session, _: [], options: { limit: string }) => {
        const items = await all((paging) => client.platform.listEvents(paging), Number(options.limit));
        out.answer({ items }, () =>
          table(
            ["at", "event", "subject", "by"],
            items.map((event) => [event.recordedAt, event.type, event.subject, event.actor.name]),
          ),
        );
      }),
    );
  addTokenCommands(program);
  addChannelCommands(program);
}

function addTokenCommands(program: Command): void {
  const token = program.command("token").description("named tokens and sign-in links");
  token
    .command("create <name>")
    .description("make a named token; its secret is shown once")
    .option(
      "--allow <permission>",
      "for example registry:read, repeatable; default: read everything",
      (text, given: string[]) => [...given, text],
      [],
    )
    .option("--expires <time>", "ISO 8601 time at which it ends")
    .action(
      action(
        async (
          { client, out }: Session,
          [name]: [string],
          options: { allow: string[]; expires?: string },
        ) => {
          const permissions = options.allow.length === 0 ? readEverything() : options.allow.map(permission);
          const expiresAt = options.expires === undefined ? null : new Date(options.expires).toISOString();
          const made = await client.platform.createToken({ name, permissions, expiresAt });
          out.answer(made, () => made.secret);
        },
      ),
    );
  token
    .command("list")
    .description("named tokens")
    .action(
      action(async ({ client, out }: Session) => {
        const items = await all((paging) => client.platform.listTokens(paging));
        out.answer({ items }, () =>
          table(
            ["id", "name", "may", "created", "last used", "ended"],
            items.map((one) => [
              one.id,
              one.name,
              one.permissions.join(" "),
              one.createdAt,
              one.lastUsedAt,
              one.revokedAt ?? one.expiresAt,
            ]),
          ),
        );
      }),
    );
  token
    .command("revoke <id>")
    .description("end a token at once")
    .action(
      action(async ({ client, out }: Session, [id]: [string]) => {
        out.answer(
          await client.platform.revokeToken({ token: id }),
          (ended) => `token ${ended.name} ends now`,
        );
      }),
    );
  token
    .command("link")
    .description("make a link that signs one browser in, once")
    .action(
      action(async ({ client, out }: Session) => {
        out.answer(await client.platform.createSignInLink(), (link) => link.url);
      }),
    );
}

function readEverything(): Permission[] {
  return [...STAGES.map((stage) => `${stage}:read` as const), "platform:read"];
}

function permission(text: string): Permission {
  const parsed = Permission.safeParse(text);
  if (parsed.success && GRANTABLE_PERMISSIONS.includes(parsed.data)) return parsed.data;
  throw fail("INVALID_FIELD", {
    message: `${text} is no permission`,
    field: "--allow",
    value: text,
    help: `one of ${GRANTABLE_PERMISSIONS.join(", ")}`,
  });
}

async function printKey({ client, out, options }: Session, [deployment]: [string]): Promise<void> {
  // The key is kept per scope beside the data, so that asking again gives the same one.
  const found = await client.deployments.getDeployment({ deployment });
  const dataDir = dataDirOf(options);
  const file = dataDir && join(dataDir, "keys", `${found.project}.${found.environment}.${deployment}`);
  const kept = file === undefined ? undefined : await readFile(file, "utf8").catch(() => undefined);
  if (kept !== undefined) {
    const { id, secret } = JSON.parse(kept);
    const keys = await all((paging) => client.deployments.listKeys({ deployment, ...paging }));
    if (keys.some((key) => key.id === id && key.revokedAt === null))
      return out.answer({ secret }, () => secret);
  }
  const made = await client.deployments.createKey({ deployment, name: "command line" });
  if (file !== undefined && dataDir !== undefined) {
    await mkdir(join(dataDir, "keys"), { recursive: true, mode: 0o700 });
    await writeFile(file, JSON.stringify({ id: made.key.id, secret: made.secret }), { mode: 0o600 });
    await chmod(file, 0o600);
  }
  out.answer({ secret: made.secret }, () => made.secret);
}

async function printLog(name: string, lines: number, options: SharedOptions): Promise<void> {
  const dataDir = dataDirOf(options);
  const file = join(dataDir ?? ".causeway", "logs", `${name}.log`);
  const kept: string[] = [];
  try {
    for await (const line of createInterface({ input: createReadStream(file) })) {
      kept.push(line);
      if (kept.length > lines) kept.shift();
    }
  } catch (cause) {
    throw fail("NOT_FOUND", {
      message: `there is no log ${file}`,
      field: "process",
      value: name,
      help: "name control, worker, g1 or postgres, and the data folder with --data-dir",
      cause,
    });
  }
  process.stdout.write(kept.map((line) => `${line}\n`).join(""));
}

/** The data folder of the Causeway that is talked to, when it is on this machine. */
function dataDirOf(options: SharedOptions): string | undefined {
  const given = options.dataDir ?? process.env["CAUSEWAY_DATA_DIR"];
  if (given !== undefined) return given;
  return options.url === undefined ? findUp(process.cwd())?.dataDir : undefined;
}
