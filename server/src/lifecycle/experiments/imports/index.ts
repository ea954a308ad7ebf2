export { createImports, type Imports } from "./import-service.ts";
