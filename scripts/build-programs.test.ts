import { execFileSync, spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, it } from "vitest";
import { builtPrograms, MANIFEST, programsFolder } from "../cli/bin/built-programs.js";
import { buildPrograms } from "./build-programs.ts";
import { root as productRoot } from "./set-up.js";

let root: string;
const programs = { first: "server/src/first.ts", second: "server/src/second.ts" };

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), "causeway-programs-"));
  mkdirSync(join(root, "scripts"));
  for (const file of [
    "package-lock.json",
    ...["build-programs", "place-module", "quicken-module"].map((name) => `scripts/${name}.ts`),
  ])
    writeFileSync(join(root, file), "");
  mkdirSync(join(root, "server", "src"), { recursive: true });
  writeFileSync(join(root, "server", "package.json"), "{}");
  write("word.ts", 'export const word: string = "one";');
  write(
    "first.ts",
    `import { readFileSync } from "node:fs"; import { word } from "./word.ts";
     const second = new URL("./second.ts", import.meta.url);
     console.log(word, readFileSync(new URL("beside.txt", import.meta.url), "utf8"), (await import(second.href)).name);`,
  );
  write(
    "second.ts",
    'import { word } from "./word.ts"; export const name = import.meta.filename.slice(-9) + word;',
  );
  write("beside.txt", "beside");
});
afterEach(() => rmSync(root, { recursive: true }));

const write = (name: string, text: string) => writeFileSync(join(root, "server", "src", name), text);
const build = () => buildPrograms(root, programs);
const runFirst = (folder: string) =>
  execFileSync(process.execPath, [join(folder, "first.mjs")], { encoding: "utf8" }).trim();
const bundles = () => readdirSync(programsFolder(root)).filter((name) => name !== MANIFEST);

it("bundles programs that say the same from where they are, and find what lies beside their sources", async () => {
  const folder = await build();
  expect(builtPrograms(root)).toBe(folder);
  expect(runFirst(folder)).toBe("one beside second.tsone");
});

it("knows a bundle whose source has changed, and makes another beside it", async () => {
  const before = await build();
  write("word.ts", 'export const word: string = "two";');
  expect(builtPrograms(root)).toBeUndefined();
  const after = await build();
  expect(builtPrograms(root)).toBe(after);
  expect(runFirst(after)).toBe("two beside second.tstwo");
  // Whoever runs from the older one still finds its parts.
  expect(runFirst(before)).toBe("one beside second.tsone");
});

it.each([
  ["a module is gone", () => rmSync(join(root, "server", "src", "word.ts"))],
  ["a module was only touched", () => utimesSync(join(root, "server", "src", "word.ts"), 1, 1)],
  ["packages have changed", () => writeFileSync(join(root, "package-lock.json"), "{}")],
  [
    "its own folder is gone",
    () => rmSync(join(programsFolder(root), bundles()[0] ?? ""), { recursive: true }),
  ],
  ["its manifest is cut off", () => writeFileSync(join(programsFolder(root), MANIFEST), '{"folder":"')],
])("leaves the programs to their sources where %s", async (_, change) => {
  await build();
  change();
  expect(builtPrograms(root)).toBeUndefined();
});

it("takes a folder again that has the same content", async () => {
  const before = await build();
  utimesSync(join(root, "server", "src", "word.ts"), 1, 1);
  expect(await build()).toBe(before);
  expect(bundles()).toHaveLength(1);
});

it("may be made twice at once", async () => {
  const [one, other] = await Promise.all([build(), build()]);
  expect(one).toBe(other);
  expect(bundles()).toHaveLength(1);
  expect(builtPrograms(root)).toBe(one);
});

it("leaves what stands where a source cannot be read", async () => {
  await build();
  const manifest = statSync(join(programsFolder(root), MANIFEST)).mtimeMs;
  write("word.ts", "export const word = ;");
  await expect(build()).rejects.toThrow("word.ts");
  expect(statSync(join(programsFolder(root), MANIFEST)).mtimeMs).toBe(manifest);
  expect(bundles()).toHaveLength(1);
});

it("clears away what a killed build left and what is long out of use, not what runs", async () => {
  await build();
  const old = ["building-killed", "in-use-since-long", "oldest", "older"];
  for (const [index, name] of old.entries()) {
    mkdirSync(join(programsFolder(root), name));
    utimesSync(join(programsFolder(root), name), 1000 + index, 1000 + index);
  }
  const running = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)", "in-use-since-long"]);
  await once(running, "spawn");
  write("word.ts", 'export const word: string = "three";');
  await build();
  running.kill();
  expect(bundles()).toEqual(expect.arrayContaining(["in-use-since-long", "older"]));
  expect(bundles()).toHaveLength(4);
});

it.each([
  ["server.mjs", ["nothing"], 1, "There is no role nothing"],
  ["gateway.mjs", ["nothing"], 1, "nothing"],
  ["cli.mjs", [], 0, ""],
])(
  "bundles the product's own %s, and it runs",
  async (program, args, code, said) => {
    const folder = await buildPrograms(productRoot);
    const { status, stderr } = spawnSync(process.execPath, [join(folder, program), ...args], {
      encoding: "utf8",
      env: { PATH: process.env["PATH"] },
    });
    expect({ status, stderr }).toEqual({ status: code, stderr: expect.stringContaining(said) });
  },
  60_000,
);

it("gives pipeline files the very parts of the SDK that the command knows", async () => {
  const folder = await buildPrograms(productRoot);
  const [sdk, steps] = await Promise.all([
    import(join(folder, "causeway-ml.mjs")),
    import(join(folder, "causeway-ml-steps.mjs")),
  ]);
  expect(Object.keys(sdk).toSorted()).toEqual(Object.keys(await import("causeway-ml")).toSorted());
  expect(Object.keys(steps).toSorted()).toEqual(Object.keys(await import("causeway-ml/steps")).toSorted());
}, 60_000);
