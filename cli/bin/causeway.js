#!/usr/bin/env node
// Plain JavaScript that an old Node can still read, so that it can say what to do.
const major = Number(process.versions.node.split(".")[0]);
if (major < 24) {
  process.stderr.write(
    `causeway needs Node 24 or newer and this is Node ${process.versions.node}: run it as "npx --no causeway ..." in the project, which brings its own\n`,
  );
  process.exit(1);
}
const { enableCompileCache } = await import("node:module");
const { fileURLToPath, pathToFileURL } = await import("node:url");
const root = fileURLToPath(new URL("../../", import.meta.url));
enableCompileCache(`${root}node_modules/.cache/compile`);
const { builtPrograms } = await import("./built-programs.js");
// Whatever this starts runs from where this runs: one version of all programs, from its start to its end.
const built = builtPrograms(root);
const { main } = await (built === undefined
  ? import("../src/main.ts")
  : import(pathToFileURL(`${built}/cli.mjs`).href));
await main(process.argv);
