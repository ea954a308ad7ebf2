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
const { fileURLToPath } = await import("node:url");
enableCompileCache(fileURLToPath(new URL("../../node_modules/.cache/compile", import.meta.url)));
const { main } = await import("../src/main.ts");
await main(process.argv);
