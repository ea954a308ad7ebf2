import { buildPages, buildPrograms } from "./set-up.js";

process.exitCode = (await buildPages()) || (await buildPrograms());
