export { Config, parseConfig } from "./config.ts";
