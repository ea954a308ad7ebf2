import { mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fail } from "@causeway/contract";
import { afterAll, describe, expect, it } from "vitest";
import { createLog, hideSecrets } from "./index.ts";

const dataDir = await mkdtemp(join(tmpdir(), "causeway-log-"));
afterAll(() => rm(dataDir, { recursive: true, force: true }));

const secret = `cw_${"a1B2-c3_D".repeat(5)}`;

describe("log", () => {
  it("writes JSON lines to the role's private file and short ones for warnings", async () => {
    const shown: string[] = [];
    const log = createLog({
      dataDir,
      role: "control",
      level: "info",
      console: { write: (line) => shown.push(line) },
    });
    log.debug("too small");
    log.info({ requestId: "r-1" }, "started");
    log.warn({ err: new Error("connection refused"), requestId: "r-2" }, "database is away");
    const file = join(dataDir, "logs", "control.log");
    const lines = (await readFile(file, "utf8")).trim().split("\n");
    expect(lines.map((line) => JSON.parse(line))).toMatchObject([
      { role: "control", msg: "started", requestId: "r-1" },
      { msg: "database is away", requestId: "r-2", err: { message: "connection refused" } },
    ]);
    expect(shown).toHaveLength(1);
    expect(shown[0]).toMatch(
      /^\d\d:\d\d:\d\d WARN control: database is away \(connection refused\) \[r-2\]\n$/,
    );
    expect((await stat(file)).mode & 0o777).toBe(0o600);
  });

  it("lets no secret reach the file or the console, whoever logs it and wherever it stands", async () => {
    const shown: string[] = [];
    const log = createLog({
      dataDir,
      role: "leaky",
      level: "info",
      console: { write: (line) => shown.push(line) },
    });
    log.warn(
      { headers: { authorization: `Bearer ${secret}` }, err: new Error(`bad token ${secret}`) },
      `got ${secret}`,
    );
    log.error(
      { err: fail("UNAUTHENTICATED", { message: "no", value: secret, help: `/go/sign-in?code=${secret}` }) },
      "x",
    );
    const written = (await readFile(join(dataDir, "logs", "leaky.log"), "utf8")) + shown.join("");
    expect(written).not.toContain(secret.slice(3));
    expect(written).toContain("cw_…");
  });

  it.each([
    [`Authorization: Bearer ${secret}`, "Authorization: Bearer …"],
    ["GET /go/sign-in?code=abc123&x=1", "GET /go/sign-in?code=…&x=1"],
    ["cookie: causeway-0a1b2c3d=topsecret; theme=dark", "cookie: causeway-0a1b2c3d=…; theme=dark"],
    [
      "POST https://hooks.slack.com/services/T0/B0/abc failed",
      "POST https://hooks.slack.com/services/… failed",
    ],
    ["postgres://ann:hunter2@db.example:5432/ml", "postgres://ann:…@db.example:5432/ml"],
    [
      "postgres://causeway@localhost:5432/causeway?host=/x",
      "postgres://causeway@localhost:5432/causeway?host=/x",
    ],
    ["dataset cw_short stays", "dataset cw_short stays"],
  ])("hides the secret of %s", (line, expected) => {
    expect(hideSecrets(line)).toBe(expected);
  });
});
