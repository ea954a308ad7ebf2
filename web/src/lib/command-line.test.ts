import { describe, expect, it } from "vitest";
import { commandLine } from "./command-line.ts";

describe("commands", () => {
  it("name project and environment only where they are not what the command line assumes", () => {
    expect(commandLine({ project: "default", environment: "dev" }, "env")).toBe("npx --no causeway env");
    expect(commandLine({ project: "shop", environment: "prod" }, "deployments list")).toBe(
      "npx --no causeway deployments list --project shop --env prod",
    );
  });
});
