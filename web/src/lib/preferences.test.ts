import { describe, expect, it } from "vitest";
import { readPreferences } from "./preferences.ts";

const kept = (text: string | null) => ({ getItem: () => text, setItem: () => undefined });

describe("preferences", () => {
  it("begin with the first language of the browser that there are words for", () => {
    expect(readPreferences(kept(null), ["fr-FR", "vi-VN", "en"]).language).toBe("vi");
    expect(readPreferences(kept(null), ["fr"]).language).toBe("en");
  });

  it("keep what was chosen and pass over what is unknown", () => {
    const text = JSON.stringify({ language: "vi", density: "huge", numbers: "english" });
    expect(readPreferences(kept(text), ["en"])).toEqual({
      language: "vi",
      density: "standard",
      numbers: "english",
    });
  });

  it("survive a text that is not theirs", () => {
    expect(readPreferences(kept("{"), ["en"]).density).toBe("standard");
  });
});
