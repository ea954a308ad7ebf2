import { expect, it } from "vitest";
import { testDatabase } from "../../../testing/database.ts";
import { migrate } from "./migrate.ts";
import { openDatabase } from "./open-database.ts";
import { assertUsableServer, explainRefusal } from "./server-check.ts";

const { url } = await testDatabase();

async function refusalOf(change: (url: URL) => void): Promise<unknown> {
  const changed = new URL(url);
  change(changed);
  const database = openDatabase({ url: changed.href, applicationName: "refused", connectWithinMs: 100 });
  const answer = await migrate(database).catch((error: unknown) => error);
  await database.close();
  return answer;
}

it("says that a database does not exist", async () => {
  const error = await refusalOf((changed) => {
    changed.pathname = "/no_such_database";
  });
  expect(error).toMatchObject({
    code: "DATABASE_FAILED",
    message: expect.stringContaining('"no_such_database" does not exist'),
    help: expect.stringContaining("Create the database"),
  });
});

it("says that a user may not come in", async () => {
  const error = await refusalOf((changed) => {
    changed.username = "no_such_user";
  });
  expect(error).toMatchObject({
    code: "DATABASE_FAILED",
    help: expect.stringContaining("user and password"),
  });
});

it("says that nobody answers, and never shows the password", async () => {
  const error = await refusalOf((changed) => {
    changed.host = "127.0.0.1:1";
    changed.search = "";
    changed.password = "s3cret";
  });
  expect(error).toMatchObject({ code: "DATABASE_FAILED", help: expect.stringContaining("server runs") });
  expect(JSON.stringify([error, (error as Error).message])).not.toContain("s3cret");
});

it("leaves any other error as it is", () => {
  const error = new Error("other");
  expect(explainRefusal(error, url)).toBe(error);
});

it.each([
  [150_000, "UTF8", undefined],
  [180_004, "UTF8", undefined],
  [140_011, "UTF8", "15 is the oldest"],
  [180_004, "SQL_ASCII", "SQL_ASCII"],
])("judges server %i with %s text", (version, encoding, words) => {
  const judge = () => assertUsableServer({ version, encoding });
  if (words === undefined) expect(judge).not.toThrow();
  else expect(judge).toThrow(words);
});
