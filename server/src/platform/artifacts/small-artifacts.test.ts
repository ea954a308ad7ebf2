import { randomBytes } from "node:crypto";
import { chmod, mkdtemp, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Readable } from "node:stream";
import { buffer } from "node:stream/consumers";
import { setTimeout as pause } from "node:timers/promises";
import { sql } from "kysely";
import { afterAll, describe, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { createArtifactFolder } from "./artifact-folder.ts";
import { createArtifactJournal } from "./artifact-journal.ts";
import { createArtifacts, createNaming } from "./index.ts";

const { database, db } = await testDatabase();
const root = await mkdtemp(join(tmpdir(), "causeway-small-"));
const artifacts = createArtifacts({ root, database });
const journal = createArtifactJournal({ db, folder: createArtifactFolder(root) });

afterAll(() => rm(root, { recursive: true, force: true }));

await sql`create table test_names (name text primary key, digest text not null)`.execute(db);
const naming = createNaming({
  name: "test",
  values: 1,
  text: `insert into test_names (name, digest) select $1::text, kept.digest from kept where $1 <> 'taken'
    on conflict (name) do update set digest = excluded.digest returning name`,
});

const put = (name: string, content: Buffer | string, allowed?: Promise<unknown>) =>
  artifacts.writeFor(Readable.from([Buffer.from(content)]), allowed === undefined ? {} : { allowed }, {
    owner: { project: "default", subject: `/test/${name}` },
    naming,
    values: [name],
  });
const waiting = async () => {
  const { rows } = await sql<{ digest: string }>`select digest from platform_artifact_journal`.execute(db);
  return rows.map(({ digest }) => digest);
};
const ownersOf = async (digest: string) => (await artifacts.countOwners([digest])).get(digest) ?? 0;
const future = () => new Date(Date.now() + 60_000);

describe("a small file", () => {
  it("is kept by its commit, and by the disk when it is settled", async () => {
    const { digest, named } = await put("one", "small");
    expect(named).toBe(true);
    expect(await waiting()).toEqual([digest]);
    expect((await stat(artifacts.path(digest))).mode & 0o777).toBe(0o444);
    expect((await buffer(artifacts.read(digest))).toString()).toBe("small");
    expect(await journal.settle()).toBe(1);
    expect(await waiting()).toEqual([]);
    expect((await buffer(artifacts.read(digest))).toString()).toBe("small");
  });

  it.each(["gone", "cut short", "longer", "other"])(
    "is made again when the disk has lost it: %s",
    async (how) => {
      const { digest } = await put("lost", `precious ${how}`);
      const file = artifacts.path(digest);
      await chmod(file, 0o600);
      if (how === "gone") await rm(file);
      else await writeFile(file, { "cut short": "prec", longer: `precious ${how}!` }[how] ?? "0");
      expect(await journal.settle()).toBe(1);
      await artifacts.verify(digest);
      expect(await readFile(file, "utf8")).toBe(`precious ${how}`);
    },
  );

  it("heals what the disk changed when it comes again", async () => {
    const { digest } = await put("healed", "whole");
    await journal.settle();
    await chmod(artifacts.path(digest), 0o600);
    await writeFile(artifacts.path(digest), "wrong");
    await put("healed", "whole");
    await artifacts.verify(digest);
  });

  it("may be empty, and may be as large as the limit; one byte more is a file at once", async () => {
    const { digest: empty, bytes } = await put("empty", "");
    expect(bytes).toBe(0);
    expect((await buffer(artifacts.read(empty))).length).toBe(0);
    const full = await put("full", randomBytes(64 * 1024));
    const more = await put("more", randomBytes(64 * 1024 + 1));
    expect(await waiting()).toEqual(expect.arrayContaining([empty, full.digest]));
    expect(await waiting()).not.toContain(more.digest);
    await artifacts.verify(more.digest);
    await journal.settle();
  });

  it("takes the place of the one before, which nobody needs any more", async () => {
    const { digest: before } = await put("replaced", "first");
    const { digest: after } = await put("replaced", "second");
    expect([await ownersOf(before), await ownersOf(after)]).toEqual([0, 1]);
    await artifacts.sweep(future());
    await expect(artifacts.stat(before)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await waiting()).toEqual([after]);
    await journal.settle();
  });

  it("without a place belongs to nobody, and the one before stays", async () => {
    const { digest, named } = await put("taken", "no place");
    expect(named).toBe(false);
    expect(await ownersOf(digest)).toBe(0);
    await artifacts.sweep(future());
    await expect(artifacts.stat(digest)).rejects.toMatchObject({ code: "NOT_FOUND" });
    expect(await waiting()).toEqual([]);
  });

  it("leaves nothing when its writer is refused", async () => {
    const refused = Promise.reject(new Error("not yours"));
    await expect(put("refused", "secret", refused)).rejects.toThrow("not yours");
    await expect(put("refused", randomBytes(100_000), Promise.reject(new Error("nor this")))).rejects.toThrow(
      "nor this",
    );
    expect(await waiting()).toEqual([]);
  });

  it("is stored once when many write the same at one moment", async () => {
    const all = await Promise.all(Array.from({ length: 20 }, (_, index) => put(`same-${index}`, "the same")));
    expect(new Set(all.map(({ digest }) => digest)).size).toBe(1);
    expect(await ownersOf(all[0]?.digest ?? "")).toBe(20);
    expect(await waiting()).toHaveLength(1);
    await journal.settle();
  });
});

describe("the journal", () => {
  it("is settled while control runs, however many there are, and left to the next start", async () => {
    const names = Array.from({ length: 450 }, (_, index) => `many-${index}`);
    await Promise.all(names.map((name) => put(name, name)));
    expect(await waiting()).toHaveLength(450);
    const stopping = new AbortController();
    const following = artifacts.followJournal(stopping.signal);
    await expect.poll(waiting, { timeout: 20_000 }).toEqual([]);
    await put("late", "late");
    stopping.abort();
    await following;
    expect(await waiting()).toHaveLength(1);
    expect(await journal.settle()).toBe(1);
  });

  it("is settled by one of two at a time, and writers go on meanwhile", async () => {
    const names = Array.from({ length: 300 }, (_, index) => `two-${index}`);
    await Promise.all(names.map((name) => put(name, name)));
    const settling = Promise.all([journal.settle(), journal.settle()]);
    await pause(1);
    const again = await Promise.all(names.slice(0, 20).map((name) => put(name, name)));
    const [one, other] = await settling;
    expect(one + other).toBeGreaterThanOrEqual(300);
    await journal.settle();
    expect(await waiting()).toEqual([]);
    for (const { digest } of again) await artifacts.verify(digest);
  });
});
