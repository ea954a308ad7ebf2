import { randomBytes } from "node:crypto";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer, text } from "node:stream/consumers";
import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import { testDatabase } from "../../../../testing/database.ts";
import { systemCall } from "../../../platform/access/index.ts";
import { createArtifacts } from "../../../platform/artifacts/index.ts";
import { createArtifactTree } from "./artifact-tree-service.ts";
import { createUploads } from "./upload-service.ts";

const { database, db } = await testDatabase();
const folder = mkdtempSync(join(tmpdir(), "causeway-tree-"));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const artifacts = createArtifacts({ root: join(folder, "artifacts"), database });
const tree = createArtifactTree({ database, artifacts });
const uploads = createUploads({ database, artifacts, tree });
const call = systemCall({ project: "default", environment: "dev" }, "tester");
const elsewhere = systemCall({ project: "other", environment: "dev" }, "tester");
const project = { kind: "project" } as const;

const stream = (content: string | Buffer) => Readable.from([Buffer.from(content)]);
const put = (path: string, content = path) => tree.put({ owner: project, path }, call, stream(content));
const pathsIn = async (path: string) =>
  (await tree.list({ owner: project, path }, call)).map((child) => `${child.path}${child.folder ? "/" : ""}`);
const read = async (path: string) => text((await tree.open({ owner: project, path }, call)).stream);
const future = () => new Date(Date.now() + 60_000);

describe("the tree", () => {
  it("lists the direct children of a folder, folders once, by their bytes", async () => {
    for (const path of ["l/a", "l/a.txt", "l/b/1", "l/b/2/3", "l/b0", "l/ü/x", "l/B", "l/b-", "lz"])
      await put(path);
    expect(await pathsIn("l")).toEqual(["l/B", "l/a", "l/a.txt", "l/b-", "l/b/", "l/b0", "l/ü/"]);
    expect(await pathsIn("l/b")).toEqual(["l/b/1", "l/b/2/"]);
    expect(await pathsIn("l/a")).toEqual([]);
    expect(await pathsIn("nowhere")).toEqual([]);
    expect(await pathsIn("")).toEqual(expect.arrayContaining(["l/", "lz"]));
    expect((await tree.walk({ owner: project, path: "l/b" }, call)).map(({ path }) => path)).toEqual([
      "l/b/1",
      "l/b/2/3",
    ]);
  });

  // Its bound is wall time, which a neighbour on the same cores may hold up once.
  it("answers the first level of a folder of 100,000 files without reading them", { retry: 2 }, async () => {
    await sql`insert into experiments_artifacts (owner, path, digest, bytes)
      select 'project:default', 'deep/' || (n % 3) || '/' || n, 'd', 1 from generate_series(1, 100000) as n
      on conflict do nothing`.execute(db);
    const startedAt = performance.now();
    expect(await pathsIn("deep")).toEqual(["deep/0/", "deep/1/", "deep/2/"]);
    expect(performance.now() - startedAt).toBeLessThan(1_000);
    await sql`delete from experiments_artifacts where path like 'deep/%'`.execute(db);
  });

  it("puts a file in place of the one before, and lets go of what nobody needs", async () => {
    await put("r/one", "first");
    const before = await tree.find({ owner: project, path: "r/one" }, call);
    await put("r/one", "second");
    expect(await read("r/one")).toBe("second");
    await artifacts.sweep(future());
    await expect(artifacts.stat(before.digest ?? "")).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await read("r/one")).toBe("second");
  });

  it("has no file where a folder is, and no folder where a file is, also when both come at once", async () => {
    await put("c/file");
    await put("c/folder/inside");
    const refused = { code: "CONFLICT", field: "path" };
    await expect(put("c/file/below")).rejects.toMatchObject(refused);
    await expect(put("c/folder")).rejects.toMatchObject(refused);
    const both = await Promise.allSettled([put("c/race/inside"), put("c/race")]);
    expect(both.map(({ status }) => status).sort()).toEqual(["fulfilled", "rejected"]);
    expect(await pathsIn("c")).toHaveLength(3);
  });

  it("keeps nothing of a file whose owner is not there, or of another project", async () => {
    const run = randomBytes(16).toString("hex");
    const nobody = { owner: { kind: "run", id: run } as const, path: "a" };
    await expect(tree.put(nobody, call, stream("x"))).rejects.toMatchObject({
      code: "NOT_FOUND",
      value: run,
    });
    await put("mine");
    await expect(tree.find({ owner: project, path: "mine" }, elsewhere)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(tree.resolve(`runs:/${run}/a`, call)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await tree.resolve("mlflow-artifacts:/mine", call)).toEqual({ owner: project, path: "mine" });
    expect(await tree.resolve("s3://bucket/mine", call)).toBeUndefined();
  });

  it("gives a range across the blocks that are verified", async () => {
    const content = randomBytes(2 * 1024 * 1024 + 10);
    await tree.put({ owner: project, path: "big" }, call, stream(content));
    const range = async (start: number, end: number) =>
      buffer((await tree.open({ owner: project, path: "big", range: { start, end } }, call)).stream);
    expect((await range(1_048_570, 2_097_160)).equals(content.subarray(1_048_570, 2_097_161))).toBe(true);
    expect((await range(0, 0)).equals(content.subarray(0, 1))).toBe(true);
    expect((await range(2_097_152, content.length - 1)).equals(content.subarray(2_097_152))).toBe(true);
  });

  it("removes a folder with all that is in it, and what is not there as well", async () => {
    for (const path of ["d/a", "d/b/c", "d2"]) await put(path);
    await tree.remove({ owner: project, path: "d" }, call);
    await tree.remove({ owner: project, path: "d" }, call);
    expect(await pathsIn("d")).toEqual([]);
    expect(await read("d2")).toBe("d2");
  });
});

describe("an upload in parts", () => {
  const pieces = ["first ", "second ", "third"];

  it("takes parts in any order, joins them in theirs, and leaves nothing of them", async () => {
    const { id } = await uploads.begin({ path: "up/whole", parts: 3 }, call);
    const etags = new Map<number, string>();
    for (const number of [3, 1, 2]) {
      const { digest } = await uploads.putPart(
        { upload: id, number },
        call,
        stream(pieces[number - 1] ?? ""),
      );
      etags.set(number, digest);
    }
    const parts = [...etags].map(([number, etag]) => ({ number, etag: `"${etag}"` }));
    await expect(uploads.complete({ upload: id, path: "up/other", parts }, call)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await uploads.complete({ upload: id, path: "up/whole", parts }, call);
    expect(await read("up/whole")).toBe("first second third");
    await expect(uploads.complete({ upload: id, path: "up/whole", parts }, call)).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await artifacts.sweep(future());
    await expect(artifacts.stat(etags.get(1) ?? "")).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("refuses a part that it does not have, and one of another project", async () => {
    const { id } = await uploads.begin({ path: "up/b", parts: 1 }, call);
    await expect(uploads.putPart({ upload: id, number: 2 }, call, stream("x"))).rejects.toMatchObject({
      code: "INVALID_FIELD",
    });
    await expect(uploads.putPart({ upload: id, number: 1 }, elsewhere, stream("x"))).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
    await expect(uploads.complete({ upload: id, path: "up/b", parts: [] }, call)).rejects.toMatchObject({
      code: "INVALID_FIELD",
      message: "Part 1 does not fit: it has not come",
    });
  });

  it("ends when it is aborted, also twice, or left alone", async () => {
    const { id } = await uploads.begin({ path: "up/c", parts: 1 }, call);
    await uploads.abort({ upload: id, path: "up/c" }, call);
    await uploads.abort({ upload: id, path: "up/c" }, call);
    const left = await uploads.begin({ path: "up/d", parts: 1 }, call);
    expect(await uploads.sweep(new Date(Date.now() - 60_000))).toEqual({ removed: 0 });
    expect((await uploads.sweep(future())).removed).toBeGreaterThan(0);
    await expect(uploads.putPart({ upload: left.id, number: 1 }, call, stream("x"))).rejects.toMatchObject({
      code: "NOT_FOUND",
    });
  });
});
