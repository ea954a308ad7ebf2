import { expect, it } from "vitest";
import { placeModule, sourceModule } from "./place-module.ts";

const PROGRAMS = new Map([["server/src/main.ts", "server"]]);
const place = (code: string) => placeModule(code, "server/src/worker.ts", PROGRAMS);

it("leaves a module as it is that says nothing about its place", () => {
  expect(place('const a = "b";')).toBe('const a = "b";');
});

it("names the bundled form of a program", () => {
  expect(place('new URL("./main.ts", import.meta.url)')).toBe('new URL("./server.mjs", import.meta.url)');
});

it("lets everything else that is named by its place lie beside the source", () => {
  const placed = place('read(new URL("../package.json", import.meta.url), import.meta.dirname);');
  expect(placed).toContain('sourceOf("server/src/worker.ts")');
  expect(placed).toContain('read(new URL("../package.json", causewaySource.url), causewaySource.dirname);');
});

it("refuses what it cannot keep true, and says where", () => {
  expect(() => place("if (import.meta.main) run();")).toThrow(
    "server/src/worker.ts: import.meta.main cannot be bundled",
  );
  expect(() => place("hand(import.meta);")).toThrow("import.meta cannot be bundled");
});

it("knows the root from the folder of the bundle", () => {
  expect(sourceModule("node_modules/.cache/causeway/programs/0a")).toContain(
    'new URL("../../../../../", import.meta.url)',
  );
});
