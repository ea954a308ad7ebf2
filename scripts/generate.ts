import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { composeMlflow } from "../server/src/compose-protocols.ts";
import { mlflowGuide } from "./mlflow-guide.ts";
import { openApi } from "./openapi.ts";
import { root } from "./set-up.js";

/** Stands for every service: the tables of routes are only read here, none of them answers. */
const unused: never = new Proxy(() => undefined, { get: () => unused }) as never; // never fits where any service is wanted

const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));

/** Files that are written from the tables, and never by hand. */
const GENERATED = {
  "contract/openapi.json": () => `${JSON.stringify(openApi(version), null, 2)}\n`,
  "docs/guide/mlflow-compatibility.md": () => mlflowGuide(composeMlflow(unused, unused)),
};

for (const [name, write] of Object.entries(GENERATED)) {
  const file = join(root, name);
  const written = existsSync(file) ? readFileSync(file, "utf8") : "";
  const wanted = write();
  if (written === wanted) {
    console.log(`${name} is what the tables say`);
  } else if (process.argv.includes("--check")) {
    console.error(`${name} is not what the tables say. Run npm run generate and commit it.`);
    process.exitCode = 1;
  } else {
    writeFileSync(file, wanted);
    console.log(`${name} written`);
  }
}
