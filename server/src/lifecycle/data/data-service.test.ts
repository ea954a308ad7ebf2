import { createHash } from "node:crypto";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { type Import, ImportOptions, type Json } from "@causeway/contract";
import { pino } from "pino";
import { afterAll, describe, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { systemCall } from "../../platform/access/index.ts";
import { createArtifacts } from "../../platform/artifacts/index.ts";
import { createAudit } from "../../platform/audit/index.ts";
import { createEvents } from "../../platform/events/index.ts";
import { createLineage } from "../../platform/lineage/index.ts";
import type { RunTask } from "../../platform/processes/index.ts";
import { createWork, createWorker } from "../../platform/work/index.ts";
import { createData, createDatasetDoor, dataTasks, dataWork, versionPath } from "./index.ts";

const { database, db } = await testDatabase();
const dataDir = mkdtempSync("/tmp/causeway-data-");
const log = pino({ level: "silent" });

let made = 0;
const newId = (): string => `00000000-0000-7000-8000-${String(++made).padStart(12, "0")}`;
const now = () => new Date(Date.UTC(2026, 10, 21, 10, 0, made));
const artifacts = createArtifacts({ root: join(dataDir, "artifacts"), database });
const events = createEvents({ database, audit: createAudit({ db, newId }), newId, now });
const lineage = createLineage({ db });
const work = createWork({ database, newId });
const data = createData({ database, artifacts, events, lineage, work, now, newId });
const call = systemCall({ project: "default", environment: "dev" }, "tester");
const stranger = systemCall({ project: "other", environment: "dev" }, "stranger");

/** Runs tasks in this process; that they run in one of their own is proven where processes are. */
let crash: Error | undefined;
const runTask: RunTask = async ({ task, input, attempt, onProgress }) => {
  const scratch = join(dataDir, "scratch", attempt);
  mkdirSync(scratch, { recursive: true });
  try {
    if (crash !== undefined) throw crash;
    const definition = dataTasks.find(({ name }) => name === task);
    if (definition === undefined) throw new Error(`no task ${task}`);
    const result: Json = await definition.run(input as never, {
      scratch,
      dataDir,
      progress: onProgress ?? (() => {}),
    });
    return { result, usage: { cpuSeconds: 0, peakMemoryBytes: 0, readBytes: 0, writtenBytes: 0 } };
  } finally {
    rmSync(scratch, { recursive: true, force: true });
  }
};
const worker = createWorker({
  database,
  definitions: dataWork({ database, artifacts, events, data, runTask, dataDir, now }),
  name: "data-test",
  concurrency: 2,
  log,
});
await worker.start();

afterAll(async () => {
  await worker.stop();
  await data.close();
  await events.close();
  rmSync(dataDir, { recursive: true, force: true });
});

async function upload(content: string): Promise<string> {
  return (await data.upload({}, call, Readable.from([Buffer.from(content)]))).digest;
}

async function ended(id: string): Promise<Import> {
  let last: Import | undefined;
  for await (const state of data.followImport({ import: id }, call)) last = state;
  if (last === undefined) throw new Error("nothing was told of the import");
  return last;
}

async function importRows(
  dataset: string,
  content: string,
  { file = "rows.csv", ...options }: { file?: string } & Record<string, unknown> = {},
): Promise<Import> {
  const started = await data.startImport(
    { dataset, upload: await upload(content), file, options: ImportOptions.parse(options) },
    call,
  );
  return ended(started.id);
}

const eventTypes = async (subject: string) =>
  (await events.list({ limit: 100, subject }, call)).items.map(({ type }) => type);

describe("imports", () => {
  it("D1/upload D2/parts makes a version from an upload and tells of it", async () => {
    const done = await importRows("customers", "id,n\na,1\nb,2\n", { key: "id" });
    expect(done).toMatchObject({ state: "succeeded", unchanged: false, problem: null, file: "rows.csv" });
    const { version } = done;
    expect(version).toMatchObject({
      dataset: "customers",
      rows: 2,
      key: "id",
      parent: null,
      source: { kind: "file", name: "rows.csv" },
    });
    expect(version?.parts).toHaveLength(1);
    const subject = versionPath("customers", version?.id ?? "");
    expect(await eventTypes(subject)).toEqual(["data.version-created"]);
    expect(await eventTypes(`/api/data/imports/${done.id}`)).toEqual(["data.import-started"]);
    const graph = await lineage.trace({ subject, direction: "causes" }, call);
    expect(graph.edges.map(({ relation }) => relation)).toEqual(["imported-from"]);
    expect((await data.getDataset({ dataset: "customers" }, call)).latest?.id).toBe(version?.id);
  });

  it("D2/content-id leaves a dataset unchanged when the same rows come again", async () => {
    const first = await importRows("twice", "a\n1\n2\n");
    const again = await importRows("twice", "a\r\n1\r\n2\r\n");
    expect(again).toMatchObject({ state: "succeeded", unchanged: true });
    expect(again.version?.id).toBe(first.version?.id);
    expect((await data.getDataset({ dataset: "twice" }, call)).versions).toBe(1);
  });

  it("makes an earlier version the newest again when its rows come again", async () => {
    const first = await importRows("back", "a\n1\n");
    await importRows("back", "a\n2\n");
    await importRows("back", "a\n1\n");
    const dataset = await data.getDataset({ dataset: "back" }, call);
    expect(dataset).toMatchObject({ versions: 2, latest: { id: first.version?.id } });
    expect(await eventTypes(versionPath("back", first.version?.id ?? ""))).toEqual([
      "data.version-restored",
      "data.version-created",
    ]);
  });

  it("D2/append D4/mergeable adds rows beside the parts of the version before", async () => {
    const first = await importRows("grown", "n,t\n1,x\n2,y\n", { key: "t" });
    const second = await importRows("grown", "n,t\n3,z\n", { append: true });
    expect(second.version).toMatchObject({ rows: 3, parent: first.version?.id, key: "t" });
    expect(second.version?.parts[0]).toEqual(first.version?.parts[0]);
    const profile = await data.getProfile({ dataset: "grown", version: "latest" }, call);
    expect(profile.columns[0]).toMatchObject({ count: 3, mean: 2, std: 1, min: 1, max: 3, distinct: 3 });
    const other = await importRows("grown-elsewhere", "n,t\n1,x\n2,y\n", { key: "t" });
    const same = await importRows("grown-elsewhere", "n,t\n3,z\n", { append: true });
    expect(other.version?.id).toBe(first.version?.id);
    expect(same.version?.id).toBe(second.version?.id);
  });

  it("loses no rows when several appends meet", async () => {
    await importRows("busy", "n\n0\n");
    const content = await Promise.all([1, 2, 3, 4, 5].map((n) => upload(`n\n${n}\n`)));
    const started = await Promise.all(
      content.map((digest) =>
        data.startImport(
          { dataset: "busy", upload: digest, file: "n.csv", options: ImportOptions.parse({ append: true }) },
          call,
        ),
      ),
    );
    await Promise.all(started.map(({ id }) => ended(id)));
    const { latest } = await data.getDataset({ dataset: "busy" }, call);
    expect(latest?.rows).toBe(6);
    expect(latest?.parts).toHaveLength(6);
  });

  it("D1/bad-row refuses with the rows and leaves nothing behind", async () => {
    const failed = await importRows("refused", "n\n1\nx\n", { columns: { n: "integer" } });
    expect(failed).toMatchObject({
      state: "failed",
      version: null,
      problem: {
        code: "BAD_DATA",
        message: "rows.csv has 1 bad row: line 3, column n ('x'): not a whole number of 64 bits",
      },
      badRows: { total: 1, first: [{ line: 3, column: "n", value: "x" }] },
    });
    await expect(data.getDataset({ dataset: "refused" }, call)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await eventTypes(`/api/data/imports/${failed.id}`)).toEqual([
      "data.import-failed",
      "data.import-started",
    ]);
    expect(existsSync(join(dataDir, "scratch")) ? readdirSync(join(dataDir, "scratch")) : []).toEqual([]);
  });

  it("D1/never-dropped keeps bad rows beside the version when asked to", async () => {
    const done = await importRows("kept", 'n,t\n1,"a\nb"\nx,c\n2\n3,d\n', {
      columns: { n: "integer" },
      onBadRow: "quarantine",
    });
    expect(done.version).toMatchObject({ rows: 2, quarantine: { rows: 2 } });
    const page = { dataset: "kept", version: "latest", offset: 0, limit: 50 };
    expect((await data.listQuarantine(page, call)).rows.map(({ line, text }) => [line, text])).toEqual([
      [4, "x,c"],
      [5, "2"],
    ]);
    const second = await data.listQuarantine({ ...page, offset: 1, limit: 1 }, call);
    expect(second).toMatchObject({ total: 2, rows: [{ line: 5 }] });
  });

  it("says what happened when its process dies", async () => {
    crash = new Error("killed");
    try {
      const failed = await importRows("crashed", "n\n1\n");
      expect(failed).toMatchObject({ state: "failed", problem: { code: "INTERNAL" } });
    } finally {
      crash = undefined;
    }
  });

  it("reads only what was uploaded in the same project", async () => {
    const digest = await upload("a\n1\n");
    const options = ImportOptions.parse({});
    await expect(
      data.startImport({ dataset: "stolen", upload: digest, file: "a.csv", options }, stranger),
    ).rejects.toMatchObject({ code: "NOT_FOUND", field: "upload" });
  });

  it("are listed newest first, page by page", async () => {
    for (const n of [1, 2, 3]) await importRows("listed", `n\n${n}\n`, { file: `${n}.csv` });
    const first = await data.listImports({ dataset: "listed", limit: 2 }, call);
    expect(first.items.map(({ file }) => file)).toEqual(["3.csv", "2.csv"]);
    const rest = await data.listImports({ dataset: "listed", limit: 2, after: first.next ?? "" }, call);
    expect(rest.items.map(({ file }) => file)).toEqual(["1.csv"]);
    expect(rest.next).toBe(null);
  });
});

describe("versions", () => {
  it("are found by id, prefix and latest, in their own project", async () => {
    const { version } = await importRows("found", "a\n1\n");
    const id = version?.id ?? "";
    for (const named of ["latest", id, id.slice(0, 6)])
      expect((await data.getVersion({ dataset: "found", version: named }, call)).id).toBe(id);
    expect((await data.resolve(`found@${id.slice(0, 8)}`, call)).id).toBe(id);
    await expect(data.resolve("found@latest", stranger)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(data.getVersion({ dataset: "found", version: "ffffff" }, call)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(data.getVersion({ dataset: "found", version: "newest" }, call)).rejects.toMatchObject({
      code: "INVALID_FIELD",
    });
  });

  it("D2/immutable are listed newest first and stay as they were", async () => {
    const ids: string[] = [];
    for (const n of [1, 2, 3]) ids.unshift((await importRows("many", `n\n${n}\n`)).version?.id ?? "");
    const page = await data.listVersions({ dataset: "many", limit: 2 }, call);
    expect(page.items.map(({ id }) => id)).toEqual(ids.slice(0, 2));
    const rest = await data.listVersions({ dataset: "many", limit: 2, after: page.next ?? "" }, call);
    expect(rest.items.map(({ id }) => id)).toEqual(ids.slice(2));
    const rows = await data.preview({ dataset: "many", version: ids[2] ?? "", offset: 0, limit: 5 }, call);
    expect(rows.rows).toEqual([[1]]);
  });

  it("D7/preview shows rows of several parts from an offset, values exact", async () => {
    await importRows("seen", "n,x,at\n9007199254740993,1.5,2024-01-01 10:00\n1,inf,2024-01-01 10:00:00.5\n");
    await importRows("seen", "n,x,at\n2,,2024-01-01\n", { append: true });
    const all = await data.preview({ dataset: "seen", version: "latest", offset: 0, limit: 50 }, call);
    expect(all.total).toBe(3);
    expect(all.rows).toEqual([
      ["9007199254740993", 1.5, "2024-01-01T10:00:00.000Z"],
      [1, "Infinity", "2024-01-01T10:00:00.500Z"],
      [2, null, "2024-01-01T00:00:00.000Z"],
    ]);
    const middle = await data.preview({ dataset: "seen", version: "latest", offset: 1, limit: 2 }, call);
    expect(middle.rows).toEqual(all.rows.slice(1));
  });

  it("give out their parts as Parquet files", async () => {
    const { version } = await importRows("given", "a\n1\n");
    const download = await data.downloadPart({ dataset: "given", version: "latest", part: 0 }, call);
    const bytes = await buffer(download.stream);
    expect(bytes.length).toBe(download.bytes);
    expect(bytes.subarray(0, 4).toString()).toBe("PAR1");
    expect(bytes).toEqual(readFileSync(artifacts.path(version?.parts[0]?.artifact ?? "")));
    await expect(
      data.downloadPart({ dataset: "given", version: "latest", part: 1 }, call),
    ).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});

describe("splits", () => {
  async function split(dataset: string, request: Parameters<typeof data.startSplit>[0]["split"]) {
    const { id } = await data.startSplit({ dataset, version: "latest", split: request }, call);
    for (;;) {
      const state = await data.getSplit({ split: id }, call);
      if (state.state === "succeeded" || state.state === "failed") return state;
      await new Promise((resolve) => setTimeout(resolve, 20));
    }
  }

  const rowsOf = async (dataset: string) =>
    (await data.preview({ dataset, version: "latest", offset: 0, limit: 1000 }, call)).rows;

  const numbered = (from: number, to: number) =>
    `id,n\n${Array.from({ length: to - from }, (_, i) => `k${from + i},${from + i}`).join("\n")}\n`;

  it("D6/hash D6/stable keep a row on its side when rows are appended", async () => {
    const request = { by: "hash" as const, key: "id", shares: { train: 0.8, test: 0.2 }, seed: 0 };
    await importRows("shop", numbered(0, 500));
    const done = await split("shop", request);
    expect(done.parts.map(({ name }) => name)).toEqual(["test", "train"]);
    const test = (await rowsOf("shop.test")).map(([id]) => id);
    const train = (await rowsOf("shop.train")).map(([id]) => id);
    expect(test.length + train.length).toBe(500);
    expect(test.length).toBeGreaterThan(70);
    expect(test.length).toBeLessThan(130);
    // The formula is a promise: sha256 of "0:k7", first 13 hexadecimal digits, divided by 2^52.
    const position = (id: string) =>
      Number.parseInt(createHash("sha256").update(`0:${id}`).digest("hex").slice(0, 13), 16) / 2 ** 52;
    const all = Array.from({ length: 500 }, (_, n) => `k${n}`);
    expect(test).toEqual(all.filter((id) => position(id) < 0.2));
    expect(train).toEqual(all.filter((id) => position(id) >= 0.2));
    await importRows("shop", numbered(500, 600), { append: true });
    await split("shop", request);
    expect((await rowsOf("shop.test")).map(([id]) => id).slice(0, test.length)).toEqual(test);
    const subject = versionPath("shop.test", done.parts[0]?.version.id ?? "");
    const graph = await lineage.trace({ subject, direction: "causes" }, call);
    expect(graph.edges.map(({ relation }) => relation)).toContain("split-from");
  });

  it("D6/time cuts at the boundary", async () => {
    await importRows("days", "day,n\n2024-01-01,1\n2024-02-01,2\n2024-01-31,3\n");
    await split("days", { by: "time", column: "day", names: ["past", "future"], boundaries: ["2024-02-01"] });
    expect((await rowsOf("days.past")).map(([, n]) => n)).toEqual([1, 3]);
    expect((await rowsOf("days.future")).map(([, n]) => n)).toEqual([2]);
  });

  it("say why where a side is empty or rows have no time", async () => {
    await importRows("odd", "day,n\n2024-01-01,1\n,2\n");
    const timeless = await split("odd", {
      by: "time",
      column: "day",
      names: ["a", "b"],
      boundaries: ["2024-01-01"],
    });
    expect(timeless).toMatchObject({
      state: "failed",
      problem: { message: "1 rows have no day, so no side of the split is theirs" },
    });
    const empty = await split("odd", { by: "hash", key: "n", shares: { all: 1, none: 0 }, seed: 0 });
    expect(empty.problem?.message).toBe("the side none has columns and no rows");
  });
});

describe("the door for steps", () => {
  it("makes a version of Parquet files that a step wrote", async () => {
    const { version } = await importRows("origin", "a,b\n1,x\n2,y\n");
    const door = createDatasetDoor({ data, artifacts, runTask, dataDir });
    const paths = (version?.parts ?? []).map(({ artifact }) => artifacts.path(artifact));
    const prepared = await door.prepare(
      { paths: [...paths, ...paths], key: null, name: "rows" },
      { attempt: "attempt-1.1", signal: call.signal },
    );
    const stored = await db.transaction().execute((tx) =>
      door.store(tx, call, {
        dataset: "made",
        prepared,
        source: { kind: "step", name: "churn/1/split", digest: null },
      }),
    );
    expect(stored).toMatchObject({ dataset: "made", id: prepared.digest, rows: 4, source: { kind: "step" } });
    expect((await door.resolve("made@latest", call)).parts).toEqual(stored.parts);
    await expect(
      door.prepare(
        { paths: [join(dataDir, "admin-token")], key: null, name: "rows" },
        { attempt: "a.2", signal: call.signal },
      ),
    ).rejects.toMatchObject({ code: "BAD_DATA" });
  });
});
