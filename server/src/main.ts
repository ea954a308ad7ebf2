import { randomUUIDv7 } from "node:crypto";
import { readFileSync } from "node:fs";
import { enableCompileCache, flushCompileCache } from "node:module";
import { join } from "node:path";
import type { Config } from "./platform/config/index.ts";
import type { HeldFolder } from "./platform/data-folder/index.ts";

const CLONE = join(import.meta.dirname, "..", "..");

// Everything else is imported after this line, so that a later start finds it compiled.
enableCompileCache(join(CLONE, "node_modules", ".cache", "compile"));
const { fail, toProblem } = await import("@causeway/contract");

const ROLES = ["control", "worker", "task", "step", "stop-database"] as const;
type Role = (typeof ROLES)[number];

const now = (): Date => new Date();
const newId = randomUUIDv7;

/** Requests under way get this long when control stops. */
const FINISH_WITHIN_MS = 5_000;

/** What ends a role: asked once, repeats are the same wish. */
function onStop(stop: (keepDatabase: boolean) => Promise<void>): void {
  let stopping = false;
  const ask = (keepDatabase: boolean) => {
    if (stopping) return;
    stopping = true;
    stop(keepDatabase).then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error);
        process.exit(1);
      },
    );
  };
  process.on("SIGINT", () => ask(false));
  process.on("SIGTERM", () => ask(false));
  // The parent is gone without a word: the next one adopts the database.
  process.on("disconnect", () => ask(true));
}

async function runControl(config: Config): Promise<void> {
  const { prepareDataFolder, holdDataFolder } = await import("./platform/data-folder/index.ts");
  const dataDir = await prepareDataFolder(config.dataDir);
  const held = await holdDataFolder(dataDir);
  try {
    await serveControl(config, dataDir, held);
  } catch (error) {
    await held.release();
    throw error;
  }
}

async function serveControl(config: Config, dataDir: string, held: HeldFolder): Promise<void> {
  const [{ createLog }, { createHttpServer }, { listen }] = await Promise.all([
    import("./platform/log/index.ts"),
    import("./protocols/rest/http-server.ts"),
    import("./platform/ports/index.ts"),
  ]);
  const log = createLog({ dataDir, role: "control", level: config.log.level, console: process.stderr });
  const http = createHttpServer();
  const port = await listen(http.server, config.http.host, config.http.port);
  const url = `http://${hostInUrl(config.http.host)}:${port}`;

  let stopping = false;
  // The database starts while the modules load: the one waits for a process, the other computes.
  const database = import("./platform/database/index.ts").then(
    async ({ migrate, openDatabase, startEmbedded }) => {
      const embedded = config.database.url === undefined ? await startEmbedded({ dataDir, log }) : undefined;
      const databaseUrl = config.database.url ?? embedded?.url ?? "";
      const opened = openDatabase({
        url: databaseUrl,
        applicationName: "causeway control",
        onConnectionError: (error) => {
          // While control ends, so do its connections.
          if (!stopping) log.warn({ err: error }, "a database connection was lost");
        },
      });
      await migrate(opened);
      return { opened, embedded, databaseUrl };
    },
  );
  const [{ opened, embedded, databaseUrl }, { createControl }, tokens] = await Promise.all([
    database,
    import("./control.ts"),
    ensureTokens(dataDir),
  ]);
  const control = await createControl({
    ...tokens,
    database: opened,
    dataDir,
    log,
    now,
    newId,
    url,
    http: config.http,
    version: readVersion(),
    databaseKind: embedded === undefined ? "external" : "embedded",
    webFolder: join(CLONE, "web", "dist"),
  });
  http.serve((request, response) => control.app.routing(request, response));
  await held.announce(url);
  onStop(async (keepDatabase) => {
    stopping = true;
    log.info("control is stopping");
    control.endStreams();
    await http.close(FINISH_WITHIN_MS);
    await control.stop();
    await opened.close();
    if (!keepDatabase) await embedded?.stop();
    await held.release();
    log.info("control has stopped");
  });
  log.info({ url }, "control is ready");
  process.send?.({ kind: "ready", url, databaseUrl, gatewayToken: tokens.gatewayToken });
  try {
    await control.start();
  } catch (error) {
    if (!stopping) log.error({ err: error }, "control could not begin its own work");
  }
  flushCompileCache();
}

async function ensureTokens(dataDir: string): Promise<{ adminToken: string; gatewayToken: string }> {
  const { ensureCredentialFile } = await import("./platform/access/index.ts");
  return {
    adminToken: await ensureCredentialFile(join(dataDir, "admin-token"), "admin"),
    gatewayToken: await ensureCredentialFile(join(dataDir, "gateway-token"), "gateway"),
  };
}

async function runStopDatabase(config: Config): Promise<void> {
  const [{ prepareDataFolder }, { createLog }, { startEmbedded }] = await Promise.all([
    import("./platform/data-folder/index.ts"),
    import("./platform/log/index.ts"),
    import("./platform/database/index.ts"),
  ]);
  const dataDir = await prepareDataFolder(config.dataDir);
  const log = createLog({ dataDir, role: "stop-database", level: config.log.level, console: process.stderr });
  const embedded = await startEmbedded({ dataDir, log });
  process.send?.({ kind: "ready" });
  await embedded.stop();
}

async function readConfig(args: readonly string[]): Promise<Config> {
  const { parseConfig } = await import("./platform/config/index.ts");
  return parseConfig(args, process.env);
}

async function run(role: Role, args: readonly string[]): Promise<void> {
  switch (role) {
    case "control":
      return runControl(await readConfig(args));
    case "stop-database":
      await runStopDatabase(await readConfig(args));
      return process.exit(0);
    case "worker":
    case "task":
    case "step":
      throw fail("CONFIG_INVALID", { message: `The role ${role} is not part of this program` });
    default:
      role satisfies never;
  }
}

function hostInUrl(host: string): string {
  if (host === "0.0.0.0" || host === "::") return "127.0.0.1";
  return host.includes(":") ? `[${host}]` : host;
}

function readVersion(): string {
  // Our own package.json: it has a version.
  const { version } = JSON.parse(readFileSync(join(CLONE, "server", "package.json"), "utf8")) as {
    version: string;
  };
  return version;
}

function isRole(text: string | undefined): text is Role {
  return ROLES.some((role) => role === text);
}

/** Says why it cannot start, to the parent and to a person, and ends. */
function giveUp(error: unknown): never {
  const problem = toProblem(error);
  process.send?.({ kind: "failed", problem });
  const isOurs = problem.code !== "INTERNAL";
  console.error(isOurs ? `${problem.detail}\n${problem.help ?? ""}`.trimEnd() : error);
  process.exit(1);
}

const [role, ...args] = process.argv.slice(2);
if (isRole(role)) {
  run(role, args).catch(giveUp);
} else {
  giveUp(
    fail("CONFIG_INVALID", {
      message: `There is no role ${role ?? "given"}`,
      field: "role",
      value: role ?? null,
      help: `Give one of ${ROLES.join(", ")}. People start everything with: npx --no causeway up`,
    }),
  );
}
