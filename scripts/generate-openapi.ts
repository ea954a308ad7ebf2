import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { openApi } from "./openapi.ts";
import { root } from "./set-up.js";

const file = join(root, "contract", "openapi.json");
const { version } = JSON.parse(readFileSync(join(root, "package.json"), "utf8"));
const written = existsSync(file) ? readFileSync(file, "utf8") : "";
const wanted = `${JSON.stringify(openApi(version), null, 2)}\n`;

if (written === wanted) {
  console.log("contract/openapi.json is what the tables say");
} else if (process.argv.includes("--check")) {
  console.error("contract/openapi.json is not what the tables say. Run npm run generate and commit it.");
  process.exitCode = 1;
} else {
  writeFileSync(file, wanted);
  console.log("contract/openapi.json written");
}
