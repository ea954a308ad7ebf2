import { enableCompileCache, flushCompileCache } from "node:module";
import { join, resolve } from "node:path";
import type { Config } from "./platform/config/index.ts";
import type { Logger } from "./platform/log/index.ts";

const CLONE = join(import.meta.dirname, "..", "..");

// Everything else is imported after this line, so that a later start finds it compiled.
enableCompileCache(join(CLONE, "node_modules", ".cache", "compile"));

const [role, ...args] = process.argv.slice(2);
// Every step of a pipeline waits for this start: it loads nothing that it may not need, Node's own modules included.
if (role === "step") {
  const { runStep } = await import("./step.ts");
  process.exit(await runStep(args, process.env));
}
const [{ fail, toProblem }, { createNewId }, { availableParallelism }, { readFileSync }] = await Promise.all([
  import("./problem.ts"),
  import("./platform/database/new-id.ts"),
  import("node:os"),
  import("node:fs"),
]);

/** How long a database that was left behind may take to write everything out; after it the next start does. */
const LEFT_DATABASE_MS = 1_000;
/** `step` is dealt with above. */
const ROLES = ["control", "worker", "task", "stop-database"] as const;
type Role = (typeof ROLES)[number];

const now = (): Date => new Date();
const newId = createNewId();

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

/** One thing that was begun and must be ended; the last begun is ended first. */
type Ending = (keepDatabase: boolean) => Promise<void>;

async function endAll(endings: Ending[], keepDatabase: boolean): Promise<void> {
  // Taken out one by one: a signal during a failing start must not end anything twice.
  for (let end = endings.pop(); end !== undefined; end = endings.pop()) await end(keepDatabase);
}

async function runControl(config: Config): Promise<void> {
  const endings: Ending[] = [];
  const starting = startControl(config, endings);
  onStop(async (keepDatabase) => {
    // A start takes a moment; half of it would leave a database that nobody ends.
    await starting.catch(() => undefined);
    await endAll(endings, keepDatabase);
  });
  let begin: () => Promise<void>;
  try {
    begin = await starting;
  } catch (error) {
    await endAll(endings, false);
    throw error;
  }
  await begin();
  flushCompileCache();
}

/** Brings control up to where it answers; the answer begins what it does by itself. */
async function startControl(config: Config, endings: Ending[]): Promise<() => Promise<void>> {
  const { prepareDataFolder, holdDataFolder } = await import("./platform/data-folder/index.ts");
  const dataDir = await prepareDataFolder(config.dataDir);
  const held = await holdDataFolder(dataDir);
  endings.push(held.release);
  const [{ createLog }, { createHttpServer }, { listen }] = await Promise.all([
    import("./platform/log/index.ts"),
    import("./protocols/rest/http-server.ts"),
    import("./platform/ports/index.ts"),
  ]);
  const log = createLog({ dataDir, role: "control", level: config.log.level, console: process.stderr });
  const http = createHttpServer();
  const port = await listen(http.server, config.http.host, config.http.port);
  endings.push(() => http.close(0));
  const url = `http://${hostInUrl(config.http.host)}:${port}`;

  // The database starts while the modules load: the one waits for a process, the other computes.
  const parts = [
    openControlDatabase(config, { dataDir, log, endings }),
    import("./control.ts"),
    ensureTokens(dataDir),
  ] as const;
  // All are waited for, so that a database that starts beside a failure is known and ended.
  await Promise.allSettled(parts);
  const [{ database, databaseUrl }, { createControl }, tokens] = await Promise.all(parts);
  const control = await createControl({
    ...tokens,
    database,
    dataDir,
    log,
    now,
    newId,
    url,
    http: config.http,
    allowPrivateChannels: config.notifications.allowPrivate,
    artifactRoot: config.artifacts.root,
    version: readVersion(),
    databaseKind: config.database.url === undefined ? "embedded" : "external",
    webFolder: join(CLONE, "web", "dist"),
  });
  endings.push(async () => {
    log.info("control is stopping");
    control.endStreams();
    await http.close(FINISH_WITHIN_MS);
    await control.stop();
    log.info("control has stopped");
  });
  http.serve((request, response) => control.app.routing(request, response));
  await held.announce(url);
  log.info({ url }, "control is ready");
  const databaseKind = config.database.url === undefined ? "embedded" : "external";
  process.send?.({ kind: "ready", url, databaseUrl, databaseKind, gatewayToken: tokens.gatewayToken });
  return control.start;
}

async function openControlDatabase(
  config: Config,
  { dataDir, log, endings }: { dataDir: string; log: Logger; endings: Ending[] },
) {
  const { migrate, openDatabase, startEmbedded } = await import("./platform/database/index.ts");
  let databaseUrl = config.database.url;
  if (databaseUrl === undefined) {
    const embedded = await startEmbedded({ dataDir, log });
    endings.push(async (keepDatabase) => {
      if (!keepDatabase) await embedded.stop();
    });
    databaseUrl = embedded.url;
  }
  let isClosing = false;
  const database = openDatabase({
    url: databaseUrl,
    applicationName: "causeway control",
    onConnectionError: (error) => {
      // While control ends, so do its connections.
      if (!isClosing) log.warn({ err: error }, "a database connection was lost");
    },
  });
  endings.push(async () => {
    isClosing = true;
    await database.close();
  });
  await migrate(database);
  return { database, databaseUrl };
}

async function ensureTokens(dataDir: string): Promise<{ adminToken: string; gatewayToken: string }> {
  const { ensureCredentialFile } = await import("./platform/access/index.ts");
  return {
    adminToken: await ensureCredentialFile(join(dataDir, "admin-token"), "admin"),
    gatewayToken: await ensureCredentialFile(join(dataDir, "gateway-token"), "gateway"),
  };
}

/** Ends a database that lives on without its control, at once if it must: whoever waits for it has waited for control. */
async function runStopDatabase(config: Config): Promise<void> {
  const { stopEmbedded } = await import("./platform/database/index.ts");
  process.send?.({ kind: "ready" });
  await stopEmbedded({ dataDir: resolve(config.dataDir), withinMs: LEFT_DATABASE_MS });
}

async function readConfig(args: readonly string[]): Promise<Config> {
  const { parseConfig } = await import("./platform/config/index.ts");
  return parseConfig(args, process.env);
}

async function runWorker(config: Config): Promise<void> {
  const { url, controlUrl, concurrency } = { ...config.database, ...config.worker };
  if (url === undefined) {
    throw fail("CONFIG_INVALID", {
      message: "A worker needs the address of the database",
      field: "CAUSEWAY_DATABASE_URL",
      help: "Start everything with npx --no causeway up, or give --database-url.",
    });
  }
  const [{ createLog }, { openDatabase }, { createWorkerRole }] = await Promise.all([
    import("./platform/log/index.ts"),
    import("./platform/database/index.ts"),
    import("./worker.ts"),
  ]);
  const dataDir = resolve(config.dataDir);
  const log = createLog({ dataDir, role: "worker", level: config.log.level, console: process.stderr });
  const database = openDatabase({
    url,
    applicationName: "causeway worker",
    onConnectionError: (error) => log.warn({ err: error }, "a database connection was lost"),
  });
  const worker = await createWorkerRole({
    database,
    dataDir,
    log,
    now,
    newId,
    concurrency: concurrency ?? availableParallelism(),
    artifactRoot: config.artifacts.root,
    controlUrl: controlUrl ?? null,
    variables: inheritedVariables(process.env),
    pythonEnvironments: config.models.pythonEnvironments,
    scanPolicy: config.models.scan,
  });
  await worker.start();
  onStop(async () => {
    log.info("the worker is stopping");
    await worker.stop();
    await database.close();
    log.info("the worker has stopped");
  });
  log.info({ pid: process.pid }, "the worker is ready");
  process.send?.({ kind: "ready" });
}

async function runTask(args: readonly string[]): Promise<void> {
  const [{ composeTasks }, { serveTask }] = await Promise.all([
    import("./compose-work.ts"),
    import("./platform/processes/index.ts"),
  ]);
  await serveTask({
    tasks: composeTasks(),
    name: args[0] ?? "",
    input: process.stdin,
    output: process.stdout,
  });
  process.exit(0);
}

/** What steps inherit: everything but what is ours alone, above all the way to the database. */
function inheritedVariables(variables: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(
    Object.entries(variables).flatMap(([name, value]) =>
      value === undefined || /^(CAUSEWAY_|DATABASE_URL$|PG[A-Z]+$|NODE_CHANNEL_|npm_)/.test(name)
        ? []
        : [[name, value]],
    ),
  );
}

async function run(role: Role, args: readonly string[]): Promise<void> {
  switch (role) {
    case "control":
      return runControl(await readConfig(args));
    case "stop-database":
      await runStopDatabase(await readConfig(args));
      return process.exit(0);
    case "worker":
      return runWorker(await readConfig(args));
    case "task":
      return runTask(args);
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
