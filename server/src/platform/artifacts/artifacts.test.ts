import { createHash } from "node:crypto";
import { chmod, mkdtemp, readdir, readFile, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { afterAll, describe, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { createArtifacts } from "./index.ts";

const { database, db } = await testDatabase();
const root = await mkdtemp(join(tmpdir(), "causeway-artifacts-"));
const artifacts = createArtifacts({ root, database });
const owner = { project: "default", subject: "/api/data/datasets/customers/versions/1" };

afterAll(() => rm(root, { recursive: true, force: true }));

const digestOf = (text: string) => createHash("sha256").update(text).digest("hex");
const incoming = () => readdir(join(root, "incoming"));
const put = (text: string) => artifacts.write(Readable.from([Buffer.from(text)]));

describe("write", () => {
  it("names content by its digest, read-only, and stores the same bytes once", async () => {
    const first = await put("hello");
    const second = await put("hello");
    expect(first).toEqual({ digest: digestOf("hello"), bytes: 5 });
    expect(second).toEqual(first);
    const file = artifacts.path(first.digest);
    expect(file).toBe(join(root, "sha256", first.digest.slice(0, 2), first.digest));
    expect((await stat(file)).mode & 0o777).toBe(0o444);
    expect(await incoming()).toEqual([]);
    expect(await artifacts.stat(first.digest)).toEqual(first);
  });

  it("leaves nothing behind when the source ends early or the caller goes away", async () => {
    const broken = Readable.from(
      (async function* () {
        yield Buffer.from("half");
        throw new Error("the line broke");
      })(),
    );
    await expect(artifacts.write(broken)).rejects.toThrow("the line broke");
    const leaving = new AbortController();
    const slow = Readable.from(
      (async function* () {
        yield Buffer.from("half");
        leaving.abort();
        yield Buffer.from("rest");
      })(),
    );
    await expect(artifacts.write(slow, { signal: leaving.signal })).rejects.toThrow();
    expect(await incoming()).toEqual([]);
    await expect(artifacts.stat(digestOf("half"))).rejects.toMatchObject({ code: "NOT_FOUND" });
  });

  it("takes a file by copy, and by link when it may", async () => {
    const file = join(root, "table.parquet");
    await writeFile(file, "columns");
    const copied = await artifacts.writeFile(file);
    expect((await stat(file)).nlink).toBe(1);
    const other = join(root, "other.parquet");
    await writeFile(other, "more columns");
    const taken = await artifacts.writeFile(other, { take: true });
    expect(await readFile(artifacts.path(copied.digest), "utf8")).toBe("columns");
    expect((await stat(artifacts.path(taken.digest))).ino).toBe((await stat(other)).ino);
    expect(await incoming()).toEqual([]);
  });
});

describe("read", () => {
  it("gives the bytes back", async () => {
    const text = "x".repeat(1_000_000);
    const { digest } = await put(text);
    expect((await buffer(artifacts.read(digest))).toString()).toBe(text);
  });

  it("never ends well on changed bytes", async () => {
    const { digest } = await put("precious");
    const file = artifacts.path(digest);
    await chmod(file, 0o600);
    await writeFile(file, "damaged!");
    const seen: Buffer[] = [];
    const reading = (async () => {
      for await (const chunk of artifacts.read(digest)) seen.push(chunk);
    })();
    await expect(reading).rejects.toMatchObject({ code: "CORRUPT_ARTIFACT", value: digest });
    expect(Buffer.concat(seen).length).toBe(0);
    await expect(artifacts.verify(digest)).rejects.toMatchObject({ code: "CORRUPT_ARTIFACT" });
  });

  it("says so when the file is gone", async () => {
    const { digest } = await put("gone");
    await rm(artifacts.path(digest));
    await expect(buffer(artifacts.read(digest))).rejects.toMatchObject({ code: "CORRUPT_ARTIFACT" });
  });
});

describe("ranges", () => {
  const MIB = 1024 * 1024;
  const content = Buffer.alloc(2.5 * MIB);
  for (let at = 0; at < content.length; at += 4) content.writeUInt32LE(Math.imul(at, 2654435761) >>> 0, at);
  const range = async (digest: string, start: number, end: number) =>
    buffer(await artifacts.readRange(digest, { start, end }));
  const damage = async (digest: string, at: number) => {
    const file = artifacts.path(digest);
    await chmod(file, 0o600);
    const bytes = await readFile(file);
    bytes.writeUInt8(bytes.readUInt8(at) ^ 1, at);
    await writeFile(file, bytes);
  };

  it.each([
    [0, 0],
    [MIB - 1, MIB],
    [10, 2 * MIB + 10],
    [2 * MIB, content.length - 1],
  ])("gives bytes %d to %d, whatever the pieces in which they came", async (start, end) => {
    const pieces = [content.subarray(0, 5), content.subarray(5, MIB + 1), content.subarray(MIB + 1)];
    const { digest } = await artifacts.write(Readable.from(pieces));
    expect((await range(digest, start, end)).equals(content.subarray(start, end + 1))).toBe(true);
  });

  it("verifies the blocks that it touches, and no other", async () => {
    const { digest } = await artifacts.write(Readable.from([content]));
    await damage(digest, MIB + 7);
    expect((await range(digest, 0, MIB - 1)).length).toBe(MIB);
    for (const [start, end] of [
      [MIB, MIB],
      [0, content.length - 1],
    ] as const)
      await expect(range(digest, start, end)).rejects.toMatchObject({ code: "CORRUPT_ARTIFACT" });
  });

  it("verifies a file of one block by its digest, and one without checks whole", async () => {
    const small = await put("one block");
    expect((await range(small.digest, 4, 8)).toString()).toBe("block");
    await damage(small.digest, 0);
    await expect(range(small.digest, 4, 8)).rejects.toMatchObject({ code: "CORRUPT_ARTIFACT" });
    const early = await artifacts.write(Readable.from([content, "!"]));
    await db.updateTable("platform_artifacts").set({ blocks: null }).execute();
    expect((await range(early.digest, MIB, MIB + 3)).equals(content.subarray(MIB, MIB + 4))).toBe(true);
    await damage(early.digest, 0);
    await expect(range(early.digest, MIB, MIB)).rejects.toMatchObject({ code: "CORRUPT_ARTIFACT" });
  });
});

describe("owners", () => {
  const future = () => new Date(Date.now() + 60_000);

  it("keep an artifact until the last one releases it", async () => {
    const { digest } = await put("kept");
    const another = { ...owner, subject: "/api/registry/models/churn/versions/1" };
    await db.transaction().execute(async (tx) => {
      await artifacts.retain(tx, owner, [digest, digest]);
      await artifacts.retain(tx, another, [digest]);
    });
    await artifacts.sweep(future());
    expect(await artifacts.stat(digest)).toMatchObject({ bytes: 4 });
    await db.transaction().execute((tx) => artifacts.release(tx, owner));
    await artifacts.sweep(future());
    expect(await artifacts.stat(digest)).toMatchObject({ bytes: 4 });
    await db.transaction().execute((tx) => artifacts.release(tx, another));
    await artifacts.sweep(new Date(Date.now() - 60_000));
    expect(await artifacts.stat(digest)).toMatchObject({ bytes: 4 });
    await artifacts.sweep(future());
    await expect(artifacts.stat(digest)).rejects.toMatchObject({ code: "NOT_FOUND" });
    await expect(stat(artifacts.path(digest))).rejects.toThrow();
  });

  it("cannot need what is not there", async () => {
    const absent = digestOf("absent");
    const retaining = db.transaction().execute((tx) => artifacts.retain(tx, owner, [absent]));
    await expect(retaining).rejects.toMatchObject({ code: "NOT_FOUND", value: absent });
  });

  it("hold against a sweep that runs at the same time", async () => {
    const { digest } = await put("contested");
    await db.transaction().execute(async (tx) => {
      await artifacts.retain(tx, owner, [digest]);
      await artifacts.sweep(future());
    });
    expect(await artifacts.stat(digest)).toMatchObject({ bytes: 9 });
    expect((await buffer(artifacts.read(digest))).toString()).toBe("contested");
  });

  it("are not needed by files that a killed writer left; those go after their time", async () => {
    const leftover = join(root, "incoming", "left");
    await writeFile(leftover, "half");
    await utimes(leftover, 0, 0);
    await artifacts.sweep(new Date(Date.now() - 60_000));
    expect(await incoming()).toEqual(["left"]);
    await artifacts.sweep(future());
    expect(await incoming()).toEqual([]);
  });
});
