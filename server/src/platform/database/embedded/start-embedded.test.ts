import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  chownSync,
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import pg from "pg";
import { pino } from "pino";
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from "vitest";
import { openDatabase } from "../open-database.ts";
import { abandonedClusters } from "./abandoned-clusters.ts";
import { canEnter } from "./account.ts";
import { findBinaries, readBinaries } from "./binaries.ts";
import { isRunning } from "./postmaster.ts";
import { type Embedded, type EmbeddedOptions, startEmbedded } from "./start-embedded.ts";
import { stopEmbedded } from "./stop-embedded.ts";

const IS_ROOT = process.getuid?.() === 0;
const NOBODY = { uid: 65534, gid: 65534 };
/** An ordinary account that every Linux has (daemon), and one that none has. */
const SOMEBODY = { uid: 1, gid: 1 };
const NAMELESS = { uid: 54321, gid: 54321 };
const PROGRAM = join(import.meta.dirname, "../../../../testing/embedded-program.ts");

// Each test waits for real servers and programs, which a busy machine makes slow.
vi.setConfig({ testTimeout: 60_000, hookTimeout: 60_000 });

const root = mkdtempSync("/tmp/causeway-embedded-");
chmodSync(root, 0o755);
const started: Embedded[] = [];
const programs: ChildProcess[] = [];

/** A stopped cluster; most tests begin with a copy of it, which is quicker than making one. */
const original = newFolder("original");
beforeAll(async () => {
  await (await start(original)).stop();
});

afterEach(async () => {
  await Promise.all(started.splice(0).map((embedded) => embedded.stop()));
  for (const program of programs.splice(0)) program.kill("SIGKILL");
});

afterAll(() => rmSync(root, { recursive: true, force: true }));

/** A folder for one test, in the mode given. */
function newFolder(name: string, mode = 0o755): string {
  const folder = mkdtempSync(join(root, `${name}-`));
  chmodSync(folder, mode);
  return folder;
}

/** A data folder with a finished cluster. */
function preparedFolder(name: string): string {
  const folder = newFolder(name);
  execFileSync("cp", ["-a", `${original}/.`, folder]);
  return folder;
}

async function start(dataDir: string, options: Partial<EmbeddedOptions> = {}): Promise<Embedded> {
  const embedded = await startEmbedded({
    dataDir,
    log: pino({ level: "silent" }),
    sharedFolder: join(root, "shared"),
    ...options,
  });
  started.push(embedded);
  return embedded;
}

async function refusal(dataDir: string, options: Partial<EmbeddedOptions> = {}): Promise<unknown> {
  return start(dataDir, options).then(
    () => "it started",
    (error: unknown) => error,
  );
}

/** Starts an embedded database from a process of its own. */
async function startProgram(dataDir: string, account: { uid?: number; gid?: number } = {}) {
  const options = JSON.stringify({ dataDir, sharedFolder: join(root, "shared") });
  const child = spawn(process.execPath, [PROGRAM, options], {
    ...account,
    stdio: ["pipe", "pipe", "inherit"],
    detached: true,
    cwd: "/",
  });
  programs.push(child);
  const [line] = await once(child.stdout, "data");
  const answer: { url: string; pid: number; code?: string; message?: string } = JSON.parse(String(line));
  return { child, ...answer };
}

async function query<Row extends object>(url: string, text: string): Promise<Row[]> {
  const client = new pg.Client({ connectionString: url });
  client.on("error", () => {}); // the query rejects as well
  await client.connect();
  try {
    return (await client.query<Row>(text)).rows;
  } finally {
    await client.end();
  }
}

function modeOf(path: string): string {
  return (statSync(path).mode & 0o777).toString(8);
}

describe("a new data folder", () => {
  it("gets a private cluster with durable settings and no network address", async () => {
    const dataDir = join(newFolder("new"), ".causeway");
    const embedded = await start(dataDir);
    expect(embedded).toMatchObject({ created: true, adopted: false });
    expect(modeOf(join(dataDir, "postgres"))).toBe("700");
    expect(modeOf(join(dataDir, "postgres/data"))).toBe("700");
    expect(modeOf(join(dataDir, "logs/postgres.log"))).toBe("600");
    const [settings] = await query(
      embedded.url,
      `select current_setting('listen_addresses') as addresses, current_setting('fsync') as fsync,
        current_setting('synchronous_commit') as commit, current_setting('jit') as jit,
        current_setting('server_encoding') as encoding, current_setting('TimeZone') as zone,
        current_database() as database, current_user as role`,
    );
    expect(settings).toEqual({
      addresses: "",
      fsync: "on",
      commit: "on",
      jit: "off",
      encoding: "UTF8",
      zone: "UTC",
      database: "causeway",
      role: "causeway",
    });
    const [sorted] = await query(embedded.url, "select 'Z' < 'a' as by_code, upper('đăng') as upper");
    expect(sorted).toEqual({ by_code: true, upper: "ĐĂNG" });
  });

  it("keeps what was stored over stop and start", async () => {
    const dataDir = preparedFolder("restart");
    const first = await start(dataDir);
    await query(first.url, "create table kept as select 42 as answer");
    await first.stop();
    expect(isRunning(first.pid)).toBe(false);
    const second = await start(dataDir);
    expect(second).toMatchObject({ created: false, adopted: false });
    expect(await query(second.url, "select answer from kept")).toEqual([{ answer: 42 }]);
  });

  it("names the data folder in the server's command line", async () => {
    const dataDir = preparedFolder("named");
    const { pid } = await start(dataDir);
    expect(readFileSync(`/proc/${pid}/cmdline`, "utf8")).toContain(`data_dir=${realpathSync(dataDir)}`);
  });

  it("takes a path that is too long for a socket, with spaces, commas and quotes", async () => {
    const dataDir = join(newFolder("long"), `${"a long, 'quoted' \"name\" ".repeat(5)}`, "ünï");
    const embedded = await start(dataDir);
    const host = new URL(embedded.url).searchParams.get("host") ?? "";
    expect(host).toMatch(/^\/tmp\/causeway-socket-/);
    expect(modeOf(host)).toBe("700");
    expect(await query(embedded.url, "select 1 as one")).toEqual([{ one: 1 }]);
    const { pid, url } = embedded;
    process.kill(pid, "SIGKILL");
    while (embedded.pid === pid) await sleep(5);
    expect(await query(url, "select 2 as two")).toEqual([{ two: 2 }]);
    await embedded.stop();
    expect(existsSync(host)).toBe(false);
  });

  it("takes a short path with characters that settings and addresses treat specially", async () => {
    const embedded = await start(join(newFolder("odd"), `a,b "c" %20 &?#`));
    expect(await query(embedded.url, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("is made anew after a creation that was killed", async () => {
    const dataDir = newFolder("draft");
    const first = await start(dataDir);
    await first.stop();
    const marker = join(dataDir, "postgres/cluster.json");
    const draft = JSON.parse(readFileSync(marker, "utf8"));
    writeFileSync(marker, JSON.stringify({ ...draft, complete: false }));
    renameSync(join(dataDir, "postgres/data"), join(dataDir, "postgres/data.draft"));
    const second = await start(dataDir);
    expect(second.created).toBe(true);
    expect(await query(second.url, "select 1 as one")).toEqual([{ one: 1 }]);
  });

  it("is gone without a trace after remove", async () => {
    const dataDir = newFolder("remove", 0o700);
    const embedded = await start(dataDir);
    const home = realpathSync(join(dataDir, "postgres"));
    await embedded.remove();
    expect(existsSync(home)).toBe(false);
    expect(readdirSync(dataDir)).toEqual(["logs"]);
  });
});

describe("a killed program", () => {
  it("leaves its server running, which the next start adopts with everything committed", async () => {
    const dataDir = preparedFolder("adopt");
    const { child, pid, url } = await startProgram(dataDir);
    await query(url, "create table acknowledged as select 7 as id");
    process.kill(-(child.pid ?? 0), "SIGKILL"); // the whole group, as a closed terminal would
    await once(child, "exit");
    expect(isRunning(pid)).toBe(true);
    const embedded = await start(dataDir);
    expect(embedded).toMatchObject({ pid, adopted: true, created: false });
    expect(await query(embedded.url, "select id from acknowledged")).toEqual([{ id: 7 }]);
    await embedded.stop();
    expect(isRunning(pid)).toBe(false);
  });

  it("has its server stopped without another start", async () => {
    const dataDir = preparedFolder("orphan");
    expect(await stopEmbedded({ dataDir })).toBe(false);
    const { child, pid } = await startProgram(dataDir);
    child.kill("SIGKILL");
    await once(child, "exit");
    expect(await stopEmbedded({ dataDir })).toBe(true);
    expect(isRunning(pid)).toBe(false);
    expect(await stopEmbedded({ dataDir: newFolder("none") })).toBe(false);
  });

  it("has its server adopted under a new name when the data folder was moved meanwhile", async () => {
    const folder = newFolder("moved");
    renameSync(preparedFolder("before"), join(folder, "before"));
    const { child, pid } = await startProgram(join(folder, "before"));
    child.kill("SIGKILL");
    await once(child, "exit");
    renameSync(join(folder, "before"), join(folder, "after"));
    const embedded = await start(join(folder, "after"));
    expect(embedded).toMatchObject({ pid, adopted: true });
  });
});

describe("a killed server", () => {
  // Its bound is wall time, which a neighbour on the same cores may hold up once.
  it("is back within 3 s, loses nothing acknowledged, and a query in between waits for it", {
    retry: 2,
  }, async () => {
    const embedded = await start(preparedFolder("killed"));
    const database = openDatabase({ url: embedded.url, applicationName: "waiting" });
    await database.pool.query("create table acknowledged as select 7 as id");
    const killed = embedded.pid;
    const began = performance.now();
    process.kill(killed, "SIGKILL");
    while (isRunning(killed) || database.pool.totalCount > 0) await sleep(1);
    const { rows } = await database.pool.query("select id from acknowledged");
    expect(rows).toEqual([{ id: 7 }]);
    expect(performance.now() - began).toBeLessThan(3_000);
    expect(embedded.pid).not.toBe(killed);
    await database.close();
  });

  it("has its listeners back too, asked to look at what they missed", async () => {
    const embedded = await start(preparedFolder("listening"));
    const database = openDatabase({ url: embedded.url, applicationName: "listening" });
    const heard: string[] = [];
    await database.listen("work", (payload) => heard.push(payload), {
      onReconnect: () => heard.push("again"),
    });
    process.kill(embedded.pid, "SIGKILL");
    while (!heard.includes("again")) await sleep(5);
    await database.pool.query("select pg_notify('work', 'new')");
    while (!heard.includes("new")) await sleep(5);
    expect(heard).toEqual(["again", "new"]);
    await database.close();
  });

  it("is waited for by the first subscription as well", async () => {
    const dataDir = preparedFolder("late");
    const { url, stop } = await start(dataDir);
    await stop();
    const database = openDatabase({ url, applicationName: "late" });
    const [close] = await Promise.all([database.listen("work", () => {}), start(dataDir)]);
    await close();
    await database.close();
  });

  it("is replaced even while one of its children is deep in a statement", async () => {
    const embedded = await start(preparedFolder("busy"));
    const killed = embedded.pid;
    const busy = query(embedded.url, "select count(*) from generate_series(1, 1000000000)").catch(
      () => "cut off",
    );
    await sleep(200);
    process.kill(killed, "SIGKILL");
    expect(await busy).toBe("cut off");
    const database = openDatabase({ url: embedded.url, applicationName: "after" });
    expect((await database.pool.query("select 1 as one")).rows).toEqual([{ one: 1 }]);
    await database.close();
  });

  it("recovers at the next start when its program died with it, also where its number is in use again", async () => {
    const dataDir = preparedFolder("crashed");
    const { child, pid, url } = await startProgram(dataDir);
    await query(url, "create table acknowledged as select 7 as id");
    child.kill("SIGKILL");
    process.kill(pid, "SIGKILL");
    while (isRunning(pid)) await sleep(1);
    const lock = join(realpathSync(join(dataDir, "postgres")), "data/postmaster.pid");
    writeFileSync(lock, readFileSync(lock, "utf8").replace(String(pid), String(process.pid)));
    const embedded = await start(dataDir);
    expect(embedded.adopted).toBe(false);
    expect(await query(embedded.url, "select id from acknowledged")).toEqual([{ id: 7 }]);
  });
});

describe("two programs at once", () => {
  it("share one server", async () => {
    const dataDir = preparedFolder("race");
    const [first, second] = await Promise.all([start(dataDir), start(dataDir)]);
    expect(first.pid).toBe(second.pid);
  });
});

describe("refusals", () => {
  it("refuses a folder that it did not make, and leaves it as it was", async () => {
    const dataDir = newFolder("foreign");
    mkdirSync(join(dataDir, "postgres"));
    writeFileSync(join(dataDir, "postgres/PG_VERSION"), "18\n");
    expect(await refusal(dataDir)).toMatchObject({
      code: "DATABASE_FOREIGN",
      help: expect.stringContaining("--data-dir"),
    });
    expect(readdirSync(join(dataDir, "postgres"))).toEqual(["PG_VERSION"]);
  });

  it("takes an empty folder, as a mounted volume gives", async () => {
    const dataDir = newFolder("empty");
    mkdirSync(join(dataDir, "postgres"));
    expect((await start(dataDir)).created).toBe(true);
    expect(modeOf(join(dataDir, "postgres"))).toBe("700");
  });

  it.each([
    ["19", "DATABASE_NEWER", "newer Causeway"],
    ["17", "DATABASE_FOREIGN", "18 cannot read"],
    ["", "DATABASE_FOREIGN", "not a PostgreSQL data directory"],
  ])("refuses a cluster of the release '%s'", async (release, code, words) => {
    const dataDir = newFolder("release");
    mkdirSync(join(dataDir, "postgres/data"), { recursive: true });
    writeFileSync(join(dataDir, "postgres/data/PG_VERSION"), `${release}\n`);
    const marker = { id: "x", dataDir: realpathSync(dataDir), complete: true };
    writeFileSync(join(dataDir, "postgres/cluster.json"), JSON.stringify(marker));
    const error = await refusal(dataDir);
    expect(error).toMatchObject({ code });
    expect(`${(error as Error).message} ${(error as { help?: string }).help}`).toContain(words);
  });

  it("refuses to begin anew where a finished database is gone", async () => {
    const dataDir = newFolder("gone");
    mkdirSync(join(dataDir, "postgres"));
    const marker = { id: "x", dataDir: realpathSync(dataDir), complete: true };
    writeFileSync(join(dataDir, "postgres/cluster.json"), JSON.stringify(marker));
    expect(await refusal(dataDir)).toMatchObject({ code: "DATABASE_FOREIGN" });
  });

  it("says that the pointer leads nowhere", async () => {
    const dataDir = newFolder("dangling");
    symlinkSync(join(root, "no-such-cluster"), join(dataDir, "postgres"));
    expect(await refusal(dataDir)).toMatchObject({
      code: "DATABASE_FOREIGN",
      message: expect.stringContaining("gone"),
    });
  });

  it("says that the programs are missing and names the way out", async () => {
    const folder = newFolder("missing");
    expect(() => readBinaries(folder)).toThrow(
      expect.objectContaining({
        code: "DATABASE_BINARY_MISSING",
        help: expect.stringContaining("DATABASE_URL"),
      }),
    );
  });

  it("says that the programs do not run on this system", async () => {
    const folder = newFolder("broken");
    for (const part of ["bin", "lib", "share/postgresql"]) mkdirSync(join(folder, part), { recursive: true });
    writeFileSync(join(folder, "lib/libxml2.so.2"), "");
    writeFileSync(join(folder, "share/postgresql/postgres.bki"), "");
    for (const name of ["initdb", "postgres"]) {
      writeFileSync(join(folder, "bin", name), "#!/no/such/loader\n", { mode: 0o755 });
    }
    const binaries = { folder, version: "18.0.0", major: 18 };
    const error = await refusal(newFolder("user"), { binaries });
    expect(error).toMatchObject({
      code: "DATABASE_BINARY_MISSING",
      message: expect.stringContaining("initdb"),
    });
  });

  it("says that a file is in the way of the data folder", async () => {
    const file = join(newFolder("file"), "taken");
    writeFileSync(file, "");
    expect(await refusal(join(file, "data"))).toMatchObject({ code: "DATA_DIR_UNWRITABLE" });
  });

  it("tells why a server does not start, with its own last words", async () => {
    const dataDir = preparedFolder("config");
    writeFileSync(join(dataDir, "postgres/data/postgresql.conf"), "no_such_setting = 1\n");
    const error = await refusal(dataDir);
    expect(error).toMatchObject({
      code: "DATABASE_FAILED",
      message: expect.stringContaining("no_such_setting"),
    });
  });
});

describe.runIf(IS_ROOT)("as root", () => {
  it("runs the server as nobody, in the data folder where nobody can get to it", async () => {
    const dataDir = newFolder("open");
    const { pid } = await start(dataDir);
    expect(statSync(`/proc/${pid}`).uid).toBe(NOBODY.uid);
    expect(lstatSync(join(dataDir, "postgres")).isDirectory()).toBe(true);
    expect(statSync(join(dataDir, "postgres")).uid).toBe(NOBODY.uid);
  });

  it("keeps the cluster of a 0700 home in the shared folder, named by a pointer", async () => {
    const home = newFolder("home", 0o700);
    const dataDir = join(home, "project/.causeway");
    const embedded = await start(dataDir);
    const cluster = realpathSync(join(dataDir, "postgres"));
    expect(cluster.startsWith(join(root, "shared"))).toBe(true);
    expect(modeOf(cluster)).toBe("700");
    expect(statSync(cluster).uid).toBe(NOBODY.uid);
    await query(embedded.url, "create table kept as select 1 as one");
    await embedded.stop();
    const again = await start(dataDir);
    expect(await query(again.url, "select one from kept")).toEqual([{ one: 1 }]);
  });

  it("names the clusters of deleted data folders, and keeps them", async () => {
    const shared = newFolder("shared");
    const home = newFolder("deleted", 0o700);
    await (await start(join(home, "data"), { sharedFolder: shared })).stop();
    const cluster = realpathSync(join(home, "data/postgres"));
    expect(abandonedClusters(shared)).toEqual([]);
    rmSync(join(home, "data"), { recursive: true });
    expect(abandonedClusters(shared)).toEqual([cluster]);
    await start(join(home, "data"), { sharedFolder: shared });
    expect(abandonedClusters(shared)).toEqual([cluster]);
  });

  it("runs a copy of programs that lie in a 0700 home, made once", async () => {
    const home = newFolder("clone", 0o700);
    execFileSync("cp", ["-a", join(findBinaries().folder, ".."), join(home, "package")]);
    execFileSync("chmod", ["-R", "go=", join(home, "package")]);
    const binaries = readBinaries(join(home, "package"));
    const embedded = await start(preparedFolder("data"), { binaries });
    const copy = join(root, "shared/bin", binaries.version);
    expect(realpathSync(`/proc/${embedded.pid}/exe`)).toBe(join(copy, "bin/postgres"));
    expect(canEnter(SOMEBODY, join(copy, "share/postgresql"))).toBe(true);
    const made = statSync(copy).mtimeMs;
    await start(preparedFolder("data"), { binaries });
    expect(statSync(copy).mtimeMs).toBe(made);
    expect(readdirSync(join(root, "shared/bin"))).toEqual([binaries.version]);
  });

  it("gives a copy of a data folder no share in the original's cluster, and follows a moved one", async () => {
    const folder = newFolder("copied", 0o700);
    await (await start(join(folder, "original"))).stop();
    execFileSync("cp", ["-a", join(folder, "original"), join(folder, "copy")]);
    expect(await refusal(join(folder, "copy"))).toMatchObject({ code: "DATABASE_FOREIGN" });
    renameSync(join(folder, "original"), join(folder, "renamed"));
    expect((await start(join(folder, "renamed"))).created).toBe(false);
  });

  it("says that the way to an existing cluster was closed", async () => {
    const home = preparedFolder("closed");
    chmodSync(home, 0o700);
    expect(await refusal(home)).toMatchObject({
      code: "DATA_DIR_UNWRITABLE",
      help: expect.stringContaining("chmod o+x"),
    });
  });

  it("says that the disk is full, leaves no draft, and goes on once there is room", async ({ skip }) => {
    const disk = newFolder("disk");
    try {
      execFileSync("mount", ["-t", "tmpfs", "-o", "size=30m,mode=0755", "none", disk], { stdio: "ignore" });
    } catch {
      skip("this system lets nobody mount a small disk");
    }
    try {
      expect(await refusal(disk)).toMatchObject({ code: "DISK_FULL", help: expect.stringContaining("Free") });
      expect(readdirSync(join(disk, "postgres"))).toEqual(["cluster.json"]);
      execFileSync("mount", ["-o", "remount,size=200m", disk]);
      const embedded = await start(disk);
      await embedded.stop();
      execFileSync("mount", ["-o", "remount,ro", disk]);
      expect(await refusal(disk)).toMatchObject({ code: "DATA_DIR_UNWRITABLE" });
      expect(await refusal(join(disk, "new"))).toMatchObject({ code: "DATA_DIR_UNWRITABLE" });
    } finally {
      execFileSync("umount", ["-l", disk]);
    }
  });
});

/** Root plays an ordinary user by starting a program as one; an ordinary user is one already. */
describe.runIf(!IS_ROOT || canEnter(SOMEBODY, import.meta.dirname))("as an ordinary user", () => {
  const account = IS_ROOT ? SOMEBODY : {};
  const own = (folder: string) => {
    if (IS_ROOT) chownSync(folder, SOMEBODY.uid, SOMEBODY.gid);
    return folder;
  };

  it("runs the server as itself in a 0700 home", async () => {
    const home = own(newFolder("user", 0o700));
    const { child, pid, url } = await startProgram(join(home, "project/.causeway"), account);
    expect(statSync(`/proc/${pid}`).uid).toBe(IS_ROOT ? SOMEBODY.uid : process.getuid?.());
    expect(await query(url, "select current_user as role")).toEqual([{ role: "causeway" }]);
    child.stdin?.end();
    await once(child, "exit");
    expect(isRunning(pid)).toBe(false);
  });

  it("refuses a folder that it may not write", async () => {
    const folder = newFolder("readonly", 0o555);
    expect(await startProgram(join(folder, "data"), account)).toMatchObject({ code: "DATA_DIR_UNWRITABLE" });
  });

  it.runIf(IS_ROOT)("makes a cluster that root later runs as its owner", async () => {
    const dataDir = newFolder("users");
    chownSync(dataDir, SOMEBODY.uid, SOMEBODY.gid);
    const { child } = await startProgram(dataDir, SOMEBODY);
    child.stdin?.end();
    await once(child, "exit");
    const { pid } = await start(dataDir);
    expect(statSync(`/proc/${pid}`).uid).toBe(SOMEBODY.uid);
  });

  it.runIf(IS_ROOT)("says that an account without a name will not do", async () => {
    const dataDir = newFolder("nameless");
    chownSync(dataDir, NAMELESS.uid, NAMELESS.gid);
    const answer = await startProgram(dataDir, NAMELESS);
    expect(answer).toMatchObject({
      code: "DATABASE_FAILED",
      message: expect.stringContaining("without a name"),
    });
  });

  it.runIf(IS_ROOT)("refuses the cluster of another account", async () => {
    const dataDir = preparedFolder("others");
    expect(await startProgram(dataDir, account)).toMatchObject({ code: "DATABASE_FOREIGN" });
  });
});
