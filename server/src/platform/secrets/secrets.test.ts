import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { sql } from "kysely";
import { afterAll, expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { createSecrets } from "./index.ts";

const { db } = await testDatabase();
const folder = mkdtempSync("/tmp/causeway-secrets-");
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const secrets = createSecrets({ db, dataDir: folder });
const key = { project: "default", environment: null, name: "channels/ops" };
const put = (value: string, at: Parameters<typeof secrets.read>[0] = key) =>
  db.transaction().execute((tx) => secrets.put(tx, at, value));

it("X5/encrypted keeps a value that only the key of the data folder opens", async () => {
  await put("https://hooks.example.com/services/T0/B0/very-secret");
  expect(await secrets.read(key)).toBe("https://hooks.example.com/services/T0/B0/very-secret");
  expect(statSync(join(folder, "secret-key")).mode & 0o777).toBe(0o600);
  const { rows } = await sql<{
    row: string;
  }>`select row_to_json(s)::text as row from platform_secrets s`.execute(db);
  const kept = JSON.stringify(rows);
  expect(kept).not.toContain("very-secret");
  expect(kept).not.toContain(Buffer.from("very-secret").toString("hex"));
});

it("seals the same value differently each time, and opens it in another process", async () => {
  const sealed = async () =>
    (await sql<{ sealed: Buffer }>`select sealed from platform_secrets`.execute(db)).rows;
  const before = await sealed();
  await put("https://hooks.example.com/services/T0/B0/very-secret");
  expect(await sealed()).not.toEqual(before);
  expect(await createSecrets({ db, dataDir: folder }).read(key)).toContain("very-secret");
});

it("keeps scopes apart", async () => {
  const prod = { ...key, environment: "prod" as const };
  await put("one for prod", prod);
  expect(await secrets.read(prod)).toBe("one for prod");
  expect(await secrets.read({ ...key, environment: "dev" })).toBeUndefined();
  expect(await secrets.read({ ...key, project: "other" })).toBeUndefined();
  await db.transaction().execute((tx) => secrets.remove(tx, prod));
  expect(await secrets.read(prod)).toBeUndefined();
  expect(await secrets.read(key)).toContain("very-secret");
});

it("X5/encrypted does not open a row that was moved to another name or changed", async () => {
  await put("the address of another", { ...key, name: "channels/other" });
  await sql`update platform_secrets set sealed =
    (select sealed from platform_secrets where name = 'channels/other') where name = 'channels/ops'`.execute(
    db,
  );
  await expect(secrets.read(key)).rejects.toMatchObject({
    code: "SECRET_UNREADABLE",
    message: "The secret channels/ops does not open: its row was changed outside Causeway",
  });
  await sql`update platform_secrets set sealed = '\\x00'::bytea where name = 'channels/ops'`.execute(db);
  await expect(secrets.read(key)).rejects.toMatchObject({ code: "SECRET_UNREADABLE" });
});

it("tells a wrong key from a changed row", async () => {
  const other = mkdtempSync(join(folder, "other-"));
  await expect(createSecrets({ db, dataDir: other }).read(key)).rejects.toThrow(/sealed with another key/);
  const text = readFileSync(join(folder, "secret-key"), "utf8");
  writeFileSync(join(other, "secret-key"), text.slice(0, 10));
  await expect(createSecrets({ db, dataDir: other }).read(key)).rejects.toMatchObject({
    code: "SECRET_UNREADABLE",
    help: expect.stringContaining("from a backup"),
  });
});

it("makes one key where two programs start at once", async () => {
  const fresh = mkdtempSync(join(folder, "fresh-"));
  const [one, two] = [createSecrets({ db, dataDir: fresh }), createSecrets({ db, dataDir: fresh })];
  const [first, second] = [
    { ...key, name: "first" },
    { ...key, name: "second" },
  ];
  await Promise.all([
    db.transaction().execute((tx) => one.put(tx, first, "a")),
    db.transaction().execute((tx) => two.put(tx, second, "b")),
  ]);
  expect([await two.read(first), await one.read(second)]).toEqual(["a", "b"]);
});
