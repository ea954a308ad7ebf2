import { expect, it } from "vitest";
import { gapsOf } from "./complete-lock.ts";

it("closes the gap of a binary for another machine with its version and its machine", () => {
  const lock = {
    packages: {
      "node_modules/oxc-parser": {
        version: "0.156.0",
        dev: true,
        optionalDependencies: {
          "@oxc-parser/binding-linux-x64-gnu": "0.156.0",
          "@oxc-parser/binding-linux-arm64-musl": "0.156.0",
        },
      },
      "node_modules/@oxc-parser/binding-linux-x64-gnu": { version: "0.156.0", optional: true },
    },
  };
  expect(gapsOf(lock)).toEqual([
    {
      path: "node_modules/@oxc-parser/binding-linux-arm64-musl",
      entry: { version: "0.156.0", cpu: ["arm64"], libc: ["musl"], dev: true, optional: true, os: ["linux"] },
    },
  ]);
});

it("refuses a gap whose name tells no machine", () => {
  const lock = { packages: { "node_modules/a": { optionalDependencies: { "b-native": "1.0.0" } } } };
  expect(() => gapsOf(lock)).toThrow("lacks b-native");
});
