import { buildPages } from "./set-up.js";

process.exitCode = await buildPages();
