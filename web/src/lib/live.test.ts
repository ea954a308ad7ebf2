import { EVENT_TYPES } from "@causeway/contract";
import { describe, expect, it } from "vitest";
import { touchedBy } from "./live.ts";

describe("events", () => {
  it("make the answers of their own stage and of the platform old", () => {
    for (const type of EVENT_TYPES) {
      expect(touchedBy(type)).toContain(type.split(".")[0]);
      expect(touchedBy(type)).toContain("platform");
    }
  });

  it("of the registry touch deployments, which follow its aliases", () => {
    expect(touchedBy("registry.version-assigned")).toContain("deployments");
  });
});
