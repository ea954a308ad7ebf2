import { CausewayError } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { parseConfig } from "./index.ts";

function failureOf(args: string[], variables: Record<string, string> = {}): CausewayError {
  try {
    parseConfig(args, variables);
  } catch (error) {
    if (error instanceof CausewayError) return error;
    throw error;
  }
  throw new Error("the configuration was taken");
}

describe("config", () => {
  it("has a local default for everything", () => {
    expect(parseConfig([], {})).toEqual({
      dataDir: ".causeway",
      http: { host: "127.0.0.1", port: 7420, allowedHosts: [], noAuth: false },
      artifacts: {},
      models: { scan: "warn", pythonEnvironments: [] },
      database: {},
      worker: {},
      notifications: { allowPrivate: false },
      log: { level: "info" },
    });
  });

  it("takes flags before variables", () => {
    const variables = {
      CAUSEWAY_PORT: "8000",
      CAUSEWAY_DATA_DIR: "/var/a",
      DATABASE_URL: "postgres://db/ml",
    };
    const config = parseConfig(
      ["--port", "0", "--no-auth", "--allow-host", "ml.example", "--allow-host=b"],
      variables,
    );
    expect(config.http).toMatchObject({ port: 0, noAuth: true, allowedHosts: ["ml.example", "b"] });
    expect(config.dataDir).toBe("/var/a");
    expect(config.database.url).toBe("postgres://db/ml");
    const own = parseConfig([], { ...variables, CAUSEWAY_DATABASE_URL: "postgres://own/ml" });
    expect(own.database.url).toBe("postgres://own/ml");
    expect(parseConfig([], { CAUSEWAY_ALLOWED_HOSTS: "a, b" }).http.allowedHosts).toEqual(["a", "b"]);
  });

  it("takes a folder or a file:// address for files, and says that S3 comes later", () => {
    const rootOf = (given: string) => parseConfig([], { CAUSEWAY_ARTIFACT_ROOT: given }).artifacts.root;
    expect(rootOf("/data/files")).toBe("/data/files");
    expect(rootOf("file:///data/my%20files")).toBe("/data/my files");
    expect(parseConfig(["--artifact-root", "/a"], {}).artifacts.root).toBe("/a");
    expect(failureOf(["--artifact-root", "s3://bucket/files"]).message).toContain(
      "S3 and its like come in a later",
    );
    expect(failureOf(["--artifact-root", "file://elsewhere/files"]).message).toContain("of this machine");
  });

  it("lets channels be private by a flag or a variable", () => {
    const allowed = (args: string[], variable?: string) =>
      parseConfig(args, variable === undefined ? {} : { CAUSEWAY_NOTIFY_PRIVATE: variable }).notifications
        .allowPrivate;
    expect(allowed(["--allow-private-channels"])).toBe(true);
    expect([allowed([], "1"), allowed([], "true"), allowed([], "0"), allowed([], "")]).toEqual([
      true,
      true,
      false,
      false,
    ]);
    expect(failureOf([], { CAUSEWAY_NOTIFY_PRIVATE: "perhaps" }).message).toContain(
      "--allow-private-channels (CAUSEWAY_NOTIFY_PRIVATE): 1 or 0, not perhaps",
    );
  });

  it("names every failure at once, by flag and variable", () => {
    const error = failureOf(["--port", "99999", "--prot", "1", "--log-level", "loud"], {
      DATABASE_URL: "mysql://x",
    });
    expect(error.code).toBe("CONFIG_INVALID");
    for (const line of [
      "--port (CAUSEWAY_PORT): a port is between 0 (any free one) and 65535, not 99999",
      "--prot: there is no such flag",
      "--log-level (CAUSEWAY_LOG_LEVEL): one of debug, info, warn, error, not loud",
      "--database-url (CAUSEWAY_DATABASE_URL or DATABASE_URL): an address that begins with postgres://, not mysql://x",
    ]) {
      expect(error.message).toContain(line);
    }
  });

  it.each([
    [["--port"], "--port: the value is missing"],
    [["--port", "x"], "--port (CAUSEWAY_PORT): a port is a whole number, not x"],
    [["extra"], "extra: what is this for?"],
    [["--no-auth", "--host", "0.0.0.0"], "--no-auth: lets everybody in"],
  ])("refuses %j", (args, message) => {
    expect(failureOf(args).message).toContain(message);
  });
});
